"""What the rule set alone says of each drug, worked out once for all patients."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from resistab.core.cached import cached_property
from resistab.core.condition import Atom, ConclusionAtom, Condition, atoms, mentions
from resistab.core.program import Head
from resistab.domains.oncology.atoms import (
    ChangeAtom,
    HistologyAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    StateAtom,
)
from resistab.domains.oncology.kinds.models import DrugBinding, MechanismRule, Row, Rulebase, Table
from resistab.domains.oncology.policy.scores import RuleScore, row_score, shows_resistance

# A gene and a residue of its protein.
Codon = tuple[str, int]
_Key = TypeVar("_Key", bound=Hashable)


class DrugRules:
    """The rows that hold for one drug, and what the rule set says of the drug itself.

    ``by_mode`` are the ids of rows of other drugs on what defeats how the drug binds. ``groups`` says which rows count
    as one in a score.
    """

    def __init__(self, rulebase: Rulebase, table: Table, reached: Callable[[Row], frozenset[Atom]]) -> None:
        self.rulebase, self.table, self.drug = rulebase, table, table.drug
        self._reached = reached
        self.rows = tuple(row for row in rulebase.rows_of(table) if row.status == "active")
        self.row_by_id = {row.id: row for row in self.rows}
        self.resistance_rows = tuple(row for row in self.rows if shows_resistance(row))
        self.by_mode = frozenset(row.id for _, row in rulebase.mode_rows_of(table))
        self.groups = {row.id: row.group or row.id for row in self.rows}
        self.heads = tuple(
            (row, Head("row", row.id), Head("extrapolated row", row.id) if row.extrapolated_to else None)
            for row in self.rows
        )
        self.classes = rulebase.classes_of(table.drug)
        self.targets = rulebase.targets_of(table.drug)
        self.modes = rulebase.modes_of(table.drug)
        self._scores: dict[tuple[str, bool], RuleScore] = {}

    @cached_property
    def binding_domains(self) -> dict[str, tuple[DrugBinding, ...]]:
        """By gene where the drug binds its target, of targets for which the rule set says so."""
        genes = (self.rulebase.gene_by_name.get(name.upper()) for name in self.targets)
        return {gene.symbol: gene.drug_binding for gene in genes if gene is not None and gene.drug_binding}

    @cached_property
    def resistance_by_atom(self) -> Mapping[Atom, tuple[Row, ...]]:
        """The rows of resistance by the atoms that they ask for, through conclusions too."""
        found: dict[Atom, list[Row]] = {}
        for row in self.resistance_rows:
            for atom in self._reached(row):
                found.setdefault(atom, []).append(row)
        return {atom: tuple(rows) for atom, rows in found.items()}

    def resting_on(self, found: Iterable[Atom]) -> list[Row]:
        """The rows of resistance that ask for any of these atoms."""
        by_atom = self.resistance_by_atom
        return list({row.id: row for atom in found for row in by_atom.get(atom, ())}.values())

    @cached_property
    def after_treatment(self) -> tuple[Row, ...]:
        """The rows of resistance that ask for an earlier treatment."""
        asking = (atom for atom in self.resistance_by_atom if isinstance(atom, PriorTherapyAtom))
        return tuple(self.resting_on(asking))

    @cached_property
    def with_parts(self) -> tuple[Row, ...]:
        """The active rows of the drug and, of a regimen, those of each of its drugs."""
        parts = [self.rulebase.table_by_drug.get(part.name) for part in self.rulebase.parts_of(self.drug)]
        if len(parts) < 2:
            return self.rows
        of_parts = (row for table in parts if table is not None for row in self.rulebase.rows_of(table))
        return (*self.rows, *(row for row in of_parts if row.status == "active"))

    @cached_property
    def resistance_at(self) -> Mapping[Codon, tuple[Row, ...]]:
        """The rows of resistance that name a substitution at a codon."""
        found: dict[Codon, dict[str, Row]] = {}
        for row in self.resistance_rows:
            for mention in mentions(row.when):
                for change in substitutions(mention.atom, self.rulebase):
                    found.setdefault((change.gene, change.change.start), {})[row.id] = row
        return {codon: tuple(rows.values()) for codon, rows in found.items()}

    def shares(self, drug: str, target: str, defeats: str | None) -> bool:
        """Whether what resists ``drug`` may resist this one: of a class with it, of its target, by how it binds.

        ``target`` is the gene whose change it is, "" where it is another's than the drug's target.
        """
        if target and target not in self.targets:
            return False
        # What defeats one way of binding spares the others.
        if defeats and self.modes and defeats not in self.modes:
            return False
        return not set(self.classes).isdisjoint(self.rulebase.classes_of(drug))

    def score(self, row: Row, extrapolated: bool = False) -> RuleScore:
        """What a row contributes where it holds."""
        key = (row.id, extrapolated)
        score = self._scores.get(key)
        if score is None:
            policy = self.rulebase.manifest.score_policy
            score = self._scores[key] = row_score(row, self.drug, policy, extrapolated)
        return score


class PreparedRules:
    """A rule set with what every patient needs of it; ``weights`` are those of the mechanism rules by id."""

    def __init__(self, rulebase: Rulebase, weights: Mapping[str, float]) -> None:
        self.rulebase, self.weights = rulebase, weights

    @cached_property
    def resistance_residues(self) -> dict[str, dict[int, tuple[str, ...]]]:
        """By gene the residues at which a row names substitutions as resistance, and into what; in order."""
        found: dict[str, dict[int, set[str]]] = {}
        for _, row in self.rulebase.active_rows():
            if row.effect != "resistance":
                continue
            for mention in mentions(row.when):
                atom = mention.atom
                if isinstance(atom, ChangeAtom) and atom.change.kind == "substitution":
                    residues = atom.residues or (atom.change.inserted,)
                    found.setdefault(atom.gene, {}).setdefault(atom.change.start, set()).update(residues)
        return {
            gene: {number: tuple(sorted(named[number])) for number in sorted(named)} for gene, named in found.items()
        }

    @cached_property
    def drugs(self) -> tuple[DrugRules, ...]:
        """Every drug with a table."""
        return tuple(DrugRules(self.rulebase, table, self.reached) for table in self.rulebase.tables)

    def reached(self, row: Row) -> frozenset[Atom]:
        """The atoms that a row asks for, itself and by the rules for conclusions that it asks for."""
        found = self._reached.get(row.id)
        if found is None:
            found = self._reached[row.id] = frozenset(self._behind(row.when, set()))
        return found

    @cached_property
    def _reached(self) -> dict[str, frozenset[Atom]]:
        return {}

    def _behind(self, condition: Condition, seen: set[str]) -> Iterator[Atom]:
        for atom in atoms(condition):
            if not isinstance(atom, ConclusionAtom):
                yield atom
            elif atom.id not in seen:
                seen.add(atom.id)
                for rule in self.rules_for.get(atom.id, ()):
                    yield from self._behind(rule.when, seen)

    def _drugs_by(self, keys: Callable[[DrugRules], Iterable[_Key]]) -> Mapping[_Key, tuple[str, ...]]:
        """The drugs by what each has among its keys."""
        found: dict[_Key, list[str]] = {}
        for drug in self.drugs:
            for key in keys(drug):
                found.setdefault(key, []).append(drug.drug)
        return {key: tuple(names) for key, names in found.items()}

    @cached_property
    def by_resistance(self) -> Mapping[Atom, tuple[str, ...]]:
        """By atom the drugs with a row of resistance that asks for it, through conclusions too."""
        return self._drugs_by(lambda drug: drug.resistance_by_atom)

    @cached_property
    def drug_by_name(self) -> Mapping[str, DrugRules]:
        """The drugs with a table by name."""
        return {drug.drug: drug for drug in self.drugs}

    @cached_property
    def by_target(self) -> Mapping[str, tuple[str, ...]]:
        """By gene the drugs of which the rule set says where they bind it."""
        return self._drugs_by(lambda drug: drug.binding_domains)

    @cached_property
    def by_codon(self) -> Mapping[Codon, tuple[str, ...]]:
        """By codon the drugs with a row of resistance that names a substitution there."""
        return self._drugs_by(lambda drug: drug.resistance_at)

    @cached_property
    def by_class(self) -> Mapping[str, tuple[str, ...]]:
        """The drugs of each class, by a regimen's drugs too."""
        return self._drugs_by(lambda drug: drug.classes)

    @cached_property
    def by_head(self) -> Mapping[Head, tuple[str, ...]]:
        """The drugs for which a row counts, by the row's heads."""
        return self._drugs_by(lambda drug: (head for _, *heads in drug.heads for head in heads if head))

    def alike(self, drugs: Iterable[str]) -> tuple[DrugRules, ...]:
        """The drugs, and those that share a class with any: what resists one may resist the other."""
        classes = {name for drug in drugs for name in self.drug_by_name[drug].classes}
        names = {*drugs, *(name for of in classes for name in self.by_class[of])}
        return tuple(self.drug_by_name[name] for name in sorted(names))

    @cached_property
    def rules_for(self) -> Mapping[str, tuple[MechanismRule, ...]]:
        """The active mechanism rules by conclusion, the weightiest first."""
        found: dict[str, list[MechanismRule]] = {}
        for rule in sorted(self.rulebase.mechanism_rules, key=lambda rule: (-self.weights[rule.id], rule.id)):
            if rule.status == "active":
                found.setdefault(rule.concludes, []).append(rule)
        return {conclusion: tuple(rules) for conclusion, rules in found.items()}

    @cached_property
    def conclusions(self) -> tuple[Head, ...]:
        """The heads of all conclusions that some rule reaches, by name."""
        return tuple(Head("conclusion", name) for name in sorted(self.rules_for))

    @cached_property
    def states_asked(self) -> frozenset[tuple[str, str]]:
        """The subjects and analytes of the states that any condition asks for."""
        asked = (atom for atom in self.atoms if isinstance(atom, StateAtom))
        return frozenset((atom.subject, atom.analyte) for atom in asked)

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Every atom that rows, required markers and mechanism rules ask for, once."""
        rulebase = self.rulebase
        markers = (i.requires for table in rulebase.tables for i in table.indications if i.requires != "nothing")
        rules = (rule.when for rules in self.rules_for.values() for rule in rules)
        return _each((*(row.when for _, row in rulebase.active_rows()), *markers, *rules))

    @cached_property
    def of_rules(self) -> frozenset[Atom]:
        """The same, as a set."""
        return frozenset(self.atoms)

    @cached_property
    def atoms_of_uses(self) -> tuple[Atom, ...]:
        """Every atom that the biomarkers of approvals and other uses ask for, once."""
        return _each(marker for drug in self.rulebase.approvals.every for use in drug.uses for marker in use.markers)

    def asked_of(self, subjects: Iterable[str]) -> dict[Atom, None]:
        """The atoms that depend on what is known of any of the subjects, once each."""
        by_subject = self.atoms_by_subject
        return dict.fromkeys(atom for subject in subjects for atom in by_subject.get(subject, ()))

    @cached_property
    def atoms_by_subject(self) -> Mapping[str, tuple[Atom, ...]]:
        """The atoms by what findings they depend on: genes, signatures, the tumour's histology."""
        found: dict[str, list[Atom]] = {}
        for atom in dict.fromkeys((*self.atoms, *self.atoms_of_uses)):
            for subject in subjects_read(atom):
                found.setdefault(subject, []).append(atom)
        return {subject: tuple(those) for subject, those in found.items()}


def _each(conditions: Iterable[Condition]) -> tuple[Atom, ...]:
    found = dict.fromkeys(atom for condition in conditions for atom in atoms(condition))
    return tuple(atom for atom in found if not isinstance(atom, ConclusionAtom))


def subjects_read(atom: Atom) -> tuple[str, ...]:
    """The subjects whose findings and coverage decide an atom; none where it is decided by none."""
    if isinstance(atom, PhaseAtom):
        return tuple({atom.first.gene: None, atom.second.gene: None})
    if isinstance(atom, HistologyAtom):
        return ("tumour",)
    return atom.subjects


def substitutions(atom: Atom, rulebase: Rulebase) -> list[ChangeAtom]:
    """The particular substitutions that an atom asks for, itself or by a set."""
    members = atoms(rulebase.set_by_name[atom.name].members) if isinstance(atom, NamedSetAtom) else (atom,)
    return [m for m in members if isinstance(m, ChangeAtom) and m.change.kind == "substitution"]
