"""What a lint says, the codes that lints of every domain have, and lints that hold of every rule set.

A lint is what in a rule set is well-formed and still wrong. It says only what it can show: where it would have to guess
it says nothing. A code never changes its meaning.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from resistab.curation.kit.case_mentions import CaseMention
from resistab.rulesets.fault_codes import Code, Severity

# What can be wrong with the rule sets of every domain; a pack has further codes of its own.
CODES: dict[str, Code] = {
    "RT609": Code(
        "a review that is overdue",
        "The row, rule or rule set was last read longer ago than curation.review_months of ruleset.yaml allows.",
        "Read it again beside the literature, mend what changed, and write today's date into reviewed.",
        "warning",
    ),
    "RT610": Code(
        "a replacement that ends in nothing active",
        "The row is retired and names replacements, but following them no active row or rule is reached.",
        "Name the active row or rule in replaced_by, or leave replaced_by out where nothing took its place.",
        "warning",
    ),
    "RT611": Code(
        "a retired row still referred to",
        "A note, a reason or an explanation that readers see, or a case, names a row or rule that is retired.",
        "Name the row or rule that replaced it.",
        "warning",
    ),
    "RT634": Code(
        "a review in the future",
        "The date in reviewed lies after the day of the check, so nobody can have read it then.",
        "Write the day on which it was read.",
        "warning",
    ),
    "RT636": Code(
        "a drug of regimens without a table",
        "Whether it is active in a patient is never known, so that every regimen with it has a range as its score.",
        "Write the drug's table where there is evidence; where there is none, nothing is to be done.",
        "note",
    ),
    "RT637": Code(
        "a setting that no regimen has",
        "The manifest says how active a regimen must be there, and none is ever ranked in it.",
        "Take it out of 'settings' of 'regimens' in ruleset.yaml, or add the regimens that it was meant for.",
        "warning",
    ),
    "RT638": Code(
        "a rule for combining that can never apply",
        "No set of drugs meets what it asks for, or whatever meets it lifts it as well.",
        "Mend the drugs and classes that it names, or retire it.",
        "warning",
    ),
    "RT618": Code(
        "a citation that no evidence names",
        "The list of references is longer than what the rules rest on.",
        "Delete the citation, or add the evidence that it was listed for.",
        "warning",
    ),
    "RT619": Code(
        "a drug without a table",
        "No rule says anything on the drug, and no condition and no evidence names it: it can never be assessed.",
        "Write its table, or take the drug out of drugs.yaml.",
        "warning",
    ),
    "RT620": Code(
        "genes with no curated association",
        "No condition, locus or drug names them. Findings in them are understood, and nothing follows from them.",
        "Take them out of genes.yaml (symbols.txt suffices to understand findings), or leave those about to be used.",
        "note",
    ),
    "RT621": Code(
        "a drug without a case in which a row must fire",
        "Nothing would be noticed if all the drug's rows stopped firing.",
        "Add a case to cases/ that expects rows of the drug.",
        "warning",
    ),
    "RT622": Code(
        "a drug without a case in which a row must not fire",
        "Nothing would be noticed if the drug's rows fired for everybody.",
        "Add a case to cases/ that names rows of the drug under silent, or expects none.",
        "warning",
    ),
    "RT623": Code(
        "a rule set without cases",
        "Nothing says what the rule set is to conclude, so no edit of it can be tested.",
        "Write cases/: findings and the verdicts expected of them.",
        "note",
    ),
}


@dataclass(frozen=True, order=True)
class Lint:
    """One thing that is well-formed and still wrong.

    ``file`` is the path inside the rule set's folder, the folder's alone (``mechanisms``) where a rule set, once it
    is read, no longer knows the file. ``rule`` is what stands there: the id of a row or rule, or the name of a drug,
    conclusion, set, citation or gene.
    """

    file: str
    rule: str
    code: str
    severity: Severity
    message: str
    mend: str


class Finder(Protocol):
    """Makes a lint of a code, the file, the rule and the message; ``mend`` where more can be said than the code's."""

    def __call__(self, code: str, file: str, rule: str, message: str, mend: str | None = None) -> Lint: ...


def finder(codes: Mapping[str, Code]) -> Finder:
    """What makes lints with severity and mend as ``codes`` give them."""

    def finding(code: str, file: str, rule: str, message: str, mend: str | None = None) -> Lint:
        entry = codes[code]
        return Lint(file=file, rule=rule, code=code, severity=entry.severity, message=message, mend=mend or entry.mend)

    return finding


finding = finder(CODES)


def overdue_since(reviewed: datetime.date, months: int) -> datetime.date:
    """The day from which a review is overdue that took place on ``reviewed`` and holds for ``months``."""
    years, month = divmod(reviewed.month - 1 + months, 12)
    year = reviewed.year + years
    if year > datetime.MAXYEAR:
        return datetime.date.max
    first_of_next = datetime.date(year + month // 11, (month + 1) % 12 + 1, 1) if (year, month) < (9999, 11) else None
    last_day = (first_of_next - datetime.timedelta(days=1)).day if first_of_next else 31
    return datetime.date(year, month + 1, min(reviewed.day, last_day))


def review_lints(file: str, rule: str, reviewed: datetime.date, months: int, on: datetime.date) -> Iterator[Lint]:
    """Whether a row or rule, last reviewed on a day, was to be read again before ``on``, or was not yet."""
    if reviewed > on:
        yield finding("RT634", file, rule, f"it is said to be reviewed on {reviewed}, and today is {on}")
    due = overdue_since(reviewed, months)
    if due < on:
        yield finding("RT609", file, rule, f"it was last reviewed on {reviewed}, and was to be read again by {due}")


def case_lints(ruleset: str, files: Mapping[str, str], cases: tuple[CaseMention, ...] | None) -> Iterator[Lint]:
    """Drugs without a case that must fire, or must not; ``files`` are those of the drugs' tables."""
    if cases is None:
        yield finding("RT623", "ruleset.yaml", ruleset, "there is no folder cases/ with what is expected of its rules")
        return
    firing = {mention.drug for mention in cases if mention.fires}
    silent = {mention.drug for mention in cases if mention.silent}
    for drug, file in files.items():
        if drug not in firing:
            yield finding("RT621", file, drug, f"no case expects a row of {drug} to fire")
        if drug not in silent:
            yield finding("RT622", file, drug, f"no case expects a row of {drug} not to fire")
