"""What the verdicts of a rule set for tumours may depend on, drug by drug.

A verdict follows from the drug's table, the rows of its classes and those on how it binds; from all that their
conditions ask for; from where it is used; for a regimen from the tables of its drugs; and, by cross-resistance, from
the same of every other drug of its classes. Whatever is not told apart here belongs to every verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from resistab.core.cached import cached_property
from resistab.core.condition import ConclusionAtom, Condition, every_atom
from resistab.curation.kit.case_rules import Case
from resistab.curation.kit.dependence import Dependence, fields_beside, judging_manifest, of_regimens
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.kinds.models import Drug, Indication, Rulebase, Table
from resistab.domains.oncology.policy.response_markers import is_any_mutation

# Told apart by drug, gene or rule below, or decided before a verdict: names decide how a patient is read, and citations
# are printed beside it.
_HANDLED = (
    *("tables", "class_tables", "table_files", "mechanism_rules", "conclusions", "alteration_sets", "drugs"),
    *("genes", "sequences", "benign_variants", "approvals", "manifest", "citations", "tumour_name_file", "regimens"),
)


def dependence(rulebase: Rulebase, folder: Path) -> Dependence:
    """As ``CurateModule.dependence``."""
    pieces, approvals = _Pieces(rulebase), rulebase.approvals
    every = {
        **fields_beside(rulebase, _HANDLED),
        "manifest": judging_manifest(rulebase.manifest),
        "approvals as a whole": (approvals.accompanying, approvals.named_types, approvals.left_out),
        "data beside the tables": tuple(sorted(_data(rulebase, folder))),
    }
    needs = pieces.by_drug()
    return Dependence({**pieces.values, **every, **of_regimens(rulebase)}, needs, frozenset(every), _of_case)


def _of_case(case: Case) -> Iterator[str]:
    """How the drugs of earlier treatment bind: a change after one that binds alike is judged by it."""
    assert isinstance(case.genotype, Genotype)
    for therapy in case.genotype.prior_therapies or ():
        yield f"drug {therapy.drug}"


def _data(rulebase: Rulebase, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files that are no YAML and in no field of the rule set."""
    from resistab.domains.oncology.kinds.files import FILE_KINDS

    for kind in FILE_KINDS:
        if kind.model is None and kind.name != "sequences":
            yield from ((path.name, path.read_bytes()) for path in kind.paths(folder))


