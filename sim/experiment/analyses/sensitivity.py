"""Sensitivity: which factors of a sweep a KPI answers to, by Morris's screening, Sobol's indices, or one factor at a time.

All points use the same chance, so that what differs between them is the factors' doing. Points are those of a sweep and are
kept in its store: what one method has run, another finds there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import CaspianError
from sim.experiment.precision import Interval
from sim.experiment.statistics.screening import Effect, Index, morris_design, morris_effects, sobol_design, sobol_indices
from sim.experiment.sweeps.asking import Asked, Study, study
from sim.experiment.sweeps.designs import Points
from sim.experiment.sweeps.factors import Level, at, ends, has_order, several, size_of
from sim.experiment.sweeps.finding import Sweep

__all__ = ["METHODS", "SIZES", "Plan", "Swung", "morris", "plan", "shares", "sobol", "tornado"]

Floats = npt.NDArray[np.float64]
MOST_PARTS = 8
LEAST_IN_PART = 4
SIZES = {"morris": 10, "sobol": 64, "tornado": 1}
"""Trajectories of morris and base sample of sobol, unless others are asked for."""
METHODS = ("morris", "sobol", "tornado")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The points that a method asks for, and the shares of each factor's range behind them."""

    method: str
    study: Study
    design: Floats | None
    """(points, factors) in the unit cube; None for one factor at a time."""
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swung:
    """What one factor does by itself: the KPI at two of its levels less that of the base, paired by replication.

    The levels are the least and the greatest. Where levels have no order, they are the two at which the KPI is least and
    greatest: of three or more, luck has a part in that choice, which the intervals do not know of.
    """

    factor: str
    low_level: Level
    high_level: Level
    low: Interval
    high: Interval


def plan(asked: Asked, method: str, *, size: int, engine: str | None = None,
         told: Callable[[int, int], None] | None = None) -> Plan:  # fmt: skip
    """The points of a method over the factors asked for. `size`: trajectories of morris, base sample of sobol (a power of
    two).

    Raises `CaspianError`.
    """
    factors = asked.factors
    if not factors:
        raise CaspianError("A sensitivity needs factors with levels or a range; a table of points has none.")
    if method not in METHODS:
        raise CaspianError(f"There is no method '{method}' (there are {', '.join(METHODS)}).")
    design = None
    if method == "morris":
        design = morris_design(len(factors), size, asked.design.seed)
    elif method == "sobol":
        design = sobol_design(len(factors), size, asked.design.seed)
    points: Points = _swings(asked) if design is None else [
        {factor.key: at(factor, share) for factor, share in zip(factors, row, strict=True)} for row in design.tolist()
    ]  # fmt: skip
    keys = tuple(factor.key for factor in factors)
    return Plan(method=method, study=study(asked, points, engine=engine, told=told), design=design, factors=keys)


def _swings(asked: Asked) -> Points:
    """The base as it is, then each factor at its two ends, or at every level where levels have no order."""
    tried = {factor.key: ends(factor) if has_order(factor) else several(factor) for factor in asked.factors}
    return [{}, *({key: level} for key, levels in tried.items() for level in levels)]


def morris(planned: Plan, done: Sweep, kpi: str) -> dict[str, Effect]:
    """Of each factor: mean and spread of its elementary effects on a KPI, per whole range, in the KPI's unit."""
    assert planned.design is not None
    found = morris_effects(planned.design, _outputs(done, kpi), seed=done.study.seed)
    return dict(zip(planned.factors, found, strict=True))


def sobol(planned: Plan, done: Sweep, kpi: str) -> dict[str, Index]:
    """Of each factor: the share of a KPI's variance that it makes alone, and with all it acts together with."""
    found = sobol_indices(_outputs(done, kpi), len(planned.factors), done.study.seed)
    return dict(zip(planned.factors, found, strict=True))


def tornado(planned: Plan, done: Sweep, kpi: str) -> list[Swung]:
    """Of each factor by itself: how its two ends differ from the base, the widest first; see `Swung`."""
    tried: dict[str, list[int]] = {}
    for number, point in enumerate(planned.study.points):
        for factor in point.levels:
            tried.setdefault(factor, []).append(number)
    swings = [_swung(factor, numbers, done, kpi) for factor, numbers in tried.items()]
    return sorted(swings, key=lambda swing: -abs(swing.high.mean - swing.low.mean))


def _swung(factor: str, numbers: list[int], done: Sweep, kpi: str) -> Swung:
    """The two of a factor's points that count: both where there are two, else those farthest apart."""
    by = {number: done.differences(number, [kpi])[kpi] for number in numbers}
    low, high = numbers[0], numbers[-1]
    if len(numbers) > 2:
        known = [number for number in numbers if not np.isnan(by[number].mean)] or numbers
        low = min(known, key=lambda number: by[number].mean)
        high = max(reversed(known), key=lambda number: by[number].mean)
    points = done.study.points
    return Swung(factor=factor, low_level=points[low].levels[factor], high_level=points[high].levels[factor],
                 low=by[low], high=by[high])  # fmt: skip


def shares(done: Sweep, kpi: str) -> dict[str, float]:
    """Of each factor of a finished sweep, whatever its design: the share of the variance of a KPI's means between points
    that it makes alone.

    The correlation ratio, adjusted for the number of levels (Pearson, 1905; Kelley, 1935); a range is cut into equal parts
    of the points, eight at most and none with fewer than four. A share far below 1 in all means that factors work together.
    Raises `CaspianError` where a point has no mean.
    """
    means = _outputs(done, kpi)
    return {factor: _alone(_groups([point.levels.get(factor) for point in done.study.points]), means)
            for factor in done.study.factors}  # fmt: skip


def _groups(levels: list[Level]) -> npt.NDArray[np.int64]:
    """The part of each point by its level: levels as they are where they are few, else in the order of their size."""
    known = {repr(level): size_of(level) for level in levels}
    ordered = sorted(known, key=lambda word: (np.isnan(known[word]), np.nan_to_num(known[word])))
    rank = {word: number for number, word in enumerate(ordered)}
    ranks = np.array([rank[repr(level)] for level in levels], dtype=np.int64)
    if len(known) <= MOST_PARTS and 2 * len(known) <= len(levels):
        return ranks
    parts = min(MOST_PARTS, max(1, len(levels) // LEAST_IN_PART))
    order = np.argsort(ranks, kind="stable")
    groups = np.empty(len(levels), dtype=np.int64)
    groups[order] = np.arange(len(levels)) * parts // len(levels)
    return groups


def _alone(groups: npt.NDArray[np.int64], means: Floats) -> float:
    count = np.bincount(groups)
    whole = float(np.square(means - means.mean()).sum())
    within = float(np.square(means - (np.bincount(groups, means) / np.maximum(count, 1))[groups]).sum())
    used, n = int(np.count_nonzero(count)), len(means)
    if whole <= 0 or n <= used:
        return 0.0 if whole <= 0 else float("nan")
    return max(0.0, 1 - (within / (n - used)) / (whole / (n - 1)))


def _outputs(done: Sweep, kpi: str) -> Floats:
    means = done.means(kpi)
    if np.isnan(means).any():
        raise CaspianError(f"{kpi} is missing at {int(np.isnan(means).sum())} points: this method needs all of them.")
    return means
