"""What the rules of a virus say of a mutation, gene, drug, class or row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from resistab.core.cached import cached_property
from resistab.core.condition import AnyOf, Condition, condition_text, mentions, number_text
from resistab.core.faults import Fault, InputError
from resistab.core.records import replace
from resistab.curation.kit.looked_up import FoundRow, LookupMeaning, NotAChangeError, Relation, RuleEntry, RuleFinder
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.kinds.models import LevelRule, Scored, ViralRulebase

_MUTATION = re.compile(
    r"(?:(?P<gene>[A-Za-z0-9]+)[ :]+)?(?P<reference>[A-Za-z]?)(?P<position>[1-9][0-9]{0,3})(?P<rest>\S*)"
)
_CLOSEST: tuple[Relation, ...] = ("names", "open", "codon")


class ViralFinder(RuleFinder):
    """Finds in a rule set for a virus."""

    def __init__(self, rulebase: ViralRulebase) -> None:
        self.rulebase = rulebase

    @cached_property
    def entries(self) -> Sequence[RuleEntry]:
        """Every line, combination and rule of every table."""
        found = []
        for table in self.rulebase.tables:
            for _, row, items in self.rulebase.score_items(table):
                when = items[0].when if len(items) == 1 else AnyOf(of=tuple(item.when for item in items))
                found.append(RuleEntry(row, table.drug, when, (), items))
            found += [RuleEntry(rule.id, table.drug, rule.when, (), rule) for rule in table.rules]
        return found

    @cached_property
    def drugs(self) -> Mapping[str, str]:
        """Drugs by abbreviation, other abbreviation and full name."""
        return {name: drug.name for name, drug in self.rulebase.drug_by_name.items()}

    @cached_property
    def classes(self) -> Mapping[str, str]:
        """Classes by abbreviation and full name."""
        found = {item.full_name.casefold(): item.name for item in self.rulebase.drug_classes if item.full_name}
        return found | {item.name.casefold(): item.name for item in self.rulebase.drug_classes}

    @cached_property
    def genes(self) -> Mapping[str, str]:
        """Genes by symbol and name."""
        found = {gene.name.casefold(): gene.symbol for gene in self.rulebase.genes if gene.name}
        return found | {gene.symbol.casefold(): gene.symbol for gene in self.rulebase.genes}

    def classes_of(self, drug: str) -> Sequence[str]:
        """The class of a drug."""
        return (self.rulebase.drug_by_name[drug.casefold()].drug_class,)

    def about_drug(self, drug: str) -> Iterator[tuple[str, str]]:
        """Its full name, class and gene, and the file of its table."""
        known = self.rulebase.drug_by_name[drug.casefold()]
        if known.full_name:
            yield "drug", known.full_name
        yield "class", known.drug_class
        yield "acts on", self.rulebase.gene_of(drug)
        table = self.rulebase.table_of.get(drug)
        yield "file", table.file if table is not None else "no table"

    def about_gene(self, gene: str) -> Iterator[tuple[str, str]]:
        """Its name, and the classes that act on it."""
        (known,) = (item for item in self.rulebase.genes if item.symbol == gene)
        if known.name:
            yield "gene", known.name
        yield "classes", ", ".join(known.drug_classes)
        yield "drugs", ", ".join(drug.name for drug in self.rulebase.drugs if drug.drug_class in known.drug_classes)

    def shown(self, entry: RuleEntry) -> FoundRow:
        """A line with the scores of its residues; what adds nothing stands last."""
        return self._shown(entry, entry.row)

    def _shown(self, entry: RuleEntry, said: LevelRule | Sequence[Scored]) -> FoundRow:
        if isinstance(said, LevelRule):
            parts = [f"level {said.level}"] if said.level is not None else []
            effect = "; ".join([*parts, *([f"comment {said.comment}"] if said.comment else [])])
            weight, condition = float(said.level or 0), condition_text(said.when)
        else:
            condition = "; ".join(condition_text(item.when) for item in said)
            effect = "score " + "; ".join(number_text(item.score) for item in said)
            weight = max((item.score for item in said), key=abs)
        return FoundRow(
            id=entry.id,
            drug=entry.drug,
            condition=f"{self.rulebase.gene_of(entry.drug)} {condition}",
            effect=effect,
            rank=0 if weight > 0 else 1 if weight < 0 else 2,
            weight=abs(weight),
            overlay=self.rulebase.overlay_of(entry.id) or "",
        )

    def rows_of_gene(self, gene: str) -> Iterator[FoundRow]:
        """The rows of the drugs that act on a gene: their conditions do not name it."""
        yield from (self.shown(entry) for entry in self.entries if self.rulebase.gene_of(entry.drug) == gene)

    def changes(self, text: str) -> Iterator[LookupMeaning]:
        """A mutation, of every gene that has its residue there where the gene is not said; or a position."""
        match = _MUTATION.fullmatch(text)
        if match is None:
            raise NotAChangeError("")
        reader, position = MutationReader(self.rulebase), int(match["position"])
        gene = reader.gene_named(match["gene"]) if match["gene"] else None
        if match["gene"] and gene is None:
            raise NotAChangeError("")
        reference = match["reference"].upper()
        genes = [gene] if gene else [g for g in reader.genes if reference and reader.residue(g, position) == reference]
        refused: NotAChangeError | None = None
        for symbol in genes:
            residues: Sequence[str] | None = None
            name = f"{symbol} {reference}{position}"
            if match["rest"]:
                mutation = f"{symbol}:{match['reference']}{position}{match['rest']}"
                try:
                    findings = reader.read(mutation, "", _fault).findings
                except InputError as error:
                    # Without a gene this may be no virus's mutation at all.
                    fault = error.faults[0]
                    refused = NotAChangeError(fault.message if gene else "", fault.suggestion if gene else None)
                    continue
                if not findings:
                    refused = NotAChangeError(f"{mutation} is no residue that can be looked up" if gene else "")
                    continue
                residues, name = findings[0].residues, findings[0].text
            rows = tuple(self._at(symbol, position, residues))
            comments = tuple(self._comments(symbol, position, residues))
            if rows or comments:
                yield LookupMeaning("mutation" if match["rest"] else "position", name, comments, rows)
            elif gene:
                refused = NotAChangeError(f"no rule speaks of {name}, nor of another residue there")
        if refused is not None:
            raise refused

    def _at(self, gene: str, position: int, residues: Sequence[str] | None) -> Iterator[FoundRow]:
        """The rows on a position of a gene, by whether they hold for one of ``residues``; None for any."""
        for entry in self.entries:
            if self.rulebase.gene_of(entry.drug) != gene:
                continue
            if isinstance(entry.row, LevelRule):
                whole = _relation(entry.row.when, position, residues)
                if whole is not None:
                    yield replace(self.shown(entry), relation=whole)
                continue
            by = {item: _relation(item.when, position, residues) for item in entry.row}
            for relation in _CLOSEST:
                # Of a line only what is said of these residues.
                said = [item for item, of in by.items() if of == relation]
                if said:
                    yield replace(self._shown(entry, said), relation=relation)
                    break

    def _comments(self, gene: str, position: int, residues: Sequence[str] | None) -> Iterator[tuple[str, str]]:
        for file in self.rulebase.comments:
            if file.gene == gene:
                for comment in file.comments:
                    if comment.when is not None and _relation(comment.when, position, residues) == "names":
                        yield f"comment {comment.id}", comment.text


def _fault(message: str, expected: str | None, suggestion: str | None, number: int | None) -> Fault:
    return Fault(where="", message=message, expected=expected, suggestion=suggestion)


def _relation(condition: Condition, position: int, residues: Sequence[str] | None) -> Relation | None:
    """How a condition is about residues at a position: it needs no more, it needs more, or others at that position."""
    found: list[Relation] = []
    for atom, combined in mentions(condition):
        if isinstance(atom, ResidueAtom) and atom.position == position:
            holds = residues is None or atom.holds_by(residues)
            found.append(("open" if combined else "names") if holds else "codon")
    return min(found, key=_CLOSEST.index, default=None)
