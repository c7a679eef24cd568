"""Legs: when what cargo goes through aboard is over, call by call. No piece of cargo is known here."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.records import Records, reached
from sim.world.network import Network

__all__ = ["leg_ends"]

Whole = npt.NDArray[Any]


def leg_ends(network: Network, records: Records) -> Whole:
    """(calls, 8) the second at which each doing from `ABOARD` to `MOVES_IN` is over, on the leg that begins with a call.

    -1 where it does not come to that: of a vehicle's last call only the loading is known.
    """
    calls = records.calls
    has_lanes = np.array([plan.lanes > 0 for plan in network.terminals], dtype=bool)[calls.terminal]
    gate_started_s = np.where(has_lanes, calls.gate_started_s, calls.begun_s)
    gate_ended_s = np.where(has_lanes, calls.gate_ended_s, calls.begun_s)
    passes_by = (calls.given_s < 0) & (calls.departed_s >= 0)
    given_s, berthed_s = (np.where(passes_by, gate_ended_s, at_s) for at_s in (calls.given_s, calls.berthed_s))
    leaving = np.stack([*_loading(records), calls.departed_s], axis=1)
    coming = np.stack([calls.begun_s, gate_started_s, gate_ended_s, given_s, berthed_s], axis=1)
    ends_s = np.concatenate([leaving, np.roll(coming, -1, axis=0)], axis=1)
    ends_s[calls.first[1:] - 1, 2:] = -1
    return ends_s


def _loading(records: Records) -> tuple[Whole, Whole]:
    """By call: when its load is fixed, and when the last of it is aboard; the log's end where it does not come to that.

    Nothing is accepted after a load is fixed, but it may have to be loaded still.
    """
    rides, calls, end_s = records.rides, records.calls, records.end_s
    fixed_s = np.where(calls.closed_s < 0, reached(calls.departed_s, end_s), calls.closed_s)
    loaded_s = np.zeros_like(fixed_s)
    accepted = np.flatnonzero(rides.call >= 0)
    np.maximum.at(loaded_s, rides.call[accepted].astype(np.int64), reached(rides.load_ended_s[accepted], end_s))
    return fixed_s, loaded_s
