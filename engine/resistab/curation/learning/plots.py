"""The pictures of a learned table: measured against predicted, scores with intervals, learning curve, levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resistab.curation.kit.measured.data import SCALES
from resistab.curation.kit.measured.drawing import LINE, NEUTRAL, RESISTANT, SUSCEPTIBLE, new_figure, svg_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from resistab.curation.learning.model import LearnedDrug

# By so much R² rises from three quarters of the patients to all where more would help.
_STILL_RISES = 0.01


def drawings(learned: LearnedDrug) -> list[tuple[str, str]]:
    """Each picture as SVG with what stands beneath it."""
    return [predicted_plot(learned), score_plot(learned), curve_plot(learned), level_plot(learned)]


def _is_log(learned: LearnedDrug) -> bool:
    return SCALES[learned.table.measure].log


def _log_axis(axes: Axes, which: str) -> None:
    from matplotlib.ticker import FuncFormatter

    getattr(axes, f"set_{which}scale")("log")
    getattr(axes, f"{which}axis").set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def predicted_plot(learned: LearnedDrug) -> tuple[str, str]:
    """Measured against predicted values of samples whose patient was held back."""
    table = learned.table
    figure, axes = new_figure(5.2, 4.4)
    for resistant, colour, marker, name in (
        (False, SUSCEPTIBLE, "o", "called susceptible"),
        (True, RESISTANT, "^", "called resistant"),
    ):
        points = [
            (predicted, measured)
            for predicted, measured, is_resistant in zip(
                learned.predicted, learned.measured, learned.resistant, strict=True
            )
            if is_resistant is resistant
        ]
        if points:
            x, y = zip(*points, strict=True)
            axes.scatter(x, y, s=9, color=colour, marker=marker, alpha=0.45, linewidths=0, label=name, rasterized=False)
    ends = [min((*learned.predicted, *learned.measured)), max((*learned.predicted, *learned.measured))]
    axes.plot(ends, ends, color=LINE, linewidth=0.8)
    axes.axhline(table.resistant_from, color=LINE, linewidth=0.8, linestyle=":")
    axes.axvline(table.resistant_from, color=LINE, linewidth=0.8, linestyle=":")
    if _is_log(learned):
        _log_axis(axes, "x")
        _log_axis(axes, "y")
    axes.set_xlabel(f"predicted {table.measure}, patient held back", fontsize=9)
    axes.set_ylabel(f"measured {table.measure}", fontsize=9)
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    label = (
        f"{table.drug}: measured against predicted {table.measure} of {table.samples} samples, R² {table.r2:.2f}, "
        f"AUC {table.auc:.3f}"
    )
    caption = (
        f"{label}. Each point is a sample whose patient was held back; dotted lines mark the cutoff, "
        f"{table.resistant_from:g}."
    )
    return svg_of(figure, label), caption


def score_plot(learned: LearnedDrug) -> tuple[str, str]:
    """The score of each row with its interval."""
    table = learned.table
    rows = sorted(table.rows, key=lambda row: row.score)
    figure, axes = new_figure(5.2, 1.2 + 0.17 * len(rows))
    places = list(range(len(rows)))
    axes.hlines(places, [row.low for row in rows], [row.high for row in rows], color=LINE, linewidth=1)
    axes.scatter(
        [row.score for row in rows],
        places,
        s=14,
        color=[RESISTANT if row.score > 0 else SUSCEPTIBLE for row in rows],
        zorder=3,
    )
    axes.axvline(0, color=LINE, linewidth=0.8)
    axes.set_yticks(places, [f"{row.when}  ({row.patients})" for row in rows], fontsize=7)
    axes.set_ylim(-1, len(rows))
    axes.set_xlabel("score, with 95% interval", fontsize=9)
    label = f"{table.drug}: the score of each of {len(rows)} rows with its 95% interval"
    return svg_of(figure, label), f"{label}; in brackets the number of patients. Intervals hold for the rows as chosen."


def curve_plot(learned: LearnedDrug) -> tuple[str, str]:
    """R² of patients held back against how many patients were learned from."""
    table = learned.table
    figure, axes = new_figure(4.2, 3)
    x, y = [point.patients for point in learned.curve], [point.r2 for point in learned.curve]
    axes.plot(x, y, color=NEUTRAL, marker="o", linewidth=1.2, markersize=4)
    axes.set_ylim(min(0.0, *y), 1)
    axes.set_xlabel("patients learned from", fontsize=9)
    axes.set_ylabel("R² of patients held back", fontsize=9)
    ends = f"{y[0]:.2f} from {x[0]} patients, {y[-1]:.2f} from {x[-1]}"
    label = f"{table.drug}: learning curve, R² {ends}"
    rises = (
        "More patients would still help."
        if y[-1] - y[-2] > _STILL_RISES
        else "More patients of this kind would help little."
    )
    return svg_of(figure, label), f"{label}. {rises}"


def level_plot(learned: LearnedDrug) -> tuple[str, str]:
    """Quartiles of what was measured, level by level."""
    table = learned.table
    levels = [level for level in learned.levels if level.samples]
    figure, axes = new_figure(4.6, 3.2)
    for place, level in enumerate(levels):
        if level.lower is None or level.upper is None or level.median is None or level.predicted is None:
            continue
        axes.vlines(place, level.lower, level.upper, color=LINE, linewidth=5, alpha=0.45)
        axes.plot([place], [level.median], marker="o", color=NEUTRAL, markersize=5)
        axes.plot([place], [level.predicted], marker="x", color=RESISTANT, markersize=6)
    axes.axhline(table.resistant_from, color=LINE, linewidth=0.8, linestyle=":")
    axes.set_xticks(
        range(len(levels)), [f"{level.level.replace(' ', chr(10))}\n{level.samples}" for level in levels], fontsize=7
    )
    axes.set_xlim(-0.6, len(levels) - 0.4)
    if _is_log(learned):
        _log_axis(axes, "y")
    axes.set_ylabel(f"measured {table.measure}", fontsize=9)
    label = f"{table.drug}: measured {table.measure} by level of the score"
    return svg_of(figure, label), f"{label}: median (point) and quartiles (bar), and the predicted median (cross)."
