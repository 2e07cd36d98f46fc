"""Response markers that hold for more than was studied: any mutation of a gene, any exchange where one resists."""

from __future__ import annotations

from collections.abc import Iterator

from resistab.core.condition import Condition, mentions
from resistab.curation.kit.lints import Lint
from resistab.domains.oncology.atoms import ChangeAtom, NamedSetAtom, SiteAtom
from resistab.domains.oncology.compile.program import marker_name
from resistab.domains.oncology.curate.lints.codes import finding
from resistab.domains.oncology.curate.lints.context import TumourContext
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER, Row, Rulebase

_RESISTANCE = ("resistance", "reduced response")
_SPARED = (RESPONSE_MARKER, "increased susceptibility", "no effect")


def marker_lints(context: TumourContext) -> Iterator[Lint]:
    """What response markers and required markers hold for beyond what was studied."""
    rulebase = context.rulebase
    for table, row in context.active:
        if row.effect == RESPONSE_MARKER:
            for text in dict.fromkeys(_any_mutation(row.when)):
                message = f"it asks for '{text}', whatever the mutation is"
                yield finding("RT631", rulebase.file_of(table), row.id, message)
    for table in rulebase.tables:
        for index, indication in enumerate(table.indications):
            if indication.requires != "nothing":
                for text in dict.fromkeys(_any_mutation(indication.requires)):
                    message = f"the required marker is '{text}', whatever the mutation is"
                    yield finding("RT631", rulebase.file_of(table), marker_name(table.drug, index), message)
    yield from _neighbours(context)


def _any_mutation(condition: Condition) -> Iterator[str]:
    """The genes of which a condition asks for any mutation, as it names them."""
    for mention in mentions(condition):
        match mention.atom:
            case SiteAtom(type="mutation", exon=None, first=None, unspecified=False):
                yield mention.atom.text


def _neighbours(context: TumourContext) -> Iterator[Lint]:
    """Rows that speak of any exchange at a codon of which other rows of the drug name one that resists.

    The row says what there is to say of every other exchange there: none is taken for possible resistance.
    """
    rulebase = context.rulebase
    files = {row.id: rulebase.file_of(table) for table, row in context.active}
    told: set[tuple[str, str]] = set()
    for table in rulebase.tables:
        rows = [row for row in rulebase.rows_of(table) if row.status == "active"]
        resisting: dict[tuple[str, int], list[tuple[str, Row]]] = {}
        for row in rows:
            for change in _exchanges(rulebase, row) if row.effect in _RESISTANCE else ():
                named = ((residue, row) for residue in change.residues or (change.change.inserted,))
                resisting.setdefault((change.gene, change.change.start), []).extend(named)
        for row in rows:
            for site in _codons(row) if row.effect in _SPARED else ():
                found = [
                    (residue, other)
                    for residue, other in resisting.get((site.gene, site.first or 0), ())
                    if residue not in site.excluded and _meet(rulebase, row, other)
                ]
                if found and (row.id, site.text) not in told:
                    told.add((row.id, site.text))
                    rows_named = ", ".join(dict.fromkeys(other.id for _, other in found))
                    residues = "/".join(dict.fromkeys(residue for residue, _ in found))
                    message = f"'{site.text}' is {row.effect}, and under {table.drug} {residues} resists ({rows_named})"
                    yield finding("RT632", files[row.id], row.id, message)


def _meet(rulebase: Rulebase, one: Row, other: Row) -> bool:
    """Whether a tumour may be of a type of either row."""
    return any(
        code in rulebase.lineage(another) or another in rulebase.lineage(code)
        for code in (*one.tumour_types, *one.extrapolated_to)
        for another in (*other.tumour_types, *other.extrapolated_to)
    )


def _exchanges(rulebase: Rulebase, row: Row) -> Iterator[ChangeAtom]:
    """The particular substitutions that suffice for a row, named by itself or by a set."""
    for mention in mentions(row.when):
        # What resists beside another change alone does not resist by itself.
        if mention.combined:
            continue
        atom = mention.atom
        members = mentions(rulebase.set_by_name[atom.name].members) if isinstance(atom, NamedSetAtom) else (mention,)
        for member in members:
            if isinstance(member.atom, ChangeAtom) and member.atom.change.kind == "substitution":
                yield member.atom


def _codons(row: Row) -> Iterator[SiteAtom]:
    """The codons of which a row asks for any exchange or change."""
    for mention in mentions(row.when):
        atom = mention.atom
        if isinstance(atom, SiteAtom) and atom.first is not None and atom.first == atom.last:
            yield atom