class _Pieces:
    """The pieces of a rule set, by what they are called; ``values`` are those that were asked for."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.values: dict[str, Any] = {}
        self._closed: dict[str, frozenset[str]] = {}
        self._asked: dict[str, frozenset[str]] = {}
        self._of_gene: dict[str, frozenset[str]] = {}
        self._holders = {row.id: (table.name, row) for table in rulebase.row_tables for row in table.rows}

    def by_drug(self) -> dict[str, frozenset[str]]:
        """What the verdict on each drug with a table may depend on."""
        own = {table.drug: self.of_table(table) for table in self.rulebase.tables}
        # A regimen is of no class itself: it makes no other drug cross-resistant.
        of_class: dict[str, set[str]] = {}
        for drug, pieces in own.items():
            if not self.rulebase.drug_by_name[drug].regimen:
                for name in self.rulebase.classes_of(drug):
                    of_class.setdefault(name, set()).update(pieces)
        found = {}
        for drug, pieces in own.items():
            beside = [own.get(part.name, frozenset()) for part in self.rulebase.parts_of(drug)]
            classes = [of_class.get(name, set()) for name in self.rulebase.classes_of(drug)]
            found[drug] = pieces.union(*beside, *classes)
        return found

    def of_table(self, table: Table) -> frozenset[str]:
        """What a drug's own table, its rows and uses, and its name bring."""
        rulebase, drug = self.rulebase, table.drug
        found = {self._piece(f"indications of {drug}", table.indications)}
        for indication in table.indications:
            found |= self._of_indication(indication)
        for row in rulebase.rows_of(table):
            found.add(self._piece(f"row {row.id}", self._holders[row.id]))
            found |= self._of_row(row.id, row.when)
        for part in (rulebase.drug_by_name[drug], *rulebase.parts_of(drug)):
            found.add(self._piece(f"drug {part.name}", _judging(part)))
            found.add(self._piece(f"uses of {part.name}", self._uses(part.name)))
            for use_markers in self._markers.get(part.name, ()):
                found |= self._of_condition(use_markers)
        for target in rulebase.targets_of(drug):
            found |= self._gene(target)
        return frozenset(found)

    def _of_indication(self, indication: Indication) -> frozenset[str]:
        found = frozenset[str]() if indication.requires == "nothing" else self._of_condition(indication.requires)
        loci = [locus for each in indication.essential_loci for locus in each.any_of]
        loci += [locus for each in indication.absent_if_assayed for locus in each.any_of]
        return found.union(*(self._gene(locus.subject) for locus in loci))

    def _of_row(self, row: str, when: Condition) -> frozenset[str]:
        if row not in self._asked:
            self._asked[row] = self._of_condition(when)
        return self._asked[row]

    def _of_condition(self, condition: Condition) -> frozenset[str]:
        """What a condition asks for: genes with their sets, and conclusions with all that leads to them."""
        found: set[str] = set()
        for atom in every_atom(condition):
            if isinstance(atom, ConclusionAtom):
                found |= self._conclusion(atom.id)
            for subject in atom.subjects:
                found |= self._gene(subject)
                if is_any_mutation(atom):
                    value = self._resistance_mutations.get(subject, frozenset())
                    found.add(self._piece(f"resistance mutations of {subject}", value))
        return frozenset(found)

    def _conclusion(self, name: str) -> frozenset[str]:
        if name not in self._closed:
            found = {self._piece(f"conclusion {name}", self.rulebase.conclusion_by_id.get(name))}
            waiting, seen = [name], {name}
            while waiting:
                for rule in self._rules.get(waiting.pop(), ()):
                    found.add(self._piece(f"mechanism rule {rule.id}", rule))
                    for atom in every_atom(rule.when):
                        if isinstance(atom, ConclusionAtom):
                            found.add(self._piece(f"conclusion {atom.id}", self.rulebase.conclusion_by_id.get(atom.id)))
                            if atom.id not in seen:
                                seen.add(atom.id)
                                waiting.append(atom.id)
                        else:
                            for subject in atom.subjects:
                                found |= self._gene(subject)
            self._closed[name] = frozenset(found)
        return self._closed[name]

    def _gene(self, subject: str) -> frozenset[str]:
        """What is known of a gene: itself, its sets, and which in-frame changes of it rules name."""
        if subject not in self._of_gene:
            rulebase = self.rulebase
            gene = rulebase.gene_by_name.get(subject.upper())
            symbol = gene.symbol if gene else subject
            benign = tuple(item for item in rulebase.benign_variants if item.change.gene == symbol)
            named = frozenset(rulebase.named_in_frame(symbol))
            self._of_gene[subject] = frozenset(
                (
                    self._piece(f"gene {subject}", (gene, rulebase.sequences.get(symbol), benign)),
                    self._piece(f"alteration sets of {subject}", self._sets.get(symbol, ())),
                    self._piece(f"in-frame changes of {subject} that rules name", named),
                )
            )
        return self._of_gene[subject]

    def _uses(self, drug: str) -> tuple[Any, ...]:
        """The uses of a drug, alone or with others; withdrawals that may end one; and regimens it is a part of."""
        approvals = self.rulebase.approvals
        given = tuple(approval for approval in approvals.every if drug in approval.drugs)
        withdrawn = tuple(
            one
            for one in approvals.withdrawn
            if drug in one.drugs or any(set(one.drugs) <= set(approval.drugs) for approval in given)
        )
        return given, withdrawn, self._regimens.get(drug, frozenset())

    def _piece(self, name: str, value: Any) -> str:
        self.values.setdefault(name, value)
        return name

    @cached_property
    def _rules(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for rule in self.rulebase.mechanism_rules:
            found.setdefault(rule.concludes, []).append(rule)
        return found

    @cached_property
    def _sets(self) -> dict[str, tuple[Any, ...]]:
        found: dict[str, tuple[Any, ...]] = {}
        for item in self.rulebase.alteration_sets:
            for gene in dict.fromkeys(name for atom in every_atom(item.members) for name in atom.subjects):
                found[gene] = (*found.get(gene, ()), item)
        return found

    @cached_property
    def _resistance_mutations(self) -> dict[str, frozenset[Any]]:
        found: dict[str, set[Any]] = {}
        for atom in self.rulebase.resistance_changes:
            found.setdefault(atom.gene, set()).add(atom)
        return {gene: frozenset(changes) for gene, changes in found.items()}

    @cached_property
    def _regimens(self) -> dict[str, frozenset[tuple[str, ...]]]:
        """By drug the regimens with a table of which it is a part."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for table in self.rulebase.tables:
            for part in (regimen := self.rulebase.drug_by_name[table.drug].regimen):
                found.setdefault(part, set()).add(regimen)
        return {drug: frozenset(regimens) for drug, regimens in found.items()}

    @cached_property
    def _markers(self) -> dict[str, list[Condition]]:
        """By drug the biomarkers of its uses."""
        found: dict[str, list[Condition]] = {}
        for approval in self.rulebase.approvals.every:
            markers = [marker for use in approval.uses for marker in use.markers]
            for drug in approval.drugs:
                found.setdefault(drug, []).extend(markers)
        return found


def _judging(drug: Drug) -> tuple[Iterable[str], ...]:
    """What of a drug's entry may decide a verdict; its other names decide how a patient is read."""
    return drug.regimen, drug.classes, drug.targets, drug.binding_modes
