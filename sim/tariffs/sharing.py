"""Sharing: the loops over rows that multiply amounts, group rows and split joint charges. They are compiled.

Only plain loops over arrays of whole numbers live here; what is grouped and what is split, and whether the numbers are small
enough to be multiplied in 64 bits, is decided where they are called.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["divide", "group_by", "hand_out", "multiply"]

Ints = npt.NDArray[np.int64]


def group_by(key: Ints, place: Ints, first: Ints, group: Ints) -> int:
    """Number the keys that there are in rising order; returns how many.

    `place` is (greatest key + 1,) and full of -1; `first` is to hold the first row of each number, `group` (n,) the number
    of each row.
    """
    for row in range(len(key) - 1, -1, -1):
        place[key[row]] = row
    groups = 0
    for one in range(len(place)):
        if place[one] >= 0:
            first[groups] = place[one]
            place[one] = groups
            groups += 1
    for row in range(len(key)):
        group[row] = place[key[row]]
    return groups


def multiply(a: Ints, b: Ints, divisor: int, result: Ints) -> None:
    """``a × b / divisor``, rounded half-even, for each row; `b` may hold one number for all.

    Floats divide far quicker than whole numbers; neither the products nor the divisor may be beyond 2⁵³.
    """
    one, over = len(b) == 1, float(divisor)
    for row in range(len(a)):
        product = a[row] * b[0 if one else row]
        down = int(product / over)
        result[row] = down + (2 * (product - down * divisor) + (down & 1) > divisor)


def divide(cents: Ints, group: Ints, weight: Ints, total: Ints, share: Ints, rest: Ints) -> None:
    """What each row has of the `cents` of its group, and the remainder; `total` is the weight of each group."""
    for row in range(len(group)):
        product, over = cents[group[row]] * weight[row], total[group[row]]
        share[row] = product // over
        rest[row] = product - share[row] * over


def hand_out(  # noqa: C901, PLR0912 -- one loop over the groups, with the halving in it
    left: Ints, group: Ints, rest: Ints, rank: Ints, share: Ints
) -> None:
    """Give the `left` cents of each group, fewer than its rows, to those of the largest rest, ties to the lowest rank.

    Rows of a group are laid side by side, and those that come first in that order are parted from the others by halving,
    as quicksort does it, without sorting either.
    """
    begin = np.zeros(len(left) + 1, dtype=np.int64)
    for row in range(len(group)):
        begin[group[row] + 1] += 1
    for one in range(len(left)):
        begin[one + 1] += begin[one]
    filled, rows = begin[:-1].copy(), np.empty(len(group), dtype=np.int64)
    for row in range(len(group)):
        rows[filled[group[row]]] = row
        filled[group[row]] += 1
    for one in range(len(left)):
        low, high = begin[one], begin[one + 1] - 1
        wanted = low + left[one]
        while begin[one] < wanted and low < high:
            pivot = rows[(low + high) // 2]
            up, down = low, high
            while up <= down:
                row = rows[up]
                while rest[row] > rest[pivot] or (
                    rest[row] == rest[pivot] and (rank[row] < rank[pivot] or (rank[row] == rank[pivot] and row < pivot))
                ):
                    up += 1
                    row = rows[up]
                row = rows[down]
                while rest[row] < rest[pivot] or (
                    rest[row] == rest[pivot] and (rank[row] > rank[pivot] or (rank[row] == rank[pivot] and row > pivot))
                ):
                    down -= 1
                    row = rows[down]
                if up <= down:
                    rows[up], rows[down] = rows[down], rows[up]
                    up += 1
                    down -= 1
            if wanted - 1 <= down:
                high = down
            elif wanted - 1 >= up:
                low = up
            else:
                break
        for place in range(begin[one], wanted):
            share[rows[place]] += 1
