"""Adding: the loops over all rows of a table that figures are summed up in. They are compiled.

Only plain loops over arrays of whole numbers live here, each over one table, and none knows what its sums are for. `flow`
is that of each consignment, -1 where it is not to be counted. `opened` gives the hours of facilities in flat form, as
`openings` makes them. A compiled loop calls no other, so the walk through the hours of a facility stands in two of them: it
sets out from where the row before has left it, since rows that follow one another lie close in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["add_carriages", "add_cents", "add_visits", "add_waits", "add_work"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[Any]


def add_waits(waits: tuple[Whole, Whole, Whole, Ints], flow: Ints, into: Ints) -> None:
    """Add the seconds of waits, (consignment, cause, facility, seconds), to `into` (facilities, causes, flows)."""
    consignment, cause, facility, seconds = waits
    for row in range(len(seconds)):
        which = flow[consignment[row]]
        if which >= 0:
            into[facility[row], cause[row], which] += seconds[row]


def add_cents(
    lines: tuple[Ints, Whole, Whole, Ints, Ints], carrier: int, window: tuple[int, int], flow: Ints, into: Ints
) -> int:
    """Add cargo's own lines, (consignment, rule, payer, at_s, cents), to `into` (flows, rules).

    Returns the cents that `carrier`, a payer, pays for facts of the window [from, to).
    """
    consignment, rule, payer, at_s, cents = lines
    from_s, to_s = window
    paid = 0
    for row in range(len(cents)):
        who = consignment[row]
        if payer[row] == carrier:
            if from_s <= at_s[row] < to_s:
                paid += cents[row]
        elif who >= 0 and flow[who] >= 0:
            into[flow[who], rule[row]] += cents[row]
    return paid


def add_visits(
    visits: tuple[Whole, Whole, Whole, Whole, Whole],
    opened: tuple[Ints, Ints, Bools, Ints],
    posts: tuple[Bools, Bools, Ints],
    times: tuple[int, int, int, int],
    flow: Ints,
    into: tuple[Ints, Ints],
) -> None:
    """Add the seconds of visits to posts, (consignment, facility, joined_s, started_s, ended_s).

    `posts` are (posts,) whether it is customs, (posts,) whether what is begun goes on while it is shut, and (posts, 2) for
    how long it had been open when the window began and ended. `times` are the window, the log's end, which stands for any
    moment below zero, and the number of the first post as a facility. `into` are (flows, 3) at customs in the queue while
    open, in service and in all; and (posts, 3) open seconds of service within the window, services begun in the window, and
    the seconds in the queue before those.
    """
    consignment, facility, joined_s, started_s, ended_s = visits
    first, begins_s, is_open, before_s = opened
    is_customs, finishes, edges_s = posts
    from_s, to_s, end_s, first_post = times
    by_flow, by_post = into
    cursor = first[:-1].copy()
    open_s, moment_s = np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
    for row in range(len(consignment)):
        where = facility[row]
        post, which = where - first_post, flow[consignment[row]]
        moment_s[0] = joined_s[row] if joined_s[row] >= 0 else end_s
        moment_s[1] = started_s[row] if started_s[row] >= 0 else end_s
        moment_s[2] = ended_s[row] if ended_s[row] >= 0 else end_s
        piece, top = cursor[where], first[where + 1]
        for number in range(3):
            at_s = moment_s[number]
            while begins_s[piece] > at_s:
                piece -= 1
            while piece + 1 < top and begins_s[piece + 1] <= at_s:
                piece += 1
            open_s[number] = before_s[piece] + (at_s - begins_s[piece] if is_open[piece] else 0)
        cursor[where] = piece
        if is_customs[post] and which >= 0:
            by_flow[which, 0] += open_s[1] - open_s[0]
            by_flow[which, 1] += moment_s[2] - moment_s[1] if finishes[post] else open_s[2] - open_s[1]
            by_flow[which, 2] += moment_s[2] - moment_s[0]
        by_post[post, 0] += max(0, min(open_s[2], edges_s[post, 1]) - max(open_s[1], edges_s[post, 0]))
        if from_s <= moment_s[1] < to_s:
            by_post[post, 1] += 1
            by_post[post, 2] += moment_s[1] - moment_s[0]


def add_work(
    work: tuple[Whole, Whole, Whole],
    facility_of: Ints,
    opened: tuple[Ints, Ints, Bools, Ints],
    times: tuple[int, int, int],
    into: Ints,
) -> None:
    """Add the open seconds of work within a window, (place, from_s, to_s), to `into` (places,).

    `facility_of` gives the facility of each place whose hours count; `times` are the window and the log's end.
    """
    place, begun_s, done_s = work
    first, begins_s, is_open, before_s = opened
    from_s, to_s, end_s = times
    cursor = first[:-1].copy()
    for row in range(len(place)):
        if place[row] < 0 or begun_s[row] < 0:
            continue
        starts_s, ends_s = max(begun_s[row], from_s), min(done_s[row] if done_s[row] >= 0 else end_s, to_s)
        if ends_s <= starts_s:
            continue
        where = facility_of[place[row]]
        piece, top = cursor[where], first[where + 1]
        while begins_s[piece] > starts_s:
            piece -= 1
        while piece + 1 < top and begins_s[piece + 1] <= starts_s:
            piece += 1
        into[place[row]] -= before_s[piece] + (starts_s - begins_s[piece] if is_open[piece] else 0)
        while piece + 1 < top and begins_s[piece + 1] <= ends_s:
            piece += 1
        into[place[row]] += before_s[piece] + (ends_s - begins_s[piece] if is_open[piece] else 0)
        cursor[where] = piece


def add_carriages(
    rides: tuple[Whole, Whole, Whole, Whole, Ints],
    voyages: tuple[Ints, Whole, Whole],
    cargo: tuple[Ints, Ints],
    legs: Ints,
    into: tuple[Ints, Ints, Ints],
) -> None:
    """Note the mass and the service of each consignment counted that was aboard at a departure, by leg and then by ride.

    `rides` are (consignment, vehicle, voyage, load_ended_s, first), `voyages` (first, leg, service), `cargo` is (flow, kg),
    `legs` (flows, rides) how many legs each ride covers. `into` are mass and service, (n,), and (legs + 1,) zeros that
    become the first row of each leg and at last their number.
    """
    consignment, vehicle, number, load_ended_s, first_ride = rides
    first_voyage, leg, service = voyages
    flow, kg = cargo
    mass, carrier, first = into
    place = np.zeros(len(first), dtype=np.int64)
    for fills in (False, True):
        for row in range(len(consignment)):
            who = consignment[row]
            if load_ended_s[row] < 0 or flow[who] < 0:
                continue
            which = vehicle[row]
            voyage = first_voyage[which] + number[row]
            for sailed in range(voyage, min(voyage + legs[flow[who], row - first_ride[who]], first_voyage[which + 1])):
                if fills:
                    mass[place[leg[sailed]]], carrier[place[leg[sailed]]] = kg[who], service[sailed]
                    place[leg[sailed]] += 1
                else:
                    first[leg[sailed] + 1] += 1
        if not fills:
            for index in range(1, len(first)):
                first[index] += first[index - 1]
                place[index] = first[index]
