import math

import numpy as np
import pytest
from scipy.stats import binom

from sim.errors import CaspianError
from sim.experiment.statistics.quantiles import least_n, quantile_interval


def test_the_median_of_ten_lies_between_the_second_and_the_ninth() -> None:
    """The table's 95 % interval of a median, n = 10, takes ranks 2 and 9 (its true confidence is 97.9 %)."""
    assert quantile_interval([7, 3, 1, 10, 5, 2, 9, 4, 8, 6], 0.5) == (5.5, 2.0, 9.0)
    assert binom.cdf(8, 10, 0.5) - binom.cdf(1, 10, 0.5) == pytest.approx(0.979, abs=5e-4)


@pytest.mark.parametrize(("p", "n"), [(0.5, 6), (0.9, 36), (0.95, 72), (0.05, 72), (0.99, 368)])
def test_the_fewest_values_are_those_of_the_table(p: float, n: int) -> None:
    """Both ends of a 95 % interval exist from 6 values on for a median, from 72 on for a 95th percentile."""
    assert least_n(p) == n
    assert all(math.isfinite(end) for end in quantile_interval(range(n), p))
    _, lo, hi = quantile_interval(range(n - 1), p)
    assert math.isnan(lo) or math.isnan(hi)


def test_an_end_that_few_values_cannot_give_is_unknown() -> None:
    """Twenty values bound a 95th percentile from below and not from above; no value says nothing."""
    estimate, lo, hi = quantile_interval(range(20), 0.95)
    assert estimate == pytest.approx(18.05)
    assert lo == 16.0
    assert math.isnan(hi)
    assert all(math.isnan(end) for end in quantile_interval([math.nan], 0.5))


def test_values_that_are_unknown_are_left_out() -> None:
    """A replication without a value changes nothing."""
    assert quantile_interval([*range(40), math.nan], 0.5) == quantile_interval(range(40), 0.5)


@pytest.mark.parametrize(("p", "n"), [(0.5, 10), (0.5, 37), (0.9, 60), (0.95, 100)])
def test_the_true_quantile_is_held_at_least_as_often_as_said(p: float, n: int) -> None:
    """Of 4000 intervals over exponential values at least 95 % hold the true quantile, within the error of that count."""
    true = -math.log(1 - p)
    samples = np.random.default_rng(2).exponential(size=(4000, n))
    held = sum(lo <= true <= hi for _, lo, hi in (quantile_interval(sample, p) for sample in samples))
    assert held >= binom.ppf(0.001, 4000, 0.95)


def test_shares_beyond_nought_and_one_are_refused() -> None:
    """Neither the quantile nor the confidence may be 0 or 1, or beyond."""
    with pytest.raises(CaspianError, match="no 95-quantile"):
        quantile_interval([1.0], 95)
    with pytest.raises(CaspianError, match="confidence 1"):
        least_n(0.5, 1.0)
