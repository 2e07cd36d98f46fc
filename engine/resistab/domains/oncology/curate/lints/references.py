"""What is defined and never used, and what is referred to and no longer active, in a tumour rule set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import assert_never

from resistab.core.condition import (
    Atom,
    ConclusionAtom,
    Condition,
    atoms,
    mentions,
)
from resistab.curation.kit.case_mentions import CaseMention
from resistab.curation.kit.lints import Lint
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
from resistab.domains.oncology.checks.residues import residue_account
from resistab.domains.oncology.curate.lints.codes import finding
from resistab.domains.oncology.curate.lints.context import MECHANISMS, SETS, TumourContext
from resistab.domains.oncology.kinds.models import Row, Rulebase
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS
from resistab.rulesets.models import Dated

ROWS_THAT_ASK_FOR_A_NOTE = 3
_ID = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d{3,}\b")


def reference_lints(context: TumourContext, cases: tuple[CaseMention, ...]) -> Iterator[Lint]:
    """What refers to nothing active, and what nothing refers to."""
    yield from _retired(context, cases)
    yield from _conclusions(context)
    yield from _unused_lists(context)
    for gene, number in residue_account(context.rulebase).listed.items():
        places = "1 place" if number == 1 else f"{number} places"
        text = (
            f"{gene} has no sequence, so that the residues at {places} of its protein that rules name are not verified"
        )
        yield finding("RT629", "genes.yaml", gene, text)


# --- what is retired ----------------------------------------------------------------------------------------------


def _retired(context: TumourContext, cases: tuple[CaseMention, ...]) -> Iterator[Lint]:
    rulebase = context.rulebase
    placed: list[tuple[str, Dated]] = [
        (rulebase.file_of(table), row) for table in rulebase.row_tables for row in table.rows
    ]
    placed += [(MECHANISMS, rule) for rule in rulebase.mechanism_rules]
    by_id = {rule.id: rule for _, rule in placed}
    for file, rule in placed:
        if rule.status == "retired" and rule.replaced_by and not _ends_active(rule, by_id):
            text = f"it is replaced by {', '.join(rule.replaced_by)}, and no active row or rule is reached from there"
            yield finding("RT610", file, rule.id, text)
    retired = {rule.id: rule for _, rule in placed if rule.status == "retired"}
    for file, rule in placed:
        if rule.status == "retired":
            continue
        named = {name for text in _texts(rule) for name in _ID.findall(text) if name in retired}
        yield from (_names_retired(file, rule.id, "it", retired[name]) for name in sorted(named))
    for mention in cases:
        for name in sorted(set(mention.rows) & set(retired)):
            yield _names_retired(mention.file, mention.case, f"under {mention.drug} the case", retired[name])


def _ends_active(rule: Dated, by_id: dict[str, Dated]) -> bool:
    seen, waiting = {rule.id}, list(rule.replaced_by)
    while waiting:
        name = waiting.pop()
        if name in seen or name not in by_id:
            continue
        seen.add(name)
        if by_id[name].status == "active":
            return True
        waiting += by_id[name].replaced_by
    return False


def _texts(rule: Dated) -> Iterator[str]:
    for field in ("note", "score_reason", "explanation"):
        if text := getattr(rule, field, None):
            yield text
    yield from (item.statement for item in getattr(rule, "evidence", ()))


def _names_retired(file: str, place: str, what: str, retired: Dated) -> Lint:
    mend = f"Name {' or '.join(retired.replaced_by)} instead." if retired.replaced_by else None
    return finding("RT611", file, place, f"{what} names {retired.id}, which is retired since {retired.retired}", mend)


# --- conclusions --------------------------------------------------------------------------------------------------


def _conclusions(context: TumourContext) -> Iterator[Lint]:
    """Conclusions that lead nowhere or come from nowhere; drafts count as askers, so that work may begin."""
    rulebase = context.rulebase
    by_tables = {name for condition in _table_conditions(context) for name in _asked(condition)}
    live = [rule for rule in rulebase.mechanism_rules if rule.status != "retired"]
    by_rules = {name for rule in live for name in _asked(rule.when)}
    reaching = set(by_tables)
    # A conclusion serves a table if a rule that asks for it leads to one that does.
    while True:
        further = {name for rule in live if rule.concludes in reaching for name in _asked(rule.when)} - reaching
        if not further:
            break
        reaching |= further
    for conclusion in rulebase.conclusions:
        asked = conclusion.id in by_tables | by_rules
        if not asked:
            yield finding("RT614", MECHANISMS, conclusion.id, f"nothing asks for the conclusion {conclusion.id}")
        elif conclusion.id not in context.concluded:
            text = f"conditions ask for the conclusion {conclusion.id}, and no active rule reaches it"
            yield finding("RT613", MECHANISMS, conclusion.id, text)
    for rule in context.rules:
        if rule.concludes not in reaching:
            text = f"from its conclusion {rule.concludes} no row of a table is reached"
            yield finding("RT615", MECHANISMS, rule.id, text)


def _table_conditions(context: TumourContext) -> Iterator[Condition]:
    for table in context.rulebase.row_tables:
        yield from (row.when for row in table.rows if row.status != "retired")
    for table in context.rulebase.tables:
        yield from (item.requires for item in table.indications if item.requires != "nothing")


def _asked(condition: Condition) -> Iterator[str]:
    yield from (atom.id for atom in atoms(condition) if isinstance(atom, ConclusionAtom))


# --- lists --------------------------------------------------------------------------------------------------------


def _unused_lists(context: TumourContext) -> Iterator[Lint]:
    rulebase = context.rulebase
    live = [rule for rule in rulebase.mechanism_rules if rule.status != "retired"]
    conditions = [*_table_conditions(context), *(rule.when for rule in live)]
    used = list(dict.fromkeys(atom for condition in conditions for atom in atoms(condition)))
    names = {atom.name for atom in used if isinstance(atom, NamedSetAtom)}
    spoken = {gene for atom in used for gene in _genes(atom)}
    for item in rulebase.alteration_sets:
        if item.name not in names:
            code = "RT617" if item.name.split()[0] in spoken else "RT626"
            yield finding(code, SETS, item.name, f"no condition names the set '{item.name}'")
    rules: list[Row | Dated] = [row for table in rulebase.row_tables for row in table.rows]
    rules += rulebase.mechanism_rules
    evidence = [item for rule in rules for item in getattr(rule, "evidence", ())]
    cited = {item.reference for item in evidence}
    cited |= {reference for item in rulebase.regimens.authorities for reference in item.references}
    for citation in rulebase.citations:
        if citation.reference not in cited:
            text = f"no evidence names {citation.reference} ({citation.short})"
            yield finding("RT618", "citations.yaml", citation.reference, text)
    tables = {table.drug for table in rulebase.tables}
    prior = [atom for atom in used if isinstance(atom, PriorTherapyAtom)]
    named = {atom.drug for atom in prior} | {item.drug for item in evidence}
    classes = {atom.drug_class for atom in prior}
    named |= {part for drug in rulebase.drugs for part in drug.regimen} | rulebase.uses.drugs | rulebase.regimens.drugs
    for drug in rulebase.drugs:
        if drug.name not in tables | named and classes.isdisjoint(drug.classes):
            text = f"{drug.name} has no table, and nothing else speaks of it"
            yield finding("RT619", "drugs.yaml", drug.name, text)
    genes = spoken | {
        locus.subject
        for table in rulebase.tables
        for indication in table.indications
        for essential in (*indication.essential_loci, *indication.absent_if_assayed)
        for locus in essential.any_of
    }
    genes |= {target for drug in rulebase.drugs for target in drug.targets}
    yield from _genes_without_note(rulebase)
    if silent := [gene.symbol for gene in rulebase.genes if gene.symbol not in genes]:
        yield finding(
            "RT620", "genes.yaml", silent[0], f"no curated association, locus or drug names {', '.join(silent)}"
        )


def _genes_without_note(rulebase: Rulebase) -> Iterator[Lint]:
    """Genes of which several rows of resistance speak, and which have no note."""
    rows = Counter(
        subject
        for _, row in rulebase.active_rows()
        if row.effect in RESISTANCE_EFFECTS
        for subject in {name for mention in mentions(row.when) for name in mention.atom.subjects}
    )
    for gene in rulebase.genes:
        if rows[gene.symbol] >= ROWS_THAT_ASK_FOR_A_NOTE and gene.resistance is None:
            text = f"{rows[gene.symbol]} rows of resistance speak of {gene.symbol}, and it has no note"
            yield finding("RT628", "genes.yaml", gene.symbol, text)


def _genes(atom: Atom) -> Iterator[str]:
    known = tumour_atom(atom)
    match known:
        case PhaseAtom():
            yield from (known.first.gene, known.second.gene)
        case QualifiedAtom():
            yield known.alteration.gene
        case FusionAtom():
            yield from known.genes
        case StateAtom():
            yield known.subject
        case ChangeAtom() | SiteAtom() | NamedSetAtom() | WildTypeAtom() | LossAtom():
            yield known.gene
        case HistologyAtom() | PriorTherapyAtom() | TumourTypeAtom() | ConclusionAtom():
            return
        case _:
            assert_never(known)
