"""Timelines: when a facility is open, and with which share of its capacity.

Everything that shuts is a window; a timeline is what a set of windows leaves. Whole seconds since the epoch and thousandths
of capacity, exact. Why a window is there, and what waits for its end, is said elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.world.places import OnClose

__all__ = ["FULL", "Cause", "Timeline", "Window", "always_open", "both", "timeline"]

Ints = npt.NDArray[np.int64]
Cause = Literal["held", "weather", "calendar", "breakdown"]

FULL = 1000
"""The whole capacity, in thousandths."""
_CAUSES = ("held", "weather", "calendar", "breakdown", "")
"""Of overlapping windows that leave the same share, the first of these is the cause."""
_OPEN = len(_CAUSES) * FULL + _CAUSES.index("")
"""The level of what is open in full."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `from_s` (inclusive) to `to_s` (exclusive) only `share` thousandths of capacity are left, for this `cause`."""

    from_s: int
    to_s: int
    share: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Timeline:
    """A step function of time: `share[i]` holds from `from_s[i]` to `from_s[i + 1]`, the last for ever; the last is full.

    `from_s` rises from 0. `cause[i]` says why the share is reduced, "" where it is full. Times asked for are 0 or later.
    """

    from_s: tuple[int, ...]
    share: tuple[int, ...]
    cause: tuple[str, ...]
    pieces: Ints = field(init=False, repr=False, compare=False)
    """(5, n) the same in flat form, not to be written to. Of each piece its beginning; its share; the units yielded from 0
    to its beginning; the beginning of the first open piece from it on; that of the first shut one, -1 where none follows."""
    _yielded: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _opens_s: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _shuts_s: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pieces = _pieces(np.array(self.from_s, dtype=np.int64), np.array(self.share, dtype=np.int64))
        object.__setattr__(self, "pieces", pieces)
        for name, row in zip(("_yielded", "_opens_s", "_shuts_s"), pieces[2:].tolist(), strict=True):
            object.__setattr__(self, name, tuple(row))

    def __reduce__(self) -> tuple[type[Timeline], tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]]:
        return Timeline, (self.from_s, self.share, self.cause)

    def share_at(self, at_s: int) -> int:
        """Share of capacity at a second, in thousandths."""
        return self.share[bisect_right(self.from_s, at_s) - 1]

    def is_open(self, at_s: int) -> bool:
        """Whether any capacity is there at a second."""
        return self.share[bisect_right(self.from_s, at_s) - 1] > 0

    def next_open(self, at_s: int) -> int:
        """The first second from `at_s` on at which it is open."""
        return max(at_s, self._opens_s[bisect_right(self.from_s, at_s) - 1])

    def advance(self, start_s: int, work_s: int, on_close: OnClose) -> int:
        """The second at which work of `work_s` seconds at full share ends, if it begins at `start_s`, when it is open.

        Under a share s a second yields s units, and the work ends when 1000 × `work_s` units are there. `pause`: a shut
        window interrupts it. `finish`: once begun it runs on at full share, whatever closes. `restart`: what meets a shut
        window before it is done begins anew when that window ends.
        """
        if on_close == "finish" or work_s == 0:
            return start_s + work_s
        if on_close == "pause":
            return self._paused(start_s, work_s)
        while True:
            done_s = self._paused(start_s, work_s)
            shuts_s = self._shuts_s[bisect_right(self.from_s, start_s) - 1]
            if shuts_s < 0 or done_s <= shuts_s:
                return done_s
            start_s = self.next_open(shuts_s)

    def _paused(self, start_s: int, work_s: int) -> int:
        index = bisect_right(self.from_s, start_s) - 1
        target = self._yielded[index] + self.share[index] * (start_s - self.from_s[index]) + FULL * work_s
        index = bisect_left(self._yielded, target) - 1
        return self.from_s[index] - (self._yielded[index] - target) // self.share[index]

    def edges(self) -> tuple[tuple[int, int], ...]:
        """The seconds after 0 at which the share changes, each with the share from then on."""
        shares = zip(self.from_s[1:], self.share[1:], self.share[:-1], strict=True)
        return tuple((at_s, share) for at_s, share, before in shares if share != before)

    def closed_seconds(self, from_s: Ints, to_s: Ints, cause: Cause) -> Ints:
        """Seconds within [from_s, to_s) at which it is shut because of `cause`; arrays of one shape, and so the result."""
        pieces = zip(self.share, self.cause, strict=True)
        return self._seconds([share == 0 and why == cause for share, why in pieces], from_s, to_s)

    def open_seconds(self, from_s: Ints, to_s: Ints) -> Ints:
        """Seconds within [from_s, to_s) at which it is open, to whatever share; arrays of one shape, and so the result."""
        return self._seconds([share > 0 for share in self.share], from_s, to_s)

    def _seconds(self, counts: list[bool], from_s: Ints, to_s: Ints) -> Ints:
        begins_s, weight = self.pieces[0], np.asarray(counts, dtype=np.int64)
        before = np.concatenate(([0], np.cumsum(np.diff(begins_s) * weight[:-1])))

        def until(at_s: Ints) -> Ints:
            piece = np.searchsorted(begins_s, at_s, side="right") - 1
            return np.asarray(before[piece] + weight[piece] * (at_s - begins_s[piece]), dtype=np.int64)

        return until(to_s) - until(from_s)


