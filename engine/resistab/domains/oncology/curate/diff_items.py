"""The items of a rule set for tumours, and which drugs each can reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from resistab.core.condition import (
    ConclusionAtom,
    Condition,
    atoms,
    condition_text,
)
from resistab.curation.kit.diff_conditions import meaning_text
from resistab.curation.kit.diff_items import (
    Bump,
    Item,
    ItemField,
    ItemKind,
    condition_field,
    evidence_texts,
    listed,
    mapped,
    policy,
    text_of,
)
from resistab.curation.kit.regimen_items import REGIMEN_KINDS, regimen_items
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
    TumourAtom,
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
from resistab.domains.oncology.kinds.approvals import Use
from resistab.domains.oncology.kinds.coding_exons import BUILDS, CodingExons
from resistab.domains.oncology.kinds.models import (
    AlterationSet,
    ClassTable,
    Drug,
    Gene,
    Indication,
    MechanismRule,
    Row,
    Rulebase,
    Table,
)
from resistab.domains.oncology.kinds.regimens import TumourCombiningRule, TumourSetting
from resistab.domains.oncology.kinds.tumour_names import TumourNameFile
from resistab.domains.oncology.policy.scores import (
    WITHOUT_SCORE,
    RuleScore,
    mechanism_weight,
    of_other_drugs,
    row_score,
)

_Node = tuple[str, str]
# In the order in which they are told.
KINDS = {
    "row": ItemKind("row", "rows", row=True),
    "indication": ItemKind("indication", "indications", own_id=False),
    "approval": ItemKind("use of drugs", "uses of drugs"),
    "mechanism": ItemKind("mechanism rule", "mechanism rules", rule=True),
    "conclusion": ItemKind("conclusion", "conclusions"),
    "alteration set": ItemKind("alteration set", "alteration sets"),
    "level": ItemKind("level", "levels"),
    "policy": ItemKind("policy", "policies"),
    "drug": ItemKind("drug", "drugs"),
    "gene": ItemKind("gene", "genes"),
    "tumour type": ItemKind("tumour type", "tumour types"),
    "citation": ItemKind("citation", "citations"),
    "panel": ItemKind("panel", "panels"),
    "coding exons": ItemKind("gene with its coding exons", "genes with their coding exons"),
    "tumour names": ItemKind("list of names of tumour types", "lists of names of tumour types"),
    "symbols": ItemKind("list of symbols", "lists of symbols"),
    **REGIMEN_KINDS,
}


def tumour_items(
    rulebase: Rulebase,
    symbols: frozenset[str],
    exons: CodingExons | None = None,
    former: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Item]:
    """Everything that ``rulebase`` says.

    ``symbols`` are those of the genes that it knows by name only, ``exons`` where coding exons lie, ``former`` symbols
    that were given up, with those of today.
    """
    reach = _Reach(rulebase)
    for holder in rulebase.row_tables:
        yield from (_row(rulebase, holder, row) for row in holder.rows)
    for table in rulebase.tables:
        yield from _indications(table)
    yield from (_mechanism(rulebase, rule, reach) for rule in rulebase.mechanism_rules)
    for conclusion in rulebase.conclusions:
        name = ItemField("name", conclusion.name, Bump.PATCH)
        drugs = reach.drugs(("conclusion", conclusion.id))
        yield Item("conclusion", conclusion.id, (name,), conclusion.name, drugs=drugs, added=Bump.PATCH)
    held = rulebase.regimens
    yield from regimen_items(held.regimens, held.rules, held.barriers, rulebase.manifest.regimens, patients)
    yield from _approvals(rulebase)
    yield from (_set(item, reach) for item in rulebase.alteration_sets)
    yield from _policies(rulebase)
    yield from (_gene(gene, rulebase, reach) for gene in rulebase.genes)
    yield from (_drug(drug, rulebase, reach) for drug in rulebase.drugs)
    for tumour in rulebase.tumour_types:
        fields = (
            ItemField("name", tumour.name, Bump.PATCH),
            ItemField("parent", tumour.parent or "", Bump.MINOR),
            ItemField("NCI Thesaurus", listed(tumour.nci), Bump.PATCH),
            ItemField("UMLS", listed(tumour.umls), Bump.PATCH),
        )
        drugs = reach.drugs(("tumour type", tumour.code))
        yield Item("tumour type", tumour.code, fields, tumour.name, drugs=drugs)
    for panel in rulebase.panels:
        panel_fields = (
            ItemField("name", panel.name, Bump.PATCH),
            ItemField("specimen", panel.specimen or "", Bump.MINOR),
            ItemField("limit of detection", text_of(panel.limit_of_detection), Bump.MINOR),
            ItemField(
                "covers", listed((*panel.loci(()), *(f"every gene {kind}" for kind in panel.every_gene))), Bump.MINOR
            ),
            ItemField("source", panel.source, Bump.PATCH),
            ItemField("note", panel.note or "", Bump.PATCH),
        )
        yield Item("panel", panel.panel, panel_fields, panel.name, added=Bump.MINOR, removed=Bump.MAJOR)
    for citation in rulebase.citations:
        text = ItemField("text", citation.short, Bump.PATCH)
        yield Item("citation", citation.reference, (text,), citation.short, added=Bump.PATCH, removed=Bump.PATCH)
    if exons is not None:
        yield from (_exons_of(exons, symbol) for symbol in exons.genes(BUILDS[0]))
    yield from _names_of_types(rulebase.tumour_name_file)
    if former:
        text = ItemField("symbols", listed(f"{name} {' '.join(had)}" for name, had in former.items()), Bump.PATCH)
        yield Item("symbols", "former_symbols.tsv", (text,), f"{len(former):,} former symbols", added=Bump.PATCH)
    if symbols:
        text = ItemField("symbols", listed(symbols), Bump.PATCH, f"{len(symbols):,} symbols")
        yield Item("symbols", "symbols.txt", (text,), text.printed, added=Bump.PATCH, removed=Bump.PATCH)


def patients(item: TumourSetting | TumourCombiningRule) -> str:
    """The tumour types and biomarkers of a setting of regimens, or of a rule for combining."""
    types = listed(item.tumour_types)
    if isinstance(item, TumourSetting) and item.outside:
        types = f"{types} outside {listed(item.outside)}"
    return "; ".join(text for text in (types, meaning_text(item.when) if item.when is not None else "") if text)


def _names_of_types(file: TumourNameFile) -> Iterator[Item]:
    """What people call tumour types, a list from one source each."""
    for part in file.lists:
        names = ItemField(
            "names", listed(f"{code}: {name}" for code, own in part.names.items() for name in own), Bump.MINOR
        )
        yield Item("tumour names", part.source, (names,), part.source, added=Bump.MINOR)
    for title, said in (
        ("ambiguous", [f"{name}: {' '.join(codes)}" for name, codes in file.ambiguous.items()]),
        ("remarks", [f"{name}: {remark}" for name, remark in file.remarks.items()]),
    ):
        if said:
            yield Item("tumour names", title, (ItemField("names", listed(said), Bump.MINOR),), title, added=Bump.MINOR)


def _exons_of(exons: CodingExons, gene: str) -> Item:
    fields = tuple(ItemField(build, _exons(exons, build, gene), Bump.MINOR) for build in BUILDS)
    return Item("coding exons", gene, fields, f"{gene} on {' and '.join(BUILDS)}", added=Bump.MINOR)


def _exons(exons: CodingExons, build: str, gene: str) -> str:
    """The coding exons of a gene as text: its chromosome, and each exon's number and bases."""
    places = ", ".join(f"{exon.number} {exon.start}-{exon.end}" for exon in exons.exons(build, gene))
    return f"{exons.chromosome(build, gene)}: {places}"


