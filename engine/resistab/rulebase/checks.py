"""What must hold between the files of a rulebase, beyond the form of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from resistab.faults import Fault, nearest
from resistab.language.condition_text import atom_text
from resistab.language.conditions import (
    AllOf,
    AnyOf,
    Atom,
    ChangeAtom,
    ConclusionAtom,
    Condition,
    CountOf,
    FusionAtom,
    HistologyAtom,
    NamedSetAtom,
    Not,
    PhaseAtom,
    PriorTherapyAtom,
    SiteAtom,
    StateAtom,
    TumourTypeAtom,
    atoms,
    replace_atoms,
)
from resistab.language.loci import Locus
from resistab.language.protein_change import reference_fault
from resistab.rulebase.models import (
    AlterationSet,
    Dated,
    Evidence,
    Gene,
    MechanismFile,
    MechanismRule,
    Row,
    Rulebase,
    Table,
)
from resistab.yaml_source import Source

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class LoadedFile:
    """A file's model beside its source, so that a fault found in the model can be placed in the file."""

    source: Source
    content: BaseModel


def check_rulebase(rulebase: Rulebase, files: Iterable[LoadedFile]) -> list[Fault]:
    """Every fault between the files of ``rulebase``; an empty list where there is none."""
    return list(_Checker(rulebase).check(list(files)))


