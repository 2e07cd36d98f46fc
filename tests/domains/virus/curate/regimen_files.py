"""A small rule set with a regimen, a rule for combining and a barrier."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.paths import SMALL_VIRUS

POLICY = """regimens:
  activity: {susceptible: 1, high-level resistance: 0}
  settings: [{setting: first line, least_gss: 2}]
"""
DATES = "status: active, created: 2026-11-30, reviewed: 2026-11-30"
REGIMENS = f"""regimens:
  - id: REG-INSTI-001
    {DATES.replace(", ", chr(10) + "    ")}
    drugs: [DTG, 3TC]
    settings:
      - setting: first line
        authorities:
          - {{authority: trial, references: [PMID:31834000], source: [HRG-015]}}
          - {{authority: WHO, named: WHO guideline of 2025, verification: secondary, source: [HRG-016]}}
"""
RULES = f"""rules:
  - id: CMB-HIV-001
    {DATES.replace(", ", chr(10) + "    ")}
    kind: do not combine
    severity: broken
    says: Both need the same first step.
    together: [[AZT], [3TC]]
    evidence:
      - {{authority: label (FDA), references: [LABEL:FDA Combivir 2024-03-01], source: [CMB-001]}}
"""
BARRIERS = """drugs:
  - {drug: 3TC, grade: low, references: [PMID:1], source: [HBR-001]}
"""
UNVERIFIED = """named:
  - {named: [WHO guideline of 2025], reason: It has no identifier in the lists.}
"""
UNUSED = """unused:
  - {source: [HRG-099], reason: It is for another virus.}
"""
FILES = {
    "regimens/insti.yaml": REGIMENS,
    "regimens/rules/all.yaml": RULES,
    "barriers.yaml": BARRIERS,
    "unverified_citations.yaml": UNVERIFIED,
    "unused_regimens.yaml": UNUSED,
}


def with_regimens(folder: Path) -> Path:
    """The small rule set of a virus with these files."""
    shutil.copytree(SMALL_VIRUS, folder)
    with (folder / "ruleset.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write(POLICY)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
