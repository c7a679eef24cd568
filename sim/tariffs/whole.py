"""Arithmetic of money in whole numbers: rounding half-even, and splitting without losing a cent."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.errors import CaspianError

__all__ = ["grouped", "shared_out", "sums", "times_over"]

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[np.signedinteger]

_MOST = 1 << 61
"""Greatest amount: a few may still be added up in 64 bits."""


def times_over(a: Ints, b: Ints | int, divisor: int) -> Ints:
    """``a × b / divisor`` for numbers not below zero, rounded half-even; exact, whatever a × b comes to.

    Raises `CaspianError` where the result is beyond what money is counted in.
    """
    most_a, most_b = int(a.max(initial=0)), b if isinstance(b, int) else int(b.max(initial=0))
    if most_a <= _MOST and most_b == divisor and int(np.min(b)) == divisor:
        return a
    if most_a * most_b <= _MOST and divisor <= _MOST:
        return _rounded(a * b, divisor) if divisor > 1 else np.asarray(a * b, dtype=np.int64)
    if divisor * max(most_b, 2) > _MOST or most_a * most_b // divisor > _MOST:
        return _in_long_numbers(a, b, divisor)
    whole = a // divisor
    return np.asarray(whole * b + _rounded((a - whole * divisor) * b, divisor, whole * b), dtype=np.int64)


def _rounded(a: Ints, divisor: int, beside: Ints | int = 0) -> Ints:
    """``a / divisor`` to the nearest, a half to what makes an even number together with `beside`."""
    down = a // divisor
    return np.asarray(down + (2 * (a - down * divisor) + (down + beside & 1) > divisor), dtype=np.int64)


def _in_long_numbers(a: Ints, b: Ints | int, divisor: int) -> Ints:
    """The same without limits, number by number."""
    factors = np.broadcast_to(np.asarray(b, dtype=object), np.shape(a))
    results = [
        down + (2 * rest > divisor or (2 * rest == divisor and down % 2 == 1))
        for down, rest in (divmod(int(one) * int(factor), divisor) for one, factor in zip(a, factors, strict=True))
    ]
    if max(results, default=0) > _MOST:
        raise CaspianError("An amount of money is too large to be counted: expected lower prices, values or factors.")
    return np.array(results, dtype=np.int64)


def sums(group: Whole, amounts: Whole, groups: int) -> Ints:
    """(groups,) the sum of the amounts of each group; exact, unlike a weighted bincount."""
    totals = np.zeros(groups, dtype=np.int64)
    np.add.at(totals, np.asarray(group, dtype=np.int64), np.asarray(amounts, dtype=np.int64))  # quick for these alone
    return totals


def grouped(key: Ints) -> tuple[Ints, Ints]:
    """A row of each different key, the first, in the order of the keys; and (n,) the place of each row's key among these.

    Keys are not below zero.
    """
    if len(key) and int(key.max()) < 8 * len(key):
        first = np.full(int(key.max()) + 1, -1, dtype=np.int64)
        first[key[::-1]] = np.arange(len(key) - 1, -1, -1)
        is_there = first >= 0
        return first[is_there], (np.cumsum(is_there) - 1)[key]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return first, group


def shared_out(cents: Ints, group: Ints, weight: Ints, rank: Ints) -> Ints:
    """Split `cents` (G,) over rows by `weight`, largest remainders first, ties to the lowest `rank`; sums are kept exactly.

    `group`, `weight` and `rank` are (n,), one per row; every group has a row. A group without any weight is split evenly.
    """
    if len(group) == len(cents):
        return cents[group]
    total = sums(group, weight, len(cents))
    if int(total.min(initial=1)) == 0:
        weight = np.where(total[group] > 0, weight, 1)
        total = sums(group, weight, len(cents))
    share, rest = cents[group], np.zeros(len(group), dtype=np.int64)
    several = np.flatnonzero((np.bincount(group) > 1)[group])
    whose = group[several]
    share[several], rest[several] = _parts(cents[whose], weight[several], total[whose])
    left = cents - sums(group, share, len(cents))
    rows = np.flatnonzero(left[group] > 0)
    rows = rows[_order(group[rows], rest[rows], rank[rows])]
    place = np.arange(len(rows)) - np.searchsorted(group[rows], group[rows])
    share[rows] += place < left[group[rows]]
    return share


def _order(group: Ints, rest: Ints, rank: Ints) -> Ints:
    """The order by group, then the largest rest, then the lowest rank; sorted once where the three fit into one number."""
    most_rest, ranks = int(rest.max(initial=0)), int(rank.max(initial=-1)) + 2
    if int(group.max(initial=0)) >= _MOST // ((most_rest + 1) * ranks):
        return np.lexsort((rank, -rest, group))
    return np.argsort((group * (most_rest + 1) + most_rest - rest) * ranks + rank + 1, kind="stable")


def _parts(cents: Ints, weight: Ints, total: Ints) -> tuple[Ints, Ints]:
    """What each row has of its group's cents, and the remainder; exact, whatever cents × weight comes to."""
    if int(cents.max(initial=0)) * int(weight.max(initial=0)) <= _MOST:
        return np.divmod(cents * weight, total)
    parts = [divmod(int(one) * int(by), int(over)) for one, by, over in zip(cents, weight, total, strict=True)]
    share, rest = np.array(parts, dtype=np.int64).T
    return share, rest
