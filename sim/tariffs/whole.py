"""Arithmetic of money in whole numbers: rounding half-even, and splitting without losing a cent."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["shared_out", "sums", "times_over"]

Ints = npt.NDArray[np.int64]


def times_over(a: Ints, b: Ints | int, divisor: int) -> Ints:
    """``a × b / divisor`` for numbers not below zero, rounded half-even; exact where a × b no longer fits 64 bits."""
    whole, part = np.divmod(a, divisor)
    more, rest = np.divmod(part * b, divisor)
    down = whole * b + more
    up = (2 * rest > divisor) | ((2 * rest == divisor) & (down % 2 == 1))
    return np.asarray(down + up, dtype=np.int64)


def sums(group: Ints, amounts: Ints, groups: int) -> Ints:
    """(groups,) the sum of the amounts of each group; exact, unlike a weighted bincount."""
    totals = np.zeros(groups, dtype=np.int64)
    np.add.at(totals, group, amounts)
    return totals


def shared_out(cents: Ints, group: Ints, weight: Ints, rank: Ints) -> Ints:
    """Split `cents` (G,) over rows by `weight`, largest remainders first, ties to the lowest `rank`; sums are kept exactly.

    `group`, `weight` and `rank` are (n,), one per row; every group has a row. A group without any weight is split evenly.
    Exact while cents × weight stays below 2⁶³.
    """
    total = sums(group, weight, len(cents))
    weight = np.where(total[group] > 0, weight, 1)
    total = sums(group, weight, len(cents))
    share, rest = np.divmod(cents[group] * weight, total[group])
    left = cents - sums(group, share, len(cents))
    order = np.lexsort((rank, -rest, group))
    first = np.searchsorted(group[order], np.arange(len(cents)))
    place = np.arange(len(group)) - first[group[order]]
    share[order] += place < left[group[order]]
    return share
