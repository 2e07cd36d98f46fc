"""Proposals for a person in a terminal, and as the file that is handed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import yaml

from resistab.report.words import counted
from resistab.rulesets.proposals import Proposal, ProposalFile

if TYPE_CHECKING:
    from resistab.curation.drafts import TakenUp

_HEAD = (
    "# Changes that measurements ask for beyond chance; no curator has judged them, and none has an effect.\n"
    "# To take them up as drafts: resistab import proposals FILE --rulebase FOLDER\n"
)


def proposals_text(file: ProposalFile) -> str:
    """The file as YAML: the head, then a block for each proposal."""
    fields = file.model_dump(mode="json")
    # What is not said is left out.
    fields["proposals"] = [
        {name: value for name, value in proposal.items() if value is not None} for proposal in fields["proposals"]
    ]
    return _HEAD + yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=118)


def diff_lines(proposals: Iterable[Proposal]) -> Iterator[str]:
    """Each proposal as a line of a diff: what would come with a plus, what would go with a minus."""
    for one in proposals:
        what = f"+ {one.drug} {one.when} score {one.score}" if one.row is None else f"- {one.row} {one.when} score "
        what += "" if one.row is None else f"{one.expert:g}"
        yield (
            f"{what}: {one.estimate:+g} points ({one.low:+g} to {one.high:+g}), q {one.q:.2g}, "
            f"{counted(one.samples, 'sample')} of {counted(one.patients, 'patient')}; learned score {one.learned}"
        )


def taken_lines(taken: Sequence[TakenUp], folder: str, ruleset: str) -> Iterator[str]:
    """What was taken up, draft by draft with what to do to accept it."""
    for one in taken:
        (line,) = diff_lines([one.proposal])
        yield f"{one.id}: {line}"
        yield f"  to accept it, {one.entry.accepting[0]}"
        yield from (f"  {line}" for line in one.entry.accepting[1:])
    if not taken:
        yield f"{folder}: nothing is proposed, and nothing was written"
        return
    waits = "draft has" if len(taken) == 1 else "drafts have"
    yield f"{folder}: {len(taken)} {waits} no effect until a curator accepts" + (" it" if len(taken) == 1 else " them")
    yield f"Refuse a draft by deleting it from its table; accept scores by resistab accept ID --ruleset {ruleset}"
