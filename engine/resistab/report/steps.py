"""Derivations in words, and as a tree in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from resistab.core.derivation import EvidenceItem, MechanismStep, Step
from resistab.core.verdict import FiredRow
from resistab.report.language import english, gettext, ngettext
from resistab.report.words import counted, reference_words

if TYPE_CHECKING:
    from rich.tree import Tree

Where = Callable[[EvidenceItem], str]
_TRUTH_WORDS = {"true": "holds", "false": "does not hold", "unknown": "is unknown"}


def does_not_hold(text: str) -> str:
    """That what was asked does not hold, in words."""
    return gettext("“{condition}” does not hold", condition=text)


def grounds(step: Step, denied: Callable[[str], str] = does_not_hold) -> tuple[str, ...]:
    """Why a true condition holds, in words: what was found, concluded, or does not hold, which ``denied`` says."""
    if step.rules:
        return (gettext("concluded: {conclusion}", conclusion=english(step.rules[0].conclusion)),)
    if len(step.parts) == 1 and step.parts[0].truth == "false":
        return (denied(step.parts[0].text),)
    if true_parts := [part for part in step.parts if part.truth == "true"]:
        return tuple(dict.fromkeys(ground for part in true_parts for ground in grounds(part, denied)))
    if step.text in step.findings:
        return (gettext("{finding} was found", finding=step.text),)
    if step.findings:
        found = ngettext(
            "{findings} was found, which counts as “{condition}”",
            "{findings} were found, which count as “{condition}”",
            len(step.findings),
            findings=gettext(" and ").join(step.findings),
            condition=step.text,
        )
        return (found,)
    return (gettext("“{condition}” holds", condition=step.text),)


def mechanism_chain(contributions: Iterable[FiredRow]) -> list[MechanismStep]:
    """The mechanism rules behind fired rows, each once, every rule after those it builds on."""
    chain: dict[str, MechanismStep] = {}
    for contribution in contributions:
        for rule in _mechanisms(contribution.derivation):
            chain.setdefault(rule.rule, rule)
    return list(chain.values())


def follows(step: MechanismStep, chain: Sequence[MechanismStep]) -> bool:
    """Whether the rule rests on nothing but the conclusion of the one before it in ``chain``."""
    position = chain.index(step)
    rules = step.condition.rules
    return position > 0 and bool(rules) and rules[0].conclusion == chain[position - 1].conclusion


def _mechanisms(step: Step) -> Iterator[MechanismStep]:
    for part in step.parts:
        yield from _mechanisms(part)
    for rule in step.rules:
        yield from _mechanisms(rule.condition)
        yield rule


def levels(evidence: Sequence[EvidenceItem]) -> str:
    """The evidence levels met: "level B", "levels A to D"."""
    found = sorted({item.level for item in evidence})
    if len(found) == 1:
        return gettext("level {grade}", grade=found[0])
    return gettext("levels {best} to {weakest}", best=found[0], weakest=found[-1])


def studied(item: EvidenceItem) -> str:
    """In what an item was studied: its name and code."""
    return f"{item.studied_in_name} ({item.studied_in})"


def source_words(item: EvidenceItem) -> str:
    """From where an item was taken; "" where that is not said."""
    return item.source or ""


def add_step(tree: Tree, step: Step, where: Where = studied) -> None:
    """Add a step and what lies behind it to a tree in a terminal; ``where`` says in what evidence was studied."""
    from resistab.report.console import leaf

    if step.rules:
        branch = leaf(tree, f"Concluded: {step.rules[0].conclusion}")
        for rule in step.rules:
            add_mechanism(branch, rule, where)
        return
    found = f": found {', '.join(step.findings)}" if step.findings and step.text not in step.findings else ""
    verb = "was found" if step.text in step.findings else _TRUTH_WORDS[step.truth]
    branch = leaf(tree, f"{step.text} {verb}{found}")
    for part in step.parts:
        add_step(branch, part, where)


def add_mechanism(tree: Tree, rule: MechanismStep, where: Where = studied) -> None:
    """Add a rule by which something was concluded, its condition and its evidence."""
    from rich.text import Text

    head = Text(f"Rule {rule.rule}: ", "bold")
    head.append(f"{rule.explanation} ({rule.mechanism})", "not bold")
    branch = tree.add(head)
    add_step(branch, rule.condition, where)
    add_evidence(branch, rule.evidence, where)


def add_evidence(tree: Tree, items: Sequence[EvidenceItem], where: Where = studied) -> None:
    """Add evidence items under one branch; nothing where there are none."""
    from rich.text import Text

    from resistab.report.console import leaf

    if not items:
        return
    branch = leaf(tree, f"Evidence: {counted(len(items), 'item')}, {levels(items)}")
    for item in items:
        other = f"; studied with {item.drug}" if item.drug else ""
        given = f"; given with {', '.join(item.given_with)}" if item.given_with else ""
        item_leaf = leaf(branch, f"{item.level} {item.direction}: {item.statement}")
        source = f"{item.citation}, {reference_words(item.reference)}"
        item_leaf.label = Text.assemble(item_leaf.label, (f" [{source}; {where(item)}{other}{given}]", "dim"))  # type: ignore[arg-type]
