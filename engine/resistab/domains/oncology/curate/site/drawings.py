"""The drawings of a tumour rule set: a gene's mutation table, and the chain around a conclusion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from resistab.core.condition import Atom, ConclusionAtom, condition_text, mentions
from resistab.curation.kit.site.chain import Chain, ChainNode, draw_chain
from resistab.curation.kit.site.mutation_table import Lane, MutationTable, Place, PlaceMark, draw_table
from resistab.domains.oncology.curate.site.places import Drawn, drawn
from resistab.domains.oncology.curate.site.rules import TumourRules
from resistab.domains.oncology.curate.site.views import RuleView

LANES = (
    Lane("resistance", "resistant"),
    Lane("reduced response", "possible_resistance"),
    Lane("response marker", "sensitive"),
    Lane("more susceptible", "potential"),
    Lane("conclusion", "no_resistance_found"),
    Lane("no effect", "not_assessable"),
)
_LANE_OF = {
    "resistance": 0,
    "reduced response": 1,
    "response marker": 2,
    "increased susceptibility": 3,
    "conclusion": 4,
    "no effect": 5,
}


def placed_genes(rules: TumourRules, views: Iterable[RuleView]) -> list[str]:
    """The genes of which active rules among ``views`` name changes that have a place on the protein, by symbol."""
    found = {
        subject
        for view in views
        if view.active
        for mention in mentions(rules.condition[view.id])
        if drawn(mention.atom)
        for subject in mention.atom.subjects
    }
    return sorted(found)


def gene_table(rules: TumourRules, gene: str, views: Iterable[RuleView], to_rules: bool) -> MutationTable | None:
    """The changes of ``gene`` that the active rules among ``views`` name.

    A residue leads to its rule, or with ``to_rules`` False to the alteration on the gene's page.
    """
    places: dict[tuple[int, int, str], Drawn] = {}
    alone: dict[tuple[tuple[int, int, str], int, str], bool] = defaultdict(bool)
    behind: dict[tuple[tuple[int, int, str], int, str], list[tuple[RuleView, Atom]]] = defaultdict(list)
    for view in views:
        if not view.active:
            continue
        for mention in mentions(rules.condition[view.id]):
            shown = drawn(mention.atom) if mention.atom.subjects == (gene,) else None
            if shown is None:
                continue
            place = (shown.first, shown.last, shown.label)
            known = places.setdefault(place, shown)
            if len(shown.reference) > len(known.reference):
                places[place] = shown
            for text in shown.marks:
                mark = (place, _LANE_OF[view.says], text)
                alone[mark] |= not mention.combined
                behind[mark].append((view, mention.atom))
    addresses = rules.addresses
    drawn_places = []
    for place, shown in places.items():
        marks = []
        for (at, lane, text), found in behind.items():
            if at != place:
                continue
            view, atom = found[0]
            marks.append(
                PlaceMark(
                    lane=lane,
                    text=text if alone[at, lane, text] else f"{text}+",
                    href=view.href if to_rules else addresses.atom(atom),
                    title="; ".join(_told(view, atom) for view, atom in found),
                )
            )
        drawn_places.append(
            Place(
                first=shown.first,
                last=shown.last,
                label=shown.label,
                reference=shown.reference,
                href=addresses.atom(
                    next(atom for key, found in behind.items() if key[0] == place for _, atom in found)
                ),
                marks=tuple(sorted(marks, key=lambda mark: (mark.lane, mark.text))),
            )
        )
    sequence = rules.rulebase.sequences.get(gene)
    return draw_table(drawn_places, LANES, len(sequence) if sequence else None)


def _told(view: RuleView, atom: Atom) -> str:
    whole = "".join(piece.text for piece in view.when)
    said = f"{view.id}, {view.of.text}: {whole}"
    return said if len(said) <= 160 else f"{view.id}, {view.of.text}: {atom.text}, among others"


def conclusion_chain(rules: TumourRules, conclusion: str) -> Chain | None:
    """What leads to ``conclusion`` and what follows from it, down to the drugs; None where no active rule leads to it.

    Of the conclusions before it only their names are shown: their own pages tell what leads to them.
    """
    before, after = _conclusions_before(rules), _conclusions_after(rules)
    own = [view for view in rules.mechanism_rules.get(conclusion, ()) if view.active]
    if not own:
        return None
    earlier = _reached(conclusion, before)
    later = _reached(conclusion, after)
    shown = {conclusion, *earlier, *later}
    nodes = []
    edges: list[tuple[str, str]] = []
    for view in own:
        condition = rules.condition[view.id]
        if isinstance(condition, ConclusionAtom):
            # Such a rule says no more than the line itself.
            edges.append((condition.id, conclusion))
            continue
        text = condition_text(condition)
        nodes.append(ChainNode(f"rule {view.id}", "rule", f"{view.id}: {text}", view.href, f"{view.id}: {text}"))
        edges.append((f"rule {view.id}", conclusion))
        edges += [
            (mention.atom.id, f"rule {view.id}")
            for mention in mentions(condition)
            if isinstance(mention.atom, ConclusionAtom)
        ]
    for name in sorted(shown):
        label = rules.rulebase.conclusion_by_id[name].name
        kind = "this" if name == conclusion else "conclusion"
        nodes.append(ChainNode(name, kind, label, rules.addresses.conclusion(name), label))
    for start, ends in sorted(after.items()):
        if start in shown:
            edges += [(start, end) for end in ends if end in shown and end != conclusion]
    for source in sorted({conclusion, *later}):
        for view in rules.of_conclusion.get(source, ()):
            if view.active and view.says != "conclusion" and _builds_on(rules, view, source):
                drug = f"drug {view.of.text}"
                edges.append((source, drug))
                named = f"{view.of.text}: {view.says}"
                nodes.append(ChainNode(drug, "drug", named, view.href, f"{view.id}, {named}, {view.counts}"))
    unique = {node.id: node for node in reversed(nodes)}
    return draw_chain(reversed(unique.values()), edges)


def _conclusions_after(rules: TumourRules) -> dict[str, list[str]]:
    concluded = {view.id: name for name, views in rules.mechanism_rules.items() for view in views if view.active}
    found = {
        name: {concluded[view.id] for view in views if view.id in concluded and _builds_on(rules, view, name)}
        for name, views in rules.of_conclusion.items()
    }
    return {name: sorted(ends) for name, ends in found.items()}


def _builds_on(rules: TumourRules, view: RuleView, conclusion: str) -> bool:
    """Whether a rule that names a conclusion builds on it, and not on its absence."""
    return any(mention.atom == ConclusionAtom(id=conclusion) for mention in mentions(rules.condition[view.id]))


def _conclusions_before(rules: TumourRules) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for start, ends in _conclusions_after(rules).items():
        for end in ends:
            found[end].append(start)
    return found


def _reached(start: str, steps: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = set(steps.get(waiting.pop(), ())) - found
        found |= new
        waiting += sorted(new)
    return found - {start}
