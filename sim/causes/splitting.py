"""Splitting: the seconds of many pieces by cause, each piece by its own step function. The loop over them is compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.causes.steps import CAUSES, Steps
from sim.compiling import compiled

__all__ = ["Stairs", "Tally", "split", "stairs"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stairs:
    """Step functions laid one behind the other: N steps in all, and K causes that some function knows."""

    first: Ints
    """(functions + 1,) the first step of each function, and at last N."""
    from_s: Ints
    """(N,) when each step begins."""
    cause: Ints
    """(N,) its cause."""
    first_known: Ints
    """(functions + 1,) the first cause that each function knows, and at last K."""
    known: Ints
    """(K,) causes."""
    first_before: Ints
    """(functions,) where each function begins in `before_s`."""
    before_s: Ints
    """For each step of a function and each cause that it knows: the seconds of that cause in its steps before this one."""
    most: int
    """Most causes that any one function knows."""


Tally = tuple[Ints, Ints]
"""The causes that a function knows, and for each of its steps the seconds of each of them before it, row by row."""


def stairs(functions: Sequence[Steps], tallies: list[Tally]) -> Stairs:
    """These step functions, in their order; `tallies` are those already made of the first of them, and are made complete."""
    tallies += [_tally(function) for function in functions[len(tallies) :]]
    known = [causes for causes, _ in tallies]
    return Stairs(
        first=_firsts([function.from_s for function in functions]),
        from_s=np.concatenate([function.from_s for function in functions]),
        cause=np.concatenate([function.cause for function in functions]),
        first_known=_firsts(known),
        known=np.concatenate(known),
        first_before=_firsts([before_s for _, before_s in tallies])[:-1],
        before_s=np.concatenate([before_s for _, before_s in tallies]),
        most=max(map(len, known)),
    )


def _firsts(columns: Sequence[Ints]) -> Ints:
    return np.append(0, np.cumsum([len(column) for column in columns]))


def _tally(function: Steps) -> Tally:
    known = np.flatnonzero(np.bincount(function.cause, minlength=len(CAUSES)))
    if len(known) == 1:
        return known, function.from_s - function.from_s[0]
    before_s = np.zeros((len(function.from_s), len(known)), dtype=np.int64)
    lasts_s = np.diff(function.from_s)
    for place, cause in enumerate(known.tolist()):
        np.cumsum(lasts_s * (function.cause[:-1] == cause), out=before_s[1:, place])
    return known, before_s.ravel()


def split(columns: Sequence[Ints], by: Stairs, is_wanted: Bools, seconds: Ints) -> tuple[Ints, Ints, Ints]:
    """Add the seconds of pieces to `seconds` (C, causes), by consignment and cause.

    `columns` are (consignment, from_s, to_s, function), each (n,); what takes no time is passed by. Returns row, cause and
    seconds of every part of a piece whose cause `is_wanted` (causes,).
    """
    consignment, from_s, to_s, function = (np.ascontiguousarray(column, dtype=np.int64) for column in columns)
    parts = np.empty((3, len(consignment) * by.most), dtype=np.int64)
    flat = (by.first, by.from_s, by.cause, by.first_known, by.known, by.first_before, by.before_s)
    count = compiled(_split)((consignment, from_s, to_s, function), flat, is_wanted, seconds, parts)
    row, cause, lasted_s = parts[:, :count]
    return row, cause, lasted_s


def _split(  # noqa: C901, PLR0912 -- one loop over the pieces, with two searches in it
    pieces: tuple[Ints, Ints, Ints, Ints],
    by: tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints],
    is_wanted: Bools,
    seconds: Ints,
    parts: Ints,
) -> int:
    """Fill `seconds` and `parts`; returns how many parts there are."""
    consignment, from_s, to_s, function = pieces
    first, begins_s, cause_of, first_known, known, first_before, before_s = by
    count = 0
    for row in range(len(consignment)):
        begun_s, ended_s, who = from_s[row], to_s[row], consignment[row]
        if ended_s <= begun_s:
            continue
        which = function[row]
        low, top = first[which], first[which + 1]
        high = top
        while high - low > 1:
            middle = (low + high) // 2
            if begins_s[middle] <= begun_s:
                low = middle
            else:
                high = middle
        step, last = low, low
        if step + 1 < top and begins_s[step + 1] < ended_s:
            last, high = step + 1, top
            while high - last > 1:
                middle = (last + high) // 2
                if begins_s[middle] <= ended_s:
                    last = middle
                else:
                    high = middle
        causes = first_known[which + 1] - first_known[which]
        into = first_before[which] - first[which] * causes
        for place in range(causes):
            cause = known[first_known[which] + place]
            lasted_s = before_s[into + last * causes + place] - before_s[into + step * causes + place]
            if cause == cause_of[last]:
                lasted_s += ended_s - begins_s[last]
            if cause == cause_of[step]:
                lasted_s -= begun_s - begins_s[step]
            if lasted_s > 0:
                seconds[who, cause] += lasted_s
                if is_wanted[cause]:
                    parts[0, count], parts[1, count], parts[2, count] = row, cause, lasted_s
                    count += 1
    return count
