"""How sure a mean is: intervals over replications, and when enough of them have been run.

Here live t-intervals and the stopping rule. Both take plain numbers, one per replication; what is counted is not
known here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.errors import CaspianError

__all__ = ["CONFIDENCE", "Goal", "Interval", "antithetic_gain", "enough", "intervals", "pair_means", "t_interval"]

CONFIDENCE = 0.95
"""Confidence of every interval the program prints."""
LEAST_REPLICATIONS = 10
"""Replications before the stopping rule may be asked."""
LARGEST_PRECISION = 0.15
"""Relative precision above which the stopping rule is known to stop too soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean over `n` replications and the ends of its 95 % t-interval; the ends are nan where n < 2, all where n = 0."""

    mean: float
    lo: float
    hi: float
    n: int

    @property
    def half_width(self) -> float:
        """Half the length of the interval, in the unit of the mean."""
        return (self.hi - self.lo) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """How precise a run shall be: the true mean of each KPI within `relative` of the estimate, with 95 % confidence.

    Replications are added from the tenth on until every KPI of `kpis` meets it, or `most` have been run.
    """

    relative: float
    kpis: tuple[str, ...]
    most: int = 200

    def __post_init__(self) -> None:
        if not 0 < self.relative <= LARGEST_PRECISION:
            raise CaspianError(
                f"A precision of {self.relative:.3g} cannot be aimed at: give one above 0 and at most "
                f"{LARGEST_PRECISION:.0%} (beyond it the stopping rule stops too soon for its interval to be honest)."
            )
        if self.most < LEAST_REPLICATIONS:
            raise CaspianError(f"A run that aims at a precision needs room for {LEAST_REPLICATIONS} replications.")


def t_interval(values: Sequence[float]) -> Interval:
    """The mean of independent, alike values, one per replication, with its 95 % t-interval.

    Values that are nan (a KPI with nothing to measure in that replication) are left out, and `n` says how many counted.
    A quantile KPI is a value per replication like any other: its interval is the t-interval over the replications'
    quantiles, which holds without knowing how cargo within a replication depends on its neighbours.
    """
    from scipy.special import stdtrit

    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    n = len(known)
    if n == 0:
        return Interval(mean=math.nan, lo=math.nan, hi=math.nan, n=0)
    mean = float(known.mean())
    if n == 1:
        return Interval(mean=mean, lo=math.nan, hi=math.nan, n=1)
    spread = float(known.std(ddof=1)) / math.sqrt(n)
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * spread
    return Interval(mean=mean, lo=mean - half, hi=mean + half, n=n)


def pair_means(values: Sequence[float]) -> list[float]:
    """The mean of each antithetic pair, 0 and 1, 2 and 3, …: independent of one another, as the values themselves are not.

    A last value without a partner is left out; so is a pair of which one is nan.
    """
    return [(one + other) / 2 for one, other in zip(values[::2], values[1::2], strict=False)]


def antithetic_gain(values: Sequence[float]) -> float:
    """How many times as many independent replications would give the mean of antithetic pairs as short an interval.

    Half the variance of the values over that of the means of pairs, both as estimated; nan where there are under three
    pairs.
    """
    pairs = np.asarray(pair_means(values), dtype=np.float64)
    pairs = pairs[~np.isnan(pairs)]
    singles = np.asarray(values, dtype=np.float64)
    singles = singles[~np.isnan(singles)]
    if len(pairs) < 3:
        return math.nan
    spread = float(pairs.var(ddof=1))
    return float(singles.var(ddof=1)) / 2 / spread if spread else math.nan


def intervals(rows: Sequence[Mapping[str, float]], *, antithetic: bool = False) -> dict[str, Interval]:
    """The interval of every KPI over the replications' rows, in the order of the first row; over their pairs if
    antithetic.
    """
    if not rows:
        return {}
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return {name: t_interval(pair_means(column) if antithetic else column) for name, column in columns.items()}


def enough(rows: Sequence[Mapping[str, float]], goal: Goal, *, antithetic: bool = False) -> int | None:
    """The number of replications at which the goal is met for good, or None while it is not; pairs of them if antithetic.

    The rule is the sequential one for relative precision (Law, Simulation Modeling and Analysis, 5th ed., 9.4.1, after
    Chow and Robbins): from 10 replications on, one at a time, stop at the first n whose every half-width is at most
    r / (1 + r) of its mean. The divisor turns a share of the estimate into a share of the truth. Rows are looked at in
    their order, so the answer does not depend on how many ran at once. Where `goal.most` is reached, that is the answer.
    """
    aim = goal.relative / (1 + goal.relative)
    if antithetic:
        pairs = [
            {kpi: pair_means([row[kpi] for row in two])[0] for kpi in goal.kpis}
            for two in zip(rows[::2], rows[1::2], strict=False)
        ]
        found = enough(pairs, replace(goal, most=max(LEAST_REPLICATIONS, goal.most // 2)))
        return None if found is None else 2 * found
    for n in range(LEAST_REPLICATIONS, min(len(rows), goal.most) + 1):
        if all(_met(t_interval([row[kpi] for row in rows[:n]]), aim, n) for kpi in goal.kpis):
            return n
    return goal.most if len(rows) >= goal.most else None


def _met(interval: Interval, aim: float, n: int) -> bool:
    return interval.n == n and interval.half_width <= aim * abs(interval.mean)
