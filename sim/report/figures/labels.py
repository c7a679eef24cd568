"""Labels that do not cover one another: each takes the free place nearest its point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import RendererAgg

__all__ = ["Label", "place"]

Floats = npt.NDArray[np.float64]
PLACES = tuple(
    (distance, angle) for distance in (9, 20, 34, 50) for angle in (0, 180, 45, 315, 135, 225, 90, 270)
)  # fmt: skip
"""Where a label may stand: points from its node, degrees anticlockwise from east; tried in this order."""


@dataclass(frozen=True, slots=True)
class Label:
    """Text that belongs to a point in data coordinates."""

    x: float
    y: float
    text: str
    size_pt: float = 9.0
    weight: str = "bold"


def place(axes: Axes, labels: Sequence[Label], obstacles: Floats) -> list[Floats]:
    """Write the labels, each at the first of its places that covers no earlier label and no obstacle, else the least bad.

    `obstacles` are points (n, 2) in display coordinates that should stay visible. A label far from its point gets a thin
    line to it. Gives each label's left, bottom, right and top in display coordinates.
    """
    from matplotlib.backends.backend_agg import RendererAgg

    figure = axes.figure
    width, height = int(figure.bbox.width), int(figure.bbox.height)
    renderer = RendererAgg(width, height, figure.dpi)  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
    taken: list[Floats] = []
    for label in labels:
        candidates = [_box(axes, label, spot, renderer) for spot in PLACES]
        costs = [_cost(box, taken, obstacles, axes) for box in candidates]
        best = int(np.argmin(costs))
        taken.append(candidates[best])
        _write(axes, label, PLACES[best])
    return taken


def _offset(spot: tuple[int, int]) -> tuple[float, float]:
    distance, angle = spot
    return distance * float(np.cos(np.radians(angle))), distance * float(np.sin(np.radians(angle)))


def _anchors(spot: tuple[int, int]) -> tuple[str, str]:
    dx, dy = _offset(spot)
    across = "left" if dx > 1 else "right" if dx < -1 else "center"
    up = "bottom" if dy > 1 else "top" if dy < -1 else "center"
    return across, up


def _box(axes: Axes, label: Label, spot: tuple[int, int], renderer: RendererAgg) -> Floats:
    """Left, bottom, right and top of the label at a spot, in display coordinates."""
    x, y = axes.transData.transform((label.x, label.y))
    dots = axes.figure.dpi / 72
    dx, dy = (part * dots for part in _offset(spot))
    across, up = _anchors(spot)
    artist = axes.text(0, 0, label.text, fontsize=label.size_pt, fontweight=label.weight)
    extent = artist.get_window_extent(renderer)
    artist.remove()
    left = x + dx - {"left": 0.0, "center": extent.width / 2, "right": extent.width}[across]
    bottom = y + dy - {"bottom": 0.0, "center": extent.height / 2, "top": extent.height}[up]
    return np.array([left - 2, bottom - 2, left + extent.width + 2, bottom + extent.height + 2])


def _cost(box: Floats, taken: Sequence[Floats], obstacles: Floats, axes: Axes) -> float:
    inside = (obstacles >= box[:2]).all(axis=1) & (obstacles <= box[2:]).all(axis=1)
    frame = axes.bbox
    outside = max(0.0, frame.x0 - box[0], frame.y0 - box[1], box[2] - frame.x1, box[3] - frame.y1)
    return float(sum(_shared(box, other) for other in taken) + 100 * inside.sum() + 1000 * outside)


def _shared(one: Floats, other: Floats) -> float:
    width, height = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    return 1000 + float(width * height) if width > 0 and height > 0 else 0.0


def _write(axes: Axes, label: Label, spot: tuple[int, int]) -> None:
    from matplotlib.patheffects import withStroke

    across, up = _anchors(spot)
    line = {"arrowstyle": "-", "color": "#777777", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3}
    axes.annotate(
        label.text, (label.x, label.y), xytext=_offset(spot), textcoords="offset points",
        ha=across, va=up, fontsize=label.size_pt, fontweight=label.weight, color="#222222", zorder=6,
        arrowprops=line if spot[0] > 10 else None, path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )  # fmt: skip
