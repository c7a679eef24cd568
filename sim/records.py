"""Records: the event log read as tables, one row per span, voyage and call.

An engine writes events in the order in which they happen; accounts ask by consignment and by vehicle. Here the log is put in
those orders, once. Nothing is judged here: no cause, no money, no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.events import EventLog, Kind
from sim.world.network import Network, Ride

__all__ = ["Calls", "Records", "Spans", "Voyages", "legs_of_rides", "occurrence", "read"]

Ints = npt.NDArray[np.int64]

_OF_CARGO = [kind for kind in Kind if kind <= Kind.DELIVERED]
_OF_VEHICLES = [kind for kind in Kind if Kind.ARRIVED <= kind <= Kind.CLEARED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Times from one event of an entity to its next, sorted by entity and then by time; int64 columns (n,).

    `kind`, `vehicle`, `facility` and `value` are those of the event that begins the span at `from_s`. The last span of an
    entity lasts until the log's end. `entity` is a consignment or a vehicle. `call` (vehicles only, else -1): departures
    before.
    """

    entity: Ints
    kind: Ints
    from_s: Ints
    to_s: Ints
    vehicle: Ints
    facility: Ints
    value: Ints
    row: Ints
    """Row of the log."""
    call: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Voyages:
    """Legs run by vehicles of the services, by vehicle and number; int64 (n,). Row `first[v] + k` is the voyage k of v."""

    first: Ints
    """(V + 1,) row of each vehicle's first voyage; the last element is n."""
    vehicle: Ints
    service: Ints
    stop: Ints
    """Stop of the service that it departs from."""
    leg: Ints
    departed_s: Ints
    arrived_s: Ints
    """-1 while under way at the log's end."""
    kg: Ints
    """Cargo aboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls of vehicles of the services, sorted by vehicle; int64 columns (n,), seconds -1 where it did not come to that.

    Call k of v is `first[v] + k`; it ends with its k-th departure, so that voyage k leads from call k to call k + 1. Call 0
    begins where the vehicle lies at the start.
    """

    first: Ints
    """(V + 1,) row of each vehicle's first call; the last element is n."""
    vehicle: Ints
    service: Ints
    stop: Ints
    terminal: Ints
    begun_s: Ints
    """Arrival off the terminal; for call 0 the beginning of the log."""
    gate_started_s: Ints
    gate_ended_s: Ints
    given_s: Ints
    """The first berth of the call is given."""
    berthed_s: Ints
    """It lies at that berth."""
    idle_s: Ints
    """Seconds in position before it closed for cargo."""
    departed_s: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A log read: when it ends, and its tables."""

    end_s: int
    cargo: Spans
    vehicles: Spans
    """Calls of other trades included."""
    voyages: Voyages
    calls: Calls


def read(network: Network, log: EventLog) -> Records:
    """The tables of a log that keeps the law."""
    end_s = int(log.at_s[-1]) if len(log) else 0
    vehicles = _spans(log, log.vehicle, _OF_VEHICLES, end_s)
    voyages = _voyages(network, vehicles)
    return Records(
        end_s=end_s,
        cargo=_spans(log, log.consignment, _OF_CARGO, end_s),
        vehicles=vehicles,
        voyages=voyages,
        calls=_calls(network, vehicles, voyages),
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


def _spans(log: EventLog, entity: Ints, kinds: list[Kind], end_s: int) -> Spans:
    is_of_kind = np.zeros(len(Kind), dtype=bool)
    is_of_kind[kinds] = True
    rows = np.flatnonzero(is_of_kind[log.kind] & (entity >= 0))
    rows = rows[np.argsort(_narrow(entity[rows]), kind="stable")]
    who, from_s, kind = entity[rows], log.at_s[rows], log.kind[rows]
    to_s = np.full(len(rows), end_s, dtype=np.int64)
    same = who[1:] == who[:-1]
    to_s[:-1][same] = from_s[1:][same]
    to_s = np.where(kind == Kind.DELIVERED, from_s, to_s)
    left = np.cumsum(kind == Kind.DEPARTED) - (kind == Kind.DEPARTED)
    begins = np.arange(len(rows)) - occurrence(who)
    return Spans(entity=who, kind=kind, from_s=from_s, to_s=to_s, vehicle=log.vehicle[rows], facility=log.facility[rows],
                 value=log.value[rows], row=rows, call=left - left[begins])  # fmt: skip


def _narrow(numbers: Ints) -> npt.NDArray[np.integer[Any]]:
    """The same numbers in as few bytes as they need: two are sorted much quicker than eight."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _first_stop(network: Network) -> tuple[Ints, Ints]:
    """For each vehicle the stop it starts at, and how many stops its service has."""
    start = np.zeros(len(network.vehicle_service), dtype=np.int64)
    stops = np.ones(len(network.vehicle_service), dtype=np.int64)
    for plan in network.services:
        numbers = np.array(plan.vehicles, dtype=np.int64)
        stops[numbers] = len(plan.terminals)
        start[numbers] = np.arange(len(numbers)) % len(plan.terminals)
    return start, stops


