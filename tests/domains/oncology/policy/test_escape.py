"""Escape sets of drugs and regimens in tumours: what the shipped rules say must come to be."""

from __future__ import annotations

import itertools

import pytest

from resistab.core.escape import Escapes
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import GivenFinding
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.policy.escape import TumourEscapes, _fault_at
from tests.escapes import tumour_agrees

MELANOMA = ("MEL", ["BRAF V600E"])
LUNG = ("LUAD", ["EGFR L858R"])
CML = ("CML", ["BCR::ABL1"])
RESISTANT = ("LUAD", ["EGFR L858R", "EGFR T790M"])


@pytest.fixture(scope="module")
def search(oncology: TumourInterpreter) -> TumourEscapes:
    return TumourEscapes(oncology, limit=100)


def escapes(search: TumourEscapes, patient: tuple[str, list[str]], *drugs: str) -> Escapes:
    return search.escapes(search.interpreter.genotype(*patient), drugs)


def sets(found: Escapes) -> set[tuple[str, ...]]:
    return {of.texts for of in found.sets}


def test_a_mutation_of_a_gene_downstream_is_an_escape(search: TumourEscapes) -> None:
    found = escapes(search, MELANOMA, "dabrafenib", "trametinib")
    assert (found.barrier, found.exact, found.known, found.disagreements) == (1, True, True, ())
    assert ("NRAS activating mutation",) in sets(found)


def test_the_table_of_a_combination_counts_beside_its_drugs(search: TumourEscapes) -> None:
    found = escapes(search, MELANOMA, "trametinib", "dabrafenib")
    (one,) = [of for of in found.sets if of.texts == ("BRAF amplification",)]
    assert one.defeats == {"BRAF amplification": ("dabrafenib", "trametinib")}
    assert all(behind.row and behind.citations for behind in one.behind)


def test_a_gatekeeper_is_among_the_escapes_of_one_change(search: TumourEscapes) -> None:
    found = escapes(search, CML, "imatinib")
    assert (found.text, ("ABL1 T315I",) in sets(found)) == ("1", True)
    assert found.found == len(found.sets)


def test_two_changes_on_one_copy_weigh_two(search: TumourEscapes) -> None:
    found = escapes(search, CML, "ponatinib")
    assert found.barrier == 2
    assert ("ABL1 E255V in cis with ABL1 T315I",) in sets(found)
    after = escapes(search, ("CML", ["BCR::ABL1", "ABL1 T315I"]), "ponatinib")
    assert after.barrier == 1


def test_a_drug_that_is_resistant_now_needs_no_change(search: TumourEscapes) -> None:
    assert escapes(search, RESISTANT, "gefitinib") == Escapes((), 0)
    assert escapes(search, ("MEL", ["BRAF V600E", "NRAS Q61K"]), "dabrafenib", "trametinib") == Escapes((), 0)


def test_each_of_two_drugs_of_two_targets_must_be_defeated(search: TumourEscapes) -> None:
    found = escapes(search, RESISTANT, "osimertinib", "savolitinib")
    assert found.barrier == 2
    (one,) = [of for of in found.sets if of.texts == ("EGFR C797S", "MET D1228V")]
    assert one.defeats == {"EGFR C797S": ("osimertinib",), "MET D1228V": ("savolitinib",)}


def test_a_drug_that_nothing_resists_has_no_known_barrier(search: TumourEscapes) -> None:
    found = escapes(search, MELANOMA, "nivolumab")
    assert (found.text, found.sets, found.undefeated) == ("at least 1", (), ("nivolumab",))
    beside = escapes(search, MELANOMA, "dabrafenib", "nivolumab")
    assert (beside.text, beside.undefeated, beside.known) == ("at least 1", ("nivolumab",), False)
    assert beside.sets


def test_a_combination_speaks_for_a_drug_not_used_alone(search: TumourEscapes) -> None:
    patient = ("COAD", ["BRAF V600E"])
    assert escapes(search, patient, "cetuximab").barrier == 0
    assert escapes(search, patient, "encorafenib", "cetuximab").barrier >= 1


def test_nothing_is_reverted_that_is_not_lost(search: TumourEscapes) -> None:
    assert not any("reversion" in text for of in sets(escapes(search, ("HGSOC", []), "olaparib")) for text in of)
    found = escapes(search, ("HGSOC", ["BRCA1 loss"]), "olaparib")
    assert ("BRCA1 reversion",) in sets(found)


