"""When rules are to be read again, and which are overdue, in every domain alike."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from resistab.curation.kit.lints import overdue_since
from resistab.curation.kit.site.model import Link, Listed, Page, SiteRuleset
from resistab.rulesets.models import Status

TITLE, PART = "Overdue reviews", "overdue"
"""What the list of overdue reviews is called, and its name among the parts of a rule set."""


@dataclass(frozen=True)
class Review:
    """When something was last read, and the day by which it is to be read again, "" where never."""

    reviewed: str
    due: str
    overdue: bool


@dataclass(frozen=True)
class Reviews:
    """A review holds for so many ``months``; reviews are due or not ``on`` a day."""

    months: int
    on: datetime.date

    def of(self, reviewed: datetime.date, status: Status = "active") -> Review:
        """The review of something; what is retired is not read again."""
        if status == "retired":
            return Review(reviewed.isoformat(), "", overdue=False)
        due = overdue_since(reviewed, self.months)
        return Review(reviewed.isoformat(), due.isoformat(), due < self.on)


def overdue_page(path: str, ruleset: SiteRuleset, read: Iterable[tuple[Link, str, Review]]) -> Page:
    """The list of what is overdue, the longest overdue first; ``read`` gives where it stands, of what it is, when."""
    found = sorted((item for item in read if item[2].overdue), key=lambda item: (item[2].due, item[0].text))
    lines = [Listed(link, (of, review.reviewed, review.due)) for link, of, review in found]
    content = {"columns": ("Of", "Last reviewed", "To be read again by"), "lines": lines}
    return Page(path, "site/list.html.j2", TITLE, ruleset, content)
