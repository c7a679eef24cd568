"""Arithmetic of money in whole numbers: rounding half-even, and splitting without losing a cent."""

from __future__ import annotations

from math import gcd

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.errors import CaspianError
from sim.tariffs.sharing import divide, group_by, hand_out, multiply

__all__ = ["grouped", "shared_out", "sums", "times_over"]

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[np.signedinteger]

_MOST = 1 << 61
"""Greatest amount: a few may still be added up in 64 bits."""
_MOST_IN_FLOATS = 1 << 53
"""Up to it floats hold every whole number, and their quotient rounded down is that of the whole numbers."""


def times_over(a: Ints, b: Ints | int, divisor: int) -> Ints:
    """``a × b / divisor`` for numbers not below zero, rounded half-even; exact, whatever a × b comes to.

    Raises `CaspianError` where the result is beyond what money is counted in.
    """
    if isinstance(b, int):
        common = gcd(b, divisor)
        b, divisor = b // common, divisor // common
    most_a, most_b = int(a.max(initial=0)), b if isinstance(b, int) else int(b.max(initial=0))
    if most_a <= _MOST and most_b == divisor and int(np.min(b)) == divisor:
        return a
    if most_a * most_b <= _MOST and divisor <= _MOST:
        if divisor == 1:
            return np.asarray(a * b, dtype=np.int64)
        if max(most_a * most_b, divisor) > _MOST_IN_FLOATS:
            return _rounded(a * b, divisor)
        result = np.empty(len(a), dtype=np.int64)
        compiled(multiply)(a, np.array([b]) if isinstance(b, int) else b, divisor, result)
        return result
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
        place = np.full(int(key.max()) + 1, -1, dtype=np.int64)
        first, group = np.empty(min(len(key), len(place)), dtype=np.int64), np.empty(len(key), dtype=np.int64)
        return first[: compiled(group_by)(np.ascontiguousarray(key), place, first, group)], group
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
    share, rest = _parts(cents, group, weight, total)
    compiled(hand_out)(cents - sums(group, share, len(cents)), group, rest, rank, share)
    return share


def _parts(cents: Ints, group: Ints, weight: Ints, total: Ints) -> tuple[Ints, Ints]:
    """What each row has of its group's cents, and the remainder; exact, whatever cents × weight comes to."""
    if int(cents.max(initial=0)) * int(weight.max(initial=0)) <= _MOST:
        share, rest = np.empty(len(group), dtype=np.int64), np.empty(len(group), dtype=np.int64)
        compiled(divide)(cents, group, weight, total, share, rest)
        return share, rest
    rows = zip(cents[group], weight, total[group], strict=True)
    share, rest = np.array([divmod(int(one) * int(by), int(over)) for one, by, over in rows], dtype=np.int64).T.copy()
    return share, rest
