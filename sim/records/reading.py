"""Reading: from a log to its tables. The passes over the log are made here, and places looked up; nothing is judged."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.events import EventLog
from sim.records import passes
from sim.records.passes import BERTHING, CALL, CARGO, RIDE, SPELL, VISIT
from sim.records.tables import Berthings, Calls, Cargo, Records, Rides, Spells, Visits, Voyages
from sim.world.network import Network, Ride

__all__ = ["legs_of_rides", "occurrence", "read"]

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[Any]


def read(network: Network, log: EventLog, consignments: int) -> Records:
    """The tables of a log that keeps the law; `consignments` is how many were drawn, whatever came of them.

    Raises `ValueError` where the log names a consignment beyond those.
    """
    at_s, kind, consignment, vehicle, facility, value = (
        np.ascontiguousarray(column)
        for column in (log.at_s, log.kind, log.consignment, log.vehicle, log.facility, log.value)
    )
    end_s = int(at_s[-1]) if len(log) else 0
    fleet = len(network.vehicle_service)
    if int(consignment.max(initial=-1)) >= consignments:
        raise ValueError(f"the log names consignment {consignment.max()}, but only {consignments} were drawn")
    of_cargo = np.zeros((2, consignments), dtype=np.int64)
    of_vehicles = np.zeros((3, max(fleet, 1 + int(vehicle.max(initial=-1)))), dtype=np.int64)
    stuck = compiled(passes.count)(kind, consignment, vehicle, of_cargo, of_vehicles)
    visit, ride = (_firsts(counts) for counts in of_cargo)
    call, spell = _firsts(of_vehicles[0, :fleet] + 1), _firsts(of_vehicles[2])
    berthing = _firsts(of_vehicles[1])

    wide: np.dtype[Any] = np.promote_types(np.promote_types(at_s.dtype, value.dtype), np.int32)
    cargo, visits, rides = _blank(CARGO, consignments, wide), _blank(VISIT, visit[-1], wide), _blank(RIDE, ride[-1], wide)
    calls, berthings, spells = (
        _blank(CALL, call[-1], wide),
        _blank(BERTHING, berthing[-1], wide),
        _blank(SPELL, spell[-1], wide),
    )
    calls[CALL.idle_s] = 0
    trades = len(of_vehicles[0]) - fleet
    compiled(passes.note)(
        (at_s, kind, consignment, vehicle, facility, value),
        (visit[:-1] - 1, ride[:-1] - 1),
        (np.append(call[:-1], np.full(trades, call[-1])), berthing[:-1] - 1, spell[:-1] - 1),
        (cargo, visits, rides), (calls, berthings, spells),
    )  # fmt: skip
    cargo, visits, rides, calls, berthings, spells = (
        table[:, :-1] for table in (cargo, visits, rides, calls, berthings, spells)
    )
    stop, service = _stops(network, call)
    called = _calls(network, call, stop, service, calls)
    return Records(
        end_s=end_s,
        is_gridlocked=stuck > 0,
        cargo=Cargo(**{column.name: cargo[column] for column in CARGO}),
        visits=Visits(first=visit, **{column.name: visits[column] for column in VISIT}),
        rides=Rides(first=ride, **{column.name: rides[column] for column in RIDE}),
        calls=called,
        voyages=_voyages(network, called, stop),
        berthings=Berthings(**{column.name: berthings[column] for column in BERTHING}),
        idle=Spells(**{column.name: spells[column] for column in SPELL}),
    )


def occurrence(entity: Ints) -> Ints:
    """For entities in sorted order: how many rows of the same entity come before each row."""
    starts = np.flatnonzero(np.r_[True, entity[1:] != entity[:-1]]) if len(entity) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(entity)])
    return np.arange(len(entity), dtype=np.int64) - np.repeat(starts, lengths)


def legs_of_rides(network: Network) -> Ints:
    """(flows, rides) how many legs of its service each ride of each flow covers; 0 where a flow has fewer rides."""
    rides = [[step for step in flow.steps if isinstance(step, Ride)] for flow in network.flows]
    legs = np.zeros((len(rides), max((len(steps) for steps in rides), default=0)), dtype=np.int64)
    for flow, steps in enumerate(rides):
        for step in steps:
            stops = len(network.services[step.service].terminals)
            legs[flow, step.ride] = (step.alight - step.board - 1) % stops + 1
    return legs


def _firsts(counts: Ints) -> Ints:
    """Row of the first of each entity, and at last the number of rows."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])


def _blank(columns: type[IntEnum], rows: int | np.int64, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    """A table of these rows, and one to spare."""
    return np.full((len(columns), int(rows) + 1), -1, dtype=kind)


def _calls(network: Network, first: Ints, stop: Ints, service: Whole, moments: Whole) -> Calls:
    """A call for each departure and, of each vehicle, one more that the log's end finds unfinished (or still to come)."""
    begun_s = moments[CALL.begun_s]
    none = first[:-1][begun_s[first[:-1]] < 0]
    begun_s[none] = 0
    unsaid = np.flatnonzero(moments[CALL.terminal] < 0)
    moments[CALL.terminal, unsaid] = _per_stop(network, "terminals", service[unsaid], stop[unsaid])
    return Calls(first=first, service=service, **{column.name: moments[column] for column in CALL})


def _voyages(network: Network, calls: Calls, stop: Ints) -> Voyages:
    """The departures: every call but each vehicle's last."""
    fleet = len(calls.first) - 1
    departs = np.ones(len(calls.service), dtype=bool)
    departs[calls.first[1:] - 1] = False
    rows = np.flatnonzero(departs)
    vehicle = np.repeat(np.arange(fleet, dtype=np.int32), np.diff(calls.first) - 1)
    return Voyages(first=calls.first - np.arange(fleet + 1), vehicle=vehicle, service=calls.service[rows],
                   leg=_per_stop(network, "legs", calls.service[rows], stop[rows]), departed_s=calls.departed_s[rows],
                   kg=calls.kg[rows])  # fmt: skip


def _stops(network: Network, first: Ints) -> tuple[Ints, Whole]:
    """The stop and the service of each call."""
    start, stops = _first_stop(network)
    count = np.diff(first)
    stop = np.arange(first[-1]) - np.repeat(first[:-1] - start, count)
    service = np.repeat(np.array(network.vehicle_service, dtype=np.int32), count)
    return stop % np.repeat(stops, count), service


def _first_stop(network: Network) -> tuple[Ints, Ints]:
    """For each vehicle the stop it starts at, and how many stops its service has."""
    start = np.zeros(len(network.vehicle_service), dtype=np.int64)
    stops = np.ones(len(network.vehicle_service), dtype=np.int64)
    for plan in network.services:
        numbers = np.array(plan.vehicles, dtype=np.int64)
        stops[numbers] = len(plan.terminals)
        start[numbers] = np.arange(len(numbers)) % len(plan.terminals)
    return start, stops


def _per_stop(network: Network, column: str, service: Whole, stop: Ints) -> Whole:
    """What each service's plan says, in its tuple `column`, of a stop."""
    if not network.services:
        return np.full(len(service), -1, dtype=np.int32)
    said = [getattr(plan, column) for plan in network.services]
    table = np.full((len(said), max(map(len, said))), -1, dtype=np.int32)
    for index, numbers in enumerate(said):
        table[index, : len(numbers)] = numbers
    return table[service, stop]
