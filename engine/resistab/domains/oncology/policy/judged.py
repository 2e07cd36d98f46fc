"""What is known of a drug in a patient before a verdict: its score, its marker, and what was not tested."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from typing import assert_never, cast

from resistab.core.cached import cached_property
from resistab.core.condition import Atom, ConclusionAtom, Condition, atoms, condition_text
from resistab.core.derivation import Step
from resistab.core.evidence import EvidenceLevel
from resistab.core.fixpoint import evaluate_condition
from resistab.core.program import Head
from resistab.core.records import dataclass
from resistab.core.said import lists, said, terms
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.atoms import (
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    QualifiedAtom,
    SiteAtom,
    StateAtom,
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
from resistab.domains.oncology.compile.program import marker_name
from resistab.domains.oncology.genotype import ChangeFinding, SiteFinding
from resistab.domains.oncology.kinds.approvals import Covering
from resistab.domains.oncology.kinds.models import (
    RESPONSE_MARKER,
    Indication,
    Row,
    TumourLevel,
    VerdictName,
)
from resistab.domains.oncology.policy.approvals import marker_truth
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.inferred import Inferred, speaking_head
from resistab.domains.oncology.policy.models import (
    Contribution,
    Marker,
    Undecided,
)
from resistab.domains.oncology.policy.prepared import DrugRules, PreparedRules
from resistab.domains.oncology.policy.response_markers import marked
from resistab.domains.oncology.policy.same_residue import SameResidue, same_residue
from resistab.domains.oncology.policy.scores import (
    RESISTANCE_EFFECTS,
    WITHOUT_SCORE,
    RuleScore,
    of_other_drugs,
)
from resistab.domains.oncology.policy.unexplained import Unexplained, unexplained
from resistab.report.words import drug_words

_LEVELS: tuple[EvidenceLevel, ...] = ("A", "B", "C", "D", "E")


# As values stand in reasons, and loci that are of no gene.
WORDS = terms("extrapolated", "histology", "prior therapies", "exact tumour type", "conclusions")
# Loci in words, as far as they are of a gene; alternatives of them, and the residues that must be covered.
LOCI = lists(
    "{names} or {parts}",
    "{gene} mutation",
    "{gene} mutation in {ranges}",
    "{gene} copy number",
    "{gene} copies",
    "{gene} fusion",
    "{gene} expression",
    "{gene} protein",
    "{gene} methylation",
    "{gene} splicing",
    "{gene} activity",
    "{gene} loss",
    "{gene} phase",
)

# The verdicts that speak against a drug.
AGAINST = ("resistant", "possible_resistance")


@dataclass(frozen=True)
class ResistanceTo:
    """A finding by which ``row`` confers resistance to ``drug``; ``target`` is the gene where it is the drug's.

    ``defeats`` is the binding mode that it defeats, where the row says so.
    """

    drug: str
    row: str
    finding: str
    target: str = ""
    defeats: str | None = None


# Of a contribution of which nobody asks how it came about.
_NO_STEP = Step(text="", truth="true")


class Judged:
    """One drug in one patient: what its rows contribute, what its marker is, and what is not known of it."""

    def __init__(
        self, prepared: PreparedRules, rules: DrugRules, inferred: Inferred, deriver: Deriver, derived: bool = True
    ) -> None:
        self.prepared, self.rules, self.inferred, self.deriver = prepared, rules, inferred, deriver
        # Whether contributions carry their derivation and evidence; a line of a table needs neither.
        self.derived = derived
        self._rests_on: dict[str, tuple[Deriver, Condition]] = {}
        self.rulebase, self.table, self.rows = prepared.rulebase, rules.table, rules.rows
        self.manifest = prepared.rulebase.manifest
        self.resistance_rows = rules.resistance_rows
        # The findings that confer resistance to drugs, this or others, once they are known of all drugs.
        self.of_others: Callable[[], Sequence[ResistanceTo]] = tuple

    @cached_property
    def open_rows(self) -> list[Row]:
        """The rows of resistance that are unknown."""
        return self.open_among(self.resistance_rows)

    def open_among(self, rows: Iterable[Row]) -> list[Row]:
        """Those that are unknown, by id, so that the order of the rows in their file changes nothing in a report."""
        return sorted((row for row in rows if self.truth(row) is Truth.UNKNOWN), key=lambda row: row.id)

    @cached_property
    def is_used(self) -> bool:
        """Whether the drug is used in tumours of the patient's type, or for a biomarker that was found in any."""
        return self.rulebase.is_used(self.table, self.inferred.genotype.tumour_type, self._marked)

    @cached_property
    def approved_here(self) -> bool:
        """Whether an approval or other use is for tumours like this: it needs no biomarker, or one of its is found.

        A type that a use leaves out of a wider one counts too: that nobody gives the drug there says nothing of whether
        it resists, and of a tumour of which less is known no more may be said.
        """
        code, own = self.inferred.genotype.tumour_type, self.indication
        alone = own is None or not own.relevant
        return self.rulebase.approved_irrespective(self.table.drug, code) or any(
            use.in_force
            and use.covers != "organ"
            and not (use.only_in_regimen and alone)
            and self._marked(use) is Truth.TRUE
            for use in self.rulebase.uses_about(self.table.drug, code)
        )

    def _marked(self, use: Covering) -> Truth:
        return marker_truth(use, self.inferred)

    def truth(self, row: Row) -> Truth:
        """Whether an active row holds, be it by extrapolation."""
        return self.inferred.values[self.head(row)].truth

    def head(self, row: Row) -> Head:
        """The head that speaks for an active row: the extrapolated one where the row itself does not hold."""
        return speaking_head(row, self.inferred.values)

    def is_true(self, row: Row) -> bool:
        """Whether an active row holds for certain, be it by extrapolation."""
        if self.inferred.strength(Head("row", row.id)):
            return True
        by_extrapolation = row.extrapolated_to and self.inferred.strength(Head("extrapolated row", row.id))
        return bool(by_extrapolation) and self.truth(row) is Truth.TRUE

    @cached_property
    def score_found(self) -> float:
        """The score of all that fired."""
        return self.combined(self.contributions)

    @cached_property
    def level(self) -> TumourLevel:
        """The level of that score."""
        return self.manifest.scoring.level(self.score_found)

    @cached_property
    def indication(self) -> Indication | None:
        """What the table says of tumours of the patient's type."""
        return self.rulebase.indication(self.table, self.inferred.genotype.tumour_type)

    @cached_property
    def not_known(self) -> tuple[str, ...]:
        """What would have had to be known before anything but *resistant* may be said, in words."""
        known = (*self.missing(self.indication), *self.left_open(self.contributions), *self.unless_found)
        return (*known, *self.if_treated)

    @cached_property
    def response_marker(self) -> Marker:
        """The response-marker axis."""
        return self.marker(self.indication, self.contributions)

    def verdict_worth(self, score: float) -> str:
        """The verdict of the level of a score."""
        return self.manifest.scoring.level(score).verdict

    # --- resistance -----------------------------------------------------------------------------------------

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """Every row that fired: the heaviest first, response markers last, then by id."""
        found = []
        for row, head, extrapolated_head in self.rules.heads:
            strength, extrapolated = self.inferred.strength(head), False
            if not strength and extrapolated_head is not None:
                strength, extrapolated = self.inferred.strength(extrapolated_head), True
            if strength and row not in self.not_marked:
                found.append(self.contribution(row, strength, extrapolated))
        found = self.without_overridden(found)
        found += [self.by_residue(same) for same in self.same_residue({item.row for item in found})]
        return tuple(
            sorted(
                found,
                key=lambda c: (c.effect == "no effect", c.effect == RESPONSE_MARKER, -c.score, c.tier or "", c.row),
            )
        )

    def is_marked(self, condition: Condition) -> bool:
        """Whether a response marker that is certain does not rest on a resistance mutation as "any mutation"."""
        inferred = self.inferred
        return marked(condition, inferred.observed, inferred.values, inferred.resistance_mutations)

    @cached_property
    def not_marked(self) -> list[Row]:
        """Rows of response markers that hold by a resistance mutation alone, as "any mutation"."""
        return [
            row
            for row in self.rows
            if row.effect == RESPONSE_MARKER and self.is_true(row) and not self.is_marked(row.when)
        ]

    def without_overridden(self, found: list[Contribution]) -> list[Contribution]:
        """Without rows of other drugs on how the drug binds, where rows of its own speak of the very change."""
        of_mode = self.rules.by_mode
        if not any(item.row in of_mode for item in found):
            return found
        fired = {item.row for item in found}
        own = [row for row in self.rows if row.id in fired - of_mode]
        spoken_of = {index for row in own for index in self.named_by(row)}
        overridden = {
            row.id
            for row in self.rows
            if row.id in fired & of_mode and (named := set(self.named_by(row))) and named <= spoken_of
        }
        return [item for item in found if item.row not in overridden]

    def same_residue(self, fired: Set[str]) -> Iterator[SameResidue]:
        """The rows of resistance that hold for another substitution at a codon which they name.

        A row that fired on the very change, whatever it says, or on its codon, has said what there is to say.
        """
        codons = {
            codon: indices
            for codon, indices in self.inferred.substituted_codons.items()
            if codon in self.rules.resistance_at
        }
        if not codons:
            return
        spoken_of = {index for row in self.rows if row.id in fired for index in self.named_by(row)}
        open_codons = {codon for codon, indices in codons.items() if not spoken_of.issuperset(indices)}
        if not open_codons:
            return
        named = {row.id for codon in open_codons for row in self.rules.resistance_at[codon]}
        for row in self.resistance_rows:
            if row.id not in named or row.id in fired or not self.holds_here(row):
                continue
            same = same_residue(row, open_codons, self.inferred.observer, self.inferred.observed, self.inferred.values)
            if same is not None:
                yield same

    def named_by(self, row: Row) -> Iterator[int]:
        """The findings that a row that fired names by the change itself or by its codon."""
        for atom in atoms(row.when):
            at_codon = isinstance(atom, SiteAtom) and atom.first == atom.last is not None
            if isinstance(atom, ChangeAtom) or at_codon:
                observed = self.inferred.observed[atom]
                if observed.truth is Truth.TRUE:
                    yield from observed.findings

    def holds_here(self, row: Row) -> bool:
        """Whether a row is meant for tumours of the patient's type, be it by extrapolation."""
        return not self.inferred.lineage.isdisjoint((*row.tumour_types, *row.extrapolated_to))

    def by_residue(self, same: SameResidue) -> Contribution:
        """What a row contributes for another substitution at its codon: one step lower, at most possible resistance."""
        row, policy = same.row, self.manifest.score_policy
        extrapolated = self.inferred.lineage.isdisjoint(row.tumour_types)
        own = self.score(row, extrapolated)
        possible = (
            level for level in self.manifest.scoring.by_order.values() if level.verdict == "possible_resistance"
        )
        score = min(policy.lowered(own.score, policy.extrapolation_steps), policy.reduced_response_highest)
        score = max(score, next(possible).from_score or 0)
        observed = ChainMap(dict(same.observed), cast("dict[Atom, Observation]", self.inferred.observed))
        deriver = Deriver(self.prepared, self.inferred.genotype, observed, self.inferred.values)
        texts = self.inferred.genotype.findings
        contribution = self.contribution(row, max(abs(own.score), score), extrapolated)
        self._rests_on[row.id] = deriver, same.condition
        return contribution.model_copy(
            update={
                "condition": condition_text(same.condition),
                "score": score,
                "score_reasons": (
                    *own.reasons,
                    said(
                        "same residue as {changes}, an extrapolation: {score}", changes=same.named, score=f"{score:g}"
                    ),
                ),
                "extrapolated": True,
                "same_residue": same.named,
                "findings": tuple(texts[index].text for index in same.findings),
                "minor_clone": self.in_minor_clone(same.findings),
                "derivation": deriver.step(same.condition) if self.derived else _NO_STEP,
            }
        )

    def contribution(self, row: Row, strength: float, extrapolated: bool) -> Contribution:
        own = self.score(row, extrapolated)
        score, reasons, level = own.score, list(own.reasons), own.level
        if strength < abs(score):
            score = strength if score > 0 else -strength
            level = self.level_worth(strength)
            through = "reached through a conclusion whose evidence is worth level {grade}: {score}"
            reasons.append(said(through, grade=level, score=f"{score:g}"))
        foreign = of_other_drugs(row, self.table.drug)
        self._rests_on[row.id] = self.deriver, row.when
        findings = self.deriver.findings(row.when)
        return Contribution(
            row=row.id,
            overlay=self.rulebase.overlay_of(row.id),
            condition=condition_text(row.when),
            effect=row.effect,
            mechanism=row.mechanism,
            score=score,
            score_reasons=tuple(reasons),
            evidence_level=level,
            tier=self.tier(level, extrapolated or foreign) if row.effect == RESPONSE_MARKER else None,
            extrapolated=extrapolated or foreign,
            disputed=own.outweighed,
            findings=tuple(self.inferred.genotype.findings[i].text for i in findings),
            minor_clone=self.in_minor_clone(findings),
            binding_mode=row.defeats or "" if row.id in self.rules.by_mode else "",
            note=row.note,
            derivation=self.deriver.step(row.when) if self.derived else _NO_STEP,
            evidence=self.deriver.evidence(row.evidence) if self.derived else (),
        )

    def in_minor_clone(self, findings: Iterable[int]) -> bool:
        """Whether some of the findings lie in a minor clone, so that all of them together are found there alone."""
        clones = self.inferred.clones
        return any(index in clones and clones[index].minor for index in findings)

    def level_worth(self, strength: float) -> EvidenceLevel:
        """The best evidence level that scores no more than ``strength``."""
        scores = self.manifest.score_policy.by_level
        return next((level for level in _LEVELS if scores[level] <= strength), _LEVELS[-1])

    def tier(self, level: EvidenceLevel | None, lowered: bool) -> str | None:
        if level is None:
            return None
        index = min(_LEVELS.index(level) + (1 if lowered else 0), len(_LEVELS) - 1)
        return self.manifest.tiers[_LEVELS[index]]

    def combined(self, contributions: Iterable[Contribution]) -> float:
        """The contributions' scores combined; of a group only the largest counts. 0 where none fired."""
        groups = self.rules.groups
        return self.manifest.scoring.combined(
            (groups[contribution.row], contribution.score)
            for contribution in contributions
            if contribution.effect not in WITHOUT_SCORE
        )

    # --- rows that hold unless something was missed ---------------------------------------------------------

    @cached_property
    def held_unless(self) -> list[tuple[Row, tuple[int, ...]]]:
        """Rows of resistance that are open and would hold if all that was not assayed were absent, with their findings.

        "NF1 loss and not any substitution at BRAF V600": where BRAF was not assayed the loss must not count for less
        than where it was, and nothing was found there. So too where the row holds in a tumour type, or in all but one,
        and the patient's may be of it or not.
        """
        held = []
        # Where none of its findings is in a row, the row rests on none.
        for row in self.inferred.open_resting(self.rules, in_part=False):
            closed_open, findings = self.closed_parts(row.when)
            _, possible = evaluate_condition(row.when, self.inferred.closed_observed, self.inferred.closed_values)
            by_type = all(isinstance(atom, TumourTypeAtom) for atom in closed_open)
            if possible and by_type and findings:
                held.append((row, tuple(sorted(findings))))
        return held

    def closed_parts(self, condition: Condition, seen: frozenset[str] = frozenset()) -> tuple[set[Atom], set[int]]:
        """What stays open in a condition where all that was not assayed is absent, and the findings that it rests on.

        Through conclusions too, by the rules that may hold in such a tumour.
        """
        unknown: set[Atom] = set()
        findings: set[int] = set()
        for atom in atoms(condition):
            if isinstance(atom, ConclusionAtom):
                for rule in self.deriver.rules_for(atom.id) if atom.id not in seen else ():
                    observed, values = self.inferred.closed_observed, self.inferred.closed_values
                    if self.may_be_of(rule.tumour_types) and evaluate_condition(rule.when, observed, values)[1]:
                        below = self.closed_parts(rule.when, seen | {atom.id})
                        unknown |= below[0]
                        findings |= below[1]
            elif self.inferred.closed_observed[atom].truth is Truth.UNKNOWN:
                unknown.add(atom)
            elif self.inferred.closed_observed[atom].truth is Truth.TRUE:
                findings.update(self.inferred.closed_observed[atom].findings)
        return unknown, findings

    def may_be_of(self, codes: Iterable[str]) -> bool:
        """Whether the tumour is, or may be, of one of the types."""
        genotype = self.inferred.genotype
        return any(code in genotype.lineage or self.is_narrower(code) for code in codes)

    def is_narrower(self, code: str) -> bool:
        """Whether a tumour type is a kind of the patient's."""
        own = self.inferred.genotype.tumour_type
        return code != own and own in self.rulebase.lineage(code)

    @cached_property
    def unless_found(self) -> list[str]:
        """What of those rows must be known before anything but *resistant* may be said, in words."""
        texts = self.inferred.genotype.findings
        told = []
        for row, findings in self.held_unless:
            score = self.score(row, self.head(row).kind == "extrapolated row").score
            if self.verdict_worth(score) not in AGAINST or score <= self.score_found:
                continue
            unknown = self.deriver.unknown_of(row)
            open_atoms = sorted(atom.text for atom in unknown if not isinstance(atom, TumourTypeAtom))
            types = [code for code in row.tumour_types if self.is_narrower(code)]
            by = {"findings": ", ".join(texts[i].text for i in findings), "effect": row.effect, "row": row.id}
            if open_atoms:
                unless = "{findings}: {effect} by {row} unless {others} is found, which was not tested"
                told.append(said(unless, **by, others=" or ".join(open_atoms)))
            elif types:
                narrower = "{findings}: {effect} by {row} in {types}, which this tumour may be"
                told.append(said(narrower, **by, types=", ".join(types)))
            else:
                told.append(said("{findings}: {effect} by {row} in some kinds of this tumour", **by))
        return told

    @cached_property
    def if_treated(self) -> list[str]:
        """What of earlier treatment must be known, since rows of resistance would hold by it, in words."""
        told = []
        for row in self.open_among(self.rules.after_treatment):
            unknown = set(self.deriver.unknown_of(row))
            worth = self.score(row, self.head(row).kind == "extrapolated row").score
            if not unknown or not all(isinstance(atom, PriorTherapyAtom) for atom in unknown):
                continue
            if self.verdict_worth(worth) in AGAINST and self.verdict_worth(worth) != self.level.verdict:
                findings = ", ".join(self.inferred.genotype.findings[i].text for i in self.deriver.findings(row.when))
                told.append(
                    said(
                        "{findings}: {effect} by {row} after {treatment}, which was not said",
                        findings=findings or row.id,
                        effect=row.effect,
                        row=row.id,
                        treatment=" or ".join(sorted(atom.text for atom in unknown)),
                    )
                )
        return told

    # --- cross-resistance -----------------------------------------------------------------------------------

    def sited_changes(self, row: Row) -> Iterable[tuple[str, str]]:
        """The gene and the text of each finding that ``row`` holds for by the place where the protein changed.

        A row on a mutation anywhere in a gene speaks of none in particular.
        """
        texts = self.inferred.genotype.findings
        for atom in atoms(row.when):
            anywhere = isinstance(atom, SiteAtom) and atom.first is None
            if isinstance(atom, (ChangeAtom, SiteAtom, NamedSetAtom)) and not anywhere:
                observed = self.inferred.observed[atom]
                if observed.truth is Truth.TRUE:
                    yield from ((atom.gene, texts[index].text) for index in observed.findings)

    def at_same_residue(self, contribution: Contribution) -> Iterable[tuple[str, str]]:
        """The gene and the text of each finding by which a row counts for another substitution at its codon."""
        for finding in self.inferred.genotype.findings:
            if isinstance(finding, ChangeFinding | SiteFinding) and finding.text in contribution.findings:
                yield finding.gene, finding.text

    def resistance_conferred(self) -> Iterable[ResistanceTo]:
        """The findings that confer resistance by rows of the drug's own table; none for a regimen: it is of no class.

        A change of the target counts whatever its evidence; another route only where it makes the drug resistant.
        """
        if self.rulebase.drug_by_name[self.table.drug].regimen:
            return
        rows = {row.id: row for row in self.table.rows}
        for contribution in self.contributions:
            row = rows.get(contribution.row)
            if row is None or row.effect != "resistance":
                continue
            if row.mechanism.startswith("target alteration"):
                sited = self.at_same_residue(contribution) if contribution.same_residue else self.sited_changes(row)
                for gene, finding in sited:
                    yield ResistanceTo(self.table.drug, row.id, finding, gene, row.defeats)
            elif self.verdict_worth(contribution.score) == "resistant":
                for finding in contribution.findings:
                    yield ResistanceTo(self.table.drug, row.id, finding)
        for row, findings in self.held_unless:
            if row.id not in rows or row.effect != "resistance":
                continue
            if row.mechanism.startswith("target alteration"):
                for gene, finding in self.sited_changes(row):
                    yield ResistanceTo(self.table.drug, row.id, finding, gene, row.defeats)
            elif self.verdict_worth(self.score(row).score) == "resistant":
                for index in findings:
                    yield ResistanceTo(self.table.drug, row.id, self.inferred.genotype.findings[index].text)

    @cached_property
    def cross_resistance(self) -> list[str]:
        """Findings that confer resistance to a drug of the same class, and have no curated association with this one.

        A row that names the place of a change of the target associates it, and any row that holds another finding.
        """
        of_the_class = [
            change for change in self.of_others() if self.rules.shares(change.drug, change.target, change.defeats)
        ]
        if not of_the_class:
            return []
        fired = {contribution.row for contribution in self.contributions if not contribution.same_residue}
        named = {finding for contribution in self.contributions for finding in contribution.findings}
        sited = {finding for row in self.rows if row.id in fired for _, finding in self.sited_changes(row)}
        sited |= {finding for c in self.contributions if c.same_residue for finding in c.findings}
        others: dict[str, list[str]] = {}
        for change in of_the_class:
            if change.finding not in (sited if change.target else named):
                others.setdefault(change.finding, []).append(f"{drug_words(change.drug)} ({change.row})")
        return [
            said(
                "cross-resistance possible: {finding} confers resistance to {drugs} and has no curated association "
                "with {drug}",
                finding=finding,
                drugs=", ".join(drugs[:3]) + (" …" if len(drugs) > 3 else ""),
                drug=drug_words(self.table.drug),
            )
            for finding, drugs in others.items()
        ]

    # --- unexplained changes of the target ------------------------------------------------------------------

    @cached_property
    def unexplained(self) -> tuple[Unexplained, ...]:
        """The patient's changes where the drug binds its target that no rule explains."""
        return unexplained(self)

    # --- response marker ------------------------------------------------------------------------------------

    def missing(self, indication: Indication | None) -> list[str]:
        """What would have had to be known before anything but *resistant* may be said."""
        if indication is None:
            tumour = self.rulebase.tumour_by_code[self.inferred.genotype.tumour_type].name
            return [said("the table makes no statement for {tumour}", tumour=tumour)]
        return [
            said("{locus} not tested", locus=essential)
            for essential in indication.essential_loci
            if not self.inferred.observer.covers_essential(essential)
        ]

    def is_certain(self, condition: Condition) -> bool:
        """Whether a condition holds, whatever the tumour type that a table bounds it to."""
        return evaluate_condition(condition, self.inferred.observed, self.inferred.values)[0] > 0

    @cached_property
    def narrower_types(self) -> list[str]:
        """What would have to be known besides where the table asks for more in a kind of the patient's tumour type.

        Nothing where the drug is for tumours of the patient's type and the marker that it needs there is found.
        """
        own, told = self.indication, []
        if own is not None and own.relevant and own.requires != "nothing" and self.is_certain(own.requires):
            return []
        for indication in self.table.indications:
            types = [code for code in indication.tumour_types if self.is_narrower(code)]
            if not types or indication is own:
                continue
            lacking = [
                said("{locus} not tested", locus=locus)
                for locus in indication.essential_loci
                if not self.inferred.observer.covers_essential(locus)
            ]
            marker = indication.requires
            same = own is not None and marker == own.requires
            if not lacking and marker != "nothing" and not same and not self.is_certain(marker):
                lacking = [said("the marker is not found: {marker}", marker=condition_text(marker))]
            which = "in {types}, which this tumour may be, {what}"
            told += [said(which, types=", ".join(types), what=text) for text in lacking]
        return told

    def left_open(self, contributions: Iterable[Contribution]) -> list[str]:
        """Findings known only in part that may be one of those that a row of resistance asks for.

        "KRAS mutation", with nothing said of the codon, must not end as "no resistance found". A finding on which a
        response marker surely fired ("EGFR exon 19 deletion") is not held up by exceptions to it that only may resist;
        but a marker anywhere in the gene says nothing of a place.
        """
        findings = self.inferred.genotype.findings
        texts = [finding.text for finding in findings]
        markers = {c.row for c in contributions if c.effect == RESPONSE_MARKER}
        marked = {text for c in contributions if c.row in markers for text in c.findings}
        sited = {text for row in self.rows if row.id in markers for _, text in self.sited_changes(row)}
        rows: dict[tuple[int, bool], list[str]] = {}
        for row in self.inferred.open_resting(self.rules, in_part=True):
            extrapolated = self.head(row).kind == "extrapolated row"
            worth = self.verdict_worth(self.score(row, extrapolated).score)
            if worth not in AGAINST:
                continue
            for atom in self.deriver.unknown_of(row):
                for index in self.inferred.closed_observed[atom].findings:
                    finding = findings[index]
                    placed = isinstance(finding, SiteFinding) and finding.first is not None
                    excepted = worth != "resistant" and texts[index] in (sited if placed else marked)
                    if self.inferred.closed_observed[atom].truth is Truth.UNKNOWN and not excepted:
                        # Of a change that is known, either its allele fraction is not, or what it does.
                        by_fraction = isinstance(atom, ChangeAtom | SiteAtom) and atom.allele_fraction is not None
                        unnamed = isinstance(findings[index], ChangeFinding) and not by_fraction
                        ids = rows.setdefault((index, unnamed), [])
                        if row.id not in ids:
                            ids.append(row.id)
        return [
            said(
                "'{finding}' has no curated association and may be what is asked for by {rows}"
                if unnamed
                else "'{finding}' is known only in part and may be what is asked for by {rows}",
                finding=texts[index],
                rows=", ".join(ids[:3]) + (" …" if len(ids) > 3 else ""),
            )
            for (index, unnamed), ids in sorted(rows.items())
        ]

    def score(self, row: Row, extrapolated: bool = False) -> RuleScore:
        return self.rules.score(row, extrapolated)

    def marker(self, indication: Indication | None, contributions: Iterable[Contribution]) -> Marker:
        tiers = [c.tier for c in contributions if c.effect == RESPONSE_MARKER and c.tier and not c.disputed]
        order = list(self.manifest.tiers.values())
        tier = min(tiers, key=order.index, default=None)
        if indication is None or indication.requires == "nothing":
            return Marker(required=None, status="none needed", tier=tier)
        required = condition_text(indication.requires)
        head = Head(kind="marker", name=marker_name(self.table.drug, self.table.indications.index(indication)))
        present = self.inferred.values[head].truth is Truth.TRUE
        if present and self.is_marked(indication.requires):
            return Marker(required=required, status="present", tier=tier)
        decisive = indication.absent_if_assayed or indication.essential_loci
        assayed = bool(decisive) and all(self.inferred.observer.covers_essential(locus) for locus in decisive)
        if not self.inferred.observer.shows_absence:
            return Marker(required=required, status="undecided", tier=tier)
        # Essential loci may be alternatives: one of them assayed, the marker may lie in another. A curator who names
        # what must have been assayed for its absence has decided that.
        said = bool(indication.absent_if_assayed) and self.inferred.genotype.specimen != "ctDNA"
        decided = said or self.inferred.values[head].truth is Truth.FALSE
        absent = present or self.inferred.closed_values[head].truth is Truth.FALSE
        if assayed and (decided or present) and absent and not self.not_known:
            return Marker(required=required, status="required and absent", tier=tier)
        return Marker(required=required, status="undecided", tier=tier)

    # --- together -------------------------------------------------------------------------------------------

    def reason(self, name: VerdictName, missing: Sequence[str]) -> str:
        """The strongest reason for a verdict, in one line."""
        marker, contributions = self.response_marker, self.contributions
        against = [c for c in contributions if c.effect in RESISTANCE_EFFECTS]
        markers = [c for c in contributions if c.effect == RESPONSE_MARKER and c.tier == marker.tier]
        if name in ("resistant", "possible_resistance") and against:
            top = against[0]
            what = ", ".join(top.findings) or top.condition
            deriver, condition = self._rests_on[top.row]
            mechanism = _route(deriver.step(condition)) or top.mechanism
            if top.same_residue:
                what = said("{findings}, same residue as {changes}", findings=what, changes=top.same_residue)
            if top.binding_mode:
                binding = "{what}, which defeats drugs that bind as this does ({mode})"
                what = said(binding, what=what, mode=top.binding_mode)
            if top.minor_clone:
                what = said("{what}, in a minor clone", what=what)
            return said(
                "{what}: {effect} (evidence level {level})",
                what=what,
                effect=top.effect + (f", {mechanism}" if mechanism != "not established" else ""),
                level=f"{top.evidence_level}, extrapolated" if top.extrapolated else top.evidence_level,
            )
        if name == "sensitive" and markers:
            # A marker of the whole tumour speaks before one of a minor clone.
            top = min(markers, key=lambda c: c.minor_clone)
            what = ", ".join(top.findings) or top.condition
            if top.minor_clone:
                what = said("{what}, in a minor clone", what=what)
            told = said("{what}: response marker ({state})", what=what, state=marker.tier)
            return told if self.resistance_rows else f"{told}; no resistance markers curated"
        if name == "not_indicated":
            return said("required marker tested and absent: {marker}", marker=marker.required)
        if name == "not_assessable":
            if missing:
                return "; ".join(missing)
            if self.undetected and self.marker_looked_for:
                return said(
                    "the required marker, not detected in circulating tumour DNA, may be present: {marker}",
                    marker=marker.required,
                )
            return said("whether the required marker is present is not decided: {marker}", marker=marker.required)
        fired = [c for c in contributions if c.effect != RESPONSE_MARKER]
        if fired:
            what = ", ".join(fired[0].findings) or fired[0].condition
            effect, level = fired[0].effect, fired[0].evidence_level
            doubted = effect in RESISTANCE_EFFECTS
            if level and doubted:
                graded = "{what}: {effect} (evidence level {level}), which weighs too little for a doubt"
                return said(graded, what=what, effect=effect, level=level)
            if level:
                graded = "{what}: {effect} (evidence level {level}), no reason for resistance"
                return said(graded, what=what, effect=effect, level=level)
            if doubted:
                return said("{what}: {effect}, which weighs too little for a doubt", what=what, effect=effect)
            return said("{what}: {effect}, no reason for resistance", what=what, effect=effect)
        if self.used_irrespective and not self.any_row_decided():
            code = self.inferred.genotype.tumour_type
            irrespective = self.rulebase.approved_irrespective(self.table.drug, code)
            if not self.is_used:
                used = said("not used in this tumour type, in those above it irrespective of any marker")
            elif irrespective:
                used = said("used in this tumour type irrespective of any marker")
            else:
                used = said("used in this tumour type for a marker that was found")
            if untested := self.untested_resistance:
                return f"{used}; {said('not tested: {names}', names=', '.join(untested))}"
            return said("{what}: no genomic marker is established", what=used)
        return said("no resistance marker found, no response marker found")

    @property
    def untested_resistance(self) -> tuple[str, ...]:
        """What was not tested of that which would make the drug resistant, in the words of loci."""
        grave = [
            row
            for row in self.open_rows
            if self.verdict_worth(self.score(row, self.head(row).kind == "extrapolated row").score) == "resistant"
        ]
        loci = {unassayed_locus(atom) for row in grave for atom in self.deriver.unknown_of(row)}
        return tuple(sorted(loci))

    @property
    def used_irrespective(self) -> bool:
        """Whether the drug is used in tumours like the patient's and needs no test that was not done.

        It is where the genome does not matter, or where what an approval and the table ask for was found.
        """
        own = self.indication
        if own is None or not self.approved_here:
            return False
        if own.requires == "nothing":
            return not own.essential_loci
        return self.response_marker.status == "present"

    @property
    def marker_looked_for(self) -> bool:
        """Whether an assay looked at all that the required marker may be."""
        own = self.indication
        asked = atoms(own.requires) if own is not None and own.requires != "nothing" else ()
        return all(self.inferred.observer.looked_at(atom) for atom in asked if not isinstance(atom, TumourTypeAtom))

    @property
    def undetected(self) -> bool:
        """Whether what was assayed and not found is not thereby absent."""
        return not self.inferred.observer.shows_absence

    def any_row_decided(self) -> bool:
        """Whether some row of resistance that holds in this tumour type was found true or false."""
        return any(self.holds_here(row) and self.truth(row) is not Truth.UNKNOWN for row in self.resistance_rows)

    def nothing_decided(self, undecided: Undecided) -> str:
        """Why no row of resistance could have shown anything."""
        if undecided.rows:
            untested = [locus for locus in undecided.loci if locus not in self.tested_loci]
            told = []
            if undetected := [locus for locus in undecided.loci if locus in self.tested_loci]:
                told.append(
                    said(
                        "not detected in circulating tumour DNA, which does not rule it out: {names}",
                        names=", ".join(undetected),
                    )
                )
            if untested:
                told.append(said("none of its resistance markers was tested: {names}", names=", ".join(untested)))
            return "; ".join(told)
        tumour = self.rulebase.tumour_by_code[self.inferred.genotype.tumour_type].name
        return said("no resistance markers curated in {tumour}", tumour=tumour)

    @cached_property
    def tested_loci(self) -> frozenset[str]:
        """Of what open rows of resistance ask for, in the words of loci, what was assayed and not detected."""
        open_atoms = {atom for row in self.open_rows for atom in self.deriver.unknown_of(row)}
        return frozenset(unassayed_locus(atom) for atom in open_atoms if self.inferred.observer.looked_at(atom))

    def undecided(self) -> Undecided:
        """The rows of resistance that stay open, and what would have had to be assayed to decide them."""
        loci = {unassayed_locus(atom) for row in self.open_rows for atom in self.deriver.unknown_of(row)}
        return Undecided(rows=tuple(row.id for row in self.open_rows), loci=tuple(sorted(loci)))


def unassayed_locus(atom: Atom) -> str:
    """What would have to be known to decide ``atom``, in the words of loci."""
    known = tumour_atom(atom)
    match known:
        case ChangeAtom() | SiteAtom() | NamedSetAtom() | WildTypeAtom():
            return f"{known.gene} mutation"
        case PhaseAtom():
            return f"{known.first.gene} phase"
        case QualifiedAtom(quality=quality):
            return f"{known.alteration.gene} {'copies' if quality == 'biallelic' else quality}"
        case LossAtom():
            return f"{known.gene} loss"
        case StateAtom():
            return known.subject if known.analyte == "signature" else f"{known.subject} {known.analyte}"
        case FusionAtom():
            return f"{known.genes[-1]} fusion"
        case HistologyAtom():
            return said("histology")
        case PriorTherapyAtom():
            return said("prior therapies")
        case TumourTypeAtom():
            return said("exact tumour type")
        case ConclusionAtom():
            return said("conclusions")
        case _:
            assert_never(known)


def _route(step: Step) -> str | None:
    """The mechanism by which a chain of rules set out from the findings, or None where no chain was needed."""
    for rule in step.rules:
        return _route(rule.condition) or rule.mechanism
    for part in step.parts:
        if route := _route(part):
            return route
    return None
