"""The items of a virus's rule set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from resistab.core.condition import Condition, condition_text
from resistab.core.scoring import Score, ScoreRange
from resistab.curation.kit.diff_conditions import meaning_text
from resistab.curation.kit.diff_items import (
    Bump,
    Item,
    ItemField,
    ItemKind,
    condition_field,
    listed,
    mapped,
    policy,
    text_of,
)
from resistab.curation.kit.regimen_items import REGIMEN_KINDS, regimen_items
from resistab.domains.virus.grammar.residues import residue_order, residues_text
from resistab.domains.virus.kinds.fields import Residues
from resistab.domains.virus.kinds.models import (
    ByPosition,
    Combination,
    Comment,
    DraftLine,
    LevelRule,
    ResultComment,
    ViralRulebase,
    ViralTable,
    position_row_id,
)

# In the order in which they are told.
KINDS = {
    "line": ItemKind("line", "lines", row=True),
    "combination": ItemKind("combination", "combinations", row=True),
    "rule": ItemKind("rule", "rules", row=True),
    "draft": ItemKind("draft", "drafts"),
    "scale": ItemKind("scale", "scales"),
    "level": ItemKind("level", "levels"),
    "policy": ItemKind("policy", "policies"),
    "drug": ItemKind("drug", "drugs"),
    "drug class": ItemKind("drug class", "drug classes"),
    "gene": ItemKind("gene", "genes"),
    "comment": ItemKind("comment", "comments"),
    "result comment": ItemKind("result comment", "result comments"),
    "mutation types": ItemKind("mutation types", "mutation types"),
    "sequence quality": ItemKind("mark of sequence quality", "marks of sequence quality"),
    **REGIMEN_KINDS,
}


def virus_items(rulebase: ViralRulebase) -> Iterator[Item]:
    """Everything that ``rulebase`` says."""
    for table in rulebase.tables:
        yield from _table(table)
    yield from _policies(rulebase)
    yield from _names(rulebase)
    for file in rulebase.comments:
        yield from (_comment(comment, file.gene) for comment in file.comments)
    yield from (_result_comment(comment) for comment in rulebase.result_comments)
    for types in rulebase.mutation_types:
        fields = tuple(
            ItemField(name, _positions(positions), Bump.PATCH) for name, positions in sorted(types.types.items())
        )
        yield Item(
            "mutation types",
            types.drug_class,
            fields,
            listed(types.types),
            added=Bump.PATCH,
            removed=Bump.PATCH,
        )
    yield from _quality(rulebase)
    held = rulebase.regimens
    yield from regimen_items(held.regimens, held.rules, held.barriers, rulebase.manifest.regimens, patients)


def patients(item: object) -> str:
    """The residues that a rule for combining asks for; a setting asks for none."""
    when: Mapping[str, Condition] = getattr(item, "when", {})
    return " and ".join(f"{gene} {meaning_text(condition)}" for gene, condition in sorted(when.items()))


# --- tables -------------------------------------------------------------------------------------------------------


def _table(table: ViralTable) -> Iterator[Item]:
    drugs = frozenset({table.drug})
    for number, rule in enumerate(table.score_rules):
        for position, scores in rule.scores.items():
            text = _scores_text(scores)
            fields = (ItemField("scores", text, Bump.MINOR),)
            row = position_row_id(table.drug, position, number)
            # A position is always itself: its line may go and come back without another meaning.
            yield Item("line", row, fields, f"{position} {text}", of=table.drug, drugs=drugs)
        yield from (_combination(item, number, table.drug) for item in rule.combinations)
        if rule.scale:
            fields = (ItemField("ranges", scale_text(rule.scale), Bump.MINOR),)
            yield Item("scale", f"score {number + 1}", fields, fields[0].text, of=table.drug, drugs=drugs)
    yield from (_rule(rule, table.drug) for rule in table.rules)
    yield from (_draft(draft, table.drug) for draft in table.drafts)


def _scores_text(scores: dict[Residues, Score]) -> str:
    """What each residue scores: of the keys that hold only the largest counts, so each residue has one score."""
    largest: dict[str, float] = {}
    for residues, score in scores.items():
        for residue in residues:
            largest[residue] = max(score, largest.get(residue, score))
    by_score: dict[float, list[str]] = {}
    for residue in sorted(largest, key=residue_order):
        by_score.setdefault(largest[residue], []).append(residue)
    return ", ".join(f"{residues_text(found)} {text_of(score)}" for score, found in by_score.items())


def _combination(item: Combination, number: int, drug: str) -> Item:
    largest: dict[str, float] = {}
    for part in item.items:
        text = meaning_text(part.when)
        largest[text] = max(part.score, largest.get(text, part.score))
    shown = "; ".join(f"{condition_text(part.when)} {text_of(part.score)}" for part in item.items)
    fields: tuple[ItemField, ...]
    if len(item.items) == 1:
        (part,) = item.items
        fields = (condition_field("condition", part.when), ItemField("score", text_of(part.score), Bump.MINOR))
    else:
        compared = "; ".join(f"{text} {text_of(score)}" for text, score in sorted(largest.items()))
        fields = (ItemField("largest of", compared, Bump.MINOR, shown),)
    if number:
        fields = (*fields, ItemField("belongs to", f"score {number + 1}", Bump.MINOR))
    return Item(
        "combination",
        item.id,
        fields,
        shown,
        of=drug,
        drugs=frozenset({drug}),
        removed=Bump.MAJOR,
    )


def _rule(rule: LevelRule, drug: str) -> Item:
    fields = (
        condition_field("condition", rule.when),
        ItemField("level", text_of(rule.level), Bump.MINOR),
        ItemField("comment", rule.comment or "", Bump.MINOR),
    )
    gives = f"level {rule.level}" if rule.level is not None else f"comment {rule.comment}"
    title = f"{condition_text(rule.when)}: {gives}"
    return Item("rule", rule.id, fields, title, of=drug, drugs=frozenset({drug}), removed=Bump.MAJOR)


def _draft(draft: DraftLine, drug: str) -> Item:
    """A draft, which changes no verdict whatever it says."""
    interval = f"{text_of(draft.estimate)} ({text_of(draft.low)} to {text_of(draft.high)})"
    fields = (
        condition_field("condition", draft.when),
        ItemField("score", text_of(draft.score), Bump.PATCH),
        ItemField("instead of", draft.instead_of or "", Bump.PATCH),
        ItemField("estimate", interval, Bump.PATCH),
        ItemField("q", text_of(draft.q), Bump.PATCH),
        ItemField("behind it", f"{draft.samples} samples of {draft.patients} patients", Bump.PATCH),
        ItemField("note", draft.note, Bump.PATCH),
    )
    title = f"{condition_text(draft.when)}: {draft_gives(draft)}"
    return Item("draft", draft.id, fields, title, of=drug, status="draft", added=Bump.PATCH, removed=Bump.PATCH)


def draft_gives(draft: DraftLine) -> str:
    """What would follow if a draft were accepted."""
    return f"score {text_of(draft.score)}" if draft.score is not None else f"no score, instead of {draft.instead_of}"


def scale_text(scale: Iterable[ScoreRange]) -> str:
    """Which scores have which level, the lowest first."""

    def bounds(item: ScoreRange) -> str:
        parts = [f"from {text_of(item.from_score)}"] if item.from_score is not None else []
        parts += [f"to {text_of(item.to_score)}"] if item.to_score is not None else []
        return " ".join(parts) or "any score"

    lowest = float("-inf")
    ordered = sorted(scale, key=lambda item: lowest if item.from_score is None else item.from_score)
    return ", ".join(f"{bounds(item)}: level {item.level}" for item in ordered)


# --- policies and names -------------------------------------------------------------------------------------------


def _policies(rulebase: ViralRulebase) -> Iterator[Item]:
    manifest = rulebase.manifest
    tables = frozenset(table.drug for table in rulebase.tables)
    for level in manifest.scoring.levels:
        fields = (
            ItemField("name", level.name, Bump.MAJOR),
            ItemField("means", level.sir, Bump.MAJOR),
            ItemField("verdict", level.verdict, Bump.MAJOR),
        )
        yield Item("level", str(level.level), fields, level.name, drugs=tables, added=Bump.MAJOR, removed=Bump.MAJOR)
    yield policy("default_level", text_of(rulebase.manifest.scoring.lowest.level), Bump.MAJOR, tables)
    yield policy("scale", scale_text(manifest.scoring.scale), Bump.MAJOR, tables)
    for name in ("name", "licence", "description"):
        yield policy(name, getattr(manifest, name), Bump.PATCH)
    source = {name: value for name, value in manifest.source.model_dump().items() if value is not None}
    yield policy("source", mapped(source), Bump.PATCH)
    yield policy("curation", mapped(manifest.curation.model_dump()), Bump.PATCH)
    yield policy("without_effect", listed(manifest.without_effect), Bump.PATCH)


def _names(rulebase: ViralRulebase) -> Iterator[Item]:
    by_class: dict[str, set[str]] = {}
    for drug in rulebase.drugs:
        by_class.setdefault(drug.drug_class, set()).add(drug.name)
        fields = (
            ItemField("full name", drug.full_name or "", Bump.PATCH),
            ItemField("class", drug.drug_class, Bump.MINOR),
            ItemField("aliases", listed(drug.aliases), Bump.PATCH),
        )
        yield Item("drug", drug.name, fields, drug.full_name or drug.name, drugs=frozenset({drug.name}))
    for item in rulebase.drug_classes:
        name = ItemField("full name", item.full_name or "", Bump.PATCH)
        drugs = frozenset(by_class.get(item.name, ()))
        yield Item("drug class", item.name, (name,), item.full_name or item.name, drugs=drugs)
    for gene in rulebase.genes:
        sequence = rulebase.sequences.get(gene.symbol, "")
        of_gene = (
            ItemField("name", gene.name or "", Bump.PATCH),
            ItemField("length", text_of(gene.length), Bump.MINOR),
            ItemField("drug classes", listed(gene.drug_classes), Bump.MINOR),
            ItemField("sequence", sequence, Bump.MINOR, f"{len(sequence)} residues" if sequence else ""),
        )
        drugs = frozenset(name for drug_class in gene.drug_classes for name in by_class.get(drug_class, ()))
        yield Item("gene", gene.symbol, of_gene, gene.name or gene.symbol, drugs=drugs)


# --- comments, types, quality -------------------------------------------------------------------------------------


def _comment(comment: Comment, gene: str) -> Item:
    when = condition_field("condition", "given by rules" if comment.when is None else comment.when)
    fields = (
        when,
        ItemField("text", comment.text, Bump.PATCH),
        ItemField("sort", text_of(comment.sort), Bump.PATCH),
    )
    return Item("comment", comment.id, fields, f"{when.printed}: {comment.text}", of=gene)


def _result_comment(comment: ResultComment) -> Item:
    when = " and ".join(
        sorted(f"{part.drug} at level {' or '.join(map(str, sorted(part.levels)))}" for part in comment.when)
    )
    fields = (
        ItemField("condition", when, Bump.MINOR),
        ItemField("text", comment.text, Bump.PATCH),
        ItemField("sort", text_of(comment.sort), Bump.PATCH),
    )
    return Item("result comment", comment.id, fields, f"{when}: {comment.text}")


def _quality(rulebase: ViralRulebase) -> Iterator[Item]:
    quality = rulebase.quality
    marks: dict[str, ByPosition] = {
        "APOBEC signature": quality.apobec_signature,
        "APOBEC resistance": quality.apobec_resistance,
        "usual residues": quality.usual_residues,
    }
    for gene in sorted({*quality.preferred_indels, *(gene for mark in marks.values() for gene in mark)}):
        fields = [ItemField(name, _positions(mark.get(gene, {})), Bump.MINOR) for name, mark in marks.items()]
        preferred = quality.preferred_indels.get(gene)
        if preferred is not None:
            # The first that fits is taken, so that their order means something.
            fields += [
                ItemField(f"preferred {name}", ", ".join(map(str, places)), Bump.MINOR)
                for name, places in (("insertion", preferred.insertion), ("deletion", preferred.deletion))
            ]
        yield Item("sequence quality", gene, tuple(fields), ", ".join(item.name for item in fields if item.text))


def _positions(positions: dict[int, tuple[str, ...]]) -> str:
    return ", ".join(f"{position}{residues_text(residues)}" for position, residues in sorted(positions.items()))