# --- rules --------------------------------------------------------------------------------------------------------


def _row(rulebase: Rulebase, table: Table | ClassTable, row: Row) -> Item:
    manifest = rulebase.manifest
    score = row_score(row, table.name, manifest.score_policy)
    marker = row.effect in WITHOUT_SCORE
    level = manifest.scoring.level(score.score)
    fields = (
        ItemField("drug" if isinstance(table, Table) else "class", table.name, Bump.MINOR),
        condition_field("condition", row.when),
        ItemField("tumour types", listed(row.tumour_types), Bump.MINOR),
        ItemField("extrapolated to", listed(row.extrapolated_to), Bump.MINOR),
        ItemField("effect", row.effect, Bump.MINOR),
        ItemField("mechanism", row.mechanism, Bump.MINOR),
        ItemField("score", "" if marker else text_of(score.score), Bump.MINOR),
        ItemField("score set by the curator", text_of(row.score), Bump.PATCH),
        ItemField("reason of the score", row.score_reason or "", Bump.PATCH),
        ItemField("level", "" if marker else f"{level.level} {level.name}", Bump.MINOR),
        ItemField("best evidence", _best(row, table.name, score), Bump.MINOR),
        ItemField("group", row.group or "", Bump.MINOR),
        ItemField("note", row.note or "", Bump.PATCH),
        *_dated(row),
    )
    strength = "" if marker else f", score {text_of(score.score)}"
    return Item(
        kind="row",
        id=row.id,
        fields=fields,
        title=f"{condition_text(row.when)} in {listed(row.tumour_types)}: {row.effect}{strength}",
        status=row.status,
        evidence=evidence_texts(row.evidence),
        drugs=frozenset(rulebase.drugs_of(table)),
        added=Bump.MINOR if row.status == "active" else Bump.PATCH,
        removed=Bump.MAJOR,
        permanent=True,
    )


