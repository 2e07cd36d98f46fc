"""Escape sets and genetic barrier: which further alterations would leave no drug of a regimen active.

A drug is not active where its verdict would be resistant. The heads by which it comes to be so, and how strong they
must be, follow from the same prepared rules that verdicts are made of. Drugs given together may have a table of their
own; what makes that resistant defeats them too, so that the smaller set decides.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from resistab.core.cached import cached_property
from resistab.core.condition import Atom, ConclusionAtom, Condition, mentions
from resistab.core.derivation import mechanism_steps
from resistab.core.escape import (
    Behind,
    Escapes,
    EscapeSet,
    EscapeSolver,
    FurtherChange,
    Inactive,
    Part,
    Total,
    beneath,
    require_known,
    require_solver,
)
from resistab.core.faults import Fault, InputError
from resistab.core.program import FULL_WEIGHT
from resistab.core.records import dataclass, replace
from resistab.core.truth import Truth
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
from resistab.domains.oncology.genotype import ChangeFinding, Finding, Genotype, HistologyFinding, StateFinding
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import GivenFinding
from resistab.domains.oncology.observe import Observer, finding_subjects
from resistab.domains.oncology.policy.models import Contribution, Verdict
from resistab.domains.oncology.policy.prepared import DrugRules
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS, WITHOUT_SCORE
from resistab.domains.oncology.policy.verdicts import verdicts_on

if TYPE_CHECKING:
    from resistab.domains.oncology.interpreter import TumourInterpreter
    from resistab.domains.oncology.policy.inferred import Inferred

# Verdicts after which nobody counts on a drug as it is.
NOT_ACTIVE = frozenset({"resistant", "not_indicated"})


@dataclass(frozen=True)
class Candidate:
    """An alteration that may come to be, as it is written, and as it is found; ``rank`` is lowest for the surest."""

    given: GivenFinding
    findings: tuple[Finding, ...]
    text: str
    rank: float


class TumourEscapes:
    """Finds the escape sets of drugs and regimens by one rule set; make it once, ask it of many patients.

    ``not_active`` are the verdicts after which a drug does not count as active as things are; what comes to be defeats
    it by a level of resistance. At most ``limit`` sets of a regimen are shown. Construction raises
    ``ExtraMissingError`` where clingo is not installed.
    """

    def __init__(self, interpreter: TumourInterpreter, not_active: frozenset[str] = NOT_ACTIVE, limit: int = 5) -> None:
        require_solver()
        self.interpreter, self.not_active, self.limit = interpreter, not_active, limit
        self.rulebase, self.prepared = interpreter.rulebase, interpreter.prepared
        scoring = self.rulebase.manifest.scoring
        # The least score whose level is resistant.
        self.least = min(
            (level.from_score or 0.0 for level in scoring.levels if level.verdict == "resistant"), default=FULL_WEIGHT
        )
        self._read: dict[str, tuple[Finding, ...]] = {}
        self.combinations = {
            frozenset(part.name for part in self.rulebase.parts_of(rules.drug)): rules.drug
            for rules in self.prepared.drugs
            if len(self.rulebase.parts_of(rules.drug)) > 1
        }

    def escapes(self, genotype: Genotype, drugs: Sequence[str], seconds: float = 10.0) -> Escapes:
        """The smallest escape sets of ``drugs`` given together; raises ``InputError`` for a drug that is not known."""
        return self.escapes_of_all(genotype, [drugs], seconds)[0]

    def escapes_of_all(
        self, genotype: Genotype, regimens: Sequence[Sequence[str]], seconds: float = 10.0
    ) -> list[Escapes]:
        """The smallest escape sets of each of ``regimens``, within so many seconds for all of them together.

        Raises ``InputError`` for a drug that is not known, ``DisagreementError`` where the two evaluators differ.
        """
        until = time.monotonic() + seconds
        goals = [self.goal(regimen) for regimen in regimens]
        search = TumourSearch(self, genotype, {name for goal in goals for names in goal.values() for name in names})
        return [search.escapes(goal, until) for goal in goals]

    def goal(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Of each drug the tables that speak for it: its own, and those of combinations that are given in whole."""
        known = self.rulebase.drug_by_name
        require_known(names, known)
        parts = {part.name for name in names for part in self.rulebase.parts_of(known[name.casefold()].name)}
        together = {of: name for of, name in self.combinations.items() if of <= parts}
        tables = self.prepared.drug_by_name
        return {
            drug: (*([drug] if drug in tables else []), *sorted(name for of, name in together.items() if drug in of))
            for drug in sorted(parts)
        }

    def defeat(self, rules: DrugRules) -> Inactive:
        """When a drug is resistant, from its rows and what they score."""
        scored = [
            (row, head, rules.score(row, head is other).score)
            for row, own, other in rules.heads
            for head in (own, other)
            if head is not None and row.effect not in WITHOUT_SCORE
        ]
        if self.rulebase.manifest.scoring.combine == "max":
            by_row = tuple((head, self.least) for _, head, score in scored if score >= self.least)
            return Inactive(by_row)
        groups: dict[str, list[Part]] = {}
        for row, head, score in scored:
            parts = groups.setdefault(rules.groups[row.id], [])
            parts.append(Part(head, score, abs(score)))
            # What is reached through a weak conclusion counts no more than that.
            weaker = {weight for weight in self.prepared.weights.values() if 0 < weight < abs(score)}
            parts += [Part(head, weight if score > 0 else -weight, weight) for weight in sorted(weaker)]
        total = Total(tuple(tuple(parts) for parts in groups.values()), ((self.least, None),))
        return Inactive(totals=(total,))

    @cached_property
    def changes_at(self) -> Mapping[tuple[str, int | None], tuple[ChangeAtom, ...]]:
        """The substitutions that rules and sets of alterations name, by gene and codon."""
        rulebase, found = self.rulebase, dict[tuple[str, int | None], dict[str, ChangeAtom]]()
        in_sets = (member for members in rulebase.changes_in_sets.values() for _, member in members)
        for atom in (*self.prepared.atoms, *in_sets):
            if isinstance(atom, ChangeAtom) and atom.change.kind == "substitution":
                for residue in atom.residues or (atom.change.inserted,):
                    change = atom.change.model_copy(update={"inserted": residue})
                    one = ChangeAtom(gene=atom.gene, change=change)
                    found.setdefault((atom.gene, change.start), {})[one.text] = one
        return {codon: tuple(of[text] for text in sorted(of)) for codon, of in found.items()}

    def resisted(self, verdict: Verdict) -> bool:
        """Whether a verdict rests on a level of resistance, be it that the drug is not indicated either."""
        return bool(self.rulebase.manifest.scoring.level(verdict.score).verdict == "resistant")

    def read(self, given: GivenFinding) -> tuple[Finding, ...]:
        """What an alteration is found as; nothing where no reader takes it."""
        entry = self.interpreter.assembler.read(given)
        return () if entry.refused is not None else tuple(item.measured(given.measured) for item in entry.found)


