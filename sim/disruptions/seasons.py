"""How often spells must begin, month by month, for the expected closed days of each month to be met.

Spells begin at a rate that is constant within a month of the year. With S(x) the probability that a spell lasts longer
than x, the probability of being closed at time t is the integral of rate(s) × S(t - s) over the past. That is linear in the
twelve rates: the expected closed time of the twelve months is a matrix times the rates, and twelve targets give twelve
rates. While it is open the next spell then comes with the hazard rate(t) / (1 - closed(t)). The year is one of 365 days
that repeats itself.

In a month whose target is zero nothing is closed: a spell that reaches into it ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.chance.distributions import Distribution
from sim.errors import CaspianError
from sim.units import DAY_S, HOUR_S, YEAR_S

__all__ = ["MONTHS", "MONTH_DAYS", "hazards"]

Floats = npt.NDArray[np.float64]

MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")  # fmt: skip
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEGINS_S = np.concatenate(([0.0], np.cumsum(MONTH_DAYS))) * DAY_S
_QUANTILES = 1 << 14
"""Quantiles by which the distribution of a spell is represented."""
_YEARS_BACK = 2
"""How many years back a spell may have begun and still count."""


@dataclass(frozen=True, slots=True)
class _Lengths:
    """The length of a spell as equally likely values, rising, with their running sums."""

    lengths_s: Floats
    sum_s: Floats
    sum_squares: Floats

    def kept_s(self, x_s: Floats) -> Floats:
        """E min(length, x): the expected closed time within x of the beginning of a spell; 0 for x ≤ 0."""
        x_s = np.maximum(x_s, 0.0)
        shorter = np.searchsorted(self.lengths_s, x_s, side="right")
        return (self.sum_s[shorter] + x_s * (len(self.lengths_s) - shorter)) / len(self.lengths_s)

    def kept_integral(self, x_s: Floats) -> Floats:
        """The integral of `kept_s` from 0 to x."""
        x_s = np.maximum(x_s, 0.0)
        shorter = np.searchsorted(self.lengths_s, x_s, side="right")
        passed = self.sum_s[shorter] * x_s - self.sum_squares[shorter] / 2
        return (passed + x_s**2 / 2 * (len(self.lengths_s) - shorter)) / len(self.lengths_s)


def _lengths(spell: Distribution) -> _Lengths:
    lengths_s = np.sort(spell.ppf((np.arange(_QUANTILES) + 0.5) / _QUANTILES))
    sums = np.concatenate(([0.0], np.cumsum(lengths_s))), np.concatenate(([0.0], np.cumsum(lengths_s**2)))
    return _Lengths(lengths_s, *sums)


def _reaches(closed_days: tuple[float, ...], begun: int, lag: int) -> bool:
    """Whether a spell of month `begun` may still last `lag` months later, no month without closed days lying between."""
    return all(closed_days[(begun + step) % 12] > 0 for step in range(lag + 1))


def _months_back(closed_days: tuple[float, ...], month: int) -> list[tuple[int, float]]:
    """The months in which a spell that is closed in `month` may have begun, each with how many seconds to shift it back."""
    lags = range(12 * _YEARS_BACK)
    return [
        ((month - lag) % 12, float(YEAR_S * -((month - lag) // 12)))
        for lag in lags
        if _reaches(closed_days, (month - lag) % 12, lag)
    ]


def _closed_share(closed_days: tuple[float, ...], rates: Floats, lengths: _Lengths, month: int, at_s: Floats) -> Floats:
    """Probability of being closed at times of the year `at_s`, all within `month`."""
    closed = np.zeros_like(at_s)
    for begun, back_s in _months_back(closed_days, month):
        since_s, until_s = _BEGINS_S[begun] - back_s, _BEGINS_S[begun + 1] - back_s
        closed += rates[begun] * (lengths.kept_s(at_s - since_s) - lengths.kept_s(at_s - until_s))
    return closed


def _rates(closed_days: tuple[float, ...], lengths: _Lengths) -> Floats:
    """Spells per second that must begin in each month, shape (12,); negative where the months before leave no room."""
    matrix = np.zeros((12, 12))
    for month in range(12):
        begins_s, ends_s = _BEGINS_S[month], _BEGINS_S[month + 1]
        for begun, back_s in _months_back(closed_days, month):
            since_s, until_s = _BEGINS_S[begun] - back_s, _BEGINS_S[begun + 1] - back_s
            spans = np.array([ends_s - since_s, ends_s - until_s, begins_s - since_s, begins_s - until_s])
            matrix[month, begun] += lengths.kept_integral(spans) @ (1, -1, -1, 1)
    calm = np.flatnonzero(np.asarray(closed_days) == 0)
    matrix[calm, calm] = 1.0
    return np.asarray(np.linalg.solve(matrix, np.asarray(closed_days) * DAY_S), dtype=np.float64)


@lru_cache(maxsize=256)
def hazards(closed_days: tuple[float, ...], spell: Distribution) -> tuple[Floats, ...]:
    """For each month the integral of the hazard from its beginning to each of its full hours, shape (24 × days + 1,).

    Raises `CaspianError` where spells of the months before keep a month closed for longer than its target, or where no
    open hour would be left.
    """
    lengths = _lengths(spell)
    rates = _rates(closed_days, lengths)
    if rates.min() < 0:
        month = int(np.argmin(rates))
        raise CaspianError(
            f"{closed_days[month]:g} closed days in {MONTHS[month]} cannot be met: spells of the months before last longer "
            "into it than that; expected shorter spells, or closed days that change less from month to month"
        )
    return tuple(_hazard(closed_days, rates, lengths, month) for month in range(12))


def _hazard(closed_days: tuple[float, ...], rates: Floats, lengths: _Lengths, month: int) -> Floats:
    hours_s = np.arange(24 * MONTH_DAYS[month] + 1) * float(HOUR_S)
    open_share = 1 - _closed_share(closed_days, rates, lengths, month, _BEGINS_S[month] + hours_s)
    if open_share.min() <= 0:
        raise CaspianError(
            f"{closed_days[month]:g} closed days in {MONTHS[month]} cannot be met: at some time of the month "
            "no open hour would be left; expected fewer days, or a disruption of the kind dated"
        )
    hazard = rates[month] / open_share
    return np.concatenate(([0.0], np.cumsum((hazard[1:] + hazard[:-1]) / 2 * HOUR_S)))
