"""Genotypes of tumours in numbers: which statements there are, and where each holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from resistab.domains.oncology import measures
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import TumourInterpreter

UNKNOWN = None


@pytest.fixture(scope="module")
def tumours(oncology: TumourInterpreter) -> list[Genotype]:
    """T790M found; EGFR assayed without it; EGFR not assayed."""
    return [
        oncology.genotype("LUAD", ["EGFR T790M", "EGFR L858R"], ["EGFR"]),
        oncology.genotype("LUAD", ["EGFR L858R"], ["EGFR"]),
        oncology.genotype("LUAD", ["KRAS G12C"], ["KRAS"]),
    ]


def told(interpreter: TumourInterpreter, texts: Sequence[str], genotypes: Sequence[Genotype]) -> list[list[object]]:
    features = [measures.feature(text) for text in texts]
    values = measures.values(interpreter, "osimertinib", features, genotypes)
    return [[UNKNOWN if np.isnan(value) else float(value) for value in line] for line in values]


def test_found_absent_and_not_assayed(oncology: TumourInterpreter, tumours: list[Genotype]) -> None:
    assert told(oncology, ["EGFR T790M"], tumours) == [[1.0], [0.0], [UNKNOWN]]


def test_a_gene_is_altered_by_any_change(oncology: TumourInterpreter, tumours: list[Genotype]) -> None:
    assert told(oncology, ["EGFR mutation", "KRAS mutation"], tumours) == [[1, UNKNOWN], [1, UNKNOWN], [UNKNOWN, 1]]


def test_a_pair_is_absent_where_one_part_is(oncology: TumourInterpreter, tumours: list[Genotype]) -> None:
    pair = ["EGFR T790M and KRAS G12C"]
    # Of the first the state of KRAS is not known, of the second EGFR T790M is known to be absent.
    assert told(oncology, pair, tumours) == [[UNKNOWN], [0.0], [UNKNOWN]]


def test_an_exon_is_the_residues_that_it_makes(oncology: TumourInterpreter) -> None:
    tumours = [
        oncology.genotype("LUAD", ["EGFR E746_A750del"], ["EGFR"]),
        oncology.genotype("LUAD", ["EGFR D770_N771insG"], ["EGFR"]),
    ]
    assert told(oncology, ["EGFR exon 19 deletion"], tumours) == [[1.0], [0.0]]


def test_values_are_those_of_the_observer(oncology: TumourInterpreter) -> None:
    genotypes = [
        oncology.genotype("LUAD", ["EGFR exon 19 deletion", "PTEN loss", "ERBB2 amplification"], ["EGFR", "KRAS"]),
        oncology.genotype("LUAD", ["EML4::ALK", "TP53 R196*"], ["TP53"]),
        oncology.genotype("LUAD", ["TP53 R175H"], ["EGFR", "KRAS"], ["osimertinib"]),
    ]
    from resistab.domains.oncology.observe import Observer

    features = measures.candidates(oncology, "osimertinib", genotypes)
    values = measures.values(oncology, "osimertinib", features, genotypes)
    number = {"true": 1.0, "false": 0.0, "unknown": -1.0}
    for line, genotype in zip(np.nan_to_num(values, nan=-1.0), genotypes, strict=True):
        observer = Observer(genotype, oncology.rulebase)
        assert [number[observer.observe(f.atoms[0]).truth.value] for f in features] == line.tolist()


def test_findings_give_statements_from_wide_to_exact(oncology: TumourInterpreter) -> None:
    genotypes = [
        oncology.genotype("LUAD", ["KRAS G12D", "PTEN R130*", "ERBB2 amplification", "EML4::ALK", "KRAS mutation"])
    ]
    found = {feature.when: feature.place for feature in measures.candidates(oncology, "osimertinib", genotypes)}
    assert found.items() >= {
        "KRAS G12D": "KRAS", "KRAS mutation": "KRAS", "KRAS activating mutation": "KRAS", "PTEN R130*": "PTEN",
        "PTEN truncation": "PTEN", "PTEN loss": "PTEN", "ERBB2 amplification": "ERBB2", "EML4::ALK": "ALK",
        "ALK fusion": "ALK",
    }.items()  # fmt: skip


def test_features_are_read_as_they_are_written(oncology: TumourInterpreter, tumours: list[Genotype]) -> None:
    for feature in measures.candidates(oncology, "osimertinib", tumours):
        assert measures.feature(feature.when) == feature


@pytest.mark.parametrize(
    "text", ["EGFR T790M or KRAS mutation", "not EGFR T790M", "conclusion ras-activated", "EGFR", "at least 2 of"]
)
def test_what_is_no_conjunction_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        measures.feature(text)


def test_rows_have_the_sign_of_what_they_say(oncology: TumourInterpreter) -> None:
    rows = {row: (feature.when, score) for row, feature, score in measures.expert_rows(oncology, "imatinib")}
    assert rows["IMA-046"] == ("ABL1 T315I", 60.0)
    assert rows["IMA-018"] == ("KIT N822H", 0.0)
    when, score = rows["IMA-001"]
    assert (when, score) == ("BCR::ABL1", -60.0)


def test_learned_rows_stand_in_their_order() -> None:
    features = [measures.feature(text) for text in ("KRAS mutation", "EGFR T790M and KRAS mutation", "EGFR T790M")]
    given = [(feature, float(number)) for number, feature in enumerate(features)]
    assert [(f.when, s) for f, s in measures.disjoint(given)] == [
        ("EGFR T790M", 2.0),
        ("KRAS mutation", 0.0),
        ("EGFR T790M and KRAS mutation", 1.0),
    ]


def test_silence_and_tissue_are_said(oncology: TumourInterpreter) -> None:
    genotypes = [oncology.genotype("LUAD", ["EGFR L858R"]), oncology.genotype("MEL", [], ["BRAF"])]
    notes = " ".join(measures.described(genotypes, "osimertinib", oncology))
    assert "1 sample does not say what was assayed" in notes
    assert "2 tumour types" in notes
