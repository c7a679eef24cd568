"""Passes: the loops over all rows of a log that put its events into tables. They are compiled.

Only plain loops over arrays of whole numbers live here: how many rows each table is to have, and which event fills which
cell. What the cells mean, `tables` says. An event begins a new row of its table unless its kind comes later than that of the
last event there of the same entity: kinds are numbered in the order in which the law lets them happen.

Tables are arrays (columns, rows) and come filled with -1. A compiled loop calls no other, so one is long.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.events import Kind

__all__ = ["BERTHING", "CALL", "CARGO", "RIDE", "SPELL", "VISIT", "count", "note"]

Ints = npt.NDArray[np.int64]

(_RELEASED, _POST_JOINED, _POST_STARTED, _POST_ENDED, _WAITING, _ACCEPTED, _LOAD_STARTED, _LOAD_ENDED, _NO_SLOT,
 _UNLOAD_STARTED, _UNLOAD_ENDED, _DELIVERED, _ARRIVED, _GATE_STARTED, _GATE_ENDED, _BERTH_JOINED, _BERTH_GIVEN, _BERTHED,
 _DISCHARGED, _POSITIONED, _CLOSED, _SHIFTED, _DEPARTED, _CLEARED, _SHUT, _OPENED, _GRIDLOCK, _ENDED,
) = map(int, Kind)  # fmt: skip
_ANY = 99
"""Later than every kind: the next event begins a row."""
_AFTER_RELEASE, _AFTER_VISIT, _AFTER_RIDE = 1, 2, 3
"""What a consignment has behind it when its next step begins."""


class CARGO(IntEnum):
    """Columns noted of consignments."""

    released_s = 0
    onward_s = 1
    delivered_s = 2
    delivered_row = 3


class VISIT(IntEnum):
    """Columns noted of visits; the three moments in the order of their kinds."""

    consignment = 0
    post = 1
    joined_s = 2
    started_s = 3
    ended_s = 4
    onward_s = 5


class RIDE(IntEnum):
    """Columns noted of rides."""

    consignment = 0
    service = 1
    board = 2
    vehicle = 3
    call = 4
    voyage = 5
    last_voyage = 6
    alight = 7
    yard = 8
    waiting_s = 9
    accepted_s = 10
    given_s = 11
    alongside_s = 12
    load_started_s = 13
    load_ended_s = 14
    load_ended_row = 15
    no_slot_s = 16
    unload_started_s = 17
    unload_started_row = 18
    unload_ended_s = 19
    onward_s = 20


class CALL(IntEnum):
    """Columns noted of calls; the moments from `begun_s` to `berthed_s` in the order of their kinds."""

    begun_s = 0
    gate_started_s = 1
    gate_ended_s = 2
    ready_s = 3
    given_s = 4
    berthed_s = 5
    idle_s = 6
    closed_s = 7
    departed_s = 8
    kg = 9
    terminal = 10


class BERTHING(IntEnum):
    """Columns noted of stays at a berth; the first three moments in the order of their kinds."""

    vehicle = 0
    terminal = 1
    joined_s = 2
    given_s = 3
    berthed_s = 4
    cleared_s = 5


class SPELL(IntEnum):
    """Columns noted of spells in position."""

    vehicle = 0
    from_s = 1
    to_s = 2


def count(kind: Ints, consignment: Ints, vehicle: Ints, of_cargo: Ints, of_vehicles: Ints) -> int:
    """Count the rows of tables: (2, C) visits and rides, (3, V) departures, stays at a berth and spells in position.

    Returns how many rows tell of a gridlock.
    """
    stuck = 0
    at_post, at_quay = np.full(of_cargo.shape[1], _ANY, np.int8), np.full(of_cargo.shape[1], _ANY, np.int8)
    at_berth = np.full(of_vehicles.shape[1], _ANY, np.int8)
    for row in range(len(kind)):
        now = kind[row]
        if now <= _DELIVERED:
            who = consignment[row]
            if _POST_JOINED <= now <= _POST_ENDED:
                of_cargo[0, who] += now <= at_post[who]
                at_post[who] = now
            elif _WAITING <= now <= _UNLOAD_ENDED:
                of_cargo[1, who] += now <= at_quay[who]
                at_quay[who] = now
        elif now <= _CLEARED:
            which = vehicle[row]
            if now == _DEPARTED:
                of_vehicles[0, which] += 1
            elif now == _POSITIONED:
                of_vehicles[2, which] += 1
            elif _BERTH_JOINED <= now <= _BERTHED or now == _CLEARED:
                of_vehicles[1, which] += now <= at_berth[which]
                at_berth[which] = now
        elif now == _GRIDLOCK:
            stuck += 1
    return stuck


def note(  # noqa: C901, PLR0912, PLR0915 -- one loop over the log, a branch for each kind
    log: tuple[Ints, Ints, Ints, Ints, Ints, Ints],
    cargo: tuple[Ints, Ints],
    fleet: tuple[Ints, Ints, Ints],
    of_cargo: tuple[Ints, Ints, Ints],
    of_fleet: tuple[Ints, Ints, Ints],
) -> None:
    """Fill all tables in one walk through the log.

    `cargo` is, by consignment, the rows before its first visit and its first ride, (C,) each; `fleet` is, by vehicle, the
    row of its first call and those before its first stay at a berth and spell in position, (V,) each. Calls of other trades
    have the last row of calls, which is there for them alone. `of_cargo` are the tables of consignments, visits and rides,
    `of_fleet` those of calls, stays and spells.

    `before` chains the rides booked on a vehicle that does not lie at the berth: they are told when it is given one, and
    when it lies there.
    """
    at_s, kind, consignment, vehicle, facility, value = log
    visit, ride = cargo
    call, stay, spell = fleet
    cargoes, visits, rides = of_cargo
    calls, stays, spells = of_fleet
    spare = calls.shape[1] - 1
    end_s = int(at_s[-1]) if len(at_s) else 0
    at_post, at_quay = np.full(len(visit), _ANY, np.int8), np.full(len(ride), _ANY, np.int8)
    after, at_berth = np.zeros(len(ride), np.int8), np.full(len(stay), _ANY, np.int8)
    comes_in, is_idle, lies = np.zeros(len(call), np.bool_), np.zeros(len(call), np.bool_), np.zeros(len(call), np.bool_)
    booked, before = np.full(len(call), -1), np.full(rides.shape[1], -1)
    for row in range(len(kind)):
        now, now_s = kind[row], at_s[row]
        if now <= _DELIVERED:
            who = consignment[row]
            if after[who] > 0:
                if after[who] == _AFTER_VISIT:
                    visits[VISIT.onward_s, visit[who]] = now_s
                elif after[who] == _AFTER_RIDE:
                    rides[RIDE.onward_s, ride[who]] = now_s
                elif after[who] == _AFTER_RELEASE:
                    cargoes[CARGO.onward_s, who] = now_s
                after[who] = 0
            which, where, here = vehicle[row], facility[row], ride[who]
            if _WAITING <= now <= _UNLOAD_ENDED:
                if now <= at_quay[who]:
                    ride[who] += 1
                    rides[RIDE.consignment, ride[who]] = who
                    rides[RIDE.vehicle, ride[who]] = which
                    rides[RIDE.board, ride[who]] = where // 4 if now <= _LOAD_ENDED else -1
                at_quay[who] = now
                here = ride[who]
            elif _POST_JOINED <= now <= _POST_ENDED:
                if now <= at_post[who]:
                    visit[who] += 1
                    visits[VISIT.consignment, visit[who]] = who
                    visits[VISIT.post, visit[who]] = where
                at_post[who] = now
                visits[VISIT.joined_s + now - _POST_JOINED, visit[who]] = now_s
            if now == _WAITING:
                rides[RIDE.service, here], rides[RIDE.waiting_s, here] = value[row], now_s
            elif now == _ACCEPTED:
                rides[RIDE.vehicle, here] = which
                rides[RIDE.call, here] = call[which]
                rides[RIDE.accepted_s, here] = now_s
                if lies[which]:
                    rides[RIDE.given_s, here], rides[RIDE.alongside_s, here] = now_s, now_s
                else:
                    before[here], booked[which] = booked[which], here
            elif now == _LOAD_STARTED:
                rides[RIDE.load_started_s, here] = now_s
            elif now == _LOAD_ENDED:
                rides[RIDE.voyage, here] = value[row]
                rides[RIDE.load_ended_s, here] = now_s
                rides[RIDE.load_ended_row, here] = row
            elif now == _NO_SLOT:
                rides[RIDE.yard, here], rides[RIDE.no_slot_s, here] = where, now_s
            elif now == _UNLOAD_STARTED:
                rides[RIDE.last_voyage, here] = value[row]
                rides[RIDE.alight, here] = where // 4
                rides[RIDE.unload_started_s, here] = now_s
                rides[RIDE.unload_started_row, here] = row
            elif now == _UNLOAD_ENDED:
                rides[RIDE.unload_ended_s, here], rides[RIDE.alight, here] = now_s, where // 4
                after[who] = _AFTER_RIDE
            elif now == _POST_ENDED:
                after[who] = _AFTER_VISIT
            elif now == _RELEASED:
                cargoes[CARGO.released_s, who] = now_s
                after[who] = _AFTER_RELEASE
            elif now == _DELIVERED:
                cargoes[CARGO.delivered_s, who], cargoes[CARGO.delivered_row, who] = now_s, row
        elif now <= _CLEARED:
            which = vehicle[row]
            here = call[which]
            if comes_in[which] and now > _GATE_ENDED:
                calls[CALL.ready_s, here] = now_s
                comes_in[which] = False
            if is_idle[which]:
                spells[SPELL.to_s, spell[which]] = now_s
                calls[CALL.idle_s, here] -= end_s - now_s
                is_idle[which] = False
            if _BERTH_JOINED <= now <= _BERTHED or now == _CLEARED:
                if now <= at_berth[which]:
                    stay[which] += 1
                    stays[BERTHING.vehicle, stay[which]] = which
                    stays[BERTHING.terminal, stay[which]] = facility[row] // 4
                at_berth[which] = now
                moment = BERTHING.cleared_s if now == _CLEARED else BERTHING.joined_s + now - _BERTH_JOINED
                stays[moment, stay[which]] = now_s
            if now == _ARRIVED:
                calls[CALL.begun_s, here] = now_s
                calls[CALL.ready_s, here] = end_s
                calls[CALL.terminal, here] = facility[row] // 4
                comes_in[which] = True
            elif now <= _GATE_ENDED:
                calls[CALL.begun_s + now - _ARRIVED, here] = now_s
            elif now in (_BERTH_GIVEN, _BERTHED):
                if calls[CALL.begun_s + now - _ARRIVED, here] < 0:
                    calls[CALL.begun_s + now - _ARRIVED, here] = now_s
                at = booked[which]
                while at >= 0:
                    if rides[RIDE.given_s, at] < 0:
                        rides[RIDE.given_s, at] = now_s
                    if now == _BERTHED:
                        rides[RIDE.alongside_s, at] = now_s
                    at = before[at]
                if now == _BERTHED:
                    lies[which] = True
                    booked[which] = -1
            elif now == _POSITIONED:
                lies[which] = value[row] == 0
                spell[which] += 1
                spells[SPELL.vehicle, spell[which]] = which
                spells[SPELL.from_s, spell[which]] = now_s
                spells[SPELL.to_s, spell[which]] = end_s
                calls[CALL.idle_s, here] += end_s - now_s
                is_idle[which] = True
            elif now == _CLOSED:
                calls[CALL.closed_s, here] = now_s
            elif now == _SHIFTED:
                lies[which] = False
            elif now == _DEPARTED:
                calls[CALL.departed_s, here], calls[CALL.kg, here] = now_s, value[row]
                if here < spare:
                    call[which] = here + 1
