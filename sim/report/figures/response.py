"""Lines of response: how a mean follows a factor, with the interval at each level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sim.report.figures import words
from sim.report.figures.canvas import sheet, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Line", "response_lines"]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = "osD^vPX*"
STROKES = ("-", "--", "-.", ":")
WIDE_IN = 9.0
DEEP_IN = 3.8
MOST_NAME_IN = 1.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Means with the ends of their 95 % intervals at ascending values of a factor; nan shows nothing."""

    name: str
    x: Sequence[float]
    mean: Sequence[float]
    lo: Sequence[float]
    hi: Sequence[float]


def response_lines(
    lines: Sequence[Line], *, axes: tuple[str, str], title: str, ticks: Sequence[str] | None = None
) -> Figure:
    """Lines with bands and a marker at each point; `axes` names the factor and the response, with their units.

    Names stand at the ends of the lines where they keep apart, else in a list beside them. `ticks` are words for the
    different values of x in ascending order; ValueError is raised where there are not as many.
    """
    levels = sorted({float(x) for line in lines for x in line.x if np.isfinite(x)})
    if ticks is not None and len(ticks) != len(levels):
        raise ValueError(f"{len(ticks)} words cannot name the {len(levels)} levels of {axes[0]}.")
    names = [words.wrapped(line.name, MOST_NAME_IN) for line in lines]
    seen = [_finite(part) for line in lines for part in (line.mean, line.lo, line.hi)]
    seen_y = np.concatenate(seen) if seen else np.zeros(0)
    low, high = (float(seen_y.min()), float(seen_y.max())) if len(seen_y) else (0.0, 1.0)
    marks = words.ticks(low, high)
    low, high = min(low, marks[0]), max(high, marks[-1])
    left_in = words.EDGE_IN + max(words.width_in(words.plain(mark), 8) for mark in marks) + 0.1
    wide_in = WIDE_IN - left_in - words.EDGE_IN - max(map(words.width_in, names), default=0.0) - 0.5
    room_in = sum(words.height_in(name) + 0.05 for name in names)
    deep_in = max(DEEP_IN, room_in)
    said = [words.wrapped(word, max(0.3, wide_in / max(1, len(levels)) - 0.06), 8, most=4) for word in ticks or ()]
    above, below = (words.wrapped(text, WIDE_IN - 2 * words.EDGE_IN, 9) for text in (axes[1], axes[0]))
    top_in = words.head_in(title, WIDE_IN) + words.height_in(above, 9) + 0.08
    foot_in = 0.16 + max([words.height_in("x", 8), *(words.height_in(word, 8) for word in said)])
    with styled():
        figure = sheet(WIDE_IN, top_in + deep_in + foot_in + words.height_in(below, 9) + 0.12)
        words.head_on(figure, title)
        field = words.axes_in(figure, left_in, top_in, wide_in, deep_in)
        first, last = (levels[0], levels[-1]) if levels else (0.0, 1.0)
        spare = 0.03 * (last - first) or 0.5
        field.set(xlim=(first - spare, last + spare), ylim=(low, high))
        words.ticked(field.yaxis, marks, low, high)
        words.ticked(field.xaxis, words.ticks(first, last, 8), first - spare, last + spare)
        if ticks is not None:
            every = max(1, -(-len(said) * 4 // round(10 * wide_in)))
            field.set_xticks(levels[::every], said[::every])
        for number, line in enumerate(lines):
            _draw(field, line, number)
        _name(figure, field, [_end(line) for line in lines], names, (left_in, top_in, wide_in, deep_in))
        place = words.spot(figure, words.EDGE_IN, top_in - 0.08)
        figure.text(*place, above, fontsize=9, color="#333333", va="bottom")
        place = words.spot(figure, words.EDGE_IN, top_in + deep_in + foot_in)
        figure.text(*place, below, fontsize=9, color="#333333", va="top")
        return figure


def _name(
    figure: Figure,
    field: Axes,
    ends: Sequence[tuple[float, float] | None],
    names: Sequence[str],
    box_in: tuple[float, float, float, float],
) -> None:
    """The name of each line at its end, or all of them in a list beside the lines where they would not keep apart."""
    left_in, top_in, wide_in, deep_in = box_in
    low, high = field.get_ylim()
    rightmost = max((end[0] for end in ends if end), default=0.0)
    at_in = [(high - end[1]) / (high - low) * deep_in if end else -1.0 for end in ends]
    atop = sorted((y, words.height_in(name)) for y, name in zip(at_in, names, strict=True))
    apart = all(y2 - y1 >= (h1 + h2) / 2 for (y1, h1), (y2, h2) in pairwise(atop))
    direct = apart and all(end is not None and end[0] == rightmost for end in ends)
    y_in = 0.0
    for number, name in enumerate(names):
        if not direct:
            y_in += words.height_in(name) / 2
            _sample(field, number, (wide_in + 0.25) / wide_in, 1 - y_in / deep_in)
        y = at_in[number] if direct else y_in
        place = words.spot(figure, left_in + wide_in + (0.06 if direct else 0.45), top_in + y)
        colour = COLOURS[number % len(COLOURS)] if direct else words.INK
        figure.text(*place, name, fontsize=words.NAME_PT, color=colour, va="center")
        y_in += words.height_in(name) / 2 + 0.05


def _finite(part: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.asarray(part, dtype=np.float64).reshape(-1)
    return values[np.isfinite(values)]


def _end(line: Line) -> tuple[float, float] | None:
    """The last point of a line that can be shown."""
    points = [(x, y) for x, y in zip(line.x, line.mean, strict=True) if np.isfinite(x) and np.isfinite(y)]
    return points[-1] if points else None


def _draw(field: Axes, line: Line, number: int) -> None:
    colour = COLOURS[number % len(COLOURS)]
    x, mean, lo, hi = (np.asarray(part, dtype=np.float64) for part in (line.x, line.mean, line.lo, line.hi))
    field.fill_between(x, lo, hi, color=colour, alpha=0.15, linewidth=0)
    known = np.isfinite(lo) & np.isfinite(hi)
    field.vlines(x[known], lo[known], hi[known], color=colour, linewidth=0.8, alpha=0.6)
    stroke, marker = STROKES[number // len(COLOURS) % len(STROKES)], MARKERS[number % len(MARKERS)]
    field.plot(x, mean, stroke, color=colour, marker=marker, markersize=4.5)


def _sample(field: Axes, number: int, x: float, y: float) -> None:
    """A piece of a line beside the axes, at shares of their width and height."""
    stroke, marker = STROKES[number // len(COLOURS) % len(STROKES)], MARKERS[number % len(MARKERS)]
    half = 0.016
    field.plot(
        [x - half, x, x + half], [y, y, y], stroke, color=COLOURS[number % len(COLOURS)], marker=marker, markevery=[1],
        markersize=4.5, transform=field.transAxes, clip_on=False,
    )  # fmt: skip
