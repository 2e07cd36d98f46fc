"""Plots of a validation as SVG for a page: values by level, and times without progression by verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from resistab.curation.kit.measured.drawing import INK, figure_of_rows, new_figure, svg_of
from resistab.curation.validation.words import days as days_words
from resistab.report.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from resistab.curation.validation.model import DrugOutcome, DrugValidation, LevelValues, VerdictOutcome

# Of the tones of verdicts the strong colour, as the pages have it; each also has a line of its own.
_COLOURS = {
    "red": "#8a1222",
    "amber": "#744000",
    "green": "#0d5730",
    "blue": "#1b4c79",
    "grey": "#414c57",
    "violet": "#54347f",
}
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
_BOX = "#cfe0ea"
_LONGEST_LABEL = 14


def levels_plot(drug: DrugValidation, of: str = "") -> str:
    """What was measured on each level: boxes from the lower to the upper quartile with the median, as SVG.

    Empty where no level has a sample. ``of`` tells its ids from those of the same drug's under another rule set.
    """
    shown = [level for level in drug.levels if level.n]
    if not shown:
        return ""
    figure, axes = new_figure(6.4, 3.4)
    for place, level in enumerate(shown):
        assert level.quartile_1 is not None and level.quartile_3 is not None and level.median is not None
        box = {"med": level.median, "q1": level.quartile_1, "q3": level.quartile_3}
        axes.bxp(
            [{**box, "whislo": level.quartile_1, "whishi": level.quartile_3, "label": ""}],
            positions=[place],
            widths=0.55,
            showfliers=False,
            showcaps=False,
            patch_artist=True,
            boxprops={"facecolor": _BOX, "edgecolor": INK},
            medianprops={"color": "#8a1222", "linewidth": 2},
        )
    if drug.log:
        axes.set_yscale("log")
        from matplotlib.ticker import FuncFormatter

        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    if drug.resistant_from is not None:
        axes.axhline(drug.resistant_from, color=INK, linestyle="--", linewidth=1)
    axes.set_xticks(range(len(shown)), [f"{_folded(level.level)}\nn = {level.n:,}" for level in shown])
    axes.set_xlim(-0.6, len(shown) - 0.4)
    axes.set_ylabel(f"{drug.measure} ({drug.unit})" if drug.unit not in drug.measure else drug.measure)
    told = "; ".join(map(_level_words, shown))
    return svg_of(figure, f"{drug.drug}, {drug.measure} by level: {told}.", of)


def _level_words(level: LevelValues) -> str:
    return (
        f"{level.level}, {counted(level.n, 'sample')}, median {level.median:.3g}, "
        f"quartiles {level.quartile_1:.3g} and {level.quartile_3:.3g}"
    )


def survival_plot(outcome: DrugOutcome, tones: Mapping[str, str], of: str = "") -> str:
    """The share without progression over time, a step line a verdict, with numbers at risk beneath, as SVG.

    ``tones`` are those of the verdicts. Empty where nobody was followed. ``of`` is as in ``levels_plot``.
    """
    shown = [one for one in outcome.verdicts if one.survival is not None]
    longest = max((one.survival.days[-1] for one in shown if one.survival is not None), default=0.0)
    if not longest:
        return ""
    name = outcome.drug or "all drugs"
    # Beneath it stand so many lines of numbers.
    figure, (axes, below) = figure_of_rows(6.4, [3.2, 0.2 + 0.2 * len(shown)])
    for number, one in enumerate(shown):
        curve = one.survival
        assert curve is not None
        colour = _COLOURS[tones[one.verdict]]
        axes.step(
            curve.days, curve.share, where="post", color=colour, linestyle=_LINES[number % len(_LINES)],
            label=f"{one.words} ({one.n})",
        )  # fmt: skip
        axes.fill_between(curve.days, curve.low, curve.high, step="post", color=colour, alpha=0.12, linewidth=0)
    axes.set_ylim(0, 1.02)
    axes.set_xlim(0, longest)
    axes.set_ylabel("share without progression")
    axes.set_xlabel("days from the start of therapy")
    axes.legend(frameon=False, fontsize=9)
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick <= longest]
    axes.set_xticks(ticks)
    _at_risk(below, shown, ticks, longest)
    told = "; ".join(
        f"{one.words}, {counted(one.n, 'therapy', 'therapies')}, median "
        f"{days_words(one.survival.median, one.survival.median_interval)}"
        for one in shown
        if one.survival is not None
    )
    return svg_of(figure, f"Time without progression under {name}: {told}.", of)


def _at_risk(below: Axes, shown: Sequence[VerdictOutcome], ticks: Sequence[float], longest: float) -> None:
    """How many of each verdict were still followed at each tick."""
    below.set_xlim(0, longest)
    below.set_ylim(len(shown) - 0.5, -0.5)
    below.set_yticks(range(len(shown)), [one.words for one in shown], fontsize=9)
    below.set_xticks([])
    below.spines[:].set_visible(False)
    below.tick_params(length=0, pad=16)
    below.set_title("still followed", loc="left", fontsize=9)
    for number, one in enumerate(shown):
        assert one.survival is not None
        for tick in ticks:
            followed = _followed(one.survival.days, one.survival.at_risk, tick)
            below.text(tick, number, str(followed), fontsize=9, ha="center", va="center", clip_on=False)


def _followed(days: Sequence[float], at_risk: Sequence[int], day: float) -> int:
    """How many were followed just before ``day``."""
    return next((number for at, number in zip(days, at_risk, strict=True) if at >= day), 0)


def _folded(text: str) -> str:
    """A label in several lines, so that it does not run into its neighbours."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < _LONGEST_LABEL:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)
