"""Everything that is concluded of one tumour, of which its report is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from resistab.core.condition import Atom, ConclusionAtom
from resistab.core.measured import compared
from resistab.core.program import Head
from resistab.core.records import dataclass
from resistab.core.truth import Truth
from resistab.domains.oncology.atoms import WildTypeAtom
from resistab.domains.oncology.genotype import Finding, Genotype, StateFinding
from resistab.domains.oncology.observe import Observer, finding_subjects
from resistab.domains.oncology.policy.approvals import marker_truth, without_rules
from resistab.domains.oncology.policy.cautions import cautions
from resistab.domains.oncology.policy.clonality import Clonality
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.gene_maps import GeneMap, gene_maps
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.models import DrugWithoutRules, MeasuredInfo, Verdict
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.verdicts import all_verdicts
from resistab.domains.oncology.policy.vocabulary import VERDICTS
from resistab.report.model import ConclusionInfo


@dataclass(frozen=True)
class TumourConclusions:
    """What is concluded of one genotype.

    ``known`` are the findings, by index, with a curated association, ``clones`` the clonality of those of which it is
    known. ``cautions`` are what must be known before anything else is read. ``without_rules`` are drugs that are used
    in the tumour type and of which the rule set says nothing. ``gene_maps`` are of genes with several changes.
    """

    genotype: Genotype
    verdicts: tuple[Verdict, ...]
    conclusions: tuple[ConclusionInfo, ...]
    known: frozenset[int]
    clones: Mapping[int, Clonality]
    cautions: tuple[str, ...]
    measured: tuple[MeasuredInfo, ...]
    without_rules: tuple[DrugWithoutRules, ...] = ()
    gene_maps: tuple[GeneMap, ...] = ()


def conclude(
    prepared: PreparedRules,
    inferred: Inferred,
    known: Mapping[str, Verdict] = MappingProxyType({}),
    leading: bool = False,
) -> TumourConclusions:
    """What follows from ``inferred``; ``known`` are verdicts, by drug, on which the patient's findings do not bear.

    With ``leading`` only of drugs that are used there or hit by a row, see ``all_verdicts``.
    """
    genotype, rulebase = inferred.genotype, prepared.rulebase
    # A measured response is set beside the verdict on its drug, whichever that is.
    verdicts = all_verdicts(prepared, inferred, known, leading and not genotype.measured)
    return TumourConclusions(
        genotype=genotype,
        verdicts=verdicts,
        conclusions=_conclusions(prepared, inferred),
        known=_known(prepared, inferred),
        clones=inferred.clones,
        cautions=tuple(cautions(genotype, rulebase.manifest, filtered_findings(prepared, genotype))),
        measured=compared(
            MeasuredInfo,
            genotype.measured,
            verdicts={verdict.drug: verdict.verdict for verdict in verdicts},
            predicts=VERDICTS.predicts,
            words=VERDICTS.words,
        ),
        gene_maps=tuple(gene_maps(prepared, genotype)),
        without_rules=without_rules(rulebase, genotype.tumour_type, lambda use: marker_truth(use, inferred)),
    )


def _known(prepared: PreparedRules, inferred: Inferred) -> frozenset[int]:
    """The findings with a curated association: those that make an atom true or leave it open, and those that decide it.

    A state of a signature or gene ("MSI stable") decides every atom that asks for another state of the same.
    """
    asked = (inferred.observed.get(atom) for atom in _asked_of(prepared, inferred.genotype.findings))
    known = {index for observation in asked if observation is not None for index in observation.findings}
    for index, finding in enumerate(inferred.genotype.findings):
        if isinstance(finding, StateFinding) and (finding.subject, finding.analyte) in prepared.states_asked:
            known.add(index)
    return frozenset(known)


def _asked_of(prepared: PreparedRules, findings: Iterable[Finding]) -> dict[Atom, None]:
    """The atoms on which any of the findings may bear."""
    return prepared.asked_of({subject for finding in findings for subject in finding_subjects(finding)})


def filtered_findings(prepared: PreparedRules, genotype: Genotype) -> list[str]:
    """The changes that were filtered out and would make what some rule asks for true."""
    told = []
    for item in genotype.filtered_findings:
        alone = Observer(genotype.model_copy(update={"findings": (item.finding,)}), prepared.rulebase)
        asked = (atom for atom in _asked_of(prepared, [item.finding]) if atom in prepared.of_rules)
        if any(alone.observe(atom).truth is Truth.TRUE for atom in asked if not isinstance(atom, WildTypeAtom)):
            told.append(f"{item.finding.text} ({item.why})")
    return told


def _conclusions(prepared: PreparedRules, inferred: Inferred) -> tuple[ConclusionInfo, ...]:
    deriver = Deriver(prepared, inferred.genotype, inferred.observed, inferred.values)
    told = (conclusion(deriver, head) for head in prepared.conclusions)
    return tuple(reached for reached in told if reached is not None)


def conclusion(deriver: Deriver, head: Head) -> ConclusionInfo | None:
    """How a conclusion was reached in a tumour; None where it was not."""
    if deriver.values[head].truth is not Truth.TRUE:
        return None
    name = head.name
    return ConclusionInfo(
        id=name,
        name=deriver.conclusion_name(name),
        findings=deriver.named(deriver.findings(ConclusionAtom(id=name))),
        rules=deriver.mechanisms(name, frozenset({name})),
    )
