"""Passes: the loops over all rows of a log that put its events into tables. They are compiled.

Only plain loops over arrays of whole numbers live here, each for a table or two: how many rows there are to be, and which
event fills which cell. What the cells mean, `tables` says. A first pass counts the rows of every table, so that the others
can put each where it belongs. In all of them an event begins a new row of its table unless its kind comes later than that of
the last event there of the same entity: kinds are numbered in the order in which the law lets them happen.

Tables are int64 arrays (columns, rows) and come filled with -1. A compiled loop calls no other, so some are long.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.events import Kind

__all__ = [
    "BERTHING", "CALL", "CARGO", "RIDE", "SPELL", "VISIT", "count", "note_berthings", "note_calls", "note_cargo",
    "note_rides",
]  # fmt: skip

Ints = npt.NDArray[np.int64]

_ANY = 99
"""Later than every kind: the next event begins a row."""


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
    at_post = np.full(of_cargo.shape[1], _ANY, dtype=np.int8)
    at_quay = np.full(of_cargo.shape[1], _ANY, dtype=np.int8)
    at_berth = np.full(of_vehicles.shape[1], _ANY, dtype=np.int8)
    for row in range(len(kind)):
        now = kind[row]
        if now <= Kind.DELIVERED:
            who = consignment[row]
            if Kind.POST_JOINED <= now <= Kind.POST_ENDED:
                of_cargo[0, who] += now <= at_post[who]
                at_post[who] = now
            elif Kind.WAITING <= now <= Kind.UNLOAD_ENDED:
                of_cargo[1, who] += now <= at_quay[who]
                at_quay[who] = now
        elif now <= Kind.CLEARED:
            which = vehicle[row]
            if now == Kind.DEPARTED:
                of_vehicles[0, which] += 1
            elif now == Kind.POSITIONED:
                of_vehicles[2, which] += 1
            elif Kind.BERTH_JOINED <= now <= Kind.BERTHED or now == Kind.CLEARED:
                of_vehicles[1, which] += now <= at_berth[which]
                at_berth[which] = now
        elif now == Kind.GRIDLOCK:
            stuck += 1
    return stuck


def note_cargo(log: tuple[Ints, Ints, Ints, Ints], first: Ints, cargo: Ints, visits: Ints) -> None:
    """Releases, visits and deliveries; `first` is (C + 1,) the row of each consignment's first visit."""
    at_s, kind, consignment, facility = log
    last, at_post = first[:-1] - 1, np.full(len(first) - 1, _ANY, dtype=np.int8)
    is_released, is_served = np.zeros(len(last), dtype=np.bool_), np.zeros(len(last), dtype=np.bool_)
    for row in range(len(kind)):
        now = kind[row]
        if now > Kind.DELIVERED:
            continue
        who, now_s = consignment[row], at_s[row]
        if is_released[who]:
            cargo[CARGO.onward_s, who] = now_s
            is_released[who] = False
        if is_served[who]:
            visits[VISIT.onward_s, last[who]] = now_s
            is_served[who] = False
        if now == Kind.RELEASED:
            cargo[CARGO.released_s, who] = now_s
            is_released[who] = True
        elif now == Kind.DELIVERED:
            cargo[CARGO.delivered_s, who] = now_s
            cargo[CARGO.delivered_row, who] = row
        elif now <= Kind.POST_ENDED:
            last[who] += now <= at_post[who]
            at_post[who] = now
            visits[VISIT.consignment, last[who]] = who
            visits[VISIT.post, last[who]] = facility[row]
            visits[VISIT.joined_s + now - Kind.POST_JOINED, last[who]] = now_s
            is_served[who] = now == Kind.POST_ENDED


