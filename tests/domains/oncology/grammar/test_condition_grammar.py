"""The grammar of conditions: what can be said is read as it is meant, and what cannot is refused with its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from resistab.core.amino_acids import RESIDUES
from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
    atoms,
    condition_text,
    number_text,
)
from resistab.core.grammar import MOST_NESTED, ConditionSyntaxError
from resistab.domains.oncology.atoms import (
    SIGNATURES,
    Bound,
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    SiteAtom,
    StateAtom,
    TumourTypeAtom,
    WildTypeAtom,
)
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.grammar.protein_change import parse_protein_change
from resistab.rulesets.find import data_folder
from tests.cases import cases_beside

A, B, C = LossAtom(gene="PTEN"), WildTypeAtom(gene="KRAS"), TumourTypeAtom(code="NSCLC")


def change(text: str):
    found = parse_protein_change(text)
    assert found is not None
    return found


# --- what is meant ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("EGFR T790M", ChangeAtom(gene="EGFR", change=change("T790M"))),
        ("EGFR p.(Thr790Met)", ChangeAtom(gene="EGFR", change=change("T790M"))),
        ("EGFR E746_A750del", ChangeAtom(gene="EGFR", change=change("E746_A750del"))),
        ("PTEN R130*", ChangeAtom(gene="PTEN", change=change("R130*"))),
        ("PTEN K267fs", ChangeAtom(gene="PTEN", change=change("K267fs"))),
        ("ABL1 T315N/A/I", ChangeAtom(gene="ABL1", change=change("T315A"), residues=("A", "I", "N"))),
        ("KRAS activating mutation", NamedSetAtom(gene="KRAS", name="KRAS activating mutation")),
        ("KRAS activating mutations", NamedSetAtom(gene="KRAS", name="KRAS activating mutation")),
        (
            "EGFR T790M with allele fraction of at least 5%",
            ChangeAtom(gene="EGFR", change=change("T790M"), allele_fraction=Bound(at="least", value=0.05)),
        ),
    ],
)
def test_change_set_wild_type_or_loss_is_read(text, condition):
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (
            "any substitution at BRAF V600 except K/E",
            SiteAtom(gene="BRAF", type="substitution", first=600, last=600, reference="V", excluded=("E", "K")),
        ),
        ("any change at ABL1 317", SiteAtom(gene="ABL1", type="any change", first=317, last=317)),
        ("EGFR exon 19 deletion", SiteAtom(gene="EGFR", type="deletion", exon=19)),
        ("EGFR exon 20 ins", SiteAtom(gene="EGFR", type="insertion", exon=20)),
        ("unspecified EGFR exon 20 insertion", SiteAtom(gene="EGFR", type="insertion", exon=20, unspecified=True)),
        ("KIT residues 816-829 mutation", SiteAtom(gene="KIT", type="mutation", first=816, last=829)),
        ("KIT residues 816 mutation", SiteAtom(gene="KIT", type="mutation", first=816, last=816)),
        ("KRAS mutation", SiteAtom(gene="KRAS", type="mutation")),
        ("PTEN truncating mutation", SiteAtom(gene="PTEN", type="truncation")),
        (
            "BCR::ABL1 T315I",
            AllOf(
                of=(
                    FusionAtom(five_prime="BCR", three_prime="ABL1"),
                    ChangeAtom(gene="ABL1", change=change("T315I")),
                )
            ),
        ),
        (
            "EGFR C797S in cis with T790M",
            PhaseAtom(
                first=ChangeAtom(gene="EGFR", change=change("C797S")),
                second=ChangeAtom(gene="EGFR", change=change("T790M")),
                phase="cis",
            ),
        ),
    ],
)
def test_site_or_phase_is_read(text, condition):
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("ERBB2 amp", StateAtom(subject="ERBB2", analyte="copy number", state="amplification")),
        (
            "PTEN deletion of at most 0 copies",
            StateAtom(
                subject="PTEN",
                analyte="copy number",
                state="deletion",
                bound=Bound(at="most", value=0, unit="copies"),
            ),
        ),
        ("ALK rearrangement", FusionAtom(either="ALK")),
        ("EML4::ALK fusion", FusionAtom(five_prime="EML4", three_prime="ALK")),
        ("EGFRvIII", StateAtom(subject="EGFR", analyte="splicing", state="vIII")),
        ("EGFR splice variant vIII", StateAtom(subject="EGFR", analyte="splicing", state="vIII")),
        ("MET exon 14 skipping", StateAtom(subject="MET", analyte="splicing", state="exon 14 skipping")),
        ("ESR1 protein negative", StateAtom(subject="ESR1", analyte="protein", state="negative")),
        ("RAF1 decreased activity", StateAtom(subject="RAF1", analyte="activity", state="decreased")),
        ("MSI-H", StateAtom(subject="MSI", analyte="signature", state="high")),
        (
            "TMB of at least 10 mut/Mb",
            StateAtom(
                subject="TMB",
                analyte="signature",
                state="value",
                bound=Bound(at="least", value=10, unit="mut/Mb"),
            ),
        ),
        ("histological transformation", HistologyAtom()),
        ("histological transformation to SCLC", HistologyAtom(to="SCLC")),
    ],
)
def test_state_of_a_gene_or_sample_is_read(text, condition):
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("KRAS wild type", B),
        ("KRAS wt", B),
        ("PTEN loss", A),
        ("prior treatment with Osimertinib", PriorTherapyAtom(drug="osimertinib")),
        (
            "prior treatment with class BCR::ABL1 tyrosine kinase inhibitor",
            PriorTherapyAtom(drug_class="BCR::ABL1 tyrosine kinase inhibitor"),
        ),
        ("tumour type is NSCLC", C),
        ("tumor type is NSCLC", C),
        ("conclusion ras-activated", ConclusionAtom(id="ras-activated")),
    ],
)
def test_what_is_said_of_the_patient_is_read(text, condition):
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("PTEN loss and KRAS wild type and tumour type is NSCLC", AllOf(of=(A, B, C))),
        ("PTEN loss or KRAS wild type", AnyOf(of=(A, B))),
        ("(PTEN loss and KRAS wild type) or tumour type is NSCLC", AnyOf(of=(AllOf(of=(A, B)), C))),
        ("not PTEN loss and KRAS wild type", AllOf(of=(Not(of=A), B))),
        ("not (PTEN loss and KRAS wild type)", Not(of=AllOf(of=(A, B)))),
        ("all of (PTEN loss)", AllOf(of=(A,))),
        ("none of (PTEN loss, KRAS wild type)", Not(of=AnyOf(of=(A, B)))),
        ("at least 2 of (PTEN loss, KRAS wild type, tumour type is NSCLC)", CountOf(at_least=2, of=(A, B, C))),
        ("at most 1 of (PTEN loss, KRAS wild type)", CountOf(at_most=1, of=(A, B))),
        ("exactly 1 of (PTEN loss, KRAS wild type)", CountOf(at_least=1, at_most=1, of=(A, B))),
        ("between 1 and 2 of (PTEN loss, KRAS wild type)", CountOf(at_least=1, at_most=2, of=(A, B))),
        (
            "any of (PTEN loss and KRAS wild type, none of (tumour type is NSCLC))",
            AnyOf(of=(AllOf(of=(A, B)), Not(of=AnyOf(of=(C,))))),
        ),
        ("NOT PTEN loss AND KRAS wild type", AllOf(of=(Not(of=A), B))),
    ],
)
def test_connective_is_read(text, condition):
    assert parse_condition(text) == condition


@pytest.mark.parametrize("symbol", ["INS", "B2M", "F2R", "HLA-A", "C1orf112"])
def test_gene_spelled_like_a_word_or_a_change_is_a_gene(symbol):
    assert [atom.gene for atom in atoms(parse_condition(f"{symbol} A5T or {symbol} mutation"))] == [symbol, symbol]
    assert parse_condition(f"EGFR C797S in cis with {symbol} A5T").second.gene == symbol


def documented_conditions() -> list[str]:
    readme = (data_folder("rulebase") / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| write | it holds for |\n")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[1:] if line.startswith("|")]
    return [text for cell in cells for text in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("text", documented_conditions())
def test_every_condition_of_the_curators_reference_is_read(text):
    # The reference leaves out what stands before "in trans with" and the like.
    text = text.replace("… of", "EGFR T790M with allele fraction of").replace("… in", "EGFR C797S in")
    text = text.replace("with …", "with EGFR T790M")
    condition = parse_condition(text)

    assert parse_condition(condition_text(condition)) == condition


def test_the_curators_reference_was_found():
    assert len(documented_conditions()) > 50


# --- what is refused ----------------------------------------------------------------------------------------

ATOM = (
    "an alteration (a gene and what happened to it), MSI, TMB or HRD, a conclusion, a tumour type or a prior treatment"
)


@cases_beside
def test_refusal_says_where_what_was_found_and_what_was_expected(text, message):
    with pytest.raises(ConditionSyntaxError) as raised:
        parse_condition(text)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    "text", ["EGFR", "EGFR T790", "EGFR something", "EGFR substitution", "EGFR activating", "EGFR (T790M)"]
)
def test_refusal_after_a_gene_lists_what_may_follow(text):
    with pytest.raises(ConditionSyntaxError) as raised:
        parse_condition(text)

    assert raised.value.column in (5, 6)
    assert raised.value.expected.startswith("a protein change (T790M), a residue range, exon N, mutation,")


@pytest.mark.parametrize("opening", ["not ", "(", "all of (", "none of (PTEN loss, "])
def test_nesting_beyond_the_bound_is_refused_and_not_a_crash(opening):
    with pytest.raises(ConditionSyntaxError) as raised:
        parse_condition(opening * 5000 + "PTEN loss")

    assert raised.value.expected == f"a condition nested at most {MOST_NESTED} deep"


def test_nesting_up_to_the_bound_is_read():
    text = "not " * (MOST_NESTED - 1) + "PTEN loss"

    assert condition_text(parse_condition(text)) == text


def test_long_nonsense_is_cut_short_in_the_message():
    with pytest.raises(ConditionSyntaxError) as raised:
        parse_condition("EGFR exon " + "9" * 5000 + " deletion")

    assert raised.value.found == "'" + "9" * 57 + "...'"


# --- every condition there is -------------------------------------------------------------------------------

genes = st.sampled_from(["EGFR", "KRAS", "B2M", "INS", "F2R", "HLA-A", "C1orf112", "ERBB2"])
positions = st.integers(1, 99_999)
one_residue = st.sampled_from(sorted(RESIDUES))
some_residues = st.lists(one_residue, min_size=1, max_size=4, unique=True).map(lambda found: tuple(sorted(found)))
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
codes = st.sampled_from(["NSCLC", "LUAD", "ADRENAL_GLAND", "TISSUE"])
units = st.sampled_from(["", "%", "copies", "z-score", "mut/Mb", "TPM"])
values = st.decimals(-(10**9), 10**9, places=4).map(float)


@st.composite
def bounds(draw: st.DrawFn) -> Bound:
    value, unit = draw(values), draw(units)
    return Bound(
        at=draw(st.sampled_from(["least", "most"])), value=abs(value) + 0.0 if unit == "%" else value + 0.0, unit=unit
    )


fractions = st.none() | st.builds(
    Bound,
    at=st.sampled_from(["least", "most"]),
    value=st.decimals(0, 100, places=3).map(lambda percent: float(percent) / 100),
)


@st.composite
def protein_changes(draw: st.DrawFn):
    first, one, two = draw(positions), draw(one_residue), draw(one_residue)
    last = first + draw(st.integers(1, 9))
    new = "".join(draw(st.lists(one_residue, min_size=1, max_size=3)))
    form = draw(
        st.sampled_from(["sub", "*", "fs", "=", "del", "del1", "dup", "ins", "delins", "delins1", "ext", "M1?"])
    )
    match form:
        case "sub":
            return change(f"{one}{first}{new[0]}")
        case "*" | "fs" | "=":
            return change(f"{one}{first}{form}")
        case "del1":
            return change(f"{one}{first}del")
        case "delins1":
            return change(f"{one}{first}delins{new}")
        case "ins":
            return change(f"{one}{first}_{two}{first + 1}ins{new}")
        case "delins":
            return change(f"{one}{first}_{two}{last}delins{new}")
        case "ext":
            return change(f"*{first}{draw(st.sampled_from([new[0], '']))}ext")
        case "M1?":
            return change("M1?")
    return change(f"{one}{first}_{two}{last}{form}")


@st.composite
def several_residues(draw: st.DrawFn) -> ChangeAtom:
    reference, position = draw(one_residue), draw(positions)
    new = draw(st.lists(one_residue.filter(lambda residue: residue != reference), min_size=2, max_size=4, unique=True))
    text = f"{draw(genes)} {reference}{position}{'/'.join(new)}"
    atom = parse_condition(text)
    assert isinstance(atom, ChangeAtom)
    return atom.model_copy(update={"allele_fraction": draw(fractions)})


@st.composite
def sites(draw: st.DrawFn) -> SiteAtom:
    form = draw(st.sampled_from(["codon", "exon", "residues", "gene"]))
    common = {"gene": draw(genes), "allele_fraction": draw(fractions)}
    if form != "codon":
        common["unspecified"] = draw(st.booleans())
    first = draw(positions)
    if form == "codon":
        return SiteAtom(
            **common,
            type=draw(st.sampled_from(["any change", "substitution"])),
            first=first,
            last=first,
            reference=draw(st.just("") | one_residue),
            excluded=draw(st.just(()) | some_residues),
        )
    if form == "gene":
        return SiteAtom(**common, type=draw(st.sampled_from(["mutation", "truncation"])))
    types = st.sampled_from(["deletion", "insertion", "mutation", "substitution"])
    if form == "exon":
        return SiteAtom(**common, type=draw(types), exon=draw(st.integers(1, 99)))
    return SiteAtom(**common, type=draw(types), first=first, last=first + draw(st.integers(0, 50)))


plain_changes = st.builds(ChangeAtom, gene=genes, change=protein_changes())
states = st.one_of(
    st.builds(
        StateAtom,
        subject=genes,
        analyte=st.just("copy number"),
        state=st.sampled_from(["amplification", "deletion"]),
        bound=st.none() | bounds(),
    ),
    st.builds(
        StateAtom,
        subject=genes,
        analyte=st.just("expression"),
        state=st.sampled_from(["overexpression", "underexpression"]),
        bound=st.none() | bounds(),
    ),
    st.builds(
        StateAtom,
        subject=genes,
        analyte=st.just("protein"),
        state=st.sampled_from(["positive", "negative"]),
        bound=st.none() | bounds(),
    ),
    st.builds(StateAtom, subject=genes, analyte=st.just("methylation"), state=st.just("promoter methylation")),
    st.builds(StateAtom, subject=genes, analyte=st.just("activity"), state=st.sampled_from(["increased", "decreased"])),
    st.builds(
        StateAtom,
        subject=genes,
        analyte=st.just("splicing"),
        state=st.sampled_from(["variant", "vIII", "p61", "exon 14 skipping"]),
    ),
    st.sampled_from([(name, state) for name in SIGNATURES for state in SIGNATURES[name] if state != "value"]).map(
        lambda pair: StateAtom(subject=pair[0], analyte="signature", state=pair[1])
    ),
    st.builds(StateAtom, subject=st.just("TMB"), analyte=st.just("signature"), state=st.just("value"), bound=bounds()),
)
all_atoms: st.SearchStrategy[Atom] = st.one_of(
    st.builds(ChangeAtom, gene=genes, change=protein_changes(), allele_fraction=fractions),
    several_residues(),
    sites(),
    genes.flatmap(
        lambda gene: st.sampled_from(["activating", "kinase-impaired", "drug binding"]).map(
            lambda words: NamedSetAtom(gene=gene, name=f"{gene} {words} mutation")
        )
    ),
    st.builds(WildTypeAtom, gene=genes),
    st.builds(LossAtom, gene=genes),
    states,
    st.builds(FusionAtom, either=genes),
    st.builds(FusionAtom, five_prime=genes, three_prime=genes),
    st.builds(
        PhaseAtom,
        first=st.builds(ChangeAtom, gene=genes, change=protein_changes(), allele_fraction=fractions),
        second=plain_changes,
        phase=st.sampled_from(["cis", "trans"]),
    ),
    st.builds(HistologyAtom, to=st.just("") | codes),
    st.builds(PriorTherapyAtom, drug=st.sampled_from(["osimertinib", "trastuzumab emtansine"])),
    st.builds(PriorTherapyAtom, drug_class=st.sampled_from(["BRAF inhibitor", "BCR::ABL1 tyrosine kinase inhibitor"])),
    st.builds(TumourTypeAtom, code=codes),
    st.builds(ConclusionAtom, id=slugs),
)


@st.composite
def counts(draw: st.DrawFn, parts: st.SearchStrategy[Condition]) -> CountOf:
    of = tuple(draw(st.lists(parts, min_size=1, max_size=4)))
    least, most = draw(st.sampled_from([(1, None), (None, 2), (1, 1), (0, 3), (2, 2), (0, None)]))
    return CountOf(at_least=least, at_most=most, of=of)


def connectives(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=5).map(tuple)
    return st.one_of(
        st.builds(AllOf, of=several), st.builds(AnyOf, of=several), st.builds(Not, of=parts), counts(parts)
    )


conditions: st.SearchStrategy[Condition] = st.recursive(all_atoms, connectives, max_leaves=12)


@given(all_atoms)
def test_every_atom_reads_back_from_its_text(atom):
    assert parse_condition(condition_text(atom)) == atom


@given(conditions)
def test_every_condition_reads_back_from_its_text(condition):
    assert parse_condition(condition_text(condition)) == condition


@given(conditions)
def test_case_of_the_words_of_the_grammar_does_not_matter(condition):
    words = "and|or|not|all|any|none|of|at|least|most|exactly|between"
    text = re.sub(rf"\b({words})\b", lambda found: found[0].upper(), condition_text(condition))

    assert parse_condition(text) == condition


@given(values)
@example(1e-7)
@example(1234567.0)
@example(1e16)
def test_number_is_written_with_all_its_digits_and_no_exponent(value):
    assert float(number_text(value)) == value
    assert "e" not in number_text(value)


# --- every text there is ------------------------------------------------------------------------------------


def refused_or_read(text: str) -> None:
    try:
        condition = parse_condition(text)
    except ConditionSyntaxError as refusal:
        assert 1 <= refusal.column <= len(text) + 1
        assert refusal.found == "the end" or refusal.found.startswith("'")
        assert refusal.expected
    else:
        assert parse_condition(condition_text(condition)) == condition


@given(st.text(max_size=60))
@example("EGFR T٧90M")
@example("EGFR Ala5ſtop")
@example("\x1c")
def test_any_text_is_read_or_refused(text):
    refused_or_read(text)


@given(conditions.map(condition_text), st.data())
def test_condition_with_a_piece_changed_is_read_or_refused(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    piece = data.draw(
        st.sampled_from(["", " ", "(", ")", ",", " and ", " or ", " not ", "0", "%", "::", "_", "*", "/"])
        | st.text(max_size=3)
    )

    refused_or_read(text[:start] + piece + text[end:])


vocabulary = sorted(set(re.findall(r"[^\s(),]+|[(),]", " ".join(documented_conditions()))) | {"2", "%", "EGFR"})


@given(st.lists(st.sampled_from(vocabulary), max_size=12).map(" ".join))
def test_any_order_of_words_is_read_or_refused(text):
    refused_or_read(text)


def test_whether_a_gene_exists_is_not_the_grammars_question():
    assert parse_condition("NOSUCHGENE T790M").gene == "NOSUCHGENE"
