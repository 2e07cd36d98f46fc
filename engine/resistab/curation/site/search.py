"""What can be searched for, as the pages' script reads it, and as an index in the order of the alphabet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from resistab.core.condition import Atom, condition_text, number_text
from resistab.curation.kit.site.mentions import drawn
from resistab.curation.kit.site.model import Entry
from resistab.domains.oncology.atoms import ChangeAtom, NamedSetAtom
from resistab.domains.oncology.curate.site.pages import TumourPages
from resistab.domains.virus.curate.site.pages import ViralPages
from resistab.domains.virus.grammar.residues import residues_text
from resistab.report.words import capital, counted, reference_words

# In the order in which they are shown where they fit a search equally well.
KINDS = ("drug", "gene", "mutation", "alteration", "conclusion", "tumour type", "row", "comment", "citation")
_FIGURES = re.compile(r"([0-9]+)")


def tumour_entries(pages: TumourPages) -> Iterator[Entry]:
    """Everything of a tumour rule set that can be searched for."""
    rulebase, addresses, rules = pages.rulebase, pages.addresses, pages.rules
    for table in rulebase.tables:
        drug = rulebase.drug_by_name[table.drug]
        ids = tuple(name for name in (drug.nci_thesaurus, drug.chembl) if name)
        classes = ", ".join(rulebase.classes_of(drug.name))
        yield Entry("drug", drug.name, classes, addresses.drug(drug.name), (drug.name, *drug.aliases, *ids))
    for subject, name in addresses.subjects.items():
        gene = rulebase.gene_by_name.get(subject.upper())
        keys = (subject, *(gene.aliases if gene and gene.symbol == subject else ()))
        yield Entry("gene", subject, name, addresses.subject(subject), keys)
    for subject in addresses.subjects:
        for alteration in rules.alterations.get(subject, {}).values():
            atom = alteration.atom
            href = f"{addresses.subject(subject)}#{addresses.alteration_anchor(alteration.text)}"
            rules_naming = (*alteration.rules, *alteration.denied)
            named = sorted({view.of.text for view in rules_naming} | {drug.text for drug in alteration.markers})
            detail = ", ".join(named) or f"in {counted(len(alteration.sets), 'named set')}"
            kind = "mutation" if drawn(atom) or isinstance(atom, NamedSetAtom) else "alteration"
            yield Entry(kind, alteration.text, detail, href, _change_keys(atom))
    for conclusion in rulebase.conclusions:
        detail = counted(len(rules.mechanism_rules.get(conclusion.id, ())), "rule")
        yield Entry(
            "conclusion", capital(conclusion.name), detail, addresses.conclusion(conclusion.id), (conclusion.id,)
        )
    for code in addresses.tumours:
        name = rulebase.tumour_by_code[code].name
        yield Entry("tumour type", name, code, addresses.tumour(code), (code, name))
    for view in rules.all:
        text = "".join(piece.text for piece in view.when)
        yield Entry("row", view.id, f"{view.of.text}: {text}", view.href, (view.id,))
    for citation in rulebase.citations:
        written = reference_words(citation.reference)
        keys = (citation.reference, citation.reference.partition(":")[2])
        yield Entry("citation", citation.short, written, addresses.citation(citation.reference), keys)


def _change_keys(atom: Atom) -> tuple[str, ...]:
    """A change as it is searched for without its gene: ``T790M``, ``790M``, ``Thr790Met``, ``790``."""
    if not isinstance(atom, ChangeAtom):
        return ()
    change = atom.change
    if atom.residues:
        each = [f"{change.start}{residue}" for residue in atom.residues]
        return tuple([f"{change.start_residue}{text}" for text in each] + each + [str(change.start)])
    written = str(change)
    keys = [written, written.removeprefix(change.start_residue), change.hgvs.removeprefix("p."), str(change.start)]
    return tuple(dict.fromkeys(key for key in keys if key))


def viral_entries(pages: ViralPages) -> Iterator[Entry]:
    """Everything of a virus's rule set that can be searched for."""
    rulebase, rules = pages.rulebase, pages.rules
    for table in rulebase.tables:
        drug = rulebase.drug_by_name[table.drug.casefold()]
        full = (drug.full_name,) if drug.full_name else ()
        label = f"{drug.name} ({drug.full_name})" if drug.full_name else drug.name
        yield Entry("drug", label, drug.drug_class, rules.drug(drug.name), (drug.name, *full, *drug.aliases))
        for _, row, items in rulebase.score_items(table):
            text = "; ".join(f"{condition_text(item.when)}: {_score(item.score)}" for item in items)
            yield Entry("row", row, text, rules.row(table.drug, row), (row,))
        for rule in table.rules:
            yield Entry("row", rule.id, condition_text(rule.when), rules.row(table.drug, rule.id), (rule.id,))
    for gene in rulebase.genes:
        yield Entry("gene", gene.symbol, gene.name or "", rules.gene(gene.symbol), (gene.symbol, gene.name or ""))
        for position, views in rules.ordered(gene.symbol):
            reference = rules.reference(gene.symbol, position)
            for view in views:
                residue = residues_text(view.residue)
                scores = [f"{item.drug} {_score(item.score)}" for item in view.scores]
                detail = ", ".join(scores) or ("counts with others" if view.combined else "; ".join(view.types))
                keys = (f"{reference}{position}{residue}", f"{position}{residue}", str(position))
                href = rules.residue(gene.symbol, position, view.residue)
                yield Entry("mutation", f"{gene.symbol} {keys[0]}", detail, href, tuple(dict.fromkeys(keys)))
    for file in rulebase.comments:
        for comment in file.comments:
            yield Entry("comment", comment.id, _beginning(comment.text), rules.comment(comment.id), (comment.id,))
    for result in rulebase.result_comments:
        yield Entry("comment", result.id, _beginning(result.text), pages.result_comment(result.id), (result.id,))


