"""Everything that is concluded of one tumour, of which its report is made."""

from __future__ import annotations

from collections.abc import Mapping

from resistab.core.condition import ConclusionAtom
from resistab.core.measured import compared
from resistab.core.records import dataclass
from resistab.core.truth import Truth
from resistab.domains.oncology.atoms import StateAtom, WildTypeAtom
from resistab.domains.oncology.genotype import Genotype, StateFinding
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer, finding_subjects
from resistab.domains.oncology.policy.approvals import marker_truth, without_rules
from resistab.domains.oncology.policy.cautions import cautions
from resistab.domains.oncology.policy.clonality import Clonality
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.judged import Inferred
from resistab.domains.oncology.policy.models import DrugWithoutRules, MeasuredInfo, Verdict
from resistab.domains.oncology.policy.verdicts import judge
from resistab.domains.oncology.policy.vocabulary import VERDICTS
from resistab.report.model import ConclusionInfo


@dataclass(frozen=True)
class TumourConclusions:
    """What is concluded of one genotype.

    ``known`` are the findings, by index, with a curated association, ``clones`` the clonality of those of which it is
    known. ``cautions`` are what must be known before anything else is read. ``without_rules`` are drugs that are used
    in the tumour type and of which the rule set says nothing.
    """

    genotype: Genotype
    verdicts: tuple[Verdict, ...]
    conclusions: tuple[ConclusionInfo, ...]
    known: frozenset[int]
    clones: Mapping[int, Clonality]
    cautions: tuple[str, ...]
    measured: tuple[MeasuredInfo, ...]
    without_rules: tuple[DrugWithoutRules, ...] = ()


def conclude(rulebase: Rulebase, inferred: Inferred, weights: Mapping[str, float]) -> TumourConclusions:
    """What follows from ``inferred``; ``weights`` are those of the mechanism rules."""
    genotype = inferred.genotype
    deriver = Deriver(rulebase, genotype, inferred.observed, inferred.values, weights)
    verdicts = judge(rulebase, inferred, deriver)
    return TumourConclusions(
        genotype=genotype,
        verdicts=verdicts,
        conclusions=_conclusions(rulebase, inferred, deriver),
        known=_known(inferred),
        clones=inferred.clones,
        cautions=tuple(cautions(genotype, rulebase.manifest, _filtered_findings(rulebase, inferred))),
        measured=compared(
            MeasuredInfo,
            genotype.measured,
            verdicts={verdict.drug: verdict.verdict for verdict in verdicts},
            predicts=VERDICTS.predicts,
            words=VERDICTS.words,
        ),
        without_rules=without_rules(
            rulebase, genotype.tumour_type, lambda use: marker_truth(use, inferred.observer, inferred.values)
        ),
    )


def _known(inferred: Inferred) -> frozenset[int]:
    """The findings with a curated association: those that make an atom true or leave it open, and those that decide it.

    A state of a signature or gene ("MSI stable") decides every atom that asks for another state of the same.
    """
    known = {index for observation in inferred.observed.values() for index in observation.findings}
    asked = {(atom.subject, atom.analyte) for atom in inferred.observed if isinstance(atom, StateAtom)}
    for index, finding in enumerate(inferred.genotype.findings):
        if isinstance(finding, StateFinding) and (finding.subject, finding.analyte) in asked:
            known.add(index)
    return frozenset(known)


def _filtered_findings(rulebase: Rulebase, inferred: Inferred) -> list[str]:
    """The changes that were filtered out and would make what some rule asks for true."""
    told = []
    for item in inferred.genotype.filtered_findings:
        alone = Observer(inferred.genotype.model_copy(update={"findings": (item.finding,)}), rulebase)
        genes = set(finding_subjects(item.finding))
        asked = (
            atom for atom in inferred.observed if genes & {getattr(atom, "gene", ""), getattr(atom, "subject", "")}
        )
        if any(alone.observe(atom).truth is Truth.TRUE for atom in asked if not isinstance(atom, WildTypeAtom)):
            told.append(f"{item.finding.text} ({item.why})")
    return told


def _conclusions(rulebase: Rulebase, inferred: Inferred, deriver: Deriver) -> tuple[ConclusionInfo, ...]:
    reached = sorted(
        head.name for head, value in inferred.values.items() if head.kind == "conclusion" and value.truth is Truth.TRUE
    )
    return tuple(
        ConclusionInfo(
            id=name,
            name=rulebase.conclusion_by_id[name].name,
            findings=tuple(
                inferred.genotype.findings[index].text for index in deriver.findings(ConclusionAtom(id=name))
            ),
            rules=deriver.mechanisms(name, frozenset({name})),
        )
        for name in reached
    )