def _pieces(from_s: Ints, share: Ints) -> Ints:
    """The flat form of a timeline, of which the last piece is open."""
    yielded = np.concatenate(([0], np.cumsum(share[:-1] * np.diff(from_s))))
    opens_s, shuts_s = (_first(from_s, chosen) for chosen in (share > 0, share == 0))
    pieces = np.stack([from_s, share, yielded, opens_s, shuts_s])
    pieces.setflags(write=False)
    return pieces


def _first(from_s: Ints, chosen: npt.NDArray[np.bool_]) -> Ints:
    """Beginning of the first chosen piece from each piece on, -1 where none follows."""
    numbers = np.where(chosen, np.arange(len(from_s)), len(from_s))
    following = np.minimum.accumulate(numbers[::-1])[::-1]
    return np.append(from_s, -1)[following]


@cache
def always_open() -> Timeline:
    """The timeline of what never shuts."""
    return Timeline((0,), (FULL,), ("",))


def timeline(windows: Iterable[Window], horizon_s: int) -> Timeline:
    """What `windows` leave open between 0 and `horizon_s`; from then on all is open, so that what has begun can end.

    Where windows overlap the smaller share counts; of equal shares the cause is held before weather, calendar, breakdown.
    """
    rows = [(window.from_s, window.to_s, _level(window.share, window.cause)) for window in windows if window.share < FULL]
    if not rows:
        return always_open()
    from_s, to_s, level = np.array(rows, dtype=np.int64).T
    from_s, to_s = np.maximum(from_s, 0), np.minimum(to_s, horizon_s)
    real = from_s < to_s
    edges = np.unique(np.concatenate(([0], from_s[real], to_s[real])))
    least = np.full(len(edges), _OPEN)
    for each in np.unique(level)[::-1]:
        mine = real & (level == each)
        begun, ended = (np.bincount(np.searchsorted(edges, at_s[mine]), minlength=len(edges)) for at_s in (from_s, to_s))
        least[np.cumsum(begun - ended) > 0] = each
    return _stepwise(edges, least)


def both(one: Timeline, other: Timeline) -> Timeline:
    """What is left where two timelines hold at once: that of the windows of both."""
    edges = np.union1d(one.pieces[0], other.pieces[0])
    levels = []
    for line in (one, other):
        level = np.array([_level(share, cause) for share, cause in zip(line.share, line.cause, strict=True)], dtype=np.int64)
        levels.append(level[np.searchsorted(line.pieces[0], edges, side="right") - 1])
    return _stepwise(edges, np.minimum(*levels))


def _level(share: int, cause: str) -> int:
    """A number for share and cause: of windows that overlap the one with the least counts."""
    return len(_CAUSES) * share + _CAUSES.index(cause)


def _stepwise(edges_s: Ints, level: Ints) -> Timeline:
    """The timeline whose level is each of `level` from that of `edges_s` on, which rise from 0."""
    changes = np.append(True, level[1:] != level[:-1])
    share, cause = np.divmod(level[changes], len(_CAUSES))
    return Timeline(tuple(edges_s[changes].tolist()), tuple(share.tolist()), tuple(_CAUSES[why] for why in cause.tolist()))
