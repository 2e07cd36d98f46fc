"""What was learned as one self-contained HTML page."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from resistab.curation.kit.measured.data import SCALES
from resistab.curation.learning.plots import drawings
from resistab.report.page import page_environment

if TYPE_CHECKING:
    from jinja2 import Environment

    from resistab.curation.learning.model import Learned


def render_learned_html(learned: Learned) -> str:
    """``learned`` as HTML that needs no other file, no script and no network; the same tables give the same text."""
    return (
        _environment()
        .get_template("learned.html.j2")
        .render(
            learned=learned,
            drawings={drug.table.drug: drawings(drug) for drug in learned.drugs},
            logs={name for name, scale in SCALES.items() if scale.log},
        )
    )


@functools.cache
def _environment() -> Environment:
    return page_environment()
