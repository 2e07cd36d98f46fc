"""Protein changes: every spelling that people use, one form to compare them in, two independent oracles.

The oracles are mavehgvs (what strict HGVS is, and what it means) and the mutated protein itself, written out.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mavehgvs.exceptions import MaveHgvsParseError
from mavehgvs.variant import Variant

from resistab.core.amino_acids import ONE_TO_THREE, RESIDUES
from resistab.domains.oncology.grammar.protein_change import (
    IN_FRAME,
    ProteinChange,
    normal_form,
    parse_protein_change,
    reference_fault,
)
from tests.cases import cases_beside


@pytest.fixture(scope="module")
def kras(small):
    return small.sequences["KRAS"]


@pytest.fixture(scope="module")
def egfr(small):
    return small.sequences["EGFR"]


# --- spellings ----------------------------------------------------------------------------------------------

SPELLINGS = {
    ("substitution", "T790M"): ["T790M", "p.T790M", "p.Thr790Met", "p.(Thr790Met)", "p.(T790M)", "Thr790Met", "P.T790M",
                                "p.thr790met", "p.THR790MET", " T790M ", "T790delinsM", "p.Thr790delinsMet", "T790>M"],
    ("substitution", "V600E"): ["V600E", "p.Val600Glu", "p.(Val600Glu)"],
    ("deletion", "E746_A750del"): ["E746_A750del", "p.E746_A750del", "p.Glu746_Ala750del", "p.(Glu746_Ala750del)",
                                   "E746_A750delELREA", "E746_A750del5", "p.Glu746_Ala750delGluLeuArgGluAla"],
    ("deletion", "E746del"): ["E746del", "p.Glu746del", "E746delE", "E746_E746del", "E746del1"],
    ("delins", "L747_P753delinsS"): ["L747_P753delinsS", "p.Leu747_Pro753delinsSer", "p.(Leu747_Pro753delinsSer)",
                                     "L747_P753>S", "L747_P753delinsSer", "L747_P753delLREATSPinsS",
                                     "L747_P753del7insS"],
    ("delins", "E746delinsVP"): ["E746delinsVP", "p.Glu746delinsValPro", "E746>VP", "E746delEinsVP"],
    ("duplication", "A767_V769dup"): ["A767_V769dup", "p.Ala767_Val769dup", "p.(Ala767_Val769dup)", "A767_V769dupASV"],
    ("duplication", "Y772dup"): ["Y772dup", "p.Tyr772dup", "p.(Tyr772dup)", "Y772dupY"],
    ("insertion", "D770_N771insSVD"): ["D770_N771insSVD", "p.Asp770_Asn771insSerValAsp",
                                      "p.(Asp770_Asn771insSerValAsp)"],
    ("stop gained", "R213*"): ["R213*", "p.R213*", "p.Arg213*", "p.Arg213Ter", "p.(Arg213Ter)", "p.(Arg213*)",
                               "Arg213Stop", "R213delins*", "p.Arg213delinsTer"],
    ("frame shift", "K550fs"): ["K550fs", "p.K550fs", "p.Lys550fs", "p.(Lys550fs)", "K550fs*", "K550fs*12", "K550fsX12",
                                "K550Gfs*6", "p.Lys550Glyfs*6", "p.Lys550GlyfsTer6", "p.(Lys550GlyfsTer6)",
                                "p.Lys550fsTer?", "K550fs12", "p.Lys550Glyfs"],
    ("start lost", "M1?"): ["M1?", "p.M1?", "p.Met1?", "p.(Met1?)", "M1V", "p.Met1Val", "M1delinsV"],
    ("stop lost", "*394Lext"): ["*394Lext*?", "*394L", "X394L", "p.*394Lext*?", "p.Ter394LeuextTer?",
                                "p.(Ter394LeuextTer12)", "p.*394Leuext*12", "*394delinsL"],
    ("synonymous", "T790="): ["T790=", "p.Thr790=", "p.(Thr790=)", "T790T", "p.Thr790Thr"],
    ("substitution", "U46S"): ["U46S", "p.Sec46Ser"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "canonical", "text"),
    [(kind, canonical, text) for (kind, canonical), texts in SPELLINGS.items() for text in texts],
)
def test_spelling_is_understood(kind, canonical, text):
    change = parse_protein_change(text)

    assert change is not None
    assert (change.kind, str(change)) == (kind, canonical)


@cases_beside
def test_what_is_no_protein_change_is_none(text):
    assert parse_protein_change(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A750_E746del", "the change ends at 746, before it starts at 750"),
        ("E746_A746del", "two residues, E and A, are given for position 746"),
        ("D770_P772insG", "an insertion lies between two neighbouring residues, not 770 and 772"),
        ("D770insG", "an insertion lies between two neighbouring residues, not 770 and 770"),
        ("E746_A750delELR", "the span holds 5 residues, and 3 are named"),
        ("E746_A750del6", "the span holds 5 residues, and 6 are named"),
        ("E746delELREA", "the span holds 1 residue, and 5 are named; write both ends"),
        ("E746_A750delALREE", "the residues named, ALREE, do not begin with E and end with A"),
        ("A767_V769dupVSA", "the residues named, VSA, do not begin with A and end with V"),
        ("D770_N771insX", "X is any residue, or a stop to some; write * for a stop, or the residues inserted"),
        ("C797X", "X is any residue, or a stop to some; write * for a stop, or any substitution at C797"),
        ("p.Thr790Xaa", "X is any residue, or a stop to some; write * for a stop, or any substitution at T790"),
        (
            "p.Asp770_Asn771insXaa",
            "X is any residue, or a stop to some; write * for a stop, or the residues inserted",
        ),
    ],
)
def test_change_that_contradicts_itself_is_refused_with_reason(text, reason):
    with pytest.raises(ValueError) as raised:
        parse_protein_change(text)

    assert str(raised.value) == f"{text}: {reason}"


@pytest.mark.parametrize("text", ["D770_N771insS*D", "L747_P753delins*", "p.Leu747_Pro753delinsProTer"])
def test_change_that_brings_in_a_stop_truncates(text):
    change = parse_protein_change(text)

    assert change is not None
    assert change.kind == "stop gained"


ALPHABET = "ACDEFGHIKLMNPQRSTVWYUX*"
pieces = st.one_of(
    st.sampled_from(
        [
            "p.",
            "(",
            ")",
            "_",
            "del",
            "ins",
            "dup",
            "delins",
            "fs",
            "ext",
            "Ter",
            "Thr",
            "Xaa",
            "Stop",
            "?",
            "=",
            ">",
            "*",
            "M1",
        ]
    ),
    st.sampled_from(ALPHABET),
    st.integers(0, 10**7).map(str),
    st.characters(),
)


@given(st.lists(pieces, max_size=10).map("".join))
@example("Ala5İle")
@example("Ala5ſtop")
@example("A" + "9" * 5000 + "V")
def test_no_text_raises_anything_but_value_error(text):
    try:
        change = parse_protein_change(text)
    except ValueError as refusal:
        assert str(refusal).startswith(text[:20])
    else:
        assert change is None or change.start >= 1


# --- generated changes --------------------------------------------------------------------------------------

residues = st.sampled_from(sorted(RESIDUES))
inserted_residues = st.text(st.sampled_from(sorted(RESIDUES)), min_size=1, max_size=4)


@st.composite
def written_changes(draw: st.DrawFn) -> str:
    """A change in one-letter code, of any kind, not of any protein in particular."""
    kind = draw(st.sampled_from(["sub", "stop", "del", "dup", "ins", "delins", "fs", "M1?", "ext", "="]))
    first = draw(st.integers(1, 99_000))
    last = first + draw(st.integers(0, 30)) if kind != "ins" else first + 1
    one, two, new = draw(residues), draw(residues), draw(residues)
    span = f"{one}{first}" if first == last else f"{one}{first}_{two}{last}"
    match kind:
        case "sub":
            return f"{one}{first}{new}"
        case "stop":
            return f"{one}{first}*"
        case "ins" | "delins":
            return span + kind + draw(inserted_residues)
        case "fs" | "=":
            return f"{one}{first}{kind}"
        case "M1?":
            return kind
        case "ext":
            return f"*{first}{draw(st.sampled_from([new, '']))}ext"
    return span + kind


@given(written_changes())
def test_every_change_reads_back_from_its_own_text(text):
    change = parse_protein_change(text)

    assert change is not None
    assert parse_protein_change(str(change)) == change


@given(written_changes())
def test_every_change_reads_back_from_its_hgvs(text):
    change = parse_protein_change(text)

    assert change is not None
    assert parse_protein_change(change.hgvs) == change


@given(written_changes())
def test_brackets_of_a_prediction_change_nothing(text):
    change = parse_protein_change(text)

    assert change is not None
    assert parse_protein_change(f"p.({text})") == change
    assert parse_protein_change(f"p.({change.hgvs[2:]})") == change


# --- mavehgvs -----------------------------------------------------------------------------------------------

MAVE_KINDS = {
    "substitution": "sub", "stop gained": "sub", "start lost": "sub", "deletion": "del", "duplication": "dup",
    "insertion": "ins", "delins": "delins", "frame shift": "fs", "synonymous": "equal",
}  # fmt: skip
# mavehgvs 0.8 has no words for these.
UNKNOWN_TO_MAVEHGVS = {"start lost", "stop lost"}
three_letter = st.sampled_from(sorted(ONE_TO_THREE[residue] for residue in RESIDUES - {"U"}))


@st.composite
def strict_hgvs(draw: st.DrawFn) -> str:
    """Text in the shape of strict three-letter HGVS; not all of it is valid."""
    kind = draw(st.sampled_from(["sub", "ter", "del", "dup", "ins", "delins", "fs", "="]))
    first = draw(st.integers(1, 2500))
    last = first + (1 if kind == "ins" else draw(st.integers(-1, 12)))
    start, end = f"{draw(three_letter)}{first}", f"{draw(three_letter)}{last}"
    new = "".join(draw(st.lists(three_letter, min_size=1, max_size=4)))
    match kind:
        case "sub":
            return f"p.{start}{draw(three_letter)}"
        case "ter":
            return f"p.{start}Ter"
        case "fs" | "=":
            return f"p.{start}{kind}"
        case "ins":
            return f"p.{start}_{end}ins{new}"
        case "delins":
            return f"p.{start}{draw(st.sampled_from(['', '_' + end]))}delins{new}"
    return f"p.{start}{draw(st.sampled_from(['', '_' + end]))}{kind}"


@given(strict_hgvs())
@example("p.Thr790Met")
@example("p.Glu746_Ala750del")
def test_what_mavehgvs_accepts_is_read_to_the_same(text):
    try:
        variant = Variant(text)
    except MaveHgvsParseError:
        assume(False)
    change = parse_protein_change(text)
    assert change is not None

    positions = variant.positions if isinstance(variant.positions, tuple) else (variant.positions,) * 2
    assert (change.start, change.end) == (positions[0].position, positions[1].position)
    assert ONE_TO_THREE[change.start_residue] == positions[0].amino_acid
    assert ONE_TO_THREE[change.end_residue] == positions[1].amino_acid
    assert MAVE_KINDS[change.kind] == variant.variant_type or _is_plainer(change, text)


def _is_plainer(change: ProteinChange, text: str) -> bool:
    """One residue for one written as a delins or for itself, which HGVS asks to write as what it is."""
    if "delins" in text:
        return change.kind in ("substitution", "synonymous", "start lost") and change.start == change.end
    return change.kind == "synonymous" and text == f"p.{ONE_TO_THREE[change.start_residue]}{change.start}{text[-3:]}"


@given(written_changes())
def test_our_hgvs_is_accepted_by_mavehgvs_and_means_the_same(text):
    change = parse_protein_change(text)
    assert change is not None
    assume(change.kind not in UNKNOWN_TO_MAVEHGVS and "U" not in text)
    # mavehgvs counts on positions in order and on neighbours, as we do.
    variant = Variant(change.hgvs)

    assert str(variant) == change.hgvs
    assert variant.variant_type == MAVE_KINDS[change.kind]


# --- the reference protein ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message", "suggestion"),
    [
        ("T790M", None, None),
        ("E746_A750del", None, None),
        ("*1211Lext", None, None),
        ("A790M", "the reference residue at 790 is T, not A", "T790M"),
        ("M790T", "the reference residue at 790 is T, not M", None),
        ("E746_V750del", "the reference residue at 750 is A, not V", "E746_A750del"),
        ("D746_V750del", "the reference residue at 746 is E, not D", "E746_A750del"),
        ("D770_P771insG", "the reference residue at 771 is N, not P", "D770_N771insG"),
        ("T1290M", "position 1290 lies beyond the protein, which has 1210 residues", None),
        ("D1200_A1300del", "position 1300 lies beyond the protein, which has 1210 residues", None),
        ("*1210Lext", "the protein ends at 1210, so its stop is 1211, not 1210", None),
    ],
)
def test_reference_is_verified(egfr, text, message, suggestion):
    change = parse_protein_change(text)
    assert change is not None

    assert reference_fault(change, egfr) == (None if message is None else (message, suggestion))


# --- normal form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A767_V769dup", "V769_D770insASV"),  # a duplication is an insertion after itself
        ("D770_N771insSVD", "S768_D770dup"),  # the same change reported both ways in EGFR exon 20
        ("L747_A750delinsP", "L747_T751delinsPT"),  # T751 written anew
        ("E746_A750del", "K745_A750delinsK"),  # K745 written anew
        ("T790M", "T790_Q791delinsMQ"),
        ("T790M", "L788_T790delinsLIM"),
        ("L747_S752del", "E746_S752delinsE"),
        ("H773_V774insH", "H773dup"),
        ("P772_H773insH", "H773dup"),  # shifted towards the end
    ],
)
def test_spellings_of_one_egfr_change_are_equal(egfr, one, other):
    first, second = parse_protein_change(one), parse_protein_change(other)
    assert first is not None
    assert second is not None

    assert mutated(first, egfr) == mutated(second, egfr)
    assert normal_form(first, egfr) == normal_form(second, egfr)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E746_A750del", "L747_T751del"),
        ("L747_A750delinsP", "L747_T751delinsP"),
        ("D770_N771insSVD", "D770_N771insSVE"),
        ("T790M", "T790A"),
    ],
)
def test_different_egfr_changes_differ(egfr, one, other):
    first, second = parse_protein_change(one), parse_protein_change(other)
    assert first is not None
    assert second is not None

    assert normal_form(first, egfr) != normal_form(second, egfr)


def test_deletion_in_a_run_is_named_at_its_last_residues(kras):
    """KRAS ends in a run of six lysines, K175 to K180: whichever is lost, the protein is the same."""
    assert kras[174:180] == "KKKKKK"
    forms = set()
    for position in range(175, 181):
        change = parse_protein_change(f"K{position}del")
        assert change is not None
        forms.add(normal_form(change, kras))

    assert forms == {("in-frame", 180, 1, "")}


def test_delins_that_writes_the_reference_anew_changes_nothing(egfr):
    change = parse_protein_change("L747_R748delinsLR")
    assert change is not None

    assert normal_form(change, egfr)[0] == "synonymous"


def test_without_a_sequence_spellings_are_compared_as_they_are():
    one, other = parse_protein_change("A767_V769dup"), parse_protein_change("V769_D770insASV")
    assert one is not None
    assert other is not None

    assert normal_form(one, None) != normal_form(other, None)
    assert normal_form(one, None) == normal_form(one, None)


def mutated(change: ProteinChange, sequence: str) -> str:
    """The protein that ``change`` makes, written out residue by residue."""
    before, span, after = sequence[: change.start - 1], sequence[change.start - 1 : change.end], sequence[change.end :]
    match change.kind:
        case "substitution" | "delins":
            return before + change.inserted + after
        case "deletion":
            return before + after
        case "duplication":
            return before + span + span + after
        case "insertion":
            return sequence[: change.start] + change.inserted + sequence[change.start :]
    raise AssertionError(f"{change.kind} is not in frame")


@st.composite
def in_frame_changes(draw: st.DrawFn, sequence: str) -> ProteinChange:
    """An in-frame change or substitution of ``sequence``, mostly of few kinds of residues, so that repeats arise."""
    # Two stretches of KRAS with repeats: VVVGAGGVGK (7 to 16) and KKKKKKSKTK (175 to 184).
    start = draw(st.one_of(st.integers(6, 17), st.integers(172, 184)))
    end = min(start + draw(st.integers(0, 4)), len(sequence))
    new = draw(st.text("VGAKS", min_size=1, max_size=4))
    kind = draw(st.sampled_from(["substitution", *sorted(IN_FRAME)]))
    if kind == "substitution":
        end, new = start, new[0]
        assume(new != sequence[start - 1])
    elif kind == "insertion":
        end = start + 1
    elif kind != "delins":
        new = ""
    return ProteinChange(
        kind=kind,
        start=start,
        start_residue=sequence[start - 1],
        end=end,
        end_residue=sequence[end - 1],
        inserted=new,
    )


@given(data=st.data())
def test_one_normal_form_exactly_if_one_protein(kras, data):
    one, other = data.draw(in_frame_changes(kras)), data.draw(in_frame_changes(kras))
    assume(kras not in (mutated(one, kras), mutated(other, kras)))

    same = mutated(one, kras) == mutated(other, kras)
    assert (normal_form(one, kras) == normal_form(other, kras)) == same


@given(data=st.data())
def test_every_respelling_of_a_change_has_its_normal_form(kras, data):
    """As the pairs above are seldom equal: a delins over a wider span that makes the same protein."""
    change = data.draw(in_frame_changes(kras))
    protein = mutated(change, kras)
    assume(protein != kras)
    first = data.draw(st.integers(max(1, change.start - 5), change.start))
    # What is inserted lies between two residues; behind the last one there is no second.
    behind = data.draw(st.integers(0, max(0, len(kras) - change.end - (change.kind in ("insertion", "duplication")))))
    last = len(kras) - behind
    new = protein[first - 1 : len(protein) - behind]
    assume(new)
    respelt = ProteinChange(
        kind="delins",
        start=first,
        start_residue=kras[first - 1],
        end=last,
        end_residue=kras[last - 1],
        inserted=new,
    )

    assert mutated(respelt, kras) == protein
    assert normal_form(respelt, kras) == normal_form(change, kras)


@given(data=st.data())
def test_normal_form_makes_the_protein_it_stands_for(kras, data):
    change = data.draw(in_frame_changes(kras))
    assume(mutated(change, kras) != kras)
    _, first, removed, inserted = normal_form(change, kras)

    assert kras[: first - 1] + inserted + kras[first - 1 + removed :] == mutated(change, kras)


@given(data=st.data())
def test_length_change_is_that_of_the_protein(kras, data):
    change = data.draw(in_frame_changes(kras))

    assert change.length_change == len(mutated(change, kras)) - len(kras)
