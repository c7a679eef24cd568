"""Openings: the hours of all facilities laid one behind the other, as loops walk through them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.world.timeline import Timeline

__all__ = ["Opened", "open_until", "openings"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Opened = tuple[Ints, Ints, Bools, Ints]
"""The first piece of each facility and at last their number, (facilities + 1,); and of each piece, (N,), its beginning,
whether any capacity is there, and the seconds for which the facility had been open when it began."""


def openings(timelines: Sequence[Timeline]) -> Opened:
    """The hours of these facilities."""
    first = np.append(0, np.cumsum([timeline.pieces.shape[1] for timeline in timelines], dtype=np.int64))
    begins_s, share = np.hstack([timeline.pieces[:2] for timeline in timelines] or [np.zeros((2, 0), dtype=np.int64)])
    is_open = share > 0
    lasts_s = np.diff(begins_s, append=0)
    lasts_s[first[1:] - 1] = 0
    before_s = np.append(0, np.cumsum(lasts_s * is_open))[:-1]
    return first, begins_s, is_open, before_s - np.repeat(before_s[first[:-1]], np.diff(first))


def open_until(opened: Opened, facility: int, at_s: int) -> int:
    """Seconds from 0 to this one at which a facility is open, to whatever share."""
    first, begins_s, is_open, before_s = opened
    mine = slice(first[facility], first[facility + 1])
    piece = first[facility] + np.searchsorted(begins_s[mine], at_s, side="right") - 1
    return int(before_s[piece] + is_open[piece] * (at_s - begins_s[piece]))