def _per_stop(network: Network, column: str, service: Ints, stop: Ints) -> Ints:
    """What each service's plan says, in its tuple `column`, of a stop."""
    found = np.full(len(service), -1, dtype=np.int64)
    for index, plan in enumerate(network.services):
        mine = service == index
        found[mine] = np.array(getattr(plan, column), dtype=np.int64)[stop[mine]]
    return found


def _voyages(network: Network, spans: Spans) -> Voyages:
    fleet = len(network.vehicle_service)
    rows = np.flatnonzero((spans.kind == Kind.DEPARTED) & (spans.entity < fleet))
    vehicle, number = spans.entity[rows], spans.call[rows]
    first = np.searchsorted(vehicle, np.arange(fleet + 1)).astype(np.int64)
    arrived_s = np.full(len(rows), -1, dtype=np.int64)
    arrivals = np.flatnonzero((spans.kind == Kind.ARRIVED) & (spans.entity < fleet) & (spans.call > 0))
    arrived_s[first[spans.entity[arrivals]] + spans.call[arrivals] - 1] = spans.from_s[arrivals]
    service = np.array(network.vehicle_service, dtype=np.int64)[vehicle]
    start, stops = _first_stop(network)
    stop = (start[vehicle] + number) % stops[vehicle]
    return Voyages(first=first, vehicle=vehicle, service=service, stop=stop, leg=_per_stop(network, "legs", service, stop),
                   departed_s=spans.from_s[rows], arrived_s=arrived_s, kg=spans.value[rows])  # fmt: skip


def _calls(network: Network, spans: Spans, voyages: Voyages) -> Calls:
    """A call for each departure and, of each vehicle, one more that the log's end finds unfinished (or still to come)."""
    fleet = len(network.vehicle_service)
    first = voyages.first + np.arange(fleet + 1)
    count = np.diff(first)
    vehicle = np.repeat(np.arange(fleet, dtype=np.int64), count)
    number = np.arange(len(vehicle)) - first[vehicle]
    service = np.array(network.vehicle_service, dtype=np.int64)[vehicle]
    start, stops = _first_stop(network)
    stop = (start[vehicle] + number) % stops[vehicle]
    mine = spans.entity < fleet
    call = first[spans.entity[mine]] + spans.call[mine]
    kind, from_s, lasts_s = spans.kind[mine], spans.from_s[mine], (spans.to_s - spans.from_s)[mine]

    def earliest(wanted: Kind) -> Ints:
        times = np.full(len(vehicle), -1, dtype=np.int64)
        rows = np.flatnonzero(kind == wanted)[::-1]
        times[call[rows]] = from_s[rows]
        return times

    begun_s = earliest(Kind.ARRIVED)
    begun_s[(number == 0) & (begun_s < 0)] = 0
    idle_s = np.zeros(len(vehicle), dtype=np.int64)
    waits = kind == Kind.POSITIONED
    np.add.at(idle_s, call[waits], lasts_s[waits])
    return Calls(first=first, vehicle=vehicle, service=service, stop=stop,
                 terminal=_per_stop(network, "terminals", service, stop), begun_s=begun_s,
                 gate_started_s=earliest(Kind.GATE_STARTED), gate_ended_s=earliest(Kind.GATE_ENDED),
                 given_s=earliest(Kind.BERTH_GIVEN), berthed_s=earliest(Kind.BERTHED), idle_s=idle_s,
                 departed_s=earliest(Kind.DEPARTED))  # fmt: skip