class _Checker:
    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.symbols = {gene.symbol: gene for gene in rulebase.genes}
        self.ids: dict[str, str] = {}
        self.classes = {name for drug in rulebase.drugs for name in drug.classes}
        self.all_ids = {row.id for table in rulebase.tables for row in table.rows} | {
            rule.id for rule in rulebase.mechanism_rules
        }

    def check(self, files: list[LoadedFile]) -> Iterator[Fault]:
        seen_names: dict[tuple[str, str], str] = {}
        for file in files:
            content, source = file.content, file.source
            for kind, name, path in _names(content):
                earlier = seen_names.setdefault((kind, name), source.where)
                if earlier != source.where or (kind, name, path) != _first(content, kind, name):
                    yield source.fault(path, f"the {kind} '{name}' is defined twice, first in {earlier}")
            if isinstance(content, Table):
                yield from self.table(source, content)
            elif isinstance(content, MechanismFile):
                for index, rule in enumerate(content.rules):
                    yield from self.mechanism_rule(source, ("rules", index), rule)
            else:
                for index, item in enumerate(getattr(content, "sets", ())):
                    yield from self.alteration_set(source, ("sets", index), item)
                for index, tumour in enumerate(getattr(content, "tumour_types", ())):
                    if tumour.parent is not None:
                        yield from self.tumour_code(source, ("tumour_types", index, "parent"), tumour.parent)

    # --- tables and rules -----------------------------------------------------------------------------------

    def table(self, source: Source, table: Table) -> Iterator[Fault]:
        if table.drug not in {drug.name for drug in self.rulebase.drugs}:
            alias = self.rulebase.drug_by_name.get(table.drug.casefold())
            suggestion = alias.name if alias else nearest(table.drug, [drug.name for drug in self.rulebase.drugs])
            yield source.fault(("drug",), f"unknown drug '{table.drug}'", "a drug of drugs.yaml", suggestion)
        for index, indication in enumerate(table.indications):
            path: Path_ = ("indications", index)
            for position, code in enumerate(indication.tumour_types):
                yield from self.tumour_code(source, (*path, "tumour_types", position), code)
            if indication.requires != "nothing":
                yield from self.condition(source, (*path, "requires"), indication.requires)
            for position, essential in enumerate(indication.essential_loci):
                for locus in essential.any_of:
                    yield from self.locus(source, (*path, "essential_loci", position), locus)
        for index, row in enumerate(table.rows):
            yield from self.row(source, ("rows", index), row)

    def row(self, source: Source, path: Path_, row: Row) -> Iterator[Fault]:
        yield from self.dated(source, path, row)
        yield from self.condition(source, (*path, "when"), row.when)
        for field in ("tumour_types", "extrapolated_to"):
            for position, code in enumerate(getattr(row, field)):
                yield from self.tumour_code(source, (*path, field, position), code)
        yield from self.evidence(source, path, row.evidence)
        if row.status == "active" and not any(item.direction == "supports" for item in row.evidence):
            yield source.fault(
                (*path, "evidence"),
                f"row {row.id} has no evidence that supports it",
                "at least one item with direction: supports",
            )
        if (row.score is None) != (row.score_reason is None):
            yield source.fault(
                path,
                f"row {row.id} has a score without a reason, or a reason without a score",
                "both score and score_reason, or neither",
            )

    def mechanism_rule(self, source: Source, path: Path_, rule: MechanismRule) -> Iterator[Fault]:
        yield from self.dated(source, path, rule)
        yield from self.condition(source, (*path, "when"), rule.when)
        for position, code in enumerate(rule.tumour_types):
            yield from self.tumour_code(source, (*path, "tumour_types", position), code)
        if rule.concludes not in self.rulebase.conclusion_by_id:
            yield self.unknown_conclusion(source, (*path, "concludes"), rule.concludes)
        yield from self.evidence(source, path, rule.evidence)
        supported = any(item.direction == "supports" for item in rule.evidence)
        if rule.status == "active" and supported == rule.definition:
            yield source.fault(
                path,
                f"rule {rule.id} has no evidence that supports it"
                if not rule.definition
                else f"rule {rule.id} is a definition and yet has evidence",
                "evidence, or definition: true for a mere step of a pathway",
            )

    def dated(self, source: Source, path: Path_, rule: Dated) -> Iterator[Fault]:
        earlier = self.ids.get(rule.id)
        here = str(source.fault((*path, "id"), ""))[: -len(": ")]
        if earlier:
            yield source.fault((*path, "id"), f"the id {rule.id} is used twice, first at {earlier}", "an id of its own")
        else:
            self.ids[rule.id] = here
        if (rule.status == "retired") != (rule.retired is not None):
            yield source.fault(
                path,
                f"{rule.id}: status and date of retirement disagree",
                "both status: retired and retired: DATE, or neither",
            )
        for position, replacement in enumerate(rule.replaced_by):
            if replacement not in self.all_ids:
                yield source.fault(
                    (*path, "replaced_by", position),
                    f"unknown id '{replacement}'",
                    "the id of a row",
                    nearest(replacement, self.all_ids),
                )
        if rule.reviewed < rule.created:
            yield source.fault((*path, "reviewed"), f"{rule.id} was reviewed before it was created")

    def evidence(self, source: Source, path: Path_, items: tuple[Evidence, ...]) -> Iterator[Fault]:
        for index, item in enumerate(items):
            place: Path_ = (*path, "evidence", index)
            if item.reference not in self.rulebase.citation_by_reference:
                yield source.fault(
                    (*place, "reference"),
                    f"{item.reference} is not in citations.yaml",
                    "an entry for each reference",
                )
            yield from self.tumour_code(source, (*place, "studied_in"), item.studied_in)
            for position, drug in enumerate(item.given_with):
                if drug != drug.casefold():
                    yield source.fault(
                        (*place, "given_with", position),
                        f"'{drug}'",
                        "a generic name in lower case",
                        drug.casefold(),
                    )
            if item.drug is not None and item.drug not in self.rulebase.drug_by_name:
                yield source.fault(
                    (*place, "drug"),
                    f"unknown drug '{item.drug}'",
                    "a drug of drugs.yaml",
                    nearest(item.drug, self.rulebase.drug_by_name),
                )

    def alteration_set(self, source: Source, path: Path_, item: AlterationSet) -> Iterator[Fault]:
        yield from self.condition(source, (*path, "members"), item.members)
        gene = item.name.split()[0]
        for atom in atoms(item.members):
            if isinstance(atom, ChangeAtom | SiteAtom) and atom.gene == gene:
                continue
            if isinstance(atom, StateAtom) and atom.subject == gene:
                continue
            yield source.fault(
                (*path, "members"),
                f"'{atom_text(atom)}' in the set '{item.name}'",
                f"only alterations of {gene}, listed",
            )
        if not _only_any(item.members):
            yield source.fault(
                (*path, "members"),
                f"the set '{item.name}' is not a list",
                "alterations joined by any of (…) or by or",
            )

    # --- conditions -----------------------------------------------------------------------------------------

    def condition(self, source: Source, path: Path_, condition: Condition) -> Iterator[Fault]:
        for atom in atoms(condition):
            yield from self.atom(source, path, atom)
        yield from _counts(source, path, condition)

    def atom(self, source: Source, path: Path_, atom: Atom) -> Iterator[Fault]:
        match atom:
            case PhaseAtom():
                yield from self.atom(source, path, atom.first)
                yield from self.atom(source, path, atom.second)
            case ChangeAtom():
                gene = self.symbols.get(atom.gene)
                if gene is None:
                    yield self.unknown_gene(source, path, atom.gene)
                    return
                sequence = self.rulebase.sequences.get(atom.gene)
                fault = reference_fault(atom.change, sequence) if sequence else None
                if fault:
                    message, suggestion = fault
                    yield source.fault(
                        path,
                        f"'{atom_text(atom)}': {message} ({gene.protein})",
                        None,
                        f"{atom.gene} {suggestion}" if suggestion else None,
                    )
            case SiteAtom():
                yield from self.site(source, path, atom)
            case FusionAtom():
                for name in atom.genes:
                    if name not in self.symbols:
                        yield self.unknown_gene(source, path, name)
            case StateAtom():
                if atom.analyte != "signature" and atom.subject not in self.symbols:
                    yield self.unknown_gene(source, path, atom.subject)
            case NamedSetAtom():
                if atom.name not in self.rulebase.set_by_name:
                    yield source.fault(
                        path,
                        f"unknown alteration set '{atom.name}'",
                        "a set of alteration_sets/",
                        nearest(atom.name, self.rulebase.set_by_name),
                    )
            case HistologyAtom():
                if atom.to:
                    yield from self.tumour_code(source, path, atom.to)
            case TumourTypeAtom():
                yield from self.tumour_code(source, path, atom.code)
            case PriorTherapyAtom():
                if atom.drug and atom.drug not in {drug.name for drug in self.rulebase.drugs}:
                    yield source.fault(
                        path,
                        f"unknown drug '{atom.drug}'",
                        "a drug of drugs.yaml",
                        nearest(atom.drug, self.rulebase.drug_by_name),
                    )
                if atom.drug_class and atom.drug_class not in self.classes:
                    yield source.fault(
                        path,
                        f"unknown drug class '{atom.drug_class}'",
                        "a class of drugs.yaml",
                        nearest(atom.drug_class, self.classes),
                    )
            case ConclusionAtom():
                if atom.id not in self.rulebase.conclusion_by_id:
                    yield self.unknown_conclusion(source, path, atom.id)
            case _:
                if atom.gene not in self.symbols:
                    yield self.unknown_gene(source, path, atom.gene)

    def site(self, source: Source, path: Path_, atom: SiteAtom) -> Iterator[Fault]:
        gene = self.symbols.get(atom.gene)
        if gene is None:
            yield self.unknown_gene(source, path, atom.gene)
            return
        if atom.exon is not None:
            yield from self.exon(source, path, gene, atom.exon)
        sequence = self.rulebase.sequences.get(atom.gene)
        if sequence is None or atom.first is None or atom.last is None:
            return
        if atom.last > len(sequence):
            yield source.fault(
                path,
                f"'{atom_text(atom)}': residue {atom.last} lies beyond the protein, which has {len(sequence)} residues",
            )
        elif atom.reference and sequence[atom.first - 1] != atom.reference:
            actual = sequence[atom.first - 1]
            yield source.fault(
                path,
                f"'{atom_text(atom)}': the reference residue at {atom.first} is {actual}, not {atom.reference} ({gene.protein})",
                suggestion=atom_text(atom.model_copy(update={"reference": actual})),
            )

    def exon(self, source: Source, path: Path_, gene: Gene, exon: int) -> Iterator[Fault]:
        if gene.exon_range(exon) is None:
            known = ", ".join(str(number) for number in gene.exons) or "none"
            yield source.fault(
                path,
                f"exon {exon} of {gene.symbol} has no residue range in genes.yaml",
                f"one of its exons ({known})",
            )

    def locus(self, source: Source, path: Path_, locus: Locus) -> Iterator[Fault]:
        if locus.kind in ("signature", "histology"):
            return
        gene = self.symbols.get(locus.subject)
        if gene is None:
            yield self.unknown_gene(source, path, locus.subject)
            return
        for exon in locus.exons:
            yield from self.exon(source, path, gene, exon)

    # --- what is not known ----------------------------------------------------------------------------------

    def unknown_gene(self, source: Source, path: Path_, name: str) -> Fault:
        alias = self.rulebase.gene_by_name.get(name.upper())
        suggestion = alias.symbol if alias else nearest(name, self.symbols)
        return source.fault(path, f"unknown gene '{name}'", "an HGNC symbol of genes.yaml", suggestion)

    def unknown_conclusion(self, source: Source, path: Path_, name: str) -> Fault:
        return source.fault(
            path,
            f"unknown conclusion '{name}'",
            "a conclusion of mechanisms/",
            nearest(name, self.rulebase.conclusion_by_id),
        )

    def tumour_code(self, source: Source, path: Path_, code: str) -> Iterator[Fault]:
        if code not in self.rulebase.tumour_by_code:
            names = {tumour.name: tumour.code for tumour in self.rulebase.tumour_types}
            suggestion = nearest(code, self.rulebase.tumour_by_code) or names.get(nearest(code, names, 1) or "")
            yield source.fault(path, f"unknown tumour type '{code}'", "an OncoTree code", suggestion)


