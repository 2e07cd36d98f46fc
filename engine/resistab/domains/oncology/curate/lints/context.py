"""A tumour rule set as the lints look at it: its reasoner, its active rules, and where things stand."""

from __future__ import annotations

from collections.abc import Iterator

from resistab.core.cached import cached_property
from resistab.core.condition import (
    Atom,
    ConclusionAtom,
    Condition,
    atoms,
)
from resistab.curation.kit.entailment import Reasoner
from resistab.domains.oncology.atoms import NamedSetAtom, QualifiedAtom, TumourTypeAtom
from resistab.domains.oncology.compile.program import scoped
from resistab.domains.oncology.curate.lints.atoms import TumourAtoms
from resistab.domains.oncology.kinds.models import ClassTable, MechanismRule, Row, Rulebase, Table

# Once read, a rule set does not know in which file of the folder a mechanism rule or a set stood.
MECHANISMS, SETS = "mechanisms", "alteration_sets"


class TumourContext:
    """What several lints ask of a rulebase, worked out once."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.active: list[tuple[Table | ClassTable, Row]] = list(rulebase.active_rows())
        self.rules: list[MechanismRule] = [rule for rule in rulebase.mechanism_rules if rule.status == "active"]
        self._own = {row.id: scoped(row.when, row.tumour_types) for _, row in self.active}
        self._extrapolated = {
            row.id: scoped(row.when, row.extrapolated_to, outside=row.tumour_types)
            for _, row in self.active
            if row.extrapolated_to
        }
        self._rule = {rule.id: scoped(rule.when, rule.tumour_types) for rule in self.rules}
        self.markers: list[tuple[Table, int, Condition]] = [
            (table, index, scoped(indication.requires, indication.tumour_types))
            for table in rulebase.tables
            for index, indication in enumerate(table.indications)
            if indication.requires != "nothing"
        ]

    def own(self, row: Row) -> Condition:
        """An active row's condition in its tumour types."""
        return self._own[row.id]

    def extrapolated(self, row: Row) -> Condition | None:
        """An active row's condition where it is an extrapolation; None where it never is one."""
        return self._extrapolated.get(row.id)

    def rule(self, rule: MechanismRule) -> Condition:
        """An active mechanism rule's condition in its tumour types."""
        return self._rule[rule.id]

    @cached_property
    def concluded(self) -> frozenset[str]:
        """The conclusions that an active mechanism rule reaches."""
        return frozenset(rule.concludes for rule in self.rules)

    @cached_property
    def reasoner(self) -> Reasoner:
        """Reasons over the conditions of all active rows, mechanism rules and required markers."""
        found = dict.fromkeys(atom for condition in self._conditions() for atom in self._with_parts(condition))
        codes = {code for _, row in self.active for code in (*row.tumour_types, *row.extrapolated_to)}
        every = [*found, *(TumourTypeAtom(code=code) for code in sorted(codes))]
        never = [atom for atom in found if isinstance(atom, ConclusionAtom) and atom.id not in self.concluded]
        return Reasoner(every, TumourAtoms(self.rulebase), never)

    def _conditions(self) -> Iterator[Condition]:
        yield from self._own.values()
        yield from self._extrapolated.values()
        yield from self._rule.values()
        yield from (condition for _, _, condition in self.markers)

    def _with_parts(self, condition: Condition) -> Iterator[Atom]:
        for atom in atoms(condition):
            yield atom
            yield from atom.parts
            if isinstance(atom, QualifiedAtom) and isinstance(atom.alteration, NamedSetAtom):
                yield from atoms(self.rulebase.set_by_name[atom.alteration.name].members)
            if isinstance(atom, NamedSetAtom):
                yield from atoms(self.rulebase.set_by_name[atom.name].members)
