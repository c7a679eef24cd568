"""The waterfall: how the mean of one scenario becomes that of another, cause by cause."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.figures import words
from sim.report.figures.canvas import sheet, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Bar", "waterfall"]

MORE, LESS, WHOLE = "#E69F00", "#56B4E9", "#777777"
WIDE_IN = 9.0
MOST_NAME_IN = 2.6
LEAST_ROW_IN = 0.33
BAR_IN = 0.21
TOLERANCE = 1e-6
"""Relative difference between the end and the sum of the parts that is put down to rounding."""
LEAST_SHARE = 0.35
"""Share of the axis that the changes must span; where they span less, the axis leaves zero out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A cause and by how much it changes the mean, in the unit of the figure; nan shows nothing and counts as none."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A bar from one value to another: `name` at its left, `number` at its right end, from `at_in` to so much deeper."""

    name: str
    number: str
    begin: float
    end: float
    colour: str
    at_in: float
    high_in: float


def waterfall(start: float, bars: Sequence[Bar], end: float, *, names: tuple[str, str], unit: str, title: str) -> Figure:
    """From `start`, the mean of the first of `names`, to `end`, that of the second: one bar for each cause, top to bottom.

    What adds and what takes away differ in hue and in sign; neither hue says which is good. Where the bars would be too
    small to see on an axis from zero, the axis leaves zero out, the two whole bars are broken, and a note says so.

    Raises ValueError where `start` and the bars do not add up to `end` within 1e-6 of the larger of the two; a `start`
    or `end` that is nan is not checked.
    """
    reached = start + math.fsum(bar.value for bar in bars if math.isfinite(bar.value))
    if abs(reached - end) > TOLERANCE * max(abs(start), abs(end)):
        raise ValueError(f"The bars of '{title}' lead from {start:.9g} to {reached:.9g}, not to its end, {end:.9g}.")
    rows = _rows(start, bars, end, names)
    low, high, cut = _limits(rows)
    left_in = words.EDGE_IN + max(words.width_in(row.name, weight="bold") for row in rows) + 0.1
    wide_in = WIDE_IN - left_in - words.EDGE_IN
    numbers_in = max(words.width_in(row.number, 8, "bold") for row in rows) + 0.08
    high += (high - low) * numbers_in / max(wide_in - numbers_in, 1.0)
    note = "Orange adds, blue takes away."
    note += f" The axis leaves out zero: {names[0]} and {names[1]} are cut short." if cut else ""
    note, below = words.wrapped(note, WIDE_IN - 2 * words.EDGE_IN, 8), words.wrapped(unit, wide_in, 9)
    top_in, deep_in = words.head_in(title, WIDE_IN), rows[-1].at_in + rows[-1].high_in
    with styled():
        figure = sheet(WIDE_IN, top_in + deep_in + 0.36 + words.height_in(below, 9) + words.height_in(note, 8) + 0.1)
        words.head_on(figure, title)
        axes = words.axes_in(figure, left_in, top_in, wide_in, deep_in)
        axes.set(xlim=(low, high), ylim=(deep_in, 0), yticks=[])
        words.ticked(axes.xaxis, words.ticks(low, high, 7), low, high)
        axes.grid(visible=True, axis="x")
        for row in rows:
            place = words.spot(figure, words.EDGE_IN, top_in + row.at_in + row.high_in / 2)
            weight = "bold" if row.colour == WHOLE else "normal"
            figure.text(*place, row.name, fontsize=words.NAME_PT, fontweight=weight, color=words.INK, va="center")
        _draw(axes, [row for row in rows if row.number], cut)
        foot_in = top_in + deep_in + 0.26
        place = words.spot(figure, left_in + wide_in / 2, foot_in)
        figure.text(*place, below, fontsize=9, color="#333333", ha="center", va="top")
        place = words.spot(figure, words.EDGE_IN, foot_in + words.height_in(below, 9) + 0.06)
        figure.text(*place, note, fontsize=8, color="#555555", va="top")
        return figure


def _draw(axes: Axes, rows: Sequence[_Row], cut: int) -> None:
    """The bars with their numbers, each joined to the one before; whole bars are broken where the axis leaves zero out."""
    low, high = axes.get_xlim()
    last: _Row | None = None
    for row in rows:
        middle_in = row.at_in + row.high_in / 2
        axes.barh(middle_in, row.end - row.begin, left=row.begin, height=BAR_IN, color=row.colour, linewidth=0)
        if last:
            ends_in = [last.at_in + last.high_in / 2 + BAR_IN / 2, middle_in - BAR_IN / 2]
            axes.plot([last.end, last.end], ends_in, color="#555555", linewidth=0.7)
        if row.colour != WHOLE:
            axes.plot([row.end, row.end], [middle_in - BAR_IN / 2, middle_in + BAR_IN / 2], color="#333333", linewidth=1)
        elif cut:
            near = low if cut > 0 else max(0.0, rows[0].begin, rows[-1].begin)
            at = near + cut * 0.02 * (high - low)
            axes.text(at, middle_in, "//", fontsize=13, color="white", ha="center", va="center")
        axes.annotate(
            row.number, (max(row.begin, row.end), middle_in), (4, 0), textcoords="offset points", fontsize=8,
            fontweight="bold" if row.colour == WHOLE else "normal", color=words.INK, va="center",
        )  # fmt: skip
        last = row


def _rows(start: float, bars: Sequence[Bar], end: float, names: tuple[str, str]) -> list[_Row]:
    """The whole bars and between them the causes, each from where the one before ended."""
    write = words.writer([bar.value for bar in bars] or [start, end], digits=2)
    sign = words.writer([bar.value for bar in bars], digits=3, signed=True)
    parts = [(names[0], write(start), 0.0, start, WHOLE)]
    level = start
    for bar in bars:
        value = bar.value if math.isfinite(bar.value) and math.isfinite(start) else 0.0
        number = sign(bar.value) if math.isfinite(start) else ""
        parts.append((bar.label, number, level, level + value, LESS if value < 0 else MORE))
        level += value
    parts.append((names[1], write(end), 0.0, end, WHOLE))
    rows: list[_Row] = []
    at_in = 0.0
    for label, number, begin, to, colour in parts:
        name = words.wrapped(label, MOST_NAME_IN, weight="bold" if colour == WHOLE else "normal")
        high_in = max(LEAST_ROW_IN, words.height_in(name) + 0.08)
        rows.append(_Row(name=name, number=number, begin=begin, end=to, colour=colour, at_in=at_in, high_in=high_in))
        at_in += high_in
    return rows


def _limits(rows: Sequence[_Row]) -> tuple[float, float, int]:
    """The ends of the axis, and where it leaves zero out: 1 below it, -1 above it, 0 where it holds zero."""
    ends = [row.end for row in rows if row.number] or [0.0, 1.0]
    low, high = min(ends), max(ends)
    spread = high - low
    if spread > 0 and low > 0 and spread < LEAST_SHARE * high:
        return low - 0.25 * spread, high + 0.02 * spread, 1
    if spread > 0 and high < 0 and spread < -LEAST_SHARE * low:
        return low - 0.05 * spread, high + 0.25 * spread, -1
    low, high = min(low, 0.0), max(high, 0.0)
    return (low * 1.03, high * 1.02, 0) if low < high else (-1.0, 1.0, 0)
