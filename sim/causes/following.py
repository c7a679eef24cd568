"""Following: the loops that go along with consignments and note, piece by piece, what each is at. They are compiled.

Only plain loops over arrays of whole numbers live here. Which cause holds of a piece they do not know: they look up the
number of its step function in the tables of `Rules`. What ends when it begins took no time and is no piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.causes.doings import Doing
from sim.causes.legs import leg_ends
from sim.causes.rules import Rules
from sim.compiling import compiled
from sim.records import Records, legs_of_rides
from sim.world.network import Network

__all__ = ["PIECE", "Way", "pieces_of", "way_of"]

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[Any]

(_WAITS, _BOOKED, _CALLED_IN, _BESIDE, _LOADED, _ABOARD, _REST, _LEAVES, _SAILS, _AT_GATE, _IN_GATE, _OFF_BERTH, _MOVES_IN,
 _ALONGSIDE, _NO_ROOM, _DISCHARGED, _BETWEEN, _QUEUES, _SERVED) = map(int, Doing)  # fmt: skip
_AT_ONCE = 4096
"""Consignments that are followed together: their pieces are split while they are at hand, and need no room to speak of."""
_SHORE = 9
"""Doings of a ride that come once, whatever its legs."""
_LEG = 8
"""Doings of one leg."""


class PIECE(IntEnum):
    """Columns of pieces, the times of consignments at one thing."""

    consignment = 0
    from_s = 1
    to_s = 2
    steps = 3
    """Number of the step function that splits it."""
    doing = 4
    facility = 5
    """-1 where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """All that a consignment's way is read from."""

    records: Records
    rules: Rules
    flow: Ints
    legs: Ints
    """(flows, rides) how many legs each ride covers."""
    leg_ends_s: Whole
    """(calls, 8): see `leg_ends`."""
    post_zero: int
    """Number of the first post as a facility."""


def way_of(network: Network, rules: Rules, flow: Ints, records: Records) -> Way:
    """What the ways of all consignments are read from; `flow` is that of each."""
    return Way(records=records, rules=rules, flow=flow, legs=legs_of_rides(network),
               leg_ends_s=leg_ends(network, records), post_zero=network.post_facility(0))  # fmt: skip


def pieces_of(way: Way, begin: int, end: int) -> Iterator[Ints]:
    """The pieces of consignments `begin` … `end` - 1, which leave no gap: a few consignments at a time, (n, 6) in `PIECE`.

    Every such array stands in the place of the one before, which is gone when the next is asked for.
    """
    cargo, visits, rides, calls = way.records.cargo, way.records.visits, way.records.rides, way.records.calls
    edges = np.append(np.arange(begin, max(end, begin + 1), _AT_ONCE), end)
    visited, ridden = (int(np.diff(table.first[edges]).max(initial=0)) for table in (visits, rides))
    most = _AT_ONCE + 3 * visited + (_SHORE + _LEG * int(way.legs.max(initial=0))) * ridden
    pieces = np.empty((most, len(PIECE)), dtype=np.int64)
    tables = way.rules.steps, way.rules.facility
    for first, last in pairwise(edges.tolist()):
        span = first, last, way.records.end_s
        count = compiled(_at_posts)(
            span, (cargo.released_s, cargo.onward_s), (visits.joined_s, visits.started_s, visits.ended_s, visits.onward_s),
            (visits.first, visits.post, way.post_zero), tables, pieces,
        )  # fmt: skip
        count += compiled(_on_rides)(
            span,
            (rides.waiting_s, rides.accepted_s, rides.given_s, rides.alongside_s, rides.load_started_s, rides.load_ended_s,
             rides.no_slot_s, rides.unload_started_s, rides.unload_ended_s, rides.onward_s),
            (rides.first, rides.service, rides.vehicle, rides.voyage, rides.board, rides.alight, rides.yard),
            (way.flow, way.legs, calls.first, calls.terminal, way.leg_ends_s), (*tables, way.rules.sails), pieces[count:],
        )  # fmt: skip
        yield pieces[:count]


def _at_posts(
    span: tuple[int, int, int],
    cargo: tuple[Whole, Whole],
    moments: tuple[Whole, Whole, Whole, Whole],
    visits: tuple[Ints, Whole, int],
    tables: tuple[Ints, Ints],
    pieces: Ints,
) -> int:
    """Note releases and visits to posts, each with what is between it and the next step; returns the number of pieces.

    `span` is the first consignment, the one after the last, and the log's end.
    """
    begin, end, end_s = span
    released_s, released_onward_s = cargo
    joined_s, started_s, ended_s, onward_s = moments
    first, facility, post_zero = visits
    steps, told_at = tables
    until_s = np.zeros(_SERVED + 1, dtype=np.int64)
    count = 0
    for who in range(begin, end):
        for visit in range(first[who] - 1, first[who + 1]):
            if visit < first[who]:
                post, from_s = 0, released_s[who]
                until_s[_QUEUES], until_s[_SERVED], until_s[_BETWEEN] = from_s, from_s, released_onward_s[who]
            else:
                post, from_s = facility[visit] - post_zero, joined_s[visit]
                until_s[_QUEUES], until_s[_SERVED], until_s[_BETWEEN] = started_s[visit], ended_s[visit], onward_s[visit]
            begun_s = from_s if from_s >= 0 else end_s
            for doing in (_QUEUES, _SERVED, _BETWEEN):
                done_s = until_s[doing] if until_s[doing] >= 0 else end_s
                if done_s > begun_s:
                    pieces[count, 0], pieces[count, 1], pieces[count, 2] = who, begun_s, done_s
                    pieces[count, 3], pieces[count, 4] = steps[doing, 0, post], doing
                    pieces[count, 5] = told_at[doing, post]
                    count += 1
                begun_s = done_s
    return count


