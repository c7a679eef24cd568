"""Gathering: the facts that rules charge for, read out of the log. What happened is charged, delivered or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from sim.ledger.world import World, value_micros
from sim.records import legs_of_rides, occurrence, reached
from sim.tariffs import FactKind, Facts

__all__ = ["GATHER", "carriages", "rows_of"]

Ints = npt.NDArray[np.int64]
Columns = dict[str, Ints]


def rows_of(world: World, consignment: Ints, event: Ints, at_s: Ints, more: Columns) -> Facts:
    """Facts of these consignments (-1: nobody's), with the further columns of `more`."""
    flow = world.cargo["flow"][consignment]
    columns = {"event": event, "at_s": at_s.astype(np.int64), "consignment": consignment.astype(np.int64), "flow": flow}
    return Facts(gathered=columns | more, cargo=world.cargo)


def carriages(world: World) -> Facts:
    """A row for each consignment aboard at each departure."""
    rides, voyages = world.records.rides, world.records.voyages
    rows = np.flatnonzero(rides.load_ended_s >= 0)
    who, vehicle = rides.consignment[rows], rides.vehicle[rows]
    first = voyages.first[vehicle] + rides.voyage[rows]
    legs = legs_of_rides(world.network)[world.draws.flow[who], rows - rides.first[who]]
    legs = np.minimum(legs, np.maximum(voyages.first[vehicle + 1] - first, 0))
    ride = np.repeat(np.arange(len(rows), dtype=np.int64), legs)
    nth = occurrence(ride)
    voyage = first[ride] + nth
    leg = voyages.leg[voyage]
    more = {"metres": world.leg_metres[leg], "nth": nth, "service": voyages.service[voyage], "leg": leg}
    return rows_of(world, who[ride], voyage, voyages.departed_s[voyage], more)


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
    return rows_of(world, who, voyage, voyages.departed_s[voyage], more)


def _lifts(world: World) -> Facts:
    rides = world.records.rides
    done_s = np.stack([rides.load_ended_s, rides.unload_ended_s], axis=1).ravel()
    lifts = np.flatnonzero(done_s >= 0)
    rows, at_s = lifts // 2, done_s[lifts]
    loading = 1 - lifts % 2
    terminal = np.where(loading == 1, rides.board[rows], rides.alight[rows])
    more = {
        "loading": loading, "terminal": terminal, "node": world.terminal_node[terminal],
        "service": world.vehicle_service[rides.vehicle[rows]],
    }  # fmt: skip
    return rows_of(world, rides.consignment[rows], np.arange(len(rows)), at_s, more)


def _stays(world: World) -> Facts:
    """From release or discharge to the next loading or the delivery; what still stays at the log's end, until then."""
    cargo, rides, end_s = world.records.cargo, world.records.rides, world.records.end_s
    cargoes, ride = np.arange(len(cargo.released_s)), np.arange(len(rides.consignment))
    home, after = rides.first[:-1] + cargoes, ride + rides.consignment + 1
    from_s, to_s, node = (np.full(len(ride) + len(cargoes), -1, dtype=np.int64) for _ in range(3))
    from_s[home], from_s[after] = cargo.released_s, rides.unload_ended_s
    to_s[rides.first[1:] + cargoes], to_s[after - 1] = cargo.delivered_s, rides.load_started_s
    node[home], node[after] = world.flow_origin[world.draws.flow], world.terminal_node[rides.alight]
    who = np.repeat(cargoes, np.diff(rides.first) + 1)
    stays = np.flatnonzero(from_s >= 0)
    ends_s = reached(to_s[stays], end_s)
    return rows_of(
        world, who[stays], np.arange(len(stays)), ends_s, {"seconds": ends_s - from_s[stays], "node": node[stays]}
    )


def _calls(world: World) -> Facts:
    """Finished calls, with the cargo loaded or discharged in each; nobody's where there is none."""
    rides, calls = world.records.rides, world.records.calls
    loaded, ashore = np.flatnonzero(rides.load_ended_s >= 0), np.flatnonzero(rides.unload_started_s >= 0)
    worked = np.concatenate(
        [
            calls.first[rides.vehicle[loaded]] + rides.voyage[loaded],
            calls.first[rides.vehicle[ashore]] + rides.last_voyage[ashore] + 1,
        ]
    )
    is_idle = calls.departed_s >= 0
    is_idle[worked] = False
    idle = np.flatnonzero(is_idle)
    call = np.concatenate([worked, idle])
    who = np.concatenate([rides.consignment[loaded], rides.consignment[ashore], np.full(len(idle), -1, dtype=np.int64)])
    finished = calls.departed_s[call] >= 0
    call, who = call[finished], who[finished]
    terminal = calls.terminal[call]
    more = {
        "seconds": calls.departed_s[call] - calls.begun_s[call] - calls.idle_s[call], "service": calls.service[call],
        "terminal": terminal, "node": world.terminal_node[terminal],
    }  # fmt: skip
    return rows_of(world, who, call, calls.departed_s[call], more)


def _visits(world: World) -> Facts:
    visits = world.records.visits
    rows = np.flatnonzero(visits.ended_s >= 0)
    post = visits.post[rows] - world.network.post_facility(0)
    more = {"post": post, "node": world.post_node[post]}
    return rows_of(world, visits.consignment[rows], np.arange(len(rows)), visits.ended_s[rows], more)


def _entries(world: World) -> Facts:
    """Visits to customs posts done, and deliveries (post -1)."""
    cargo, visits = world.records.cargo, world.records.visits
    cargoes = np.arange(len(cargo.released_s))
    place, home = np.arange(len(visits.consignment)) + visits.consignment, visits.first[1:] + cargoes
    at_s, post = (np.full(len(place) + len(cargoes), -1, dtype=np.int64) for _ in range(2))
    post[place] = visits.post - world.network.post_facility(0)
    at_s[home], at_s[place] = cargo.delivered_s, visits.ended_s
    entries = np.flatnonzero((at_s >= 0) & np.append(world.post_is_customs, True)[post])
    who = np.repeat(cargoes, np.diff(visits.first) + 1)[entries]
    at_s, post = at_s[entries], post[entries]
    node = np.where(post < 0, world.flow_destination[world.draws.flow[who]], np.append(world.post_node, -1)[post])
    more = {"post": post, "node": node, "value_micros": value_micros(world, who, at_s)}
    return rows_of(world, who, np.arange(len(who)), at_s, more)


def _releases(world: World) -> Facts:
    cargo = world.records.cargo
    who = np.flatnonzero(cargo.released_s >= 0)
    at_s = cargo.released_s[who]
    return rows_of(world, who, np.arange(len(who)), at_s, {"value_micros": value_micros(world, who, at_s)})


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
