"""``rulebase/CHECKS.md``: every code of a finding, what it means, why it matters and how to mend it.

``python tools/checks_page.py`` writes it anew into the checkout.
"""

from __future__ import annotations

from pathlib import Path

from resistab.curation.check import all_codes
from resistab.domains.registry import packs
from resistab.files.output import write_whole
from resistab.rulesets.fault_codes import GROUPS
from resistab.rulesets.find import data_folder

PAGE = "CHECKS.md"
_LINTS = {"RT601": "Well-formed and still wrong", "RT651": "Well-formed and still wrong: viruses"}
_HEAD = """# What `resistab check` finds

This page is made from the code by `make checks-page`; edit `engine/resistab/rulesets/fault_codes.py`,
`engine/resistab/curation/kit/lints.py`, or what the domain of the code gives as `codes()` instead.

A code never changes its meaning and is never used again. An *error* must be mended before the rule set can be used
or merged; a *warning* fails `resistab check --strict`; a *note* asks a curator to look, fails nothing, and is shown
with `--notes`.
`resistab check --explain RT203` prints one entry of this page.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    # A domain whose codes begin with one that heads no group is a group of its own.
    of_domains = {min(codes): f"rule sets on {pack.many}" for pack in packs() if (codes := pack.curate.codes())}
    groups = of_domains | GROUPS | _LINTS
    for code, entry in all_codes().items():
        if code in groups:
            title = groups[code]
            parts.append(f"## {title[0].upper()}{title[1:]}\n")
        parts.append(f"### {code}: {entry.title}\n\n*{entry.severity}*\n\n{entry.why}\n\nMend: {entry.mend}\n")
    return "\n".join(parts)


def page_file() -> Path:
    """Where the page lies."""
    return data_folder("rulebase") / PAGE


if __name__ == "__main__":
    write_whole(page_file(), page())