def _best(row: Row, drug: str, score: RuleScore) -> str:
    """What of the evidence beside the score decides a tier: its best level, and what takes from it."""
    if score.level is None:
        return ""
    parts = [f"level {score.level}"]
    parts += ["of other drugs"] if of_other_drugs(row, drug) else []
    parts += ["outweighed by evidence against it"] if score.outweighed else []
    return ", ".join(parts)


def _dated(rule: Row | MechanismRule) -> tuple[ItemField, ...]:
    return (
        ItemField("status", rule.status, Bump.PATCH),
        ItemField("replaced by", listed(rule.replaced_by), Bump.PATCH),
        ItemField("created", str(rule.created), Bump.PATCH),
        ItemField("reviewed", str(rule.reviewed), Bump.PATCH),
        ItemField("reviewers", listed(rule.reviewers), Bump.PATCH),
        ItemField("retired", text_of(rule.retired), Bump.PATCH),
    )


def _indications(table: Table) -> Iterator[Item]:
    by_code: dict[str, Indication] = {}
    for indication in table.indications:
        for code in indication.tumour_types:
            by_code.setdefault(code, indication)
    for code, indication in by_code.items():
        fields = (
            ItemField("in use", text_of(indication.relevant), Bump.MINOR),
            ItemField("basis", indication.basis or "", Bump.PATCH),
            condition_field("requires", indication.requires),
            ItemField("essential loci", listed(indication.essential_loci), Bump.MINOR),
            ItemField("absent if assayed", listed(indication.absent_if_assayed), Bump.MINOR),
        )
        title = f"requires {fields[2].printed}"
        yield Item("indication", code, fields, title, of=table.drug, drugs=frozenset({table.drug}))


def _approvals(rulebase: Rulebase) -> Iterator[Item]:
    """The uses of drugs, one item for drugs that are given together, and what decides how a list of them is read."""
    tables = {table.drug: {part.name for part in rulebase.parts_of(table.drug)} for table in rulebase.tables}
    uses: dict[str, list[Use]] = {}
    for approval in rulebase.approvals.every:
        uses.setdefault(" + ".join(approval.drugs), []).extend(approval.uses)
    for name, every in uses.items():
        types = listed(code for use in every for code in use.tumour_types)
        text = "; ".join(_use(use) for use in every)
        drugs = frozenset(drug for drug, parts in tables.items() if parts & set(name.split(" + ")))
        yield Item("approval", name, (ItemField("uses", text, Bump.MINOR, types),), types, drugs=drugs)
    for one in rulebase.approvals.withdrawn:
        text = f"{listed(one.tumour_types)} by {listed(one.authorities)} in {one.year}: {one.why}"
        name = f"{' + '.join(one.drugs)} withdrawn in {listed(one.tumour_types)}"
        drugs = frozenset(drug for drug, parts in tables.items() if parts & set(one.drugs))
        yield Item("approval", name, (ItemField("withdrawn", text, Bump.MINOR),), text, drugs=drugs)
    for field in ("accompanying", "named_types", "left_out"):
        said = getattr(rulebase.approvals, field)
        if said:
            name, number = field.replace("_", " "), f"{len(said)} entries"
            entries = ItemField(name, "; ".join(map(str, said)), Bump.PATCH, number)
            yield Item("approval", f"the list: {name}", (entries,), number, added=Bump.PATCH)


def _use(use: Use) -> str:
    """A use in one line."""
    parts = [listed(use.tumour_types)]
    parts += [f"but {listed(use.outside)}"] if use.outside else []
    parts += [f"for {listed((*map(condition_text, use.markers), *use.other_markers))}"] if use.needs_marker else []
    parts += [f"since {use.since}"] if use.since else []
    return ", ".join((*parts, *use.authorities, *use.labels, *([use.basis] if use.basis else [])))


