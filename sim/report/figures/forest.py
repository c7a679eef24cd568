"""The forest of differences: each scenario less the base, KPI by KPI, with its interval and what it amounts to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.precision import CONFIDENCE
from sim.report.figures.canvas import sheet, styled
from sim.report.figures.words import (
    EDGE_IN,
    INK,
    NAME_PT,
    axes_in,
    head_in,
    head_on,
    height_in,
    spot,
    ticked,
    ticks,
    width_in,
    wrapped,
    writer,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["VERDICTS", "ForestRow", "forest"]

VERDICTS = {
    "better": ("#0072B2", "o", "#0072B2"),
    "worse": ("#D55E00", "s", "#D55E00"),
    "no clear difference": ("#777777", "D", "white"),
    "identical": ("#000000", "x", "#000000"),
}
"""Of each verdict the colour, the marker and what fills it, so that none is told by colour alone."""
WIDE_IN = 9.0
MOST_NAME_IN = 2.9
LEAST_ROW_IN = 0.24
HEADING_IN = 0.30
NUMBERS_PT = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """How a scenario differs from the base in one KPI, paired replication by replication."""

    label: str
    """The scenario."""
    group: str
    """The KPI under whose heading the row stands."""
    mean: float
    lo: float
    hi: float
    """Ends of the interval of the mean difference; nan where there is none."""
    verdict: str
    """One of `VERDICTS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row or the heading of a group, at so many inches from the top of the first."""

    words: str
    middle_in: float
    row: ForestRow | None


def forest(rows: Sequence[ForestRow], *, title: str, axis: str) -> Figure:
    """Differences from a base scenario with their 95 % intervals, under a heading for each group, about a line at zero.

    Groups stand in the order in which they first appear, rows in their own. The numbers are written at the right. A row
    whose mean is nan keeps its name and shows nothing else. `axis` names the difference and its unit.

    Raises ValueError for a verdict that is not one of `VERDICTS`.
    """
    for row in rows:
        if row.verdict not in VERDICTS:
            raise ValueError(f"The verdict '{row.verdict}' of '{row.label}' is none of {', '.join(VERDICTS)}.")
    with styled():
        lines, deep_in = _laid(rows)
        used = [verdict for verdict in VERDICTS if any(row.verdict == verdict for row in rows)]
        names_in = max((width_in(line.words) for line in lines if line.row), default=0.0) + 0.12
        header = f"mean [{100 * CONFIDENCE:.0f} % interval]"
        numbers_in = max(width_in(text, NUMBERS_PT) for text in (header, *map(_numbers, rows)))
        left_in = EDGE_IN + names_in + 0.15
        core_in = WIDE_IN - left_in - numbers_in - 0.2 - EDGE_IN
        under = wrapped(axis, WIDE_IN - left_in - EDGE_IN, 9)
        top_in = head_in(title, WIDE_IN) + 0.22
        under_in = 0.28 + height_in(under, 9)
        figure = sheet(WIDE_IN, top_in + deep_in + under_in + (0.36 if used else 0.1))
        head_on(figure, title)
        axes = axes_in(figure, left_in, top_in, core_in, deep_in)
        axes.set_ylim(deep_in, 0)
        axes.set_yticks([])
        _range(axes, rows)
        _write(figure, lines, top_in)
        figure.text(
            *spot(figure, WIDE_IN - EDGE_IN, top_in - 0.06),
            header,
            fontsize=NUMBERS_PT,
            color="#555555",
            ha="right",
            va="bottom",
        )
        for line in lines:
            if line.row:
                _draw(axes, line.row, line.middle_in)
        x_in = left_in + core_in / 2
        shift = width_in(under, 9) / 2
        x_in = min(max(x_in, EDGE_IN + shift), WIDE_IN - EDGE_IN - shift)
        figure.text(*spot(figure, x_in, top_in + deep_in + 0.26), under, fontsize=9, color="#333333", ha="center", va="top")
        _legend(figure, used)
        return figure


def _laid(rows: Sequence[ForestRow]) -> tuple[list[_Line], float]:
    """The headings and rows from top to bottom, and their height together in inches."""
    lines: list[_Line] = []
    at_in = 0.0
    for group in dict.fromkeys(row.group for row in rows):
        if group:
            words = wrapped(group, WIDE_IN / 2, 9, "bold")
            high_in = max(HEADING_IN, height_in(words, 9) + 0.1)
            lines.append(_Line(words=words, middle_in=at_in + high_in / 2 + 0.02, row=None))
            at_in += high_in
        for row in rows:
            if row.group == group:
                words = wrapped(row.label, MOST_NAME_IN)
                high_in = max(LEAST_ROW_IN, height_in(words) + 0.06)
                lines.append(_Line(words=words, middle_in=at_in + high_in / 2, row=row))
                at_in += high_in
    return lines, max(at_in + 0.06, 0.5)


def _range(axes: Axes, rows: Iterable[ForestRow]) -> None:
    """A horizontal axis that holds zero and every interval."""
    ends = [end for row in rows for end in (row.mean, row.lo, row.hi) if math.isfinite(end) and math.isfinite(row.mean)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    spare = 0.04 * (high - low) or 1.0
    low, high = low - spare, high + spare
    axes.set_xlim(low, high)
    ticked(axes.xaxis, ticks(low, high, 7), low, high)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color="#555555", linewidth=0.9)


def _write(figure: Figure, lines: Sequence[_Line], top_in: float) -> None:
    """Names at the left, numbers at the right."""
    for line in lines:
        y_in = top_in + line.middle_in
        if line.row is None:
            figure.text(*spot(figure, EDGE_IN, y_in), line.words, fontsize=9, fontweight="bold", color=INK, va="center")
            continue
        figure.text(*spot(figure, EDGE_IN + 0.12, y_in), line.words, fontsize=NAME_PT, color=INK, va="center")
        numbers, colour = _numbers(line.row), VERDICTS[line.row.verdict][0]
        where = spot(figure, WIDE_IN - EDGE_IN, y_in)
        figure.text(*where, numbers, fontsize=NUMBERS_PT, color=_dark(colour), ha="right", va="center")


def _dark(colour: str) -> str:
    """Grey is darkened for writing."""
    return "#555555" if colour == "#777777" else colour


def _numbers(row: ForestRow) -> str:
    """Mean and interval with their signs, as exact as the interval is wide."""
    if not math.isfinite(row.mean):
        return ""
    half = (row.hi - row.lo) / 2
    write = writer((half,), digits=2, signed=True) if math.isfinite(half) and half > 0 else writer((row.mean,), signed=True)
    if not (math.isfinite(row.lo) and math.isfinite(row.hi)):
        return write(row.mean)
    return f"{write(row.mean)} [{write(row.lo)}, {write(row.hi)}]"


def _draw(axes: Axes, row: ForestRow, middle_in: float) -> None:
    if not math.isfinite(row.mean):
        return
    colour, marker, inside = VERDICTS[row.verdict]
    if math.isfinite(row.lo) and math.isfinite(row.hi):
        axes.plot([row.lo, row.hi], [middle_in, middle_in], color=colour, linewidth=1.6, solid_capstyle="butt")
    axes.plot(
        [row.mean],
        [middle_in],
        marker,
        color=colour,
        markerfacecolor=inside,
        markersize=5.5,
        markeredgewidth=1.3,
        clip_on=False,
    )


def _legend(figure: Figure, used: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    handles = []
    for verdict in used:
        colour, marker, inside = VERDICTS[verdict]
        handles.append(
            Line2D(
                [], [], color=colour, marker=marker, markerfacecolor=inside, markersize=5.5, markeredgewidth=1.3,
                linewidth=1.6, label=verdict,
            )
        )  # fmt: skip
    if handles:
        where = spot(figure, WIDE_IN / 2, float(figure.get_size_inches()[1]) - 0.08)
        figure.legend(handles=handles, loc="lower center", bbox_to_anchor=where, ncols=len(handles), borderaxespad=0.0)