def _names(content: Any) -> Iterator[tuple[str, str, Path_]]:
    for kind, field, key in (
        ("gene", "genes", "symbol"),
        ("drug", "drugs", "name"),
        ("tumour type", "tumour_types", "code"),
        ("citation", "citations", "reference"),
        ("alteration set", "sets", "name"),
        ("conclusion", "conclusions", "id"),
    ):
        for index, item in enumerate(getattr(content, field, ())):
            yield kind, getattr(item, key), (field, index)
    if isinstance(content, Table):
        yield "table", content.drug, ("drug",)


def _first(content: Any, kind: str, name: str) -> tuple[str, str, Path_]:
    return next(found for found in _names(content) if found[:2] == (kind, name))


def _only_any(condition: Condition) -> bool:
    if isinstance(condition, AnyOf):
        return all(_only_any(part) for part in condition.of)
    return not isinstance(condition, AllOf | Not | CountOf)


def _counts(source: Source, path: Path_, condition: Condition) -> Iterator[Fault]:
    if isinstance(condition, CountOf):
        bounds = [bound for bound in (condition.at_least, condition.at_most) if bound is not None]
        if any(bound > len(condition.of) for bound in bounds) or bounds != sorted(bounds):
            yield source.fault(
                path,
                f"a count of {' to '.join(map(str, bounds))} over {len(condition.of)} parts",
                "a count that can be reached",
            )
    if isinstance(condition, Not):
        yield from _counts(source, path, condition.of)
    elif isinstance(condition, AllOf | AnyOf | CountOf):
        for part in condition.of:
            yield from _counts(source, path, part)