def _mechanism(rulebase: Rulebase, rule: MechanismRule, reach: _Reach) -> Item:
    weight = "" if rule.definition else text_of(mechanism_weight(rule, rulebase.manifest.score_policy))
    fields = (
        condition_field("condition", rule.when),
        ItemField("tumour types", listed(rule.tumour_types), Bump.MINOR),
        ItemField("concludes", rule.concludes, Bump.MINOR),
        ItemField("mechanism", rule.mechanism, Bump.MINOR),
        ItemField("definition", text_of(rule.definition), Bump.MINOR),
        ItemField("weight", weight, Bump.MINOR),
        ItemField("explanation", rule.explanation, Bump.PATCH),
        *_dated(rule),
    )
    return Item(
        kind="mechanism",
        id=rule.id,
        fields=fields,
        title=f"{condition_text(rule.when)} in {listed(rule.tumour_types)}: {rule.concludes}",
        status=rule.status,
        evidence=evidence_texts(rule.evidence),
        drugs=reach.drugs(("conclusion", rule.concludes)),
        added=Bump.MINOR if rule.status == "active" else Bump.PATCH,
        removed=Bump.MAJOR,
        permanent=True,
    )


def _set(item: AlterationSet, reach: _Reach) -> Item:
    fields = (condition_field("members", item.members), ItemField("basis", item.basis, Bump.PATCH))
    drugs = reach.drugs(("set", item.name))
    return Item("alteration set", item.name, fields, condition_text(item.members), drugs=drugs)


# --- policies and names -------------------------------------------------------------------------------------------


def _policies(rulebase: Rulebase) -> Iterator[Item]:
    manifest = rulebase.manifest
    tables = frozenset(table.drug for table in rulebase.tables)
    for level in manifest.scoring.levels:
        fields = (
            ItemField("name", level.name, Bump.MAJOR),
            ItemField("from score", text_of(level.from_score), Bump.MAJOR),
            ItemField("to score", text_of(level.to_score), Bump.MAJOR),
            ItemField("verdict", level.verdict, Bump.MAJOR),
        )
        yield Item("level", str(level.level), fields, level.name, drugs=tables, added=Bump.MAJOR, removed=Bump.MAJOR)
    yield policy("combine", manifest.scoring.combine, Bump.MINOR, tables)
    yield policy("default_level", text_of(manifest.scoring.default_level), Bump.MAJOR, tables)
    yield policy("tiers", mapped(manifest.tiers), Bump.MINOR, tables)
    scores = manifest.score_policy
    yield policy("score_policy.by_level", mapped(scores.by_level), Bump.MINOR, tables)
    yield policy("score_policy.steps", " > ".join(map(text_of, scores.steps)), Bump.MINOR, tables)
    for name in ("reduced_response_steps", "reduced_response_highest", "contrary_steps", "extrapolation_steps"):
        yield policy(f"score_policy.{name}", text_of(getattr(scores, name)), Bump.MINOR, tables)
    # The drugs of these classes are named beside them once a rule set is loaded.
    backbones = [name for name in scores.backbones if name not in rulebase.drug_by_name]
    yield policy("score_policy.backbones", ", ".join(sorted(backbones)), Bump.MINOR, tables)
    for name in ("name", "licence", "description"):
        yield policy(name, getattr(manifest, name), Bump.PATCH)
    yield policy("minor clone below", f"{manifest.minor_clone_below:g}", Bump.MINOR)
    yield policy("least depth", f"{manifest.least_depth}", Bump.MINOR)
    yield policy("least genotype quality", f"{manifest.least_genotype_quality}", Bump.MINOR)
    yield policy("cutoffs", listed(str(cutoff) for cutoff in manifest.cutoffs), Bump.MINOR)
    yield policy("curation", mapped(manifest.curation.model_dump()), Bump.PATCH)


def _gene(gene: Gene, rulebase: Rulebase, reach: _Reach) -> Item:
    sequence = rulebase.sequences.get(gene.symbol, "")
    fields = (
        ItemField("name", gene.name, Bump.PATCH),
        ItemField("HGNC", gene.hgnc_id, Bump.PATCH),
        ItemField("aliases", listed(gene.aliases), Bump.MINOR),
        ItemField("transcript", gene.transcript or "", Bump.PATCH),
        ItemField("Ensembl transcript", gene.ensembl or "", Bump.PATCH),
        ItemField("protein", gene.protein or "", Bump.PATCH),
        ItemField("same protein", listed(gene.same_protein), Bump.MINOR),
        ItemField("exons", mapped(gene.exons), Bump.MINOR),
        ItemField("codons", mapped(gene.codons), Bump.MINOR),
        ItemField(
            "other numbering",
            listed(f"{other.residues} shifted by {other.shift}" for other in gene.other_numbering),
            Bump.MINOR,
        ),
        ItemField("also written", mapped(gene.also_written), Bump.MINOR),
        ItemField("known as", mapped(gene.known_as), Bump.MINOR),
        ItemField("resistance", gene.resistance or "", Bump.PATCH),
        ItemField("sequence", sequence, Bump.MINOR, f"{len(sequence)} residues" if sequence else ""),
    )
    return Item("gene", gene.symbol, fields, gene.name, drugs=reach.drugs(("gene", gene.symbol)))


