"""Plots as SVG that stands in a page: the same figures give the same text, and nothing is fetched.

They are drawn by matplotlib without a display. Text stays text, so that it is read aloud and found; the fonts are those
of the page.
"""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart without colour too, and by those who see few.
SUSCEPTIBLE, RESISTANT, NEUTRAL, LINE, INK = "#0b6e4f", "#b3261e", "#0b4a66", "#5f6b73", "#1c2733"
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of so many inches with its axes, in the style of all plots."""
    figure, (axes,) = figure_of_rows(width, [height])
    return figure, axes


def figure_of_rows(width: float, heights: list[float]) -> tuple[Figure, list[Axes]]:
    """A figure so many inches wide with axes above each other, each so many inches high."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(width, sum(heights)), layout="constrained")
        found = figure.subplots(len(heights), 1, height_ratios=heights, squeeze=False)
    axes: list[Axes] = [row[0] for row in found]
    for one in axes:
        one.spines[["top", "right"]].set_visible(False)
        one.tick_params(labelsize=8)
    return figure, axes


def svg_of(figure: Figure, label: str, of: str = "") -> str:
    """The figure as one SVG element, which says to those who cannot see it what ``label`` says.

    ``of`` tells its ids from those of another on the page that says the same.
    """
    import matplotlib

    # Ids follow from the figure and not from chance.
    with matplotlib.rc_context({**_SETTINGS, "svg.hashsalt": f"{label} {of}"}):
        buffer = io.StringIO()
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    # Groups are numbered alike in every figure, and nothing refers to them.
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    # The page gives it its size.
    view = re.match(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', text)
    assert view is not None
    return f'<svg viewBox="{view[1]}" role="img" aria-label="{html.escape(label)}">{text[view.end() :].strip()}'
