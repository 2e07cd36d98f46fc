"""``.vscode/settings.json``: which JSON Schema an editor is to hold each file of the shipped rule sets against.

It belongs to the checkout and is not shipped; ``python tools/editor_settings.py`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path

from resistab.curation.schemas import editor_settings
from resistab.domains.registry import pack_of
from resistab.files.output import write_whole
from resistab.rulesets.find import data_folder, folders_of_rulesets

FILE = Path(__file__).resolve().parents[1] / ".vscode" / "settings.json"


def settings_text() -> str:
    """The whole file."""
    kinds = {
        f"rulebase/{folder.name}": pack_of(folder).kinds.FILE_KINDS
        for folder in folders_of_rulesets(data_folder("rulebase"))
    }
    return json.dumps(editor_settings(kinds, "rulebase/schemas"), indent=2) + "\n"


if __name__ == "__main__":
    write_whole(FILE, settings_text())
