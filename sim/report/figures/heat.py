"""The heat map: one number for each pair of levels of two factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.figures import words
from sim.report.figures.canvas import sheet, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["heat_map"]

WIDE_IN = 9.0
MOST_CELL_IN = 1.8
MOST_NAME_IN = 2.2
BAR_ROOM_IN = 1.1
NUMBER_PT = 7.5


def heat_map(
    x: Sequence[str], y: Sequence[str], values: npt.NDArray[np.float64], *, axes: tuple[str, str], title: str, unit: str
) -> Figure:
    """Values (len(y), len(x)) as coloured cells, the first of `y` on top; `axes` names the factors across and down.

    Values on both sides of zero are coloured about zero. A number is written where all numbers have room; a cell that is
    not finite is hatched. Raises ValueError for values of another shape.
    """
    if values.shape != (len(y), len(x)):
        raise ValueError(f"A heat map of {len(y)} rows and {len(x)} columns cannot show values of shape {values.shape}.")
    names = [words.wrapped(name, MOST_NAME_IN) for name in y]
    left_in = words.EDGE_IN + max(map(words.width_in, names), default=0.0) + 0.1
    cell_in = min(MOST_CELL_IN, (WIDE_IN - left_in - BAR_ROOM_IN - words.EDGE_IN) / max(1, len(x)))
    row_in = max([0.27, *(words.height_in(name) + 0.06 for name in names)])
    wide_in, deep_in = max(cell_in * len(x), 0.5), max(row_in * len(y), 1.0)
    row_in = deep_in / max(1, len(y))
    across, below_in = _across(x, cell_in)
    top_in = words.head_in(title, WIDE_IN)
    aside = words.wrapped(f"down: {axes[1]}", WIDE_IN - 2 * words.EDGE_IN)
    foot = words.wrapped(f"across: {axes[0]}", WIDE_IN - 2 * words.EDGE_IN)
    of = words.wrapped(f"colour: {unit}", WIDE_IN - 2 * words.EDGE_IN)
    notes = f"{foot}\n{aside}\n{of}"
    with styled():
        figure = sheet(WIDE_IN, top_in + deep_in + below_in + words.height_in(notes) + 0.3)
        words.head_on(figure, title)
        field = words.axes_in(figure, left_in, top_in, wide_in, deep_in)
        field.set(xlim=(0, max(1, len(x))), ylim=(max(1, len(y)), 0))
        field.grid(visible=False)
        field.tick_params(length=0)
        field.spines[:].set_visible(False)
        field.set_xticks([])
        field.set_yticks(np.arange(len(y)) + 0.5, names, fontsize=words.NAME_PT, color=words.INK)
        for column, (name, turned) in enumerate(across):
            place = words.spot(figure, left_in + (column + 0.5) * cell_in, top_in + deep_in + 0.06)
            figure.text(
                *place, name, fontsize=words.NAME_PT, color=words.INK, ha="center", va="top", rotation=90 if turned else 0
            )
        if np.isfinite(values).any():
            _cells(field, values, (cell_in, row_in))
        place = words.spot(figure, words.EDGE_IN, top_in + deep_in + below_in + 0.16)
        figure.text(*place, notes, fontsize=words.NAME_PT, color="#333333", va="top")
        return figure


def _across(x: Sequence[str], cell_in: float) -> tuple[list[tuple[str, bool]], float]:
    """The names under the columns, each with whether it stands upright, and the room that they take."""
    whole = all(words.width_in(word) <= cell_in - 0.08 for name in x for word in name.split())
    if whole and max((words.height_in(words.wrapped(name, cell_in - 0.08)) for name in x), default=0.0) <= 0.6:
        level = [words.wrapped(name, cell_in - 0.08) for name in x]
        return [(name, False) for name in level], max(map(words.height_in, level), default=0.0) + 0.06
    lines = max(1, math.floor(cell_in / words.height_in("x")))
    every = max(1, math.ceil(words.height_in("x") / cell_in))
    turned = [words.wrapped(name, 1.9, most=lines) if i % every == 0 else "" for i, name in enumerate(x)]
    return [(name, True) for name in turned], max(map(words.width_in, turned), default=0.0) + 0.06


def _cells(field: Axes, values: npt.NDArray[np.float64], cell: tuple[float, float]) -> None:
    """Colours, numbers where there is room for them, and the colour bar beside the cells."""
    import matplotlib as mpl
    from matplotlib.colors import Normalize
    from matplotlib.patches import Rectangle

    known = values[np.isfinite(values)]
    low, high = float(known.min()), float(known.max())
    name = "cividis"
    if low < 0 < high:
        low, high, name = -max(-low, high), max(-low, high), "PuOr_r"
    elif low == high:
        spread = abs(low) * 0.05 or 1.0
        low, high = low - spread, high + spread
    hues, scale = mpl.colormaps[name], Normalize(low, high)
    line = 0.8 if min(cell) > 0.12 else 0.0
    mesh = field.pcolormesh(
        np.ma.masked_invalid(values), cmap=hues, norm=scale, edgecolors="white" if line else "face", linewidth=line
    )
    write = words.writer(known)
    fits = max(words.width_in(write(float(value)), NUMBER_PT) for value in known) <= cell[0] - 0.04
    for (row, column), value in np.ndenumerate(values):
        if not math.isfinite(value):
            field.add_patch(
                Rectangle((column, row), 1, 1, facecolor="#f4f4f4", edgecolor="#aaaaaa", hatch="////", linewidth=0)
            )
        elif fits:
            red, green, blue, _ = hues(scale(value))
            ink = "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else words.INK
            said = write(float(value))
            field.text(column + 0.5, row + 0.5, said, fontsize=NUMBER_PT, color=ink, ha="center", va="center")
    figure = field.figure.figure
    wide, box = float(figure.get_size_inches()[0]), field.get_position()
    beside = figure.add_axes((box.x1 + 0.18 / wide, box.y0, 0.16 / wide, box.height))
    bar = field.figure.colorbar(mesh, cax=beside)
    bar.outline.set_visible(False)
    words.ticked(beside.yaxis, words.ticks(low, high, 5), low, high)
    beside.grid(visible=False)