def note_rides(  # noqa: C901, PLR0912, PLR0915 -- one loop over the log, a branch for each kind
    log: tuple[Ints, Ints, Ints, Ints, Ints, Ints], first: Ints, first_call: Ints, rides: Ints
) -> None:
    """Rides; `first` is (C + 1,) the row of each consignment's first ride, `first_call` (V + 1,) of each vehicle's call.

    `before` chains those booked on a vehicle that does not lie at the berth: they are told when it is given one, and when
    it lies there.
    """
    at_s, kind, consignment, vehicle, facility, value = log
    last, at_quay = first[:-1] - 1, np.full(len(first) - 1, _ANY, dtype=np.int8)
    is_ashore = np.zeros(len(last), dtype=np.bool_)
    call, lies = first_call[:-1].copy(), np.zeros(len(first_call) - 1, dtype=np.bool_)
    booked, before = np.full(len(call), -1, dtype=np.int64), np.full(rides.shape[1], -1, dtype=np.int64)
    for row in range(len(kind)):
        now, now_s, which = kind[row], at_s[row], vehicle[row]
        if now > Kind.DELIVERED:
            if which < 0 or which >= len(call):
                continue
            if now == Kind.DEPARTED:
                call[which] += 1
            elif now == Kind.POSITIONED:
                lies[which] = value[row] == 0
            elif now == Kind.SHIFTED:
                lies[which] = False
            elif now in (Kind.BERTH_GIVEN, Kind.BERTHED):
                ride = booked[which]
                while ride >= 0:
                    if rides[RIDE.given_s, ride] < 0:
                        rides[RIDE.given_s, ride] = now_s
                    if now == Kind.BERTHED:
                        rides[RIDE.alongside_s, ride] = now_s
                    ride = before[ride]
                if now == Kind.BERTHED:
                    lies[which] = True
                    booked[which] = -1
            continue
        who = consignment[row]
        if is_ashore[who]:
            rides[RIDE.onward_s, last[who]] = now_s
            is_ashore[who] = False
        if now < Kind.WAITING or now > Kind.UNLOAD_ENDED:
            continue
        last[who] += now <= at_quay[who]
        at_quay[who] = now
        ride, terminal = last[who], facility[row] // 4
        rides[RIDE.consignment, ride] = who
        if now <= Kind.LOAD_ENDED:
            rides[RIDE.board, ride] = terminal
        if now == Kind.WAITING:
            rides[RIDE.waiting_s, ride] = now_s
            rides[RIDE.service, ride] = value[row]
            continue
        rides[RIDE.vehicle, ride] = which
        if now == Kind.ACCEPTED:
            rides[RIDE.accepted_s, ride] = now_s
            rides[RIDE.call, ride] = call[which]
            if lies[which]:
                rides[RIDE.given_s, ride] = now_s
                rides[RIDE.alongside_s, ride] = now_s
            else:
                before[ride] = booked[which]
                booked[which] = ride
        elif now == Kind.LOAD_STARTED:
            rides[RIDE.load_started_s, ride] = now_s
        elif now == Kind.LOAD_ENDED:
            rides[RIDE.load_ended_s, ride] = now_s
            rides[RIDE.load_ended_row, ride] = row
            rides[RIDE.voyage, ride] = value[row]
        elif now == Kind.NO_SLOT:
            rides[RIDE.no_slot_s, ride] = now_s
            rides[RIDE.yard, ride] = facility[row]
        elif now == Kind.UNLOAD_STARTED:
            rides[RIDE.unload_started_s, ride] = now_s
            rides[RIDE.unload_started_row, ride] = row
            rides[RIDE.last_voyage, ride] = value[row]
            rides[RIDE.alight, ride] = terminal
        else:
            rides[RIDE.unload_ended_s, ride] = now_s
            rides[RIDE.alight, ride] = terminal
            is_ashore[who] = True


def note_calls(  # noqa: C901 -- one loop over the log, a branch for each kind
    log: tuple[Ints, Ints, Ints, Ints, Ints], firsts: tuple[Ints, Ints], end_s: int, calls: Ints, spells: Ints
) -> None:
    """Calls and spells in position of the fleet; `firsts` are (V + 1,) the rows of each vehicle's first call and spell."""
    at_s, kind, vehicle, facility, value = log
    call, spell = firsts[0][:-1].copy(), firsts[1][:-1] - 1
    comes_in, is_idle = np.zeros(len(call), dtype=np.bool_), np.zeros(len(call), dtype=np.bool_)
    for row in range(len(kind)):
        now = kind[row]
        if now <= Kind.DELIVERED or now > Kind.CLEARED or vehicle[row] >= len(call):
            continue
        which, now_s = vehicle[row], at_s[row]
        here = call[which]
        if comes_in[which] and now > Kind.GATE_ENDED:
            calls[CALL.ready_s, here] = now_s
            comes_in[which] = False
        if is_idle[which]:
            spells[SPELL.to_s, spell[which]] = now_s
            calls[CALL.idle_s, here] -= end_s - now_s
            is_idle[which] = False
        if now <= Kind.GATE_ENDED or now in (Kind.BERTH_GIVEN, Kind.BERTHED):
            if now == Kind.ARRIVED:
                calls[CALL.ready_s, here] = end_s
                calls[CALL.terminal, here] = facility[row] // 4
                comes_in[which] = True
            if calls[CALL.begun_s + now - Kind.ARRIVED, here] < 0:
                calls[CALL.begun_s + now - Kind.ARRIVED, here] = now_s
        elif now == Kind.POSITIONED:
            spell[which] += 1
            spells[SPELL.vehicle, spell[which]] = which
            spells[SPELL.from_s, spell[which]] = now_s
            spells[SPELL.to_s, spell[which]] = end_s
            calls[CALL.idle_s, here] += end_s - now_s
            is_idle[which] = True
        elif now == Kind.CLOSED:
            calls[CALL.closed_s, here] = now_s
        elif now == Kind.DEPARTED:
            calls[CALL.departed_s, here] = now_s
            calls[CALL.kg, here] = value[row]
            call[which] += 1


def note_berthings(log: tuple[Ints, Ints, Ints, Ints], first: Ints, berthings: Ints) -> None:
    """Stays at a berth; `first` is (V + 1,) the row of each vehicle's first, calls of other trades included."""
    at_s, kind, vehicle, facility = log
    last, at_berth = first[:-1] - 1, np.full(len(first) - 1, _ANY, dtype=np.int8)
    for row in range(len(kind)):
        now = kind[row]
        if now == Kind.CLEARED or Kind.BERTH_JOINED <= now <= Kind.BERTHED:
            which = vehicle[row]
            last[which] += now <= at_berth[which]
            at_berth[which] = now
            berthings[BERTHING.vehicle, last[which]] = which
            berthings[BERTHING.terminal, last[which]] = facility[row] // 4
            column = BERTHING.cleared_s if now == Kind.CLEARED else BERTHING.joined_s + now - Kind.BERTH_JOINED
            berthings[column, last[which]] = at_s[row]
