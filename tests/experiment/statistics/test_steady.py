import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import lfilter
from scipy.stats import binom

from sim.errors import CaspianError
from sim.experiment.statistics.steady import batch_means, mser5


def autoregressive(phi: float, series: int, length: int, seed: int) -> npt.NDArray[np.float64]:
    """Stationary AR(1) series of mean 0 and innovations of variance 1, shape (series, length)."""
    noise = np.random.default_rng(seed).normal(size=(series, length))
    noise[:, 0] /= math.sqrt(1 - phi**2)
    return np.asarray(lfilter([1.0], [1.0, -phi], noise, axis=1))


def test_batch_means_hold_the_mean_as_often_as_they_say() -> None:
    """Of 1000 intervals over AR(1) series, 95 % hold the true mean, within the 99.9 % band of that count."""
    found = [batch_means(series) for series in autoregressive(0.5, 1000, 20 * 400, 3)]
    held = sum(one.lo <= 0 <= one.hi for one in found)
    assert binom.ppf(0.0005, 1000, 0.95) <= held <= binom.ppf(0.9995, 1000, 0.95)


def test_batch_means_find_the_variance_of_a_correlated_mean() -> None:
    """The mean of n values of an AR(1) has about the variance 1 / (n (1 - φ)²), four times that of white noise."""
    found = [batch_means(series) for series in autoregressive(0.5, 1000, 20 * 400, 4)]
    variance = np.mean([((one.hi - one.lo) / 2 / 2.093024) ** 2 for one in found])
    assert variance == pytest.approx(4 / 8000, rel=0.05)


def test_batches_that_are_independent_are_distrusted_one_time_in_ten() -> None:
    """The test is at 10 %: of 2000 series of white noise, about 200 are distrusted."""
    found = [batch_means(series) for series in autoregressive(0.0, 2000, 200, 5)]
    distrusted = sum(not one.is_trustworthy for one in found)
    assert binom.ppf(0.0005, 2000, 0.1) <= distrusted <= binom.ppf(0.9995, 2000, 0.1)


def test_batches_shorter_than_the_memory_of_the_series_are_distrusted() -> None:
    """With φ = 0.99 a batch of 10 resembles the next: the interval is far too short, and nearly always distrusted."""
    found = [batch_means(series) for series in autoregressive(0.99, 200, 200, 6)]
    assert sum(not one.is_trustworthy for one in found) > 190
    assert np.mean([one.lag1 for one in found]) > 0.5
    assert sum(one.lo <= 0 <= one.hi for one in found) < 120


def test_a_rest_that_fills_no_batch_is_left_out_at_the_head() -> None:
    """Of 105 values in 10 batches the first five are not used."""
    found = batch_means([1e6] * 5 + [float(i % 10) for i in range(100)], batches=10)
    assert (found.mean, found.lo, found.hi, found.batches, found.size) == (4.5, 4.5, 4.5, 10, 10)
    assert (found.lag1, found.is_trustworthy) == (0.0, True)


@pytest.mark.parametrize("length", [2000, 2003])
def test_the_cut_is_where_a_planted_transient_ends(length: int) -> None:
    """Noise that begins 10 standard deviations high, for 300 of 2000 values, loses these and hardly more."""
    series = np.random.default_rng(7).normal(size=(50, length))
    series[:, :300] += 10
    cuts = [mser5(one) for one in series]
    assert all(cut is not None and cut >= 300 for cut in cuts)
    assert np.median([cut for cut in cuts if cut is not None]) < 400


def test_a_transient_that_decays_is_cut_when_it_is_lost_in_the_noise() -> None:
    """A transient of 20 e^(-t / 100) is below a fifth of the noise after 460 values; the cut is near there."""
    series = np.random.default_rng(8).normal(size=(50, 4000)) + 20 * np.exp(-np.arange(4000) / 100)
    cuts = [mser5(one) for one in series]
    assert 300 <= np.median([math.inf if cut is None else cut for cut in cuts]) <= 600


def test_a_series_that_never_settles_is_too_short() -> None:
    """A steady climb has no cut; nor has a transient that lasts a little beyond the first half, nor a handful of values."""
    assert mser5(np.arange(1000.0)) is None
    assert mser5([5.0] * 520 + [0.0] * 480) is None
    assert mser5([1.0] * 49) is None


def test_what_never_varies_is_settled_from_the_start() -> None:
    """A constant needs no cut, and a constant after a transient only that of the transient."""
    assert mser5([0.1] * 100) == 0
    assert mser5([9.0] * 20 + [0.1] * 80) == 20


def test_series_that_cannot_be_judged_are_refused() -> None:
    """Unknown values, too few batches and too short a series are named."""
    with pytest.raises(CaspianError, match="Observation 1 of the series is nan"):
        mser5([1.0, math.nan])
    with pytest.raises(CaspianError, match="at least 10 batches"):
        batch_means([1.0] * 100, batches=5)
    with pytest.raises(CaspianError, match="run longer"):
        batch_means([1.0] * 15)
