"""Plots as SVG that stands in a page: the same figures give the same text, and nothing is fetched."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart without colour too, and by those who see few.
SUSCEPTIBLE, RESISTANT, NEUTRAL, LINE = "#0b6e4f", "#b3261e", "#0b4a66", "#5f6b73"
_HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)


def new_figure(width: float, height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """A figure of so many inches with axes beside each other, in the style of all plots."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = [figure.add_subplot(1, columns, number + 1) for number in range(columns)]
    for one in axes:
        one.spines[["top", "right"]].set_visible(False)
        one.tick_params(labelsize=8)
    return figure, axes


def svg_of(figure: Figure, label: str) -> str:
    """The figure as one SVG element, which says to those who cannot see it what ``label`` says."""
    import matplotlib

    # Text stays text; ids follow from the figure and not from chance.
    with matplotlib.rc_context({"svg.hashsalt": label, "svg.fonttype": "none", "font.family": "sans-serif"}):
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = _HEAD.sub("", buffer.getvalue(), count=1)
    # Groups are numbered alike in every figure of a page, and nothing refers to them.
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    # The page gives it its size.
    head, _, rest = text.partition(">")
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", head)
    return f'{head} role="img" aria-label="{_escaped(label)}">{rest}'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
