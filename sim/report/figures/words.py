"""Words and numbers on figures: how much room they take, how they are broken to fit, and how many digits they show.

Here lives what a figure must know before it is laid out, in inches. Nothing here draws anything but a title.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

__all__ = [
    "EDGE_IN", "INK", "NAME_PT", "axes_in", "head_in", "head_on", "height_in", "number", "plain", "spot", "ticked", "ticks",
    "width_in", "wrapped", "writer",
]  # fmt: skip

EDGE_IN = 0.14
"""Room between what is drawn and the edge of the sheet, inches."""
NAME_PT = 8.5
"""Size of the names of rows, axes and lines, points."""
TITLE_PT = 11.0
SPARE = 1.07
"""A line on the screen is up to this much wider than its outline, because letters are moved to whole dots there."""
LINE = 1.36
"""Height of a line, in sizes of its letters."""
INK = "#222222"
"""Colour of words."""


def width_in(text: str, size_pt: float = NAME_PT, weight: str = "normal") -> float:
    """Width in inches of the widest line of a text."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    face = FontProperties(family="DejaVu Sans", size=size_pt, weight=weight)
    lines = [line for line in text.split("\n") if line]
    wide = (text_to_path.get_text_width_height_descent(line, face, ismath=False)[0] for line in lines)
    return SPARE / 72 * max((float(points) for points in wide), default=0.0)


def height_in(text: str, size_pt: float = NAME_PT) -> float:
    """Height in inches of a text with all its lines; nothing for no text."""
    return LINE * size_pt / 72 * (text.count("\n") + 1) if text else 0.0


def wrapped(text: str, room_in: float, size_pt: float = NAME_PT, weight: str = "normal", most: int = 0) -> str:
    """The text in lines no wider than `room_in` inches, broken between words, within a word only where it must be.

    With `most` lines at most, what is over is cut off and the last line ends with an ellipsis.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width_in(joined, size_pt, weight) <= room_in:
            line = joined
            continue
        lines += [line] if line else []
        *whole, line = _pieces(word, room_in, size_pt, weight)
        lines += whole
    lines += [line] if line else []
    if most and len(lines) > most:
        last = lines[most - 1]
        while last and width_in(f"{last}…", size_pt, weight) > room_in:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}…"]
    return "\n".join(lines)


def _pieces(word: str, room_in: float, size_pt: float, weight: str) -> list[str]:
    """A word in pieces that fit, of one letter at least."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_in(pieces[-1] + letter, size_pt, weight) > room_in:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def head_in(title: str, sheet_in: float) -> float:
    """Height in inches that a title takes at the top of a sheet of this width, with the room around it."""
    return EDGE_IN + height_in(_title(title, sheet_in), TITLE_PT) + 0.1


def head_on(figure: Figure, title: str) -> None:
    """Write the title at the top left of a figure, in as many lines as it needs."""
    wide, high = (float(side) for side in figure.get_size_inches())
    figure.text(EDGE_IN / wide, 1 - EDGE_IN / high, _title(title, wide), fontsize=TITLE_PT, fontweight="bold", va="top")


def _title(title: str, sheet_in: float) -> str:
    return wrapped(title, sheet_in - 2 * EDGE_IN, TITLE_PT, "bold")


def writer(values: Iterable[float], *, digits: int = 3, signed: bool = False) -> Callable[[float], str]:
    """How numbers like these are written: with as many decimals as give the greatest of them `digits` digits.

    A number that is not finite is written as nothing; one that is zero when rounded has no sign.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    decimals = max(0, digits - 1 - math.floor(math.log10(largest))) if largest > 0 else 0

    def write(value: float) -> str:
        return number(value, decimals, signed=signed)

    return write


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """A number with so many decimals, thousands apart and a true minus; very large or small ones by powers of ten."""
    if not math.isfinite(value):
        return ""
    said = f"{value:.3g}" if decimals > 6 or abs(value) >= 1e9 else f"{value:,.{decimals}f}"
    if not float(said.replace(",", "")):
        return said.lstrip("-")
    return (f"+{said}" if signed and value > 0 else said).replace("-", "−")


def plain(value: float) -> str:
    """The number of a tick, which is round: as few digits as say it."""
    if not math.isfinite(value):
        return ""
    return (f"{value:,.10g}" if 1e-6 <= abs(value) < 1e9 else f"{value:.3g}").replace("-", "−")


def ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Round numbers from `low` or just below to `high` or just above it, some `count` of them."""
    from matplotlib.ticker import MaxNLocator

    if not low < high:
        spread = abs(low) * 0.05 or 1.0
        low, high = low - spread, high + spread
    found = MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [round(float(value), 12) if abs(value) > 1e-9 or high - low < 1e-6 else 0.0 for value in found]


def ticked(axis: Axis, marks: Sequence[float], low: float, high: float) -> None:
    """Put those of the marks on an axis that lie between `low` and `high`, each with its plain number."""
    shown = [mark for mark in marks if low <= mark <= high]
    axis.set_ticks(shown, [plain(mark) for mark in shown])


def spot(figure: Figure, x_in: float, y_in: float) -> tuple[float, float]:
    """The place in a figure that is so many inches from its left edge and from its top."""
    wide, high = (float(side) for side in figure.get_size_inches())
    return x_in / wide, 1 - y_in / high


def axes_in(figure: Figure, left_in: float, top_in: float, wide_in: float, high_in: float) -> Axes:
    """Axes of this size in inches, so far from the left edge and the top of the figure."""
    wide, high = (float(side) for side in figure.get_size_inches())
    return figure.add_axes((left_in / wide, 1 - (top_in + high_in) / high, wide_in / wide, high_in / high))
