"""What can be searched for in the pages of a rule set for tumours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from resistab.core.condition import Atom
from resistab.curation.kit.site.model import Entry
from resistab.domains.oncology.atoms import ChangeAtom, NamedSetAtom
from resistab.domains.oncology.curate.site.places import drawn
from resistab.report.words import capital, counted, reference_words

if TYPE_CHECKING:
    from resistab.domains.oncology.curate.site.pages import TumourPages

# In the order in which they are shown where they fit a search equally well.
KINDS: tuple[str, ...] = ("drug", "gene", "mutation", "alteration", "conclusion", "tumour type", "row", "citation")


def entries(pages: TumourPages) -> Iterator[Entry]:
    """Everything of a tumour rule set that can be searched for."""
    rulebase, addresses, rules = pages.rulebase, pages.addresses, pages.rules
    for table in rulebase.tables:
        drug = rulebase.drug_by_name[table.drug]
        ids = tuple(name for name in (drug.nci_thesaurus, drug.chembl) if name)
        # Whoever typed a brand sees why the drug is found.
        brands = f"{', '.join(drug.brands)}; " if drug.brands else ""
        detail = brands + ", ".join(rulebase.classes_of(drug.name))
        yield Entry("drug", drug.name, detail, addresses.drug(drug.name), (drug.name, *drug.other_names, *ids))
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