def _on_rides(  # noqa: PLR0915 -- one loop over the rides, with the moments of each stretch in it
    span: tuple[int, int, int],
    moments: tuple[Whole, Whole, Whole, Whole, Whole, Whole, Whole, Whole, Whole, Whole],
    rides: tuple[Ints, Whole, Whole, Whole, Whole, Whole, Whole],
    way: tuple[Ints, Ints, Ints, Whole, Whole],
    tables: tuple[Ints, Ints, Ints],
    pieces: Ints,
) -> int:
    """Note rides, stretch by stretch: at the quay, leg by leg, at the far end. Returns the number of pieces.

    A stretch lies between two terminals: what is done from `turn` on is done at the far one.
    """
    begin, end, end_s = span
    (waiting_s, accepted_s, given_s, alongside_s, load_started_s, load_ended_s, no_slot_s, unload_started_s, unload_ended_s,
     onward_s) = moments  # fmt: skip
    first_ride, service, vehicle, voyage, board, alight, yard = rides
    flow, legs_of, first_call, terminal, leg_ends_s = way
    steps, told_at, sails = tables
    until_s = np.zeros(_SERVED + 1, dtype=np.int64)
    count = 0
    for who in range(begin, end):
        for ride in range(first_ride[who], first_ride[who + 1]):
            landing_s = unload_started_s[ride] if unload_started_s[ride] >= 0 else end_s
            barred_s = no_slot_s[ride] if no_slot_s[ride] >= 0 else landing_s
            begun_s = waiting_s[ride] if waiting_s[ride] >= 0 else end_s
            call, left, last_call, legs = 0, 0, 0, 0
            if load_ended_s[ride] >= 0:
                legs = legs_of[flow[who], ride - first_ride[who]]
                last_call = first_call[vehicle[ride] + 1] - 1
                call = min(first_call[vehicle[ride]] + voyage[ride], last_call)
            for stretch in range(-1, legs + 1):
                if stretch < 0:
                    first, turn, last, near, far = _WAITS, _ABOARD, _LOADED, board[ride], alight[ride]
                    loading_s = load_started_s[ride] if load_started_s[ride] >= 0 else end_s
                    lies_s = min(alongside_s[ride], loading_s) if alongside_s[ride] >= 0 else loading_s
                    until_s[_WAITS] = accepted_s[ride]
                    until_s[_BOOKED] = min(given_s[ride], lies_s) if given_s[ride] >= 0 else lies_s
                    until_s[_CALLED_IN], until_s[_BESIDE], until_s[_LOADED] = lies_s, loading_s, load_ended_s[ride]
                elif stretch < legs:
                    following = min(call + 1, last_call)
                    first, turn, last, near, far = _ABOARD, _SAILS, _MOVES_IN, terminal[call], terminal[following]
                    least_s = begun_s
                    for doing in range(_ABOARD, _ALONGSIDE):
                        ends_s = leg_ends_s[call, doing - _ABOARD]
                        least_s = min(max(ends_s, least_s), barred_s) if ends_s >= 0 else barred_s
                        until_s[doing] = least_s
                    left, call = call, following
                else:
                    first, turn, last, far = _ALONGSIDE, _DISCHARGED, _BETWEEN, alight[ride]
                    near = terminal[call] if legs > 0 else far
                    until_s[_ALONGSIDE], until_s[_NO_ROOM] = barred_s, landing_s
                    until_s[_DISCHARGED], until_s[_BETWEEN] = unload_ended_s[ride], onward_s[ride]
                for doing in range(first, last + 1):
                    done_s = until_s[doing] if until_s[doing] >= 0 else end_s
                    if done_s > begun_s:
                        at = near if doing < turn else far
                        pieces[count, 0], pieces[count, 1], pieces[count, 2] = who, begun_s, done_s
                        which = sails[left] if doing == _SAILS else steps[doing, service[ride], at]
                        pieces[count, 3], pieces[count, 4] = which, doing
                        pieces[count, 5] = yard[ride] if doing == _NO_ROOM else told_at[doing, at]
                        count += 1
                    begun_s = done_s
    return count
