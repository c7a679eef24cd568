"""The sheet that figures are drawn on: its style, and how it becomes bytes that are the same on every repeat."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["EXPORT", "IMPORT", "png", "sheet", "short", "styled", "svg"]

STYLE = Path(__file__).parents[1] / "caspian.mplstyle"
EXPORT = "#D55E00"
"""Colour of cargo that leaves Iran."""
IMPORT = "#0072B2"
"""Colour of cargo that enters Iran."""


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the house style; the caller's own settings come back afterwards."""
    import matplotlib.style

    with matplotlib.style.context(str(STYLE)):
        yield


def sheet(width_in: float, height_in: float) -> Figure:
    """An empty figure of this size in inches, known to no window system."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in))
    FigureCanvasAgg(figure)
    return figure


def short(title: str) -> str:
    """A title without what it says in brackets, for labels."""
    return title.partition(" (")[0]


def svg(figure: Figure) -> bytes:
    """The figure as SVG, byte for byte the same on every repeat: no date, and ids salted by the style."""
    return _saved(figure, "svg", {"Date": None, "Creator": None})


def png(figure: Figure) -> bytes:
    """The figure as PNG, 100 dots an inch."""
    return _saved(figure, "png", {"Software": None})


def _saved(figure: Figure, form: str, metadata: dict[str, str | None]) -> bytes:
    buffer = io.BytesIO()
    with styled():
        figure.savefig(buffer, format=form, metadata=metadata)
    return buffer.getvalue()
