"""Gathering: the facts that rules charge for, read out of the log. What happened is charged, delivered or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from sim.draws import Draws
from sim.events import Kind
from sim.ledger.world import World, value_micros
from sim.records import legs_of_rides, occurrence
from sim.tariffs import FactKind, Facts

__all__ = ["GATHER", "carriages", "rows_of"]

Ints = npt.NDArray[np.int64]
Columns = dict[str, Ints]


def rows_of(draws: Draws, consignment: Ints, event: Ints, at_s: Ints, more: Columns) -> Facts:
    """Facts of these consignments (-1: nobody's); columns that `more` does not name are -1, quantities 0."""
    cargo = np.maximum(consignment, 0)
    is_cargo = consignment >= 0

    def of(column: Ints) -> Ints:
        return np.where(is_cargo, column[cargo], 0) if len(column) else np.zeros(len(consignment), dtype=np.int64)

    none, zero = np.full(len(consignment), -1, dtype=np.int64), np.zeros(len(consignment), dtype=np.int64)
    columns = {
        "event": event, "at_s": at_s, "consignment": consignment, "shipment": np.where(is_cargo, of(draws.shipment), -1),
        "kg": of(draws.kg), "milliteu": of(draws.milliteu), "milliplugs": of(draws.milliplugs),
        "metres": zero, "seconds": zero, "nth": zero, "loading": none, "service": none, "leg": none, "node": none,
        "terminal": none, "post": none, "value_micros": zero, "carried_micros": zero, "duty_micros": zero,
        "charged_cents": zero,
    }  # fmt: skip
    return Facts(**(columns | more))


def carriages(world: World) -> Facts:
    """A row for each consignment aboard at each departure."""
    cargo, voyages = world.records.cargo, world.records.voyages
    rows = np.flatnonzero(cargo.kind == Kind.LOAD_ENDED)
    who, vehicle = cargo.entity[rows], cargo.vehicle[rows]
    first = voyages.first[vehicle] + cargo.value[rows]
    legs = legs_of_rides(world.network)[world.draws.flow[who], occurrence(who)]
    legs = np.minimum(legs, np.maximum(voyages.first[vehicle + 1] - first, 0))
    ride = np.repeat(np.arange(len(rows), dtype=np.int64), legs)
    nth = occurrence(ride)
    voyage = first[ride] + nth
    leg = voyages.leg[voyage]
    more = {"metres": world.leg_metres[leg], "nth": nth, "service": voyages.service[voyage], "leg": leg}
    return rows_of(world.draws, who[ride], voyage, voyages.departed_s[voyage], more)


def _empty_legs(world: World) -> Facts:
    """For each leg run empty, the cargo of the vehicle's next loaded leg; nobody's where there is none."""
    voyages = world.records.voyages
    empty = np.flatnonzero(voyages.kg == 0)
    loaded = np.append(np.flatnonzero(voyages.kg > 0), len(voyages.kg))
    following = loaded[np.searchsorted(loaded, empty)]
    following = np.where(following < voyages.first[voyages.vehicle[empty] + 1], following, -1)
    carried = carriages(world)
    order = np.argsort(carried.event, kind="stable")
    begin = np.searchsorted(carried.event[order], following)
    count = np.searchsorted(carried.event[order], following, side="right") - begin
    lines = np.maximum(count, 1)
    leg_of_row = np.repeat(np.arange(len(empty), dtype=np.int64), lines)
    place = begin[leg_of_row] + occurrence(leg_of_row)
    aboard = np.append(carried.consignment[order], -1)
    who = np.where(count[leg_of_row] > 0, aboard[np.minimum(place, len(order))], -1)
    voyage = empty[leg_of_row]
    leg = voyages.leg[voyage]
    more = {"metres": world.leg_metres[leg], "service": voyages.service[voyage], "leg": leg}
    return rows_of(world.draws, who, voyage, voyages.departed_s[voyage], more)


def _lifts(world: World) -> Facts:
    cargo = world.records.cargo
    rows = np.flatnonzero(np.isin(cargo.kind, (Kind.LOAD_ENDED, Kind.UNLOAD_ENDED)))
    terminal = cargo.facility[rows] // 4
    more = {
        "loading": (cargo.kind[rows] == Kind.LOAD_ENDED).astype(np.int64), "terminal": terminal,
        "node": world.terminal_node[terminal], "service": world.vehicle_service[cargo.vehicle[rows]],
    }  # fmt: skip
    return rows_of(world.draws, cargo.entity[rows], np.arange(len(rows)), cargo.from_s[rows], more)


def _stays(world: World) -> Facts:
    """From release or discharge to the next loading or the delivery; what still stays at the log's end, until then."""
    cargo = world.records.cargo
    begins = (Kind.RELEASED, Kind.UNLOAD_ENDED)
    marks = np.flatnonzero(np.isin(cargo.kind, (*begins, Kind.LOAD_STARTED, Kind.DELIVERED)))
    who = cargo.entity[marks]
    ends_s = np.full(len(marks), world.records.end_s, dtype=np.int64)
    goes_on = who[1:] == who[:-1]
    ends_s[:-1][goes_on] = cargo.from_s[marks[1:]][goes_on]
    starts = np.isin(cargo.kind[marks], begins)
    rows, ends_s, who = marks[starts], ends_s[starts], who[starts]
    ashore = cargo.kind[rows] == Kind.UNLOAD_ENDED
    node = np.where(ashore, world.terminal_node[cargo.facility[rows] // 4], world.flow_origin[world.draws.flow[who]])
    more = {"seconds": ends_s - cargo.from_s[rows], "node": node}
    return rows_of(world.draws, who, np.arange(len(rows)), ends_s, more)


def _calls(world: World) -> Facts:
    """Finished calls, with the cargo loaded or discharged in each; nobody's where there is none."""
    cargo, calls = world.records.cargo, world.records.calls
    loaded = np.flatnonzero(cargo.kind == Kind.LOAD_ENDED)
    ashore = np.flatnonzero(cargo.kind == Kind.UNLOAD_STARTED)
    worked = np.concatenate(
        [
            calls.first[cargo.vehicle[loaded]] + cargo.value[loaded],
            calls.first[cargo.vehicle[ashore]] + cargo.value[ashore] + 1,
        ]
    )
    idle = np.setdiff1d(np.flatnonzero(calls.departed_s >= 0), worked)
    call = np.concatenate([worked, idle])
    who = np.concatenate([cargo.entity[loaded], cargo.entity[ashore], np.full(len(idle), -1, dtype=np.int64)])
    finished = calls.departed_s[call] >= 0
    call, who = call[finished], who[finished]
    terminal = calls.terminal[call]
    more = {
        "seconds": calls.departed_s[call] - calls.begun_s[call] - calls.idle_s[call], "service": calls.service[call],
        "terminal": terminal, "node": world.terminal_node[terminal],
    }  # fmt: skip
    return rows_of(world.draws, who, call, calls.departed_s[call], more)


def _visits(world: World) -> Facts:
    cargo = world.records.cargo
    rows = np.flatnonzero(cargo.kind == Kind.POST_ENDED)
    post = cargo.facility[rows] - world.network.post_facility(0)
    more = {"post": post, "node": world.post_node[post]}
    return rows_of(world.draws, cargo.entity[rows], np.arange(len(rows)), cargo.from_s[rows], more)


def _entries(world: World) -> Facts:
    """Visits to customs posts done, and deliveries (post -1)."""
    cargo = world.records.cargo
    rows = np.flatnonzero(np.isin(cargo.kind, (Kind.POST_ENDED, Kind.DELIVERED)))
    at_post = cargo.kind[rows] == Kind.POST_ENDED
    post = np.where(at_post, cargo.facility[rows] - world.network.post_facility(0), -1)
    counts = ~at_post | np.append(world.post_is_customs, False)[post]
    rows, post, at_post = rows[counts], post[counts], at_post[counts]
    who = cargo.entity[rows]
    node = np.where(at_post, np.append(world.post_node, -1)[post], world.flow_destination[world.draws.flow[who]])
    at_s = cargo.from_s[rows]
    more = {"post": post, "node": node, "value_micros": value_micros(world, who, at_s)}
    return rows_of(world.draws, who, np.arange(len(rows)), at_s, more)


def _releases(world: World) -> Facts:
    cargo = world.records.cargo
    rows = np.flatnonzero(cargo.kind == Kind.RELEASED)
    who, at_s = cargo.entity[rows], cargo.from_s[rows]
    return rows_of(world.draws, who, np.arange(len(rows)), at_s, {"value_micros": value_micros(world, who, at_s)})


GATHER: Mapping[FactKind, Callable[[World], Facts]] = {
    "carriage": carriages,
    "lift": _lifts,
    "stay": _stays,
    "call": _calls,
    "visit": _visits,
    "entry": _entries,
    "empty leg": _empty_legs,
    "release": _releases,
}
"""How facts of each kind are read; what is charged so far ("charged") stands in the ledger, not in the log."""