def _drug(drug: Drug, rulebase: Rulebase, reach: _Reach) -> Item:
    fields = (
        ItemField("classes", listed(drug.classes), Bump.MINOR),
        ItemField("targets", listed(drug.targets), Bump.PATCH),
        ItemField("regimen", listed(drug.regimen), Bump.MINOR),
        ItemField("approved", "yes" if drug.approved else "no", Bump.PATCH),
        ItemField("NCI Thesaurus", drug.nci_thesaurus or "", Bump.PATCH),
        ItemField("ChEMBL", drug.chembl or "", Bump.PATCH),
        ItemField("brands", listed(drug.brands), Bump.MINOR),
        ItemField("aliases", listed(drug.aliases), Bump.MINOR),
    )
    own = {table.drug for table in rulebase.tables if table.drug == drug.name}
    asked = [("prior", drug.name), *(("prior", name) for name in drug.classes)]
    drugs = frozenset(own).union(*(reach.drugs(node) for node in asked))
    return Item("drug", drug.name, fields, listed(drug.classes), drugs=drugs)


# --- what reaches which drug --------------------------------------------------------------------------------------


class _Reach:
    """From genes, sets, tumour types and conclusions, by way of the active rules that ask for them, to drugs."""

    def __init__(self, rulebase: Rulebase) -> None:
        self._leads_to: dict[_Node, set[_Node]] = {}
        for item in rulebase.alteration_sets:
            self._add(item.members, (), ("set", item.name))
        for rule in rulebase.mechanism_rules:
            if rule.status == "active":
                self._add(rule.when, rule.tumour_types, ("conclusion", rule.concludes))
        for table in rulebase.tables:
            drug = ("drug", table.drug)
            for row in rulebase.rows_of(table):
                if row.status == "active":
                    self._add(row.when, (*row.tumour_types, *row.extrapolated_to), drug)
            for indication in table.indications:
                requires = None if indication.requires == "nothing" else indication.requires
                self._add(requires, indication.tumour_types, drug)
        for tumour in rulebase.tumour_types:
            if tumour.parent:
                self._leads_to.setdefault(("tumour type", tumour.code), set()).add(("tumour type", tumour.parent))

    def _add(self, condition: Condition | None, codes: Iterable[str], target: _Node) -> None:
        asked = (
            [node for atom in atoms(condition) for node in _asked(tumour_atom(atom))] if condition is not None else []
        )
        for node in (*asked, *(("tumour type", code) for code in codes)):
            self._leads_to.setdefault(node, set()).add(target)

    def drugs(self, start: _Node) -> frozenset[str]:
        """The drugs that can be reached from ``start``."""
        seen, waiting = {start}, [start]
        while waiting:
            for node in self._leads_to.get(waiting.pop(), ()):
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        return frozenset(name for kind, name in seen if kind == "drug")


def _asked(atom: TumourAtom) -> Iterator[_Node]:
    """What an atom asks for: genes, a set, a conclusion, earlier treatment, tumour types."""
    match atom:
        case ConclusionAtom(id=name):
            yield "conclusion", name
        case PriorTherapyAtom():
            yield "prior", atom.drug or atom.drug_class
        case TumourTypeAtom(code=code) | HistologyAtom(to=code):
            yield "tumour type", code
        case PhaseAtom():
            yield from (*_asked(atom.first), *_asked(atom.second))
        case QualifiedAtom():
            yield from _asked(atom.alteration)
        case FusionAtom():
            yield from (("gene", gene) for gene in atom.genes)
        case StateAtom():
            yield "gene", atom.subject
        case NamedSetAtom():
            yield "set", atom.name
            yield "gene", atom.gene
        case ChangeAtom() | SiteAtom() | WildTypeAtom() | LossAtom():
            yield "gene", atom.gene
        case _:
            assert_never(atom)
