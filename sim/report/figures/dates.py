"""The time axis of figures: calendar dates from seconds since the epoch."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.units import DAY_S
from sim.world.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["date_axis", "days", "window_words"]


def days(network: Network, at_s: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Seconds since the epoch as days since 1970-01-01 UTC, which is how figures count dates."""
    return (np.asarray(at_s, dtype=np.float64) + network.start_unix_s) / DAY_S


def window_words(network: Network) -> str:
    """The measured window in words: its first day, the last day it holds and how many days it has."""
    first_s, end_s = network.start_unix_s + network.window_from_s, network.start_unix_s + network.window_to_s
    first, last = (datetime.fromtimestamp(at_s, UTC) for at_s in (first_s, end_s - 1))
    length_d = (end_s - first_s) / DAY_S
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}: the {length_d:,.0f} measured days"


def date_axis(axes: Axes, network: Network, from_s: float, to_s: float) -> None:
    """Make the horizontal axis one of dates, from `from_s` to `to_s`, with the year where it is needed."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    ticks = AutoDateLocator(minticks=4, maxticks=9)  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
    axes.xaxis.set_major_locator(ticks)
    # Each tick says what changes there; the first day of a month says its month and year.
    forms = ["%Y", "%b\n%Y", "%d", "%H:%M", "%H:%M", "%S"]
    zeros = ["", "%b\n%Y", "%b\n%Y", "%d %b", "%H:%M", "%H:%M"]
    form = ConciseDateFormatter(  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
        ticks, formats=forms, zero_formats=zeros, show_offset=False
    )
    axes.xaxis.set_major_formatter(form)
    axes.set_xlim(float(days(network, from_s)), float(days(network, to_s)))
