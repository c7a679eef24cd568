"""Gathering: the facts that rules charge for, read out of the log. What happened is charged, delivered or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from sim.compiling import compiled
from sim.ledger.going_through import find_calls, find_carriages, find_entries, find_lifts, find_stays
from sim.ledger.world import World, value_micros
from sim.records import legs_of_rides, occurrence
from sim.tariffs import FactKind, Facts

__all__ = ["GATHER", "rows_of"]

Ints = npt.NDArray[np.int64]
Columns = dict[str, Ints]


def rows_of(world: World, consignment: Ints, event: Ints | None, at_s: Ints, more: Columns) -> Facts:
    """Facts of these consignments (-1: nobody's) with these and `more` columns; each by itself where `event` is None."""
    columns = {"at_s": np.asarray(at_s, dtype=np.int64), "consignment": np.asarray(consignment, dtype=np.int64)}
    columns |= {} if event is None else {"event": event}
    return Facts(gathered=columns | {"flow": world.cargo["flow"].take(consignment)} | more, cargo=world.cargo)


def _carriages(world: World) -> Facts:
    """A row for each consignment aboard at each departure."""
    rides, voyages = world.records.rides, world.records.voyages
    legs = legs_of_rides(world.network)
    facts = _room(4, len(rides.consignment) * max(1, int(legs.max(initial=0))))
    count = compiled(find_carriages)(
        (rides.load_ended_s, rides.consignment, rides.vehicle, rides.voyage), (world.draws.flow, rides.first), legs,
        (voyages.first, voyages.departed_s), facts,
    )  # fmt: skip
    who, at_s, voyage, nth = facts[:, :count]
    leg = voyages.leg[voyage]
    more = {"metres": world.leg_metres[leg], "nth": nth, "service": voyages.service[voyage], "leg": leg}
    return rows_of(world, who, voyage, at_s, more)


def _empty_legs(world: World) -> Facts:
    """For each leg run empty, the cargo of the vehicle's next loaded leg; nobody's where there is none."""
    voyages = world.records.voyages
    empty = np.flatnonzero(voyages.kg == 0)
    loaded = np.append(np.flatnonzero(voyages.kg > 0), len(voyages.kg))
    following = loaded[np.searchsorted(loaded, empty)]
    following = np.where(following < voyages.first[voyages.vehicle[empty] + 1], following, -1)
    carried = _carriages(world)
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
    return rows_of(world, who, voyage, voyages.departed_s[voyage], more)


def _lifts(world: World) -> Facts:
    rides = world.records.rides
    facts = _room(5, 2 * len(rides.consignment))
    of_rides = (rides.load_ended_s, rides.unload_ended_s, rides.consignment, rides.vehicle, rides.board, rides.alight)
    who, at_s, loading, terminal, vehicle = facts[:, : compiled(find_lifts)(of_rides, facts)]
    more = {
        "loading": loading, "terminal": terminal, "node": world.terminal_node[terminal],
        "service": world.vehicle_service[vehicle],
    }  # fmt: skip
    return rows_of(world, who, None, at_s, more)


def _stays(world: World) -> Facts:
    """From release or discharge to the next loading or the delivery; what still stays at the log's end, until then."""
    cargo, rides, end_s = world.records.cargo, world.records.rides, world.records.end_s
    facts = _room(4, len(rides.consignment) + len(cargo.released_s))
    of_cargo = (cargo.released_s, cargo.delivered_s, world.flow_origin[world.draws.flow])
    of_rides = (rides.load_started_s, rides.unload_ended_s, rides.alight)
    count = compiled(find_stays)(rides.first, of_cargo, of_rides, world.terminal_node, end_s, facts)
    who, at_s, seconds, node = facts[:, :count]
    return rows_of(world, who, None, at_s, {"seconds": seconds, "node": node})


def _calls(world: World) -> Facts:
    """Finished calls, with the cargo loaded or discharged in each; nobody's where there is none."""
    rides, calls = world.records.rides, world.records.calls
    facts = _room(4, 2 * len(rides.consignment) + len(calls.departed_s))
    of_rides = (rides.load_ended_s, rides.unload_started_s, rides.consignment, rides.vehicle, rides.voyage,
                rides.last_voyage)  # fmt: skip
    count = compiled(find_calls)(of_rides, (calls.first, calls.departed_s, calls.begun_s, calls.idle_s), facts)
    who, at_s, call, seconds = facts[:, :count]
    terminal = calls.terminal[call]
    more = {"seconds": seconds, "service": calls.service[call], "terminal": terminal, "node": world.terminal_node[terminal]}
    return rows_of(world, who, call, at_s, more)


def _visits(world: World) -> Facts:
    visits = world.records.visits
    rows = np.flatnonzero(visits.ended_s >= 0)
    post = visits.post[rows] - world.network.post_facility(0)
    more = {"post": post, "node": world.post_node[post]}
    return rows_of(world, visits.consignment[rows], None, visits.ended_s[rows], more)


def _entries(world: World) -> Facts:
    """Visits to customs posts done, and deliveries (post -1)."""
    cargo, visits = world.records.cargo, world.records.visits
    facts = _room(3, len(visits.consignment) + len(cargo.delivered_s))
    post_zero = world.network.post_facility(0)
    of_visits = (visits.post, visits.ended_s)
    count = compiled(find_entries)(visits.first, cargo.delivered_s, of_visits, post_zero, world.post_is_customs, facts)
    who, at_s, post = facts[:, :count]
    node = np.where(post < 0, world.flow_destination[world.draws.flow[who]], np.append(world.post_node, -1)[post])
    more = {"post": post, "node": node, "value_micros": value_micros(world, who, at_s)}
    return rows_of(world, who, None, at_s, more)


def _releases(world: World) -> Facts:
    cargo = world.records.cargo
    who = np.flatnonzero(cargo.released_s >= 0)
    at_s = cargo.released_s[who]
    return rows_of(world, who, None, at_s, {"value_micros": value_micros(world, who, at_s)})


def _room(columns: int, rows: int) -> Ints:
    return np.empty((columns, rows), dtype=np.int64)


GATHER: Mapping[FactKind, Callable[[World], Facts]] = {
    "carriage": _carriages,
    "lift": _lifts,
    "stay": _stays,
    "call": _calls,
    "visit": _visits,
    "entry": _entries,
    "empty leg": _empty_legs,
    "release": _releases,
}
"""How facts of each kind are read; what is charged so far ("charged") stands in the ledger, not in the log."""
