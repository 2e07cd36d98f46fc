"""A release of a rule set: whether its version fits what changed, its stamp, and its place in the changelog."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault
from resistab.curation.diff.rulesets import RulesetDifference
from resistab.curation.diff.text import release_section
from resistab.curation.kit.diff_items import Bump
from resistab.files.output import OutputError, write_whole

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)$")
_UNRELEASED = re.compile(r"^## \[?Unreleased\]?[^\n]*$", re.MULTILINE | re.IGNORECASE)
_NEXT_VERSION = re.compile(r"^## ", re.MULTILINE)
_RULES = re.compile(r"^### Rules[^\S\n]*$", re.MULTILINE)
_NEXT_PART = re.compile(r"^### ", re.MULTILINE)
_RELEASE = re.compile(r"^#### ", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Release:
    """Both files as they will be, and the section that the changelog gains."""

    manifest: Path
    manifest_text: str
    changelog: Path
    changelog_text: str
    section: str

    def write(self) -> None:
        """Write both files, or neither; raises ``OutputError``."""
        before = read_text(self.manifest)
        write_whole(self.manifest, self.manifest_text)
        try:
            write_whole(self.changelog, self.changelog_text)
        except BaseException:
            write_whole(self.manifest, before)
            raise


def read_text(path: Path) -> str:
    """The text of a file, its line ends as they are; raises ``OutputError`` where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "is not text in UTF-8"
        raise OutputError(f"{path}: cannot be read: {reason}") from error


def parsed_version(text: str) -> tuple[int, int, int] | None:
    """The three numbers of a version, None for what is none."""
    found = _VERSION.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def bump_between(old: str, new: str) -> Bump:
    """By which step ``new`` is above ``old``; ``NONE`` where it is not. Both are versions."""
    one, other = parsed_version(old) or (0, 0, 0), parsed_version(new) or (0, 0, 0)
    if other <= one:
        return Bump.NONE
    return Bump.MAJOR if other[0] > one[0] else Bump.MINOR if other[1] > one[1] else Bump.PATCH


def lowest_version(old: str, bump: Bump) -> str:
    """The lowest version that is a ``bump`` above ``old``."""
    major, minor, patch = parsed_version(old) or (0, 0, 0)
    if bump is Bump.MAJOR:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump is Bump.MINOR else f"{major}.{minor}.{patch + 1}"


def version_faults(difference: RulesetDifference, version: str) -> list[Fault]:
    """Why ``version`` is not one that a release with this difference can bear."""
    if parsed_version(version) is None:
        return [Fault(where="VERSION", message=f"'{version}' is no version", expected="three numbers such as 1.2.0")]
    if difference.old is None:
        return []
    before, where = difference.old.version, difference.ruleset
    if difference.empty:
        return [Fault(where=where, message=f"nothing has changed since {before}: there is nothing to release")]
    actual, needed = bump_between(before, version), difference.bump
    lowest = lowest_version(before, needed)
    if actual is Bump.NONE:
        return [Fault(where=where, message=f"{version} is not above {before}", expected=f"{lowest} or higher")]
    if actual >= needed:
        return []
    asking = [change for change in difference.changes if change.bump is needed]
    shown = ", ".join(f"{change.id} {change.what}" for change in asking[:5])
    more = f" and {len(asking) - 5} more" if len(asking) > 5 else ""
    if difference.unread and not asking:
        shown = f"{before} cannot be compared"
    why = "an id goes or a level means something else" if needed is Bump.MAJOR else "a verdict can change"
    return [
        Fault(
            where=where,
            message=f"from {before} to {version} is a {actual.word} step, and {why}: {shown}{more}",
            expected=f"a {needed.word} step: {lowest} or higher",
        )
    ]


def prepared(
    difference: RulesetDifference, manifest: Path, changelog: Path, version: str, date: datetime.date
) -> tuple[Release | None, list[Fault]]:
    """The release, or why it cannot be made; raises ``OutputError`` where a file cannot be read."""
    faults = version_faults(difference, version)
    section = release_section(difference, version, str(date))
    stamped, stamp_faults = stamp(read_text(manifest), str(manifest), version, date)
    text, changelog_faults = with_section(read_text(changelog), str(changelog), section)
    # Where nothing has changed there is no section that could be out of place.
    faults += [*stamp_faults, *(changelog_faults if section else ())]
    return (None if faults else Release(manifest, stamped, changelog, text, section)), faults


def stamp(text: str, where: str, version: str, date: datetime.date) -> tuple[str, list[Fault]]:
    """A manifest with its lines of version and date replaced, and nothing else."""
    faults = []
    for name, value in (("version", version), ("date", str(date))):
        line = re.compile(rf"""^({name}:[ \t]*)(["']?)[^"'\s#]+\2(?=[ \t]*(?:#[^\r\n]*)?\r?$)""", re.MULTILINE)
        # \g keeps the group's number apart from the digits that follow.
        text, count = line.subn(rf"\g<1>\g<2>{value}\g<2>", text)
        if count != 1:
            faults.append(Fault(where=where, message=f"has {count or 'no'} lines '{name}: …'", expected="exactly one"))
    return text, faults


def with_section(text: str, where: str, section: str) -> tuple[str, list[Fault]]:
    """A changelog with ``section`` in Unreleased › Rules, before the rule sets' earlier releases.

    What stands there without a heading of its own stays above.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    heading = section.partition("\n")[0]
    title = heading.partition(",")[0]
    # What stands in a fenced example is no heading.
    visible = _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    if re.search(rf"^{re.escape(title)}(?:,|$)", visible, re.MULTILINE):
        message = f"already has a section '{title.lstrip('# ')}'"
        return text, [Fault(where=where, message=message, expected="a version that was not released")]
    unreleased = _UNRELEASED.search(visible)
    if unreleased is None:
        return text, [
            Fault(where=where, message="has no section '## Unreleased'", expected="one as Keep a Changelog has")
        ]
    end = _first(_NEXT_VERSION, visible, unreleased.end(), len(text))
    rules = _RULES.search(visible, unreleased.end(), end)
    if rules is None:
        place, added = end, f"### Rules\n\n{section}"
    else:
        end = _first(_NEXT_PART, visible, rules.end(), end)
        place, added = _first(_RELEASE, visible, rules.end(), end), section
    before, after = text[:place].rstrip("\n"), text[place:].lstrip("\n")
    joined = f"{before}\n\n{added.rstrip()}\n" + (f"\n{after}" if after else "")
    return joined.replace("\n", newline), []


def _first(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    found = pattern.search(text, start, end)
    return found.start() if found else end