def test_where_time_is_up_the_barrier_is_at_least_that(search: TumourEscapes) -> None:
    found = search.escapes(search.interpreter.genotype(*CML), ["imatinib"], seconds=0.0)
    assert (found.text, found.exact, found.sets) == ("at least 1", False, ())


def test_a_drug_that_is_not_known_is_refused(search: TumourEscapes) -> None:
    with pytest.raises(InputError, match="unknown drug 'imatinip'"):
        escapes(search, CML, "imatinip")


@pytest.mark.parametrize(
    ("patient", "drugs"),
    [
        (MELANOMA, ("dabrafenib", "trametinib")),
        (RESISTANT, ("osimertinib", "savolitinib")),
        (LUNG, ("osimertinib",)),
        (("BRCA", ["ERBB2 amplification"]), ("trastuzumab", "pertuzumab")),
        (("NSCLC", ["EML4::ALK"]), ("lorlatinib",)),
        (("GIST", ["KIT exon 11 deletion"]), ("imatinib", "sunitinib")),
    ],
)
def test_each_set_works_and_no_part_of_it_does(
    oncology: TumourInterpreter, search: TumourEscapes, patient: tuple[str, list[str]], drugs: tuple[str, ...]
) -> None:
    """By the whole interpretation of the patient with the changes among the findings."""
    genotype = oncology.genotype(*patient)
    goal = search.goal(drugs)

    def active(texts: tuple[str, ...]) -> bool:
        further = oncology.genotype(patient[0], [*patient[1], *texts])
        verdicts = {verdict.drug: verdict for verdict in oncology.interpret(further).verdicts}
        return any(not any(search.resisted(verdicts[name]) for name in names) for names in goal.values())

    found = TumourEscapes(oncology, limit=3).escapes(genotype, drugs)
    assert found.sets
    for of in found.sets:
        assert not active(of.texts)
        assert all(active(part) for size in range(len(of.texts)) for part in itertools.combinations(of.texts, size))
        assert all(of.defeats[change.id] for change in of.changes)


def test_the_order_of_findings_and_drugs_changes_nothing(search: TumourEscapes) -> None:
    drugs, genotype = ["osimertinib", "savolitinib"], search.interpreter.genotype(*RESISTANT)
    backwards = genotype.model_copy(update={"findings": genotype.findings[::-1]})
    found = search.escapes_of_all(genotype, [drugs, ["gefitinib"], ["osimertinib"]])
    assert found == search.escapes_of_all(backwards, [drugs[::-1], ["gefitinib"], ["osimertinib"]])
    assert found[::-1] == search.escapes_of_all(genotype, [["osimertinib"], ["gefitinib"], drugs])


@pytest.mark.parametrize("seed", range(4))
def test_trying_every_set_agrees_with_the_solver(oncology: TumourInterpreter, seed: int) -> None:
    """300 patients in the slow tests."""
    tumour_agrees(TumourEscapes(oncology, limit=10**6), seed)


# --- findings added ---------------------------------------------------------------------------------------------------


def added(oncology: TumourInterpreter, genotype: Genotype, *texts: str) -> Genotype:
    return oncology.assembler.added(genotype, [GivenFinding(text, _fault_at) for text in texts])


@pytest.mark.parametrize(
    ("findings", "further"),
    [
        (["EGFR L858R"], ["EGFR T790M", "MET amplification"]),
        (["EGFR L858R", "EGFR T790M"], ["EGFR C797S in cis with EGFR T790M"]),
        (["ABL1 T315I"], ["ABL1 T315A"]),
        ([], ["KRAS activating mutation", "RB1 loss", "EML4::ALK"]),
        (["BRAF V600E"], ["BRAF V600E"]),
    ],
)
def test_an_added_finding_is_as_any_other(oncology: TumourInterpreter, findings: list[str], further: list[str]) -> None:
    whole = oncology.genotype("LUAD", [*findings, *further])
    more = added(oncology, oncology.genotype("LUAD", findings), *further)
    assert {(item.locus, item.inferred) for item in more.assayed} == {(i.locus, i.inferred) for i in whole.assayed}
    assert more.model_copy(update={"assayed": whole.assayed, "notes": whole.notes}) == whole


def test_an_added_state_must_not_contradict_what_was_found(oncology: TumourInterpreter) -> None:
    with pytest.raises(InputError, match="'MET deletion' contradicts 'MET amplification'"):
        added(oncology, oncology.genotype("LUAD", ["MET amplification"]), "MET deletion")
    with pytest.raises(InputError, match="further findings"):
        added(oncology, oncology.genotype("LUAD"), "no such thing")