def resolve_exons(rulebase: Rulebase) -> Rulebase:
    """``rulebase`` with the residues of every exon that a condition or an essential locus names."""
    genes = {gene.symbol: gene for gene in rulebase.genes}

    def resolved(condition: Condition) -> Condition:
        replacement: dict[Atom, Condition] = {}
        for atom in atoms(condition):
            if isinstance(atom, SiteAtom) and atom.exon is not None:
                bounds = genes[atom.gene].exon_range(atom.exon)
                if bounds:
                    replacement[atom] = atom.model_copy(update={"first": bounds[0], "last": bounds[1]})
        return replace_atoms(condition, replacement) if replacement else condition

    def locus(item: Locus) -> Locus:
        ranges = tuple(bounds for exon in item.exons if (bounds := genes[item.subject].exon_range(exon)))
        return item.model_copy(update={"residues": item.residues + ranges, "exons": ()}) if ranges else item

    def table(item: Table) -> Table:
        return item.model_copy(
            update={
                "rows": tuple(row.model_copy(update={"when": resolved(row.when)}) for row in item.rows),
                "indications": tuple(
                    indication.model_copy(
                        update={
                            "requires": "nothing"
                            if indication.requires == "nothing"
                            else resolved(indication.requires),
                            "essential_loci": tuple(
                                e.model_copy(update={"any_of": tuple(locus(part) for part in e.any_of)})
                                for e in indication.essential_loci
                            ),
                        }
                    )
                    for indication in item.indications
                ),
            }
        )

    return rulebase.model_copy(
        update={
            "tables": tuple(table(item) for item in rulebase.tables),
            "mechanism_rules": tuple(
                rule.model_copy(update={"when": resolved(rule.when)}) for rule in rulebase.mechanism_rules
            ),
            "alteration_sets": tuple(
                item.model_copy(update={"members": resolved(item.members)}) for item in rulebase.alteration_sets
            ),
        }
    )
