"""Two small rule sets for a virus, one with scores and one with levels alone, and samples to interpret by them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from resistab.domains.virus.asi.reader import VERDICT_OF_SIR
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.models import (
    CommentFile,
    MutationTypes,
    ResultComment,
    SequenceQuality,
    ViralDrug,
    ViralDrugClass,
    ViralGene,
    ViralManifest,
    ViralRulebase,
    ViralTable,
)
from resistab.domains.virus.report.model import ViralReport

ON = datetime.date(2026, 11, 21)
DIGEST = "ab" * 32
REFERENCE = {
    ("PR", 10): "L",
    ("RT", 41): "M",
    ("RT", 69): "T",
    ("RT", 103): "K",
    ("RT", 106): "V",
    ("RT", 135): "I",
    ("RT", 184): "M",
    ("RT", 215): "T",
    ("IN", 148): "Q",
}
LEVELS = (
    {"level": 1, "name": "Susceptible", "to": 9, "verdict": "no_resistance_found", "sir": "S"},
    {
        "level": 2,
        "name": "Potential low-level resistance",
        "from": 10,
        "to": 14,
        "verdict": "possible_resistance",
        "sir": "S",
    },
    {"level": 3, "name": "Low-level resistance", "from": 15, "to": 29, "verdict": "possible_resistance", "sir": "I"},
    {"level": 4, "name": "Intermediate resistance", "from": 30, "to": 59, "verdict": "possible_resistance", "sir": "I"},
    {"level": 5, "name": "High-level resistance", "from": 60, "verdict": "resistant", "sir": "R"},
)
HOSTILE = """<script>alert(1)</script> "O'Neil" </style><b>&amp; \\ {{ 7*7 }}"""

# Scores in the manner of HIVDB, rounded so that the results are easily reckoned by hand.
TABLES: tuple[dict[str, Any], ...] = (
    {"drug": "3TC", "scores": {69: {"ins": 30}, 184: {"I/V": 60}}},
    {
        "drug": "AZT",
        "scores": {41: {"L": 15}, 69: {"ins": 60}, 184: {"I/V": -10}, 215: {"F/Y": 60}},
        "combinations": [{"id": "AZT-C1", "when": "41L and 215F/Y", "score": 10}],
    },
    {"drug": "EFV", "scores": {103: {"N": 60, "R": 5}, 318: {"F": 10}}},
    {"drug": "DOR", "scores": {106: {"I": 5}, 318: {"F": 60}}},
    {"drug": "ATV/r", "scores": {10: {"F": 10}, 50: {"L": 60}, 90: {"M": 25}}},
    {"drug": "DTG", "scores": {148: {"H/K/R": 25}, 263: {"K": 30}}},
    {"drug": "RAL", "scores": {148: {"H/K/R": 60}}},
)
LEVEL_TABLES: tuple[dict[str, Any], ...] = (
    {"drug": "3TC", "rules": [{"id": "3TC-R1", "when": "184I/V", "level": 3}]},
    {
        "drug": "AZT",
        "rules": [
            {"id": "AZT-R1", "when": "215F/Y", "level": 3},
            {"id": "AZT-R2", "when": "at least 2 of (41L, 69ins, 103N)", "level": 2},
        ],
    },
)


def scored_rulebase(full_name: str = "atazanavir with ritonavir", comment: str = "Lowers fitness.") -> ViralRulebase:
    """A rule set with scores, in the form of HIVDB: four classes of drugs on three genes."""
    drugs = (
        ("3TC", "lamivudine", "NRTI"),
        ("AZT", "zidovudine", "NRTI"),
        ("EFV", "efavirenz", "NNRTI"),
        ("DOR", "doravirine", "NNRTI"),
        ("ATV/r", full_name, "PI"),
        ("DTG", "dolutegravir", "INSTI"),
        ("RAL", None, "INSTI"),
    )
    return ViralRulebase(
        digest=DIGEST,
        manifest=_manifest("Scores of a few drugs", LEVELS),
        genes=(
            ViralGene(symbol="PR", name="protease", length=99, drug_classes=("PI",)),
            ViralGene(symbol="RT", name="reverse transcriptase", length=560, drug_classes=("NRTI", "NNRTI")),
            ViralGene(symbol="IN", name="integrase", length=288, drug_classes=("INSTI",)),
        ),
        sequences={},
        drug_classes=tuple(ViralDrugClass(name=name) for name in ("NRTI", "NNRTI", "PI", "INSTI")),
        drugs=tuple(ViralDrug(name=name, full_name=full, drug_class=of) for name, full, of in drugs),
        tables=tuple(ViralTable.model_validate(table) for table in TABLES),
        comments=(
            CommentFile.model_validate(
                {"gene": "RT", "comments": [{"id": "RT184VI", "when": "184I/V", "text": comment}]}
            ),
        ),
        result_comments=(
            ResultComment.model_validate(
                {"id": "3TC-high", "when": [{"drug": "3TC", "levels": [5]}], "text": "Ask before stopping lamivudine."}
            ),
        ),
        mutation_types=tuple(
            MutationTypes.model_validate(types)
            for types in (
                {"drug_class": "NRTI", "types": {"Major": {184: "I/V", 215: "F/Y"}, "Accessory": {41: "L"}}},
                {"drug_class": "NNRTI", "types": {"Major": {103: "N"}}},
                {"drug_class": "PI", "types": {"Major": {90: "M"}, "Accessory": {10: "F"}}},
                {"drug_class": "INSTI", "types": {"Major": {148: "H/K/R"}}},
            )
        ),
        quality=SequenceQuality(),
    )


def levelled_rulebase() -> ViralRulebase:
    """A rule set whose rules give levels outright, in the form of ANRS: one class of drugs on one gene."""
    levels = (
        {"level": 1, "name": "Susceptible", "verdict": "no_resistance_found", "sir": "S"},
        {"level": 2, "name": "Possible resistance", "verdict": "possible_resistance", "sir": "I"},
        {"level": 3, "name": "Resistance", "verdict": "resistant", "sir": "R"},
    )
    return ViralRulebase(
        digest=DIGEST,
        manifest=_manifest("Levels of two drugs", levels),
        genes=(ViralGene(symbol="RT", drug_classes=("NRTI",)),),
        sequences={},
        drug_classes=(ViralDrugClass(name="NRTI", full_name="nucleoside inhibitors"),),
        drugs=tuple(ViralDrug(name=name, drug_class="NRTI") for name in ("3TC", "AZT")),
        tables=tuple(ViralTable.model_validate(table) for table in LEVEL_TABLES),
        comments=(),
        result_comments=(),
        mutation_types=(),
        quality=SequenceQuality(),
    )


def _manifest(name: str, levels: tuple[Mapping[str, Any], ...]) -> ViralManifest:
    """A manifest; a level without a verdict has that of its letter."""
    return ViralManifest.model_validate(
        {
            "kind": "virus",
            "ruleset": "small",
            "name": name,
            "version": "1.2.3",
            "date": "2026-03-01",
            "licence": "CC0",
            "description": "For tests.",
            "source": {"algorithm": "HIVDB", "version": "10.2", "date": "2026-02-01"},
            "scoring": {
                "combine": "sum",
                "levels": [{"verdict": VERDICT_OF_SIR[level["sir"]]} | dict(level) for level in levels],
            },
        }
    )


def found(gene: str, position: int, residues: str, given: str = "") -> ResidueFinding:
    """What was found at a position of a gene, ``residues`` as single characters."""
    finding = ResidueFinding(gene, position, REFERENCE[gene, position], tuple(residues), given)
    return finding if given else replace(finding, given=finding.mutation)


# Protease in full, reverse transcriptase to 240 as sequencing of pol often gives it, integrase not at all.
PARTIAL = ViralGenotype(
    "S-1",
    (
        found("RT", 41, "L"),
        found("RT", 103, "N"),
        found("RT", 106, "I"),
        found("RT", 135, "T"),
        found("RT", 184, "MV", "184MV"),
        found("RT", 215, "Y"),
    ),
    (GeneCoverage("PR"), GeneCoverage("RT", ((1, 240),))),
    bases=1017,
)
LISTED = ViralGenotype(
    "S-2",
    (found("RT", 184, "V"), found("RT", 41, "L"), found("RT", 215, "Y"), found("IN", 148, "H")),
    (GeneCoverage("RT", None, inferred=True), GeneCoverage("IN", None, inferred=True)),
)


def report_on(genotype: ViralGenotype, rulebase: ViralRulebase | None = None) -> ViralReport:
    """The report on ``genotype``, by the rule set with scores unless told otherwise."""
    return ViralInterpreter(rulebase or scored_rulebase()).interpret(genotype, on=ON)
