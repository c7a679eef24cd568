"""Splitting: the seconds of many pieces by cause, each piece by its own step function. The loop over them is compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.causes.steps import CAUSES, Steps
from sim.compiling import compiled

__all__ = ["Stairs", "split", "stairs"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int32]
Causes = npt.NDArray[np.int8]


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


def stairs(functions: Sequence[Steps]) -> Stairs:
    """These step functions, in their order."""
    tallies = [_tally(function) for function in functions]
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


def _tally(function: Steps) -> tuple[Ints, Ints]:
    """The causes that a function knows, and for each of its steps the seconds of each of them before it, row by row."""
    known = np.flatnonzero(np.bincount(function.cause, minlength=len(CAUSES)))
    if len(known) == 1:
        return known, function.from_s - function.from_s[0]
    before_s = np.zeros((len(function.from_s), len(known)), dtype=np.int64)
    lasts_s = np.diff(function.from_s)
    for place, cause in enumerate(known.tolist()):
        np.cumsum(lasts_s * (function.cause[:-1] == cause), out=before_s[1:, place])
    return known, before_s.ravel()


def split(pieces: Ints, by: Stairs, is_wanted: Bools, seconds: Ints) -> tuple[Ids, Causes, Ids, Ints]:
    """Add the seconds of pieces (n, 6), see `PIECE`, to `seconds` (C, causes), by consignment and cause.

    Returns consignment, cause, facility and seconds of every part of a piece whose doing and cause `is_wanted` (doings,
    causes).
    """
    room = len(pieces) * by.most
    parts = np.empty(room, np.int32), np.empty(room, np.int8), np.empty(room, np.int32), np.empty(room, np.int64)
    flat = (by.first, by.from_s, by.cause, by.first_known, by.known, by.first_before, by.before_s)
    count = compiled(_split)(pieces, flat, is_wanted, seconds, parts)
    consignment, cause, facility, lasted_s = parts
    return consignment[:count].copy(), cause[:count].copy(), facility[:count].copy(), lasted_s[:count].copy()


def _split(  # noqa: C901 -- one loop over the pieces, with two walks in it
    pieces: Ints,
    by: tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints],
    is_wanted: Bools,
    seconds: Ints,
    parts: tuple[Ids, Causes, Ids, Ints],
) -> int:
    """Fill `seconds` and `parts`; returns how many parts there are.

    Pieces that follow one another lie close in time: the walk through the steps of a function sets out from where the piece
    before has left it, with its beginning and with its end. Most pieces lie within one step and have its cause alone.
    """
    first, begins_s, cause_of, first_known, known, first_before, before_s = by
    consignment, causes, facility, seconds_of = parts
    begins_at, ends_at = first[:-1].copy(), first[:-1].copy()
    count = 0
    for row in range(len(pieces)):
        who, begun_s, ended_s, which = pieces[row, 0], pieces[row, 1], pieces[row, 2], pieces[row, 3]
        doing, where = pieces[row, 4], pieces[row, 5]
        step, top = begins_at[which], first[which + 1] - 1
        while begins_s[step] > begun_s:
            step -= 1
        while step < top and begins_s[step + 1] <= begun_s:
            step += 1
        begins_at[which] = step
        if step == top or begins_s[step + 1] >= ended_s:
            cause, lasted_s = cause_of[step], ended_s - begun_s
            seconds[who, cause] += lasted_s
            if is_wanted[doing, cause]:
                consignment[count], causes[count], facility[count], seconds_of[count] = who, cause, where, lasted_s
                count += 1
            continue
        last = ends_at[which]
        while begins_s[last] > ended_s:
            last -= 1
        while last < top and begins_s[last + 1] <= ended_s:
            last += 1
        ends_at[which] = last
        number = first_known[which + 1] - first_known[which]
        into = first_before[which] - first[which] * number
        for place in range(number):
            cause = known[first_known[which] + place]
            lasted_s = before_s[into + last * number + place] - before_s[into + step * number + place]
            if cause == cause_of[last]:
                lasted_s += ended_s - begins_s[last]
            if cause == cause_of[step]:
                lasted_s -= begun_s - begins_s[step]
            seconds[who, cause] += lasted_s
            if lasted_s > 0 and is_wanted[doing, cause]:
                consignment[count], causes[count], facility[count], seconds_of[count] = who, cause, where, lasted_s
                count += 1
    return count
