"""The tornado: how far each factor, moved alone to its low and its high level, moves the mean."""

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

__all__ = ["Swing", "tornado"]

LOW, HIGH = "#56B4E9", "#E69F00"
WIDE_IN = 9.0
MOST_NAME_IN = 2.2
MOST_LEVEL_IN = 1.35
LEVEL_PT = 7.5
BAR_IN = 0.24


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """A factor at its two levels, all others as in the base; nan shows nothing."""

    factor: str
    low_label: str
    high_label: str
    """The levels in words."""
    low: float
    high: float
    """The mean at either level, in the unit of the figure."""
    low_half_width: float
    high_half_width: float
    """Half the length of the 95 % interval of either mean; nan where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One bar of a factor: `y_in` and `deep_in` place it, `far` is where its label begins, on side -1 or 1."""

    value: float
    half: float
    words: str
    colour: str
    side: int
    far: float
    y_in: float
    deep_in: float


def tornado(swings: Sequence[Swing], base: float, *, unit: str, title: str) -> Figure:
    """Bars from the base to the mean at either level, the factor with the longest on top, whiskers over their intervals.

    Each bar ends with its level and the mean there. A factor both of whose levels lie on one side of the base has its two
    bars one above the other.
    """
    ranked = sorted(swings, key=lambda swing: -_span(swing, base))
    write = words.writer([value for swing in swings for value in (swing.low, swing.high)] + [base])
    names = [words.wrapped(swing.factor, MOST_NAME_IN) for swing in ranked]
    rows: list[tuple[str, float, list[_End]]] = []
    deep_in = 0.26
    for name, swing in zip(names, ranked, strict=True):
        texts = [_level(label, write(value)) for label, value in _levels(swing)]
        lanes = math.isfinite(base) and (swing.low - base) * (swing.high - base) > 0
        heights = [max(0.28, words.height_in(text, LEVEL_PT) + 0.04) for text in texts]
        room_in = max(words.height_in(name) + 0.08, sum(heights) if lanes else max(0.36, *heights))
        rows.append((name, deep_in + room_in / 2, _ends(swing, base, texts, (deep_in, room_in, lanes))))
        deep_in += room_in + 0.04
    ends = [end for _, _, row in rows for end in row if math.isfinite(end.value)]
    left_in = words.EDGE_IN + max(map(words.width_in, names), default=0.0) + 0.1
    wide_in = WIDE_IN - left_in - words.EDGE_IN
    below = words.wrapped(unit, wide_in, 9)
    top_in = words.head_in(title, WIDE_IN)
    with styled():
        figure = sheet(WIDE_IN, top_in + deep_in + words.height_in(below, 9) + 0.68)
        words.head_on(figure, title)
        axes = words.axes_in(figure, left_in, top_in, wide_in, deep_in)
        axes.set(ylim=(deep_in, 0), yticks=[])
        low, high = _limits(ends, base, wide_in)
        axes.set_xlim(low, high)
        words.ticked(axes.xaxis, words.ticks(low, high, 7), low, high)
        axes.grid(visible=True, axis="x")
        axes.spines["left"].set_visible(False)
        if math.isfinite(base):
            axes.plot([base, base], [0.24, deep_in], color="#333333", linewidth=1)
            share = (base - low) / (high - low) * wide_in
            said = f"base {write(base)}"
            half = words.width_in(said, 8, "bold") / 2
            place = words.spot(figure, left_in + min(max(share, half), wide_in - half), top_in + 0.12)
            figure.text(*place, said, fontsize=8, fontweight="bold", color=words.INK, ha="center", va="center")
            for end in ends:
                _draw(axes, end, base)
        for name, y_in, _ in rows:
            place = words.spot(figure, words.EDGE_IN, top_in + y_in)
            figure.text(*place, name, fontsize=words.NAME_PT, color=words.INK, va="center")
        place = words.spot(figure, left_in + wide_in / 2, top_in + deep_in + 0.26)
        figure.text(*place, below, fontsize=9, color="#333333", ha="center", va="top")
        _key(figure)
        return figure