def _score(score: float) -> str:
    return number_text(score).replace("-", "−")


def _beginning(text: str, most: int = 110) -> str:
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]} …"


def ordered(entries: list[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    """Entries, each with its rule set's id, in the order of the alphabet; ``K9`` comes before ``K10``."""

    def key(item: tuple[str, Entry]) -> tuple[list[str | int], str, str, int, str]:
        ruleset, entry = item
        parts = _FIGURES.split(entry.label.casefold())
        # Every other part is a number, so that like is compared with like.
        natural = [int(part) if number % 2 else part for number, part in enumerate(parts)]
        return natural, entry.label, ruleset, KINDS.index(entry.kind), entry.href

    return sorted(entries, key=key)


def by_initial(entries: list[tuple[str, Entry]]) -> dict[str, list[tuple[str, Entry]]]:
    """Entries under their first letter; ``0–9`` holds all that begin with a figure, ``…`` what begins otherwise."""
    found: dict[str, list[tuple[str, Entry]]] = {}
    for ruleset, entry in ordered(entries):
        first = entry.label[:1].upper()
        initial = first if first.isascii() and first.isalpha() else "0–9" if first.isdigit() else "…"
        found.setdefault(initial, []).append((ruleset, entry))
    return found


def search_script(entries: list[tuple[str, Entry]]) -> str:
    """The index as a script, since a page that was opened from the file system may not read any other file."""
    rulesets = list(dict.fromkeys(ruleset for ruleset, _ in sorted(entries, key=lambda item: item[0])))
    lines = [
        json.dumps(
            [KINDS.index(entry.kind), entry.label, entry.detail, entry.href, list(entry.keys), rulesets.index(ruleset)],
            separators=(",", ":"),
        )
        for ruleset, entry in ordered(entries)
    ]
    head = json.dumps({"kinds": KINDS, "rulesets": rulesets}, separators=(",", ":"))
    # Nothing here is markup, yet nothing should look like it either.
    body = ",\n".join(lines).replace("<", "\\u003c")
    return f"window.rulebaseIndex={head};\nwindow.rulebaseIndex.entries=[\n{body}\n];\n"
