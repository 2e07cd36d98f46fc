"""What a virus's rule set says of each position and residue, and where each of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from resistab.core.condition import Atom, Condition, atoms
from resistab.curation.kit.site.mentions import linked
from resistab.curation.kit.site.model import Link, Pieces
from resistab.curation.kit.site.names import SiteNames, safe_name
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.residues import residue_order, residues_text
from resistab.domains.virus.kinds.models import LevelRule, Scored, ViralDrug, ViralRulebase, ViralTable


@dataclass(frozen=True)
class RowScore:
    """A score of a drug for one residue, and the row that gives it."""

    drug: str
    score: float
    row: str


@dataclass
class ResidueView:
    """What is said of one residue at a position.

    ``types`` are what it is to classes of drugs, ``scores`` what it counts alone, ``combined`` the rows in which it
    counts with others, ``comments`` the ids of comments on it.
    """

    residue: str
    types: list[str] = field(default_factory=list)
    scores: list[RowScore] = field(default_factory=list)
    combined: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


class ViralRules:
    """A rule set by gene, position and residue; addresses are from the site's root."""

    def __init__(self, rulebase: ViralRulebase) -> None:
        self.rulebase = rulebase
        self.folder = safe_name(rulebase.manifest.ruleset)
        self._drugs = SiteNames(table.drug for table in rulebase.tables)
        self._genes = SiteNames(gene.symbol for gene in rulebase.genes)
        self._rows = SiteNames(row for table in rulebase.tables for row in rulebase.row_ids(table))
        comments = [comment.id for file in rulebase.comments for comment in file.comments]
        self._comments = SiteNames([*comments, *(comment.id for comment in rulebase.result_comments)])
        self.gene_of_comment = {comment.id: file.gene for file in rulebase.comments for comment in file.comments}
        self.positions: dict[str, dict[int, dict[str, ResidueView]]] = {gene.symbol: {} for gene in rulebase.genes}
        for table in rulebase.tables:
            self._read_table(table)
        for file in rulebase.comments:
            for comment in file.comments:
                for residue in self._residues(file.gene, comment.when):
                    residue.comments.append(comment.id)
        for types in rulebase.mutation_types:
            gene = rulebase.gene_of_class[types.drug_class]
            for name, positions in types.types.items():
                for position, residues in positions.items():
                    for letter in residues:
                        self._residue(gene, position, letter).types.append(f"{types.drug_class}: {name}")

    def _read_table(self, table: ViralTable) -> None:
        gene = self.rulebase.gene_of(table.drug)
        for _, row, items in self.rulebase.score_items(table):
            for item in items:
                if isinstance(item.when, ResidueAtom) and not item.when.inverted:
                    for residue in self._residues(gene, item.when):
                        residue.scores.append(RowScore(table.drug, item.score, row))
                else:
                    self._combine(gene, table.drug, row, item)
        for rule in table.rules:
            self._combine(gene, table.drug, rule.id, rule)

    def _combine(self, gene: str, drug: str, row: str, rule: Scored | LevelRule) -> None:
        for residue in self._residues(gene, rule.when):
            if (drug, row) not in residue.combined:
                residue.combined.append((drug, row))

    def _residues(self, gene: str, condition: Condition | None) -> Iterator[ResidueView]:
        for atom in atoms(condition) if condition is not None else ():
            if isinstance(atom, ResidueAtom) and not atom.inverted:
                for letter in atom.residues:
                    yield self._residue(atom.gene or gene, atom.position, letter)
            elif isinstance(atom, ResidueAtom):
                self.positions.setdefault(atom.gene or gene, {}).setdefault(atom.position, {})

    def _residue(self, gene: str, position: int, letter: str) -> ResidueView:
        return self.positions.setdefault(gene, {}).setdefault(position, {}).setdefault(letter, ResidueView(letter))

    def reference(self, gene: str, position: int) -> str:
        """The reference residue of a position, "" where the rule set does not know it."""
        return self.rulebase.sequences.get(gene, "")[position - 1 : position]

    def ordered(self, gene: str) -> list[tuple[int, list[ResidueView]]]:
        """The positions of a gene of which anything is said, with their residues in order."""
        return [
            (position, [residues[letter] for letter in sorted(residues, key=residue_order)])
            for position, residues in sorted(self.positions.get(gene, {}).items())
        ]

    def home(self, part: str = "index") -> str:
        """The rule set's first page, or one of its parts."""
        return f"{self.folder}/{part}.html"

    def drug(self, name: str) -> str:
        """The page of a drug that has a table, "" for others."""
        return f"{self.folder}/drugs/{self._drugs[name]}.html" if name in self._drugs else ""

    def drug_link(self, name: str) -> Link:
        """A drug by its abbreviation."""
        return Link(name, self.drug(name))

    def gene(self, name: str) -> str:
        """The page of a gene, "" for one that the rule set does not know."""
        return f"{self.folder}/genes/{self._genes[name]}.html" if name in self._genes else ""

    def row_anchor(self, row: str) -> str:
        """The anchor of a row on its drug's page."""
        return self._rows[row]

    def row(self, drug: str, row: str) -> str:
        """Where a row stands."""
        return f"{self.drug(drug)}#{self._rows[row]}"

    def comments(self, gene: str) -> str:
        """The page of the comments on a gene, "" where there are none."""
        known = gene in self._genes and any(file.gene == gene for file in self.rulebase.comments)
        return f"{self.folder}/comments/{self._genes[gene]}.html" if known else ""

    def comment_anchor(self, comment: str) -> str:
        """The anchor of a comment on its page."""
        return self._comments[comment]

    def comment(self, comment: str) -> str:
        """Where a comment on mutations stands."""
        return f"{self.comments(self.gene_of_comment[comment])}#{self._comments[comment]}"

    def position(self, gene: str, position: int) -> str:
        """Where a position is told of."""
        return f"{self.gene(gene)}#p{position}"

    def residue(self, gene: str, position: int, letter: str) -> str:
        """Where a residue at a position is told of."""
        return f"{self.gene(gene)}#{residue_anchor(position, letter)}"

    def condition(self, gene: str, condition: Condition) -> Pieces:
        """The text of a condition, each position leading to where it is told of."""

        def address(atom: Atom) -> str:
            if not isinstance(atom, ResidueAtom):
                return ""
            if len(atom.residues) == 1 and not atom.inverted:
                return self.residue(atom.gene or gene, atom.position, atom.residues[0])
            return self.position(atom.gene or gene, atom.position)

        return linked(condition, address)

    def drugs_of(self, drug_class: str) -> list[ViralDrug]:
        """The drugs of a class that have a table, in the rule set's order."""
        return [drug for drug in self.rulebase.drugs if drug.drug_class == drug_class and drug.name in self._drugs]


def residue_anchor(position: int, letter: str) -> str:
    """The anchor of a residue on its gene's page: ``m184V``, ``m69ins``, ``m215Ter``."""
    return f"m{position}{'Ter' if letter == '*' else residues_text(letter)}"
