"""Evidence: what figures are measured on, and the arithmetic that they share: means and shares, or nothing of nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.causes import Hours
from sim.draws import Draws
from sim.events import EventLog
from sim.kpis.auditing import Audit
from sim.ledger import Ledger
from sim.records import Records
from sim.scenario.schema import Scenario
from sim.tariffs import sums
from sim.world.network import Network

__all__ = ["NAN", "QUANTILES", "Evidence", "Figures", "Spread", "mean", "means", "ratio", "spread"]

Ints = npt.NDArray[np.int64]
NAN = float("nan")

QUANTILES = (0.5, 0.9, 0.95)
"""Those that figures give of a lead time."""
Spread = Mapping[float | None, float]
"""A mean, under None, and quantiles."""

Figures = Mapping[str, float]
"""Values of one KPI: under "" the KPI's own, else by the id of what it is split by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One replication, whole: what was said, drawn, what happened, why and for how much."""

    scenario: Scenario
    network: Network
    draws: Draws
    log: EventLog
    """Empty where it was audited and let go: it is the largest thing of all."""
    records: Records
    """The log, read."""
    hours: Hours
    ledger: Ledger
    audit: Audit | None = None
    """What the log said of itself, where it was let go."""


def ratio(part: float, whole: float) -> float:
    """The share of `part` in `whole`, or not a number where there is no whole."""
    return float(part) / float(whole) if whole else NAN


def mean(values: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> float:
    """The mean, or not a number of nothing."""
    return float(values.mean()) if len(values) else NAN


def means(group: Ints, seconds: Ints, groups: int) -> list[float]:
    """The mean seconds of each group, or not a number where it has none."""
    count = np.bincount(group, minlength=groups)
    return [ratio(total, number) for total, number in zip(sums(group, seconds, groups), count, strict=True)]


def spread(values: npt.NDArray[np.float64]) -> Spread:
    """Mean and quantiles, or not a number of nothing.

    Quantiles are those of `numpy.quantile`, which takes longer: between two neighbours in order of size they lie on a
    straight line, reckoned from the nearer of the two.
    """
    if not len(values):
        return dict.fromkeys((None, *QUANTILES), NAN)
    ordered, found = np.sort(values), dict[float | None, float]({None: mean(values)})
    for quantile in QUANTILES:
        place, part = divmod((len(values) - 1) * quantile, 1)
        low, high = ordered[int(place)], ordered[min(int(place) + 1, len(values) - 1)]
        found[quantile] = float(low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part))
    return found