def _key(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=LOW, label="low level"),
        Patch(facecolor=HIGH, label="high level"),
        Line2D([], [], color="#333333", linewidth=1, label="95 % interval"),
    ]
    place = words.spot(figure, WIDE_IN / 2, float(figure.get_size_inches()[1]) - 0.08)
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=place, ncols=3, borderaxespad=0.0)


def _levels(swing: Swing) -> tuple[tuple[str, float], tuple[str, float]]:
    return (swing.low_label, swing.low), (swing.high_label, swing.high)


def _level(label: str, value: str) -> str:
    return words.wrapped(f"{label}: {value}" if label and value else value, MOST_LEVEL_IN, LEVEL_PT)


def _span(swing: Swing, base: float) -> float:
    """The length of what is drawn for a factor."""
    ends = [value for value in (swing.low, swing.high, base) if math.isfinite(value)]
    return max(ends) - min(ends) if ends else 0.0


def _ends(swing: Swing, base: float, texts: Sequence[str], room: tuple[float, float, bool]) -> list[_End]:
    """The two bars of a factor within its row, which begins at, and is as deep as, `room` says; in two lanes if it says
    so.
    """
    at_in, room_in, lanes = room
    values, halves = (swing.low, swing.high), [swing.low_half_width, swing.high_half_width]
    halves = [half if math.isfinite(half) else 0.0 for half in halves]
    sides = [1 if value > base else -1 for value in values]
    if not lanes:
        sides = [-1, 1] if swing.low < base or swing.high > base or swing.low == swing.high else [1, -1]
    found = []
    for number, side in enumerate(sides):
        mine = (number,) if lanes else (0, 1)
        reach = [base, *(values[i] + side * halves[i] for i in mine)]
        known = [value for value in reach if math.isfinite(value)] or [0.0]
        far = max(known) if side > 0 else min(known)
        y_in = at_in + room_in / 2 + (room_in / 4 * (2 * number - 1) if lanes else 0.0)
        end = _End(
            value=values[number], half=halves[number], words=texts[number], colour=(LOW, HIGH)[number], side=side, far=far,
            y_in=y_in, deep_in=min(BAR_IN, room_in / 2 * 0.8) if lanes else BAR_IN,
        )  # fmt: skip
        found.append(end)
    return found


def _limits(ends: Sequence[_End], base: float, wide_in: float) -> tuple[float, float]:
    """The ends of an axis that has room for every bar and for the words beyond it."""
    fars = [end.far for end in ends] + ([base] if math.isfinite(base) else [])
    low, high = (min(fars), max(fars)) if fars else (0.0, 1.0)
    if not low < high:
        spread = abs(low) * 0.05 or 1.0
        low, high = low - spread, high + spread
    rooms_in = [
        max((words.width_in(e.words, LEVEL_PT) for e in ends if e.side == side), default=0.0) + 0.12 for side in (-1, 1)
    ]
    scale = (high - low) / (wide_in - sum(rooms_in))
    return low - scale * rooms_in[0], high + scale * rooms_in[1]


def _draw(axes: Axes, end: _End, base: float) -> None:
    axes.barh(end.y_in, end.value - base, left=base, height=end.deep_in, color=end.colour, linewidth=0)
    if end.half:
        y_in = end.y_in + (0.04 if end.colour == HIGH else -0.04)
        axes.plot(
            [end.value - end.half, end.value + end.half], [y_in, y_in], "|-", color="#333333", linewidth=0.9, markersize=4.5
        )
    axes.annotate(
        end.words, (end.far, end.y_in), (4 * end.side, 0), textcoords="offset points", fontsize=LEVEL_PT, color=words.INK,
        ha="left" if end.side > 0 else "right", va="center",
    )  # fmt: skip
