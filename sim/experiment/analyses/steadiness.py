"""Steadiness: where one long run of a stationary scenario settles down, and the mean lead time from then on.

For scenarios without seasons only, which must say so: a corridor with months has no steady state to settle down to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.disruptions import Spells
from sim.errors import CaspianError
from sim.experiment.replication import replicate
from sim.experiment.statistics.steady import BatchMeans, batch_means, mser5
from sim.scenario import Resolved
from sim.units import DAY_S

__all__ = ["Steady", "judge_steady"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """What one replication shows of lead times, consignment by consignment in the order of delivery, warm-up included."""

    consignments: int
    cut: int | None
    """Deliveries that MSER-5 would cut off; None where the run is too short to tell."""
    cut_at_s: float
    """Second of the delivery up to which they are cut, from the epoch; nan where there is no cut."""
    lead_time_d: BatchMeans | None
    """Mean lead time of all after the cut, by batch means; None where the run is too short."""


def judge_steady(resolved: Resolved, replication: int = 0, *, seed: int | None = None, engine: str | None = None) -> Steady:
    """Where lead times settle down in one replication. Raises `CaspianError` where the scenario is not declared
    stationary.
    """
    scenario = resolved.scenario
    run = scenario.run
    if not run.stationary:
        raise CaspianError(
            "The scenario does not declare itself stationary (`run.stationary = true`), and a corridor with seasons is not: "
            "judge its warm-up by pairing (caspian run --judge-warm-up)."
        )
    if seasonal := _seasonal(resolved):
        raise CaspianError(f"The scenario declares itself stationary but has seasons: {', '.join(seasonal)}.")
    evidence = replicate(scenario, run.seed if seed is None else seed, replication, engine or run.engine)
    hours = evidence.hours
    who = np.flatnonzero(hours.is_delivered & (hours.to_s < evidence.network.window_to_s))
    order = who[np.argsort(hours.to_s[who], kind="stable")]
    days = (hours.to_s[order] - hours.from_s[order]) / DAY_S
    cut = mser5(days)
    if cut is None:
        return Steady(consignments=len(order), cut=None, cut_at_s=float("nan"), lead_time_d=None)
    return Steady(
        consignments=len(order), cut=cut, cut_at_s=float(hours.to_s[order[cut - 1]]) if cut else 0.0,
        lead_time_d=batch_means(days[cut:]),
    )  # fmt: skip


def _seasonal(resolved: Resolved) -> list[str]:
    """What of the scenario has months of its own."""
    scenario = resolved.scenario
    streams = [f"demand.{stream.id}.season" for stream in scenario.demand if len(set(stream.season)) > 1]
    calls = [f"background.{calls.id}.season" for calls in scenario.background if len(set(calls.season)) > 1]
    spells = [f"disruptions.{each.id}" for each in scenario.disruptions
              if not isinstance(each, Spells) or len(set(each.closed_days)) > 1]  # fmt: skip
    return [*streams, *calls, *spells]
