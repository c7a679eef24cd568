"""Bottlenecks: what one more of each resource would buy, tried one by one under the same chance, and ranked by what it
costs.

A resource that is busy need not be a bottleneck, and a step at the narrowest place may only move the queue to the next: so
each step is simulated, not inferred from occupancies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import CaspianError
from sim.experiment.comparisons.comparing import Comparison, compare
from sim.experiment.comparisons.verdicts import Finding
from sim.experiment.runs import Progress
from sim.kpis import kpi_of
from sim.scenario import Resolved
from sim.scenario.resources import Resource, resources

__all__ = ["Bought", "Tried", "try_each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What one step more of a resource buys."""

    resource: Resource
    finding: Finding
    """How the KPI differs, at the Holm level of all resources together."""
    gain: float
    """By how much the KPI gets better, in its unit; negative where it gets worse."""
    usd_per_day: float
    """What the step costs; nan where the scenario does not say."""

    @property
    def per_1000_usd(self) -> float:
        """Gain for a thousand dollars a day; nan where the cost is not known."""
        return 1000 * self.gain / self.usd_per_day if self.usd_per_day else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """All steps tried on one scenario, best first: clear gains by what a dollar buys, then clear gains of unknown cost by
    size, then all that is not clear or makes things worse, by size.
    """

    comparison: Comparison
    kpi: str
    bought: tuple[Bought, ...]


def try_each(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    base: Resolved, kpi: str, replications: int, *, seed: int | None = None, engine: str | None = None,
    jobs: int | None = None, progress: Progress | None = None,
) -> Tried:  # fmt: skip
    """One step more of each resource of a scenario in turn, against the scenario as it is. Raises `CaspianError`."""
    better = kpi_of(kpi).better
    if not better:
        raise CaspianError(f"Neither more nor less of {kpi} is better: nothing can be bought in it.")
    steps = resources(base.scenario)
    worlds = [base, *(base.replace(step.changes) for step in steps)]
    done = compare(worlds, (kpi,), replications, seed=seed, explains=False, engine=engine, names=["as it is", *(
        step.key for step in steps)], jobs=jobs, progress=progress)  # fmt: skip
    sign = 1 if better == "higher" else -1
    bought = [
        Bought(resource=step, finding=finding, gain=sign * finding.mean, usd_per_day=_cost(base, step))
        for step, finding in zip(steps, done.findings()[kpi], strict=True)
    ]
    return Tried(comparison=done, kpi=kpi, bought=tuple(_ranked(bought)))


def _cost(base: Resolved, step: Resource) -> float:
    price = base.scenario.unit_costs.get(step.key)
    return math.nan if price is None else price.micros / 1e6


def _ranked(bought: Sequence[Bought]) -> list[Bought]:
    def place(each: Bought) -> tuple[int, float]:
        if each.finding.verdict != "better":
            return 2, -each.gain
        worth = each.per_1000_usd
        return (1, -each.gain) if math.isnan(worth) else (0, -worth)

    return sorted(bought, key=place)
