"""Yards: what they hold, change by change."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.evidence import Evidence
from sim.world.network import Ride

__all__ = ["yard_contents"]

Ints = npt.NDArray[np.int64]


def yard_contents(evidence: Evidence) -> tuple[Ints, Ints, Ints]:
    """Seconds, pools and changes in kilograms of every yard pool, in the order of the log.

    Room is taken when a discharge begins and given back when the next loading ends, or on delivery.
    """
    rides, cargo, draws = evidence.records.rides, evidence.records.cargo, evidence.draws
    taken, pool = np.flatnonzero(rides.unload_started_s >= 0), _pools(evidence)
    taken = taken[pool[taken] >= 0]
    who = rides.consignment[taken]
    goes_on, following = taken + 1 < rides.first[who + 1], np.minimum(taken + 1, len(rides.consignment) - 1)
    left_s = np.where(goes_on, rides.load_ended_s[following], cargo.delivered_s[who])
    left_row = np.where(goes_on, rides.load_ended_row[following], cargo.delivered_row[who])
    kg, left = draws.kg[who], np.flatnonzero(left_s >= 0)
    row = np.concatenate([rides.unload_started_row[taken], left_row[left]])
    order = np.argsort(row)
    return (
        np.concatenate([rides.unload_started_s[taken], left_s[left]])[order],
        np.concatenate([pool[taken], pool[taken[left]]])[order],
        np.concatenate([kg, -kg[left]])[order],
    )


def _pools(evidence: Evidence) -> Ints:
    """(rides,) the pool of yard room at the far end of each ride; -1 where room is not limited."""
    rides, network = evidence.records.rides, evidence.network
    number = np.arange(len(rides.consignment)) - rides.first[rides.consignment]
    slots = np.full((len(network.flows), 1 + int(number.max(initial=0))), -1, dtype=np.int64)
    for flow, plan in enumerate(network.flows):
        for step in plan.steps:
            if isinstance(step, Ride) and step.ride < slots.shape[1]:
                slots[flow, step.ride] = step.slot
    return np.asarray(slots[evidence.draws.flow[rides.consignment], number], dtype=np.int64)
