"""Where ``resistab`` begins: what must be said before the rest is imported, and then the command line."""

from __future__ import annotations

import gc
import os


def main() -> None:
    """Run the command line; see ``resistab.cli.app.main``."""
    # pydantic looks through all installed packages for plugins, which costs a start more than reading a patient's
    # file; none is used here, and a plugin that is installed by chance must not touch how rules are read.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A start makes many objects that live to its end, most of them by imports; looking for garbage among them is lost
    # time.
    gc.set_threshold(1_000_000, 50, 50)
    from resistab.cli.signals import ended_by_signals

    # Imports too take long enough to be interrupted.
    with ended_by_signals():
        from resistab.cli.app import main as run

        run()
