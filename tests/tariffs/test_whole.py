"""Whole-number arithmetic of money."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.tariffs import shared_out, times_over
from sim.tariffs.whole import grouped


@given(st.integers(0, 10**15), st.integers(0, 10**6), st.integers(1, 10**9))
def test_times_over_rounds_half_even(a: int, b: int, divisor: int) -> None:
    """The value of a × b / divisor as decimals have it, where the result fits 64 bits."""
    exact = Decimal(a * b) / divisor if a * b % divisor else Decimal(a * b // divisor)
    whole, rest = divmod(a * b, divisor)
    expected = whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))
    if expected < 2**62:
        assert times_over(np.array([a]), b, divisor).tolist() == [expected]
    if exact < 10**20:
        assert abs(int(exact.to_integral_value(ROUND_HALF_EVEN)) - expected) <= 1


def test_a_half_goes_to_the_even_neighbour() -> None:
    """0.5, 1.5 and 2.5 become 0, 2 and 2."""
    assert times_over(np.array([1, 3, 5]), 1, 2).tolist() == [0, 2, 2]


def test_largest_remainders_get_the_cents_that_are_left() -> None:
    """100 cents over weights 1, 1, 1: the first gets the odd cent; over 1, 2, 4 the largest remainder does."""
    one_group = np.zeros(3, dtype=np.int64)
    rank = np.arange(3)
    assert shared_out(np.array([100]), one_group, np.array([1, 1, 1]), rank).tolist() == [34, 33, 33]
    assert shared_out(np.array([100]), one_group, np.array([1, 1, 1]), rank[::-1]).tolist() == [33, 33, 34]
    assert shared_out(np.array([100]), one_group, np.array([1, 2, 4]), rank).tolist() == [14, 29, 57]


def test_remainders_too_large_for_one_number_are_ordered_all_the_same() -> None:
    """Weights of a thousand million million: the cent that is left goes to the largest remainder, then the lowest rank."""
    weight = np.array([1, 1, 2]) * 10**15
    one_group, rank = np.zeros(3, dtype=np.int64), np.array([10**6, 5, 0])
    assert shared_out(np.array([2]), one_group, weight, rank).tolist() == [0, 1, 1]
    assert shared_out(np.array([3]), one_group, weight, rank).tolist() == [1, 1, 1]


@pytest.mark.parametrize("times", [1, 10**12])
def test_rows_are_grouped_by_key(times: int) -> None:
    """The first row of each key and the place of its key, whether keys lie close or far apart."""
    first, group = grouped(np.array([7, 3, 7, 0, 3]) * times)
    assert (first.tolist(), group.tolist()) == ([3, 1, 0], [2, 1, 2, 0, 1])
    assert [column.tolist() for column in grouped(np.zeros(0, dtype=np.int64))] == [[], []]


def test_groups_are_shared_out_apart_and_nothing_weighs_the_same() -> None:
    """Two charges over rows in any order; a group without weight is split evenly."""
    group = np.array([1, 0, 1, 0])
    assert shared_out(np.array([7, 5]), group, np.array([1, 0, 3, 0]), np.arange(4)).tolist() == [1, 4, 4, 3]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**7)), min_size=1, max_size=40),
       st.lists(st.integers(0, 10**9), min_size=4, max_size=4))  # fmt: skip
def test_no_cent_is_lost(rows: list[tuple[int, int]], cents: list[int]) -> None:
    """Shares add up to the charge and lie within a cent of the exact share."""
    present = sorted({group for group, _ in rows})
    group = np.array([present.index(group) for group, _ in rows])
    weight = np.array([weight for _, weight in rows])
    charge = np.array(cents[: len(present)])
    share = shared_out(charge, group, weight, np.arange(len(rows)))
    for index in range(len(present)):
        mine = group == index
        assert share[mine].sum() == charge[index]
        if weight[mine].sum():
            exact = charge[index] * (weight[mine] / weight[mine].sum())
            assert np.all(np.abs(share[mine] - exact) < 1 + 1e-6)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9), st.integers(0, 3)), min_size=1, max_size=60),
       st.integers(0, 200))  # fmt: skip
def test_cents_left_over_go_by_remainder_then_rank_then_row(rows: list[tuple[int, int, int]], charge: int) -> None:
    """As many rows of each group as cents are left have one more: the first in the order of those three."""
    present = sorted({group for group, _, _ in rows})
    group, weight, rank = (np.array(column) for column in zip(*rows, strict=True))
    group = np.searchsorted(present, group)

    share = shared_out(np.full(len(present), charge), group, weight, rank).tolist()

    for index in range(len(present)):
        mine = [row for row in range(len(rows)) if group[row] == index]
        total = sum(rows[row][1] for row in mine)
        exact = {row: divmod(charge * rows[row][1], total) for row in mine}
        left = charge - sum(whole for whole, _ in exact.values())
        lucky = sorted(mine, key=lambda row: (-exact[row][1], rows[row][2], row))[:left]
        assert [share[row] for row in mine] == [exact[row][0] + (row in lucky) for row in mine]


@pytest.mark.parametrize("product", [2**53, 2**53 + 1, 3 * 2**51 - 1])
def test_rounding_is_exact_on_either_side_of_what_floats_hold(product: int) -> None:
    """Numbers of 53 bits and just beyond, over divisors that leave a half, nearly a half, or one short of a whole."""
    for divisor in (2, 3, 7, 10_000, 2**26 - 1, 2**52 + 1):
        whole, rest = divmod(product, divisor)
        expected = whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))
        assert times_over(np.array([product]), np.array([1]), divisor).tolist() == [expected]