class TumourSearch:
    """Drugs and combinations in one patient."""

    def __init__(self, search: TumourEscapes, genotype: Genotype, names: Iterable[str]) -> None:
        self.search, self.genotype = search, genotype
        self.rules = [search.prepared.drug_by_name[name] for name in sorted(names)]
        self.inferences: dict[tuple[str, ...], Inferred] = {}
        self.verdicts: dict[tuple[tuple[str, ...], str], Verdict] = {}
        self.candidates: dict[str, Candidate] = {}
        inactive = {rules.drug: self._counting(rules.drug, search.defeat(rules)) for rules in self.rules}
        program = beneath(
            search.interpreter.program, (head for name in sorted(inactive) for head in inactive[name].heads)
        )
        self.asked = {atom: self.observer.observe(atom) for atom in program.observables}
        self.solver = EscapeSolver(
            program, {atom: seen.truth for atom, seen in self.asked.items()}, self._changes(inactive), inactive
        )

    def _counting(self, name: str, of: Inactive) -> Inactive:
        """When a drug is resistant, but for what holds already and does not make it so.

        That is what the policy passes over in this patient: another drug's row on how drugs bind, where the drug's own
        row speaks of the same change.
        """
        if self.verdict(name, ()).verdict in self.search.not_active:
            return of
        values = self.inferences[()].values
        return replace(of, any_of=tuple((head, least) for head, least in of.any_of if values[head].strength < least))

    @cached_property
    def observer(self) -> Observer:
        """What the patient's own findings say."""
        return Observer(self.genotype, self.search.rulebase)

    # --- which alterations may come to be -----------------------------------------------------------------------

    def _changes(self, inactive: Mapping[str, Inactive]) -> Iterator[FurtherChange]:
        by_subject: dict[str, list[Atom]] = {}
        for atom in self.asked:
            for subject in {s: None for part in (atom, *atom.parts) for s in part.subjects} or {"tumour": None}:
                by_subject.setdefault(subject, []).append(atom)
        taken: set[tuple[object, ...]] = set()
        for atom, rank in self._wanted(inactive).items():
            if self.asked[atom].truth is Truth.TRUE:
                continue
            for given in self._as_found(atom):
                findings = self.search.read(given)
                key = (*(self.search.interpreter.assembler.key(finding) for finding in findings), given.phase)
                if not findings or not self._may_come(findings):
                    continue
                if key in taken:
                    continue
                taken.add(key)
                change = self._change(given, findings, rank, by_subject)
                if change is not None:
                    self.candidates[change.id] = Candidate(given, findings, change.text, rank)
                    yield change

    def _wanted(self, inactive: Mapping[str, Inactive]) -> dict[Atom, float]:
        """The atoms by which rows of resistance come to hold in such a tumour, each with its rank."""
        found: dict[Atom, float] = {}
        lineage = set(self.genotype.lineage)
        for rules in self.rules:
            heads = set(inactive[rules.drug].heads)
            for row, own, other in rules.heads:
                here = own in heads and not lineage.isdisjoint(row.tumour_types)
                beyond = other in heads and not lineage.isdisjoint(row.extrapolated_to)
                if row.effect not in RESISTANCE_EFFECTS or not (here or beyond):
                    continue
                score = rules.score(row, not here).score
                self._reach(row.when, score, found, {})
        return found

    def _reach(self, condition: Condition, score: float, found: dict[Atom, float], seen: dict[str, float]) -> None:
        for mention in mentions(condition):
            atom = mention.atom
            if not isinstance(atom, ConclusionAtom):
                if atom in self.asked:
                    found[atom] = min(found.get(atom, 0.0), -score)
                continue
            if seen.get(atom.id, 0.0) >= score:
                continue
            seen[atom.id] = score
            for rule in self.search.prepared.rules_for.get(atom.id, ()):
                weight = min(score, self.search.prepared.weights[rule.id])
                if weight > 0 and not set(self.genotype.lineage).isdisjoint(rule.tumour_types):
                    self._reach(rule.when, weight, found, seen)

    def _as_found(self, atom: Atom) -> Iterator[GivenFinding]:
        """How a laboratory may report what makes an atom true."""
        known = tumour_atom(atom)
        match known:
            case ChangeAtom():
                for residue in known.residues or ("",):
                    text = f"{known.gene} {known.change.start_residue}{known.change.start}{residue}"
                    yield _given(text if residue else f"{known.gene} {known.change}", _measured(known))
            case SiteAtom():
                yield from self._at_site(known)
            case NamedSetAtom() | LossAtom() | FusionAtom() | HistologyAtom():
                yield _given(atom.text)
            case StateAtom():
                # What is not there, or as it is in most tissue, does not come to be.
                if known.analyte != "signature" and known.bound is None:
                    yield _given(atom.text)
                elif known.analyte != "signature" and known.bound is not None and known.bound.at == "least":
                    bare = known.model_copy(update={"bound": None})
                    yield _given(bare.text, Measured(None, known.bound.value, known.bound.unit))
            case PhaseAtom():
                # Of a change that is there already it may become known how it lies, but it does not come to lie so.
                for one, other in ((known.first, known.second), (known.second, known.first)):
                    yield _given(one.text)
                    if self.observer.observe(one).truth is not Truth.TRUE:
                        yield GivenFinding(one.text, _fault_at, phase=known.phase, phase_with=other.text)
            case QualifiedAtom(quality=quality):
                for given in self._as_found(known.alteration):
                    yield given
                    # What comes to be later is not inherited.
                    if quality != "germline":
                        yield _given(f"{given.text} ({quality})", given.measured)
            case WildTypeAtom() | PriorTherapyAtom() | TumourTypeAtom() | ConclusionAtom():
                return

    def _at_site(self, atom: SiteAtom) -> Iterator[GivenFinding]:
        # A change of which more is not said comes to be as one that is, and only what is lost is restored.
        if atom.unspecified or (atom.type == "reversion" and not self._is_lost(atom.gene)):
            return
        plain = atom.model_copy(update={"allele_fraction": None})
        if not atom.excluded:
            yield _given(plain.text, _measured(atom))
            return
        # With exceptions only a certain residue is surely none of them: those that the rules name there.
        for change in self.search.changes_at.get((atom.gene, atom.first), ()):
            if change.change.inserted not in atom.excluded:
                yield _given(f"{change.gene} {change.change}", _measured(atom))

    def _is_lost(self, gene: str) -> bool:
        """Whether something was found by which a gene lost its function, so that a reversion can restore it."""
        return self.observer.observe(LossAtom(gene=gene)).truth is Truth.TRUE

    def _may_come(self, findings: Sequence[Finding]) -> bool:
        """Whether findings may come beside what the patient has: another residue at a codon may not."""
        own = {
            (finding.gene, finding.change.start)
            for finding in self.genotype.findings
            if isinstance(finding, ChangeFinding) and finding.change.kind == "substitution"
        }
        return not any(
            isinstance(finding, ChangeFinding)
            and finding.change.kind == "substitution"
            and (finding.gene, finding.change.start) in own
            for finding in findings
        )

    def _change(
        self, given: GivenFinding, findings: tuple[Finding, ...], rank: float, by_subject: Mapping[str, Sequence[Atom]]
    ) -> FurtherChange | None:
        try:
            genotype = self.search.interpreter.assembler.added(self.genotype, [given])
        except InputError:
            return None
        observer = Observer(genotype, self.search.rulebase)
        subjects = {subject for finding in findings for subject in finding_subjects(finding)}
        made: dict[Truth, set[Atom]] = {truth: set() for truth in Truth}
        for atom in dict.fromkeys(a for subject in subjects for a in by_subject.get(subject, ())):
            truth = observer.observe(atom).truth
            if truth is not self.asked[atom].truth:
                made[truth].add(atom)
        if not made[Truth.TRUE] or len(genotype.findings) <= len(self.genotype.findings):
            return None
        text = given.said[0]
        return FurtherChange(
            id=text,
            text=text,
            makes_true=frozenset(made[Truth.TRUE]),
            makes_false=frozenset(made[Truth.FALSE]),
            makes_open=frozenset(made[Truth.UNKNOWN]),
            slot=_slot(findings),
            weight=len(genotype.findings) - len(self.genotype.findings),
            rank=rank,
        )

    # --- sets ---------------------------------------------------------------------------------------------------

    def escapes(self, goal: Mapping[str, tuple[str, ...]], until: float) -> Escapes:
        """The escape sets of a regimen."""
        active = self._active(goal)
        able = {drug: names for drug, names in active.items() if names and self.solver.can_defeat(names, until)}
        undefeated = tuple(drug for drug in active if drug not in able)
        if not able:
            return Escapes((), len(undefeated) and 1, known=not undefeated, undefeated=undefeated)
        smallest = self.solver.smallest(
            tuple(able.values()),
            lambda changes: self._works(changes, able),
            self.search.limit,
            until,
        )
        if smallest is None:
            return Escapes((), 1, known=False, undefeated=tuple(active))
        return Escapes(
            sets=tuple(self._shown(changes, able) for changes in smallest.sets),
            barrier=max(smallest.weight, 1),
            exact=smallest.exact,
            known=not undefeated,
            undefeated=undefeated,
            found=smallest.found,
            disagreements=smallest.failed,
        )

    def _active(self, goal: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """The drugs that are active now, each with the tables that speak for it.

        A combination that is resisted defeats its drugs. One that is used for what was found speaks for them alone
        where a drug by itself would not be active: that is what it is given with the others for.
        """
        active = {}
        for drug, names in goal.items():
            verdicts = {name: self.verdict(name, ()) for name in names}
            if any(self.search.resisted(verdicts[name]) for name in names if name != drug):
                continue
            speaking = tuple(name for name in names if verdicts[name].verdict not in self.search.not_active)
            alone = drug not in names or drug in speaking
            if alone or any(verdicts[name].verdict in ("sensitive", "no_resistance_found") for name in speaking):
                active[drug] = speaking
        return active

    def _works(self, changes: tuple[FurtherChange, ...], goal: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether by both evaluators and the whole policy no drug is active once the changes are there."""
        ids = tuple(change.id for change in changes)
        return all(any(self.search.resisted(self.verdict(name, ids)) for name in names) for names in goal.values())

    def verdict(self, name: str, changes: tuple[str, ...]) -> Verdict:
        """The verdict on a drug or combination with further changes."""
        key = changes, name
        if key not in self.verdicts:
            if changes not in self.inferences:
                self.inferences[changes] = self.search.interpreter.infer(self._with(changes))
            found = verdicts_on(self.search.prepared, self.inferences[changes], [name], others=False)
            self.verdicts[key] = found.verdicts[0]
        return self.verdicts[key]

    def _with(self, changes: Sequence[str]) -> Genotype:
        given = [self.candidates[change].given for change in changes]
        return self.search.interpreter.assembler.added(self.genotype, given) if given else self.genotype

    def _shown(self, changes: tuple[FurtherChange, ...], goal: Mapping[str, tuple[str, ...]]) -> EscapeSet:
        ids = tuple(change.id for change in changes)
        defeats = self.solver.defeats(changes, goal)
        behind = [
            Behind(change.id, drug, contribution.row, _cited(contribution))
            for change in changes
            for drug in defeats[change.id]
            for name in goal[drug]
            for contribution in self.verdict(name, ids).contributions
            if contribution.effect in RESISTANCE_EFFECTS
            and contribution.score >= self.search.least
            and any(finding.text in contribution.findings for finding in self.candidates[change.id].findings)
        ]
        return EscapeSet(changes, sum(change.weight for change in changes), defeats, tuple(dict.fromkeys(behind)))


def _cited(contribution: Contribution) -> tuple[str, ...]:
    """What a row cites, and the rules by which it came to hold."""
    beneath_it = (item for rule in mechanism_steps(contribution.derivation) for item in rule.evidence)
    return tuple(dict.fromkeys(item.reference for item in (*contribution.evidence, *beneath_it)))


def _given(text: str, measured: Measured | None = None) -> GivenFinding:
    return GivenFinding(text, _fault_at, measured)


def _measured(atom: ChangeAtom | SiteAtom) -> Measured | None:
    """The allele fraction that an atom asks for."""
    return None if atom.allele_fraction is None else Measured(atom.allele_fraction.value)


def _fault_at(message: str, expected: str | None, suggestion: str | None) -> Fault:
    return Fault(where="further findings", message=message, expected=expected, suggestion=suggestion)


def _slot(findings: Sequence[Finding]) -> str:
    """What of which there is one at most: the residue at a codon, the state of an analyte, the histology."""
    if len(findings) != 1:
        return ""
    (finding,) = findings
    if isinstance(finding, ChangeFinding) and finding.change.kind == "substitution":
        return f"{finding.gene} {finding.change.start}"
    if isinstance(finding, StateFinding) and finding.analyte != "splicing":
        return f"{finding.subject} {finding.analyte}"
    return "histology" if isinstance(finding, HistologyFinding) else ""
