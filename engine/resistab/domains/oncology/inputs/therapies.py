"""Earlier therapies as people write them: a drug, and in brackets how it ended and when."""

from __future__ import annotations

import datetime
import re
from typing import get_args

from resistab.core.records import dataclass
from resistab.domains.oncology.genotype import Outcome

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_WORDS: dict[str, Outcome] = {
    **{word: word for word in OUTCOMES},
    "progressive disease": "progression", "progressed": "progression", "pd": "progression",
    "sd": "stable disease", "pr": "partial response", "cr": "complete response", "responded": "response",
    "toxicity": "intolerance", "intolerant": "intolerance", "finished": "completed",
}  # fmt: skip
_SAID = re.compile(r"(?P<drug>[^()]+?)\s*\((?P<said>[^()]*)\)$")
_LINE = re.compile(r"line (?P<after>[1-9][0-9]?)$|(?P<before>[1-9][0-9]?)(?:st|nd|rd|th)?[ -]line$", re.IGNORECASE)
_DATE = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?$")


@dataclass(frozen=True)
class GivenTherapy:
    """One therapy: the drug, its line, how it ended, and when; a month or year counts from its first day."""

    drug: str
    line: int | None = None
    outcome: Outcome | None = None
    ended: datetime.date | None = None


def read_therapy(text: str) -> GivenTherapy:
    """What ``text`` says (``osimertinib (progression, 2025-03-01)``); raises ``ValueError`` where a part is neither."""
    match = _SAID.match(text)
    if match is None:
        return GivenTherapy(text)
    outcome: Outcome | None = None
    ended: datetime.date | None = None
    line: int | None = None
    for part in (part.strip() for part in match["said"].split(",")):
        if dated := _DATE.match(part):
            ended = datetime.date(int(dated["year"]), int(dated["month"] or 1), int(dated["day"] or 1))
        elif numbered := _LINE.match(part):
            line = int(numbered["after"] or numbered["before"])
        elif (word := _WORDS.get(part.casefold())) is not None:
            outcome = word
        else:
            raise ValueError(f"'{part}' is neither a line, an outcome nor a date")
    return GivenTherapy(match["drug"], line, outcome, ended)
