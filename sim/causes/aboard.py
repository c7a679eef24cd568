"""Aboard: what cargo goes through from the end of its loading to the beginning of its discharge, leg by leg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.causes.sheet import Doing, Sheet, steps_of_terminals
from sim.causes.steps import always
from sim.records import Calls, Records, legs_of_rides, reached
from sim.world.network import BERTH, CRANE, GATE, QUAY, Network

__all__ = ["note_aboard"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """Numbers of the step functions aboard: of every moment, and (T,) by terminal."""

    vehicle: int
    moving: int
    gate_queue: Ints
    gate_work: Ints
    berth_queue: Ints
    crane: Ints
    no_room: Ints


def note_aboard(sheet: Sheet, network: Network, flow: Ints, records: Records) -> None:
    """Until the vehicle leaves, under way, off each terminal it calls at, and alongside until a crane begins."""
    steps = _Steps(
        vehicle=sheet.add(always("vehicle")),
        moving=sheet.add(always("moving")),
        gate_queue=steps_of_terminals(sheet, network, GATE, "berth"),
        gate_work=steps_of_terminals(sheet, network, GATE, "handling"),
        berth_queue=steps_of_terminals(sheet, network, BERTH, "berth"),
        crane=steps_of_terminals(sheet, network, CRANE, "crane"),
        no_room=steps_of_terminals(sheet, network, CRANE, "yard full"),
    )
    has_gate = np.array([plan.lanes > 0 for plan in network.terminals])
    rides, end_s, ends = records.rides, records.end_s, _Loading.of(records)
    aboard = np.flatnonzero(rides.load_ended_s >= 0)
    who, vehicle, number = rides.consignment[aboard], rides.vehicle[aboard], rides.voyage[aboard]
    landing_s, from_s = reached(rides.unload_started_s[aboard], end_s), rides.load_ended_s[aboard]
    to_s = np.where(rides.no_slot_s[aboard] < 0, landing_s, rides.no_slot_s[aboard])
    legs = legs_of_rides(network)[flow[who], aboard - rides.first[who]]
    for hop in range(int(legs.max(initial=0))):
        on = np.flatnonzero(hop < legs)
        leg = _Leg.of(records, ends, has_gate, vehicle[on], number[on] + hop)
        from_s[on] = _note_leg(sheet, steps, leg, (who[on], from_s[on], to_s[on]))
    last = records.calls.terminal[_call(records, vehicle, number + legs)]
    sheet.note((who, from_s, to_s), steps.crane[last], Doing.ALONGSIDE, 4 * last + CRANE)
    sheet.note((who, to_s, landing_s), steps.no_room[last], Doing.NO_ROOM, rides.yard[aboard])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loading:
    """By call: when its load is fixed, and when the last of it is aboard; the log's end where it does not come to that."""

    fixed_s: Ints
    loaded_s: Ints

    @staticmethod
    def of(records: Records) -> _Loading:
        """From the log: nothing is accepted after a load is fixed, but it may have to be loaded still."""
        rides, calls, end_s = records.rides, records.calls, records.end_s
        fixed_s = np.where(calls.closed_s < 0, reached(calls.departed_s, end_s), calls.closed_s)
        loaded_s = np.zeros_like(fixed_s)
        accepted = np.flatnonzero(rides.call >= 0)
        np.maximum.at(loaded_s, rides.call[accepted].astype(np.int64), reached(rides.load_ended_s[accepted], end_s))
        return _Loading(fixed_s=fixed_s, loaded_s=loaded_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """One leg of each of n rides: terminals at its ends and the seconds of its moments, -1 where not (yet)."""

    board: Ints
    alight: Ints
    fixed_s: Ints
    """The load is fixed; where the log ends before, its end."""
    loaded_s: Ints
    """All that was accepted is aboard."""
    departed_s: Ints
    arrived_s: Ints
    gate_started_s: Ints
    gate_ended_s: Ints
    given_s: Ints
    berthed_s: Ints

    @staticmethod
    def of(records: Records, ends: _Loading, has_gate: npt.NDArray[np.bool_], vehicle: Ints, number: Ints) -> _Leg:
        """Voyage `number` of each vehicle and the call after it."""
        calls = records.calls
        here, there = _call(records, vehicle, number), _call(records, vehicle, number + 1)
        sailed = there > here
        arrived_s = np.where(sailed, calls.begun_s[there], -1)
        has_lanes = has_gate[calls.terminal[there]]
        gate_started_s = np.where(has_lanes, calls.gate_started_s[there], arrived_s)
        gate_ended_s = np.where(has_lanes, calls.gate_ended_s[there], arrived_s)
        passes_by = (calls.given_s[there] < 0) & (calls.departed_s[there] >= 0)
        return _Leg(
            board=calls.terminal[here],
            alight=calls.terminal[there],
            fixed_s=ends.fixed_s[here],
            loaded_s=ends.loaded_s[here],
            departed_s=np.where(sailed, calls.departed_s[here], -1),
            arrived_s=arrived_s,
            gate_started_s=np.where(sailed, gate_started_s, -1),
            gate_ended_s=np.where(sailed, gate_ended_s, -1),
            given_s=np.where(sailed, np.where(passes_by, gate_ended_s, calls.given_s[there]), -1),
            berthed_s=np.where(sailed, np.where(passes_by, gate_ended_s, calls.berthed_s[there]), -1),
        )


def _note_leg(sheet: Sheet, steps: _Steps, leg: _Leg, times: tuple[Ints, Ints, Ints]) -> Ints:
    """Note the pieces of one leg; returns when the vehicle lies at its far end, or the end of the time."""
    who, from_s, to_s = times
    there = leg.alight
    moments = (
        (leg.fixed_s, steps.vehicle, Doing.ABOARD, 4 * leg.board + QUAY),
        (leg.loaded_s, steps.crane[leg.board], Doing.REST, 4 * leg.board + CRANE),
        (leg.departed_s, steps.vehicle, Doing.ABOARD, 4 * leg.board + QUAY),
        (leg.arrived_s, steps.moving, Doing.SAILS, 4 * there + QUAY),
        (leg.gate_started_s, steps.gate_queue[there], Doing.AT_GATE, 4 * there + GATE),
        (leg.gate_ended_s, steps.gate_work[there], Doing.IN_GATE, 4 * there + GATE),
        (leg.given_s, steps.berth_queue[there], Doing.OFF_BERTH, 4 * there + BERTH),
        (leg.berthed_s, steps.moving, Doing.MOVES_IN, 4 * there + BERTH),
    )
    for ends_s, number, doing, facility in moments:
        until_s = np.where(ends_s < 0, to_s, np.clip(ends_s, from_s, to_s))
        sheet.note((who, from_s, until_s), number, doing, facility)
        from_s = until_s
    return from_s


def _call(records: Records, vehicle: Ints, number: Ints) -> Ints:
    """Row of call `number` of each vehicle, or of its last where it has not come so far."""
    calls: Calls = records.calls
    return np.asarray(np.minimum(calls.first[vehicle] + number, calls.first[vehicle + 1] - 1), dtype=np.int64)
