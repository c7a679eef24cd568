"""Parallel coordinates: each point of a design as a line across one axis for each of its factors and responses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.figures import words
from sim.report.figures.canvas import sheet, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure

__all__ = ["parallel_coordinates"]

Floats = npt.NDArray[np.float64]
WIDE_IN = 9.0
DEEP_IN = 3.6
TICK_PT = 7.5
UNKNOWN = "#bbbbbb"
"""Colour of points whose value of the colouring column is not known."""
FEW = 60
"""Points up to which each value is marked."""


def parallel_coordinates(
    columns: Mapping[str, Sequence[float]], colour_by: str, *, title: str, labels: Mapping[str, Sequence[str]] | None = None
) -> Figure:
    """One vertical axis for each column, with a scale of its own, and one line for each design point.

    Lines are coloured by the column `colour_by`, and thinner and more translucent the more there are. Values of a column
    in `labels` are numbers of its words, from 0. A value that is nan breaks its line.

    Raises ValueError where columns differ in length, or `colour_by` is none of them.
    """
    found = {name: np.asarray(values, dtype=np.float64).reshape(-1) for name, values in columns.items()}
    if colour_by not in found:
        raise ValueError(f"'{colour_by}', by which lines are coloured, is none of the columns {', '.join(found)}.")
    if len({len(values) for values in found.values()}) > 1:
        raise ValueError("Columns of different lengths do not describe the same design points.")
    scales = [_scale(values, (labels or {}).get(name)) for name, values in found.items()]
    first_in = max(0.75, words.EDGE_IN + min(1.3, max(words.width_in(word, TICK_PT) for _, word in scales[0])) + 0.08)
    colour_marks = scales[list(found).index(colour_by)]
    key_in = min(1.5, max(words.width_in(word, TICK_PT) for _, word in colour_marks)) + 0.75
    last_in = WIDE_IN - words.EDGE_IN - key_in
    pitch_in = (last_in - first_in) / max(1, len(found) - 1)
    name_in = min(pitch_in - 0.1, 2 * (first_in - words.EDGE_IN))
    upright = any(words.width_in(word, weight="bold") > name_in for name in found for word in name.split())
    heads = [
        words.wrapped(name, 1.9 if upright else name_in, weight="bold", most=_most(name_in) if upright else 0)
        for name in found
    ]
    head_in = max(words.width_in(head, weight="bold") if upright else words.height_in(head) for head in heads)
    top_in = words.head_in(title, WIDE_IN) + head_in + 0.1
    note = words.wrapped(f"Colour: {colour_by}", WIDE_IN - 2 * words.EDGE_IN, 8)
    with styled():
        figure = sheet(WIDE_IN, top_in + DEEP_IN + words.height_in(note, 8) + 0.36)
        words.head_on(figure, title)
        axes = words.axes_in(figure, first_in, top_in, last_in - first_in, DEEP_IN)
        axes.set(xlim=(0, max(1, len(found) - 1)), ylim=(0, 1))
        axes.axis("off")
        _lines(
            axes,
            np.array([_shares(v, s) for v, s in zip(found.values(), scales, strict=True)]),
            found[colour_by],
            colour_marks,
        )
        for number, (head, marks) in enumerate(zip(heads, scales, strict=True)):
            x_in = first_in + number * pitch_in
            half_in = 0.0 if upright else words.width_in(head, weight="bold") / 2
            place = words.spot(figure, max(x_in, words.EDGE_IN + half_in), top_in - 0.1)
            figure.text(
                *place, head, fontsize=words.NAME_PT, fontweight="bold", color=words.INK, ha="center", va="bottom",
                rotation=90 if upright else 0,
            )  # fmt: skip
            _axis(axes, number, marks, first_in - words.EDGE_IN - 0.04 if number == 0 else pitch_in - 0.12)
        _key(figure, colour_marks, (last_in + 0.4, top_in))
        place = words.spot(figure, words.EDGE_IN, top_in + DEEP_IN + 0.2)
        figure.text(*place, note, fontsize=8, color="#555555", va="top")
        return figure


def _most(room_in: float) -> int:
    """Lines of an upright name that stand side by side in a room."""
    return max(1, math.floor(room_in / words.height_in("x")))


def _scale(values: Floats, said: Sequence[str] | None) -> list[tuple[float, str]]:
    """The marks of an axis from its bottom to its top, each with its words."""
    if said:
        return [(float(number), word) for number, word in enumerate(said)]
    known = values[np.isfinite(values)]
    if not len(known):
        return [(0.0, ""), (1.0, "")]
    return [(mark, words.plain(mark)) for mark in words.ticks(float(known.min()), float(known.max()), 5)]


def _shares(values: Floats, marks: Sequence[tuple[float, str]]) -> Floats:
    """How high values stand on their axis, from 0 to 1; nan where they are not finite."""
    low, high = marks[0][0], marks[-1][0]
    known = np.where(np.isfinite(values), values, np.nan)
    return (known - low) / (high - low) if high > low else known * 0 + 0.5


def _hues(marks: Sequence[tuple[float, str]]) -> tuple[Colormap, Normalize]:
    import matplotlib as mpl
    from matplotlib.colors import Normalize

    low, high = marks[0][0], marks[-1][0]
    return mpl.colormaps["viridis"].resampled(256), Normalize(low, high if high > low else low + 1)


def _lines(axes: Axes, shares: Floats, by: Floats, marks: Sequence[tuple[float, str]]) -> None:
    """All lines, those of unknown colour behind; values without a neighbour, and all of them where few, are dots."""
    from matplotlib.collections import LineCollection

    hues, scale = _hues(marks)
    count = shares.shape[1]
    alpha, width = min(0.9, max(0.12, 12 / math.sqrt(max(count, 1)) / 3)), 1.4 if count <= FEW else 0.7
    order = sorted(range(count), key=lambda point: math.isfinite(by[point]))
    colours = [hues(scale(by[point])) if math.isfinite(by[point]) else UNKNOWN for point in order]
    stations = np.arange(len(shares), dtype=np.float64)
    runs: list[Floats] = []
    inks: list[object] = []
    for point, colour in zip(order, colours, strict=True):
        way = np.column_stack((stations, shares[:, point]))
        known = np.isfinite(way[:, 1])
        pieces = np.split(way, np.flatnonzero(np.diff(known)) + 1)
        pieces = [piece for piece in pieces if np.isfinite(piece[:, 1]).all()]
        runs += [piece for piece in pieces if len(piece) > 1]
        inks += [colour for piece in pieces if len(piece) > 1]
        dots = [piece for piece in pieces if len(piece) == 1 or count <= FEW]
        if dots:
            x, y = np.concatenate(dots).T
            axes.plot(x, y, "o", color=colour, markersize=3, alpha=alpha, clip_on=False)
    axes.add_collection(LineCollection(runs, colors=inks, linewidths=width, alpha=alpha, clip_on=False))


def _axis(axes: Axes, number: int, marks: Sequence[tuple[float, str]], room_in: float) -> None:
    """A vertical line with its marks, and words at their left over a white rim."""
    from matplotlib.patheffects import withStroke

    low, high = marks[0][0], marks[-1][0]
    axes.plot([number, number], [0, 1], color="#333333", linewidth=0.9, clip_on=False, zorder=4)
    every = max(1, math.ceil(len(marks) * words.height_in("x", TICK_PT) / DEEP_IN))
    for value, word in marks[::every]:
        y = (value - low) / (high - low) if high > low else 0.5
        deep = max(1, math.floor(DEEP_IN / len(marks) / words.height_in("x", TICK_PT)))
        said = words.wrapped(word, max(room_in, 0.2), TICK_PT, most=min(3, deep))
        axes.annotate(
            said, (number, y), (-4, 0), textcoords="offset points", fontsize=TICK_PT, color=words.INK, ha="right",
            va="center", zorder=5, path_effects=[withStroke(linewidth=2.5, foreground="white")], annotation_clip=False,
        )  # fmt: skip
        axes.plot([number], [y], "_", color="#333333", markersize=5, clip_on=False, zorder=4)


def _key(figure: Figure, marks: Sequence[tuple[float, str]], corner_in: tuple[float, float]) -> None:
    """The colours of the lines beside the axes: a bar from the least to the greatest."""
    hues, scale = _hues(marks)
    axes = words.axes_in(figure, *corner_in, 0.16, DEEP_IN)
    low, high = scale.vmin or 0.0, scale.vmax or 0.0
    edges = np.linspace(low, high, 65)
    middles = (edges[1:] + edges[:-1]) / 2
    axes.barh(middles, 1, height=edges[1] - edges[0], color=[hues(scale(float(value))) for value in middles], linewidth=0)
    axes.set(xlim=(0, 1), ylim=(low, high), xticks=[])
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    axes.yaxis.tick_right()
    every = max(1, math.ceil(len(marks) * words.height_in("x", TICK_PT) / DEEP_IN))
    shown = marks[::every]
    said = [words.wrapped(word, 1.5, TICK_PT, most=2) for _, word in shown]
    axes.set_yticks([value for value, _ in shown], said, fontsize=TICK_PT)
