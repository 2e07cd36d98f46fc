"""What must hold between the files of a virus's rule set, beyond the form of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from resistab.core.amino_acids import GENETIC_CODE
from resistab.core.condition import Condition, atoms, condition_text, number_text
from resistab.core.faults import Fault, nearest
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.checks.score_ranges import score_without_level
from resistab.domains.virus.kinds.models import (
    Combination,
    CommentFile,
    DraftLine,
    ScoreRule,
    SequenceQuality,
    ViralManifest,
    ViralRulebase,
    ViralTable,
    position_row_id,
)
from resistab.domains.virus.kinds.regimens import ViralCombiningFile, ViralRegimenFile, change_named
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.checks import dated_faults, place_of
from resistab.rulesets.condition_checks import count_faults
from resistab.rulesets.folder_reader import LoadedFile, RecordPlace
from resistab.rulesets.regimen_checks import RegimenChecks
from resistab.rulesets.regimens import BarrierFile
from resistab.rulesets.scoring_checks import in_order, range_faults, scoring_faults


def check_viral(
    rulebase: ViralRulebase,
    files: Iterable[LoadedFile],
    unread: frozenset[str] = frozenset(),
    records: Mapping[str, RecordPlace] | None = None,
) -> list[Fault]:
    """Every fault between the files of ``rulebase``, each once; an empty list where there is none.

    ``unread`` names the files and folders that could not be read whole: what they would have defined is not called
    unknown. ``records`` says where the sequence of each gene stands.
    """
    checker = _Checker(rulebase, unread)
    found: list[Fault] = []
    for file in files:
        found.extend(checker.names(file))
    for file in files:
        found.extend(checker.contents(file.source, file.content))
    found.extend(checker.sequences(records or {}))
    return list(dict.fromkeys(found))


class _Checker:
    def __init__(self, rulebase: ViralRulebase, unread: frozenset[str]) -> None:
        self.rulebase, self.unread = rulebase, unread
        self.genes = {gene.symbol: gene for gene in rulebase.genes}
        self.drugs = {drug.name: drug for drug in rulebase.drugs}
        self.names_of_drugs = {
            name.casefold(): drug.name
            for drug in reversed(rulebase.drugs)
            for name in (*drug.aliases, *([drug.full_name] if drug.full_name else []), drug.name)
        }
        self.classes = {item.name for item in rulebase.drug_classes}
        self.comments = {comment.id for file in rulebase.comments for comment in file.comments}
        manifest = rulebase.manifest if "ruleset.yaml" not in unread else None
        self.levels = {level.level for level in manifest.scoring.levels} if manifest else None
        self.scale = manifest.scoring.scale if manifest else ()
        self.given: dict[tuple[str, str], str] = {}
        self.ids: dict[str, str] = {}
        self.all_ids = {rule.id for rule in (*rulebase.regimens.regimens, *rulebase.regimens.rules)}
        self.regimen_checks = RegimenChecks(
            None if "drugs.yaml" in unread else self.drugs,
            self.classes,
            manifest.regimens if manifest else None,
            [level.name for level in manifest.scoring.levels] if manifest else (),
        )

    # --- names ----------------------------------------------------------------------------------------------

    def names(self, file: LoadedFile) -> Iterator[Fault]:
        """Names and ids that are given twice."""
        for kind, name, path in _names(file.content):
            key = (kind, name.casefold())
            if key in self.given:
                yield file.source.fault(
                    path,
                    f"the {kind} '{name}' {_are(kind)} given twice, first in {self.given[key]}",
                    f"each {kind} once",
                    code="RT102" if kind == "rule" else "RT101",
                )
                if kind == "table":
                    # Its rows have the ids of the first, which is the same fault.
                    return
            else:
                self.given[key] = place_of(file.source, path)

    # --- contents -------------------------------------------------------------------------------------------

    def contents(self, source: Source, content: Any) -> Iterator[Fault]:
        """What a file says of others that they do not bear out."""
        match content:
            case ViralManifest():
                yield from self.manifest(source, content)
                yield from self.regimen_checks.policy_faults(source)
            case ViralRegimenFile():
                yield from self.regimen_checks.regimens(source, content.regimens, "ruleset.yaml" not in self.unread)
                for index, regimen in enumerate(content.regimens):
                    yield from dated_faults(source, ("regimens", index), regimen, self.ids, self.all_ids)
                return
            case ViralCombiningFile():
                yield from self.combining(source, content)
                return
            case BarrierFile():
                yield from self.regimen_checks.barriers(source, content)
                yield from self.costs(source, content)
                return
            case ViralTable():
                yield from self.table(source, content)
            case CommentFile():
                yield from self.gene(source, ("gene",), content.gene)
                for index, comment in enumerate(content.comments):
                    if comment.when is not None:
                        yield from self.condition(source, ("comments", index, "when"), comment.when, content.gene)
            case SequenceQuality():
                yield from self.quality(source, content)
        yield from self.lists(source, content)

    def costs(self, source: Source, file: BarrierFile) -> Iterator[Fault]:
        """Changes that weigh more, which must be written as such and lie within their gene."""
        for index, item in enumerate(file.costs):
            path: Path_ = ("costs", index, "change")
            change = change_named(item.change)
            if change is None:
                message = f"'{item.change}' is no change of one residue"
                yield source.fault(path, message, "a gene and a change such as IN G118R", code="RT025")
                continue
            gene, position, residue = change
            yield from self.gene(source, path, gene)
            yield from self.position(source, path, gene, position)
            atom = ResidueAtom.model_construct(gene="", position=position, residues=(residue,), inverted=False)
            yield from self.reference(source, path, gene, atom)

    def combining(self, source: Source, file: ViralCombiningFile) -> Iterator[Fault]:
        yield from self.regimen_checks.rules(source, file.rules, "ruleset.yaml" not in self.unread)
        for index, rule in enumerate(file.rules):
            yield from dated_faults(source, ("rules", index), rule, self.ids, self.all_ids)
            for gene, condition in rule.when.items():
                yield from self.gene(source, ("rules", index, "when", gene), gene)
                yield from self.condition(source, ("rules", index, "when", gene), condition, gene)

    def sequences(self, records: Mapping[str, RecordPlace]) -> Iterator[Fault]:
        """Sequences of genes that the rule set does not have."""
        for gene in self.rulebase.sequences:
            if gene not in self.genes and "genes.yaml" not in self.unread:
                where, line = records.get(gene, ("sequences", None))
                yield Fault(
                    where=where,
                    line=line,
                    column=2 if line else None,
                    message=f"a sequence of the unknown gene '{gene}'",
                    expected="a gene of genes.yaml",
                    suggestion=nearest(gene, self.genes),
                    code="RT110",
                )

    def manifest(self, source: Source, manifest: ViralManifest) -> Iterator[Fault]:
        faults = list(scoring_faults(source, manifest.scoring))
        yield from faults
        if not faults:
            without = [rule for table in self.rulebase.tables for rule in table.score_rules if not rule.scale]
            yield from self.gaps(source, ("scoring", "levels"), manifest.scoring.scale, without)

    def lists(self, source: Source, content: Any) -> Iterator[Fault]:
        """Genes, drugs, comments on results and mutation types, which stand as lists in files of their own."""
        for index, gene in enumerate(getattr(content, "genes", ())):
            for number, name in enumerate(gene.drug_classes):
                path = ("genes", index, "drug_classes", number)
                yield from self.drug_class(source, path, name)
                holders = [other.symbol for other in self.rulebase.genes if name in other.drug_classes]
                if len(holders) > 1 and gene.symbol != holders[0]:
                    message = f"the class '{name}' acts on {holders[0]} already"
                    yield source.fault(path, message, "one gene for a class", code="RT502")
            sequence = self.rulebase.sequences.get(gene.symbol)
            if sequence is not None and gene.length is not None and len(sequence) != gene.length:
                message = f"the length of {gene.symbol} is {gene.length}, its sequence has {len(sequence)} residues"
                yield source.fault(("genes", index, "length"), message, str(len(sequence)), code="RT501")
            encoded = "".join(GENETIC_CODE[codon] for codon in gene.codon_at.values())
            if sequence is not None and encoded and encoded != sequence:
                message = f"the codons of {gene.symbol} do not encode its sequence"
                yield source.fault(("genes", index, "codons"), message, "a codon for each residue", code="RT501")
        for index, drug in enumerate(getattr(content, "drugs", ())):
            at: Path_ = ("drugs", index, "drug_class")
            yield from self.drug_class(source, at, drug.drug_class)
            for number, alias in enumerate(drug.aliases):
                other = self.names_of_drugs.get(alias.casefold(), drug.name)
                if other != drug.name:
                    yield source.fault(
                        ("drugs", index, "aliases", number),
                        f"'{alias}' is a name of {other}",
                        "a name of this drug alone",
                        code="RT504",
                    )
            known = drug.drug_class in self.classes and "genes.yaml" not in self.unread
            if known and drug.drug_class not in self.rulebase.gene_of_class:
                message = f"the class '{drug.drug_class}' acts on no gene"
                yield source.fault(at, message, "a class that a gene names", code="RT503")
        for index, comment in enumerate(getattr(content, "result_comments", ())):
            for number, condition in enumerate(comment.when):
                yield from self.drug(source, ("result_comments", index, "when", number, "drug"), condition.drug)
                for place, level in enumerate(condition.levels):
                    yield from self.level(source, ("result_comments", index, "when", number, "levels", place), level)
        for index, types in enumerate(getattr(content, "mutation_types", ())):
            yield from self.drug_class(source, ("mutation_types", index, "drug_class"), types.drug_class)
            gene_name = self.rulebase.gene_of_class.get(types.drug_class)
            for name, positions in types.types.items():
                for position in positions:
                    place_of: Path_ = ("mutation_types", index, "types", name, position)
                    yield from self.position(source, place_of, gene_name, position)

    def quality(self, source: Source, quality: SequenceQuality) -> Iterator[Fault]:
        for field in ("apobec_signature", "apobec_resistance", "usual_residues"):
            for gene, positions in getattr(quality, field).items():
                yield from self.gene(source, (field, gene), gene)
                for position in positions:
                    yield from self.position(source, (field, gene, position), gene, position)
        for gene, places in quality.preferred_indels.items():
            yield from self.gene(source, ("preferred_indels", gene), gene)
            for kind in ("insertion", "deletion"):
                for index, position in enumerate(getattr(places, kind)):
                    yield from self.position(source, ("preferred_indels", gene, kind, index), gene, position)

    # --- tables ---------------------------------------------------------------------------------------------

    def table(self, source: Source, table: ViralTable) -> Iterator[Fault]:
        yield from self.drug(source, ("drug",), table.drug)
        drug = self.drugs.get(table.drug)
        gene = self.rulebase.gene_of_class.get(drug.drug_class) if drug else None
        if not (table.score_rules or table.rules):
            yield source.fault((), "the table holds no rule", "scores, combinations or rules", code="RT511")
        own = ScoreRule.model_construct(scores=table.scores, combinations=table.combinations, scale=table.scale)
        blocks: list[tuple[Path_, ScoreRule]] = [((), own)] if table.scores or table.combinations else []
        blocks += [(("further_scores", index), rule) for index, rule in enumerate(table.further_scores)]
        for prefix, rule in blocks:
            yield from self.score_rule(source, prefix, rule, gene)
        for index, level_rule in enumerate(table.rules):
            path = ("rules", index)
            yield from self.condition(source, (*path, "when"), level_rule.when, gene)
            if level_rule.level is not None:
                yield from self.level(source, (*path, "level"), level_rule.level)
            if level_rule.comment is None and level_rule.level is None:
                message = f"the rule {level_rule.id} gives nothing"
                yield source.fault(path, message, "a level or a comment", code="RT512")
            comment = level_rule.comment
            if comment is not None and comment not in self.comments and "comments" not in self.unread:
                yield source.fault(
                    (*path, "comment"),
                    f"unknown comment '{comment}'",
                    "a comment of comments/",
                    nearest(comment, self.comments),
                    code="RT513",
                )
        for index, draft in enumerate(table.drafts):
            yield from self.condition(source, ("drafts", index, "when"), draft.when, gene)
            if draft.instead_of is not None:
                yield from self.replaced(source, ("drafts", index), table, draft)

    def replaced(self, source: Source, path: Path_, table: ViralTable, draft: DraftLine) -> Iterator[Fault]:
        """A draft that would take a score away which no row of the table gives."""
        rows = {row: items for _, row, items in self.rulebase.score_items(table)}
        if draft.instead_of not in rows:
            near = nearest(draft.instead_of or "", rows)
            message = f"the draft {draft.id} would go instead of '{draft.instead_of}', which is no row that scores"
            yield source.fault((*path, "instead_of"), message, "a row of the table", near, code="RT515")
        elif all(condition_text(item.when) != condition_text(draft.when) for item in rows[draft.instead_of]):
            has = ", ".join(condition_text(item.when) for item in rows[draft.instead_of])
            message = f"the row {draft.instead_of} has no score for {condition_text(draft.when)}"
            yield source.fault((*path, "when"), message, has, code="RT515")

    def score_rule(self, source: Source, prefix: Path_, rule: ScoreRule, gene: str | None) -> Iterator[Fault]:
        for position, scores in rule.scores.items():
            yield from self.position(source, (*prefix, "scores", position), gene, position)
            for residues in scores:
                atom = ResidueAtom.model_construct(gene="", position=position, residues=residues, inverted=False)
                yield from self.reference(source, (*prefix, "scores", position), gene, atom)
        for index, combination in enumerate(rule.combinations):
            for path, condition in _conditions(combination, (*prefix, "combinations", index)):
                yield from self.condition(source, path, condition, gene)
        if not rule.scale and not self.scale and self.levels is not None:
            message = "neither the table nor ruleset.yaml gives scores their levels"
            yield source.fault(prefix, message, "a scale", code="RT510")
        faults = list(self.ranges(source, (*prefix, "scale"), rule.scale))
        yield from faults or self.gaps(source, (*prefix, "scale"), rule.scale, [rule])

    def gaps(
        self, source: Source, path: Path_, scale: Sequence[ScoreRange], rules: Iterable[ScoreRule]
    ) -> Iterator[Fault]:
        """A score that some rule can come to and that lies in no range of its scale: it would have no level."""
        for rule in rules if scale else ():
            score = score_without_level(rule, in_order(scale))
            if score is not None:
                message = f"a score of {number_text(score)} has no level"
                yield source.fault(path, message, "ranges without a gap", code="RT509")
                return

    # --- parts ----------------------------------------------------------------------------------------------

    def ranges(self, source: Source, path: Path_, scale: Sequence[ScoreRange]) -> Iterator[Fault]:
        for index, item in enumerate(scale):
            yield from self.level(source, (*path, index, "level"), item.level)
        yield from range_faults(source, path, list(enumerate(scale)))

    def condition(self, source: Source, path: Path_, condition: Condition, gene: str | None) -> Iterator[Fault]:
        yield from count_faults(source, path, condition)
        for atom in atoms(condition):
            if isinstance(atom, ResidueAtom):
                yield from self.position(source, path, gene, atom.position)
                yield from self.reference(source, path, gene, atom)

    def position(self, source: Source, path: Path_, gene: str | None, position: int) -> Iterator[Fault]:
        length = self.genes[gene].length if gene in self.genes else None
        if length is not None and position > length:
            message = f"position {position} lies beyond {gene}, which has {length} residues"
            yield source.fault(path, message, code="RT204")

    def reference(self, source: Source, path: Path_, gene: str | None, atom: ResidueAtom) -> Iterator[Fault]:
        sequence = self.rulebase.sequences.get(gene or "")
        if sequence is None or atom.position > len(sequence) or atom.inverted:
            return
        residue = sequence[atom.position - 1]
        if residue in atom.residues:
            yield source.fault(
                path,
                f"'{atom.text}': {residue} is the reference residue at {gene} {atom.position}",
                "residues that differ from it",
                code="RT514",
            )

    # --- what is not known ----------------------------------------------------------------------------------

    def gene(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        if name not in self.genes and "genes.yaml" not in self.unread:
            near = nearest(name, self.genes)
            yield source.fault(path, f"unknown gene '{name}'", "a gene of genes.yaml", near, code="RT110")

    def drug(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        if name not in self.drugs and "drugs.yaml" not in self.unread:
            # A full name, an alias, or the name in other letters stands where the name itself belongs.
            known = self.names_of_drugs.get(name.casefold())
            code, near = ("RT113", known) if known else ("RT112", nearest(name, self.drugs))
            yield source.fault(path, f"unknown drug '{name}'", "a drug of drugs.yaml", near, code=code)

    def drug_class(self, source: Source, path: Path_, name: str) -> Iterator[Fault]:
        if name not in self.classes and "drugs.yaml" not in self.unread:
            near = nearest(name, self.classes)
            yield source.fault(path, f"unknown drug class '{name}'", "a class of drugs.yaml", near, code="RT114")

    def level(self, source: Source, path: Path_, level: int) -> Iterator[Fault]:
        if self.levels is not None and level not in self.levels:
            known = ", ".join(str(order) for order in sorted(self.levels))
            yield source.fault(path, f"unknown level {level}", f"one of {known}", code="RT506")


def _are(kind: str) -> str:
    return "are" if kind.startswith("mutation types") else "is"


def _conditions(combination: Combination, path: Path_) -> Iterator[tuple[Path_, Condition]]:
    if combination.when is not None:
        yield (*path, "when"), combination.when
    for index, item in enumerate(combination.largest_of):
        yield (*path, "largest_of", index, "when"), item.when


def _names(content: Any) -> Iterator[tuple[str, str, Path_]]:
    """Everything a file names: the kind of thing, its name, where it stands."""
    for kind, field, key in (
        ("gene", "genes", "symbol"),
        ("drug class", "drug_classes", "name"),
        ("drug", "drugs", "name"),
        ("mutation types of", "mutation_types", "drug_class"),
        ("comment", "comments", "id"),
        ("comment", "result_comments", "id"),
    ):
        for index, item in enumerate(getattr(content, field, ()) if not isinstance(content, BarrierFile) else ()):
            yield kind, getattr(item, key), (field, index, key)
    if isinstance(content, ViralTable):
        yield "table", content.drug, ("drug",)
        for index, combination in enumerate(content.combinations):
            yield "rule", combination.id, ("combinations", index, "id")
        for number, further in enumerate(content.further_scores):
            for index, combination in enumerate(further.combinations):
                yield "rule", combination.id, ("further_scores", number, "combinations", index, "id")
        for index, rule in enumerate(content.rules):
            yield "rule", rule.id, ("rules", index, "id")
        for index, draft in enumerate(content.drafts):
            yield "rule", draft.id, ("drafts", index, "id")
        for number, block in enumerate(content.score_rules):
            for position in block.scores:
                # The ids of lines follow from their positions and must not be taken by a combination.
                yield "rule", position_row_id(content.drug, position, number), ("scores", position)
