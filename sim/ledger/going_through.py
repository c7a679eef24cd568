"""Going through tables: the loops over records and lines by which facts are found and charges added up. They are compiled.

Only plain loops over arrays of whole numbers live here. Those that find facts fill columns of `facts`, an int64 array
(columns, rows) with room enough, and return how many rows they filled; what the columns are called, `gathering` says. Those
that choose among facts return how many they chose.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["add_up_until", "find_calls", "find_carriages", "find_entries", "find_lifts", "find_stays", "find_wanted", "keep"]

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[Any]


def find_carriages(
    rides: tuple[Whole, Whole, Whole, Whole], cargo: tuple[Ints, Ints], legs: Ints, voyages: tuple[Ints, Whole], facts: Ints
) -> int:
    """Legs run by the rides whose loading ended: consignment, second, voyage, number of the leg within the ride.

    `cargo` are the flow of each consignment and the row of its first ride, `legs` is (flows, rides).
    """
    load_ended_s, consignment, vehicle, number = rides
    flow, first_ride = cargo
    first, departed_s = voyages
    count = 0
    for ride in range(len(consignment)):
        if load_ended_s[ride] < 0:
            continue
        who, which = consignment[ride], vehicle[ride]
        begin = first[which] + number[ride]
        end = min(begin + legs[flow[who], ride - first_ride[who]], first[which + 1])
        for voyage in range(begin, end):
            facts[0, count], facts[1, count], facts[2, count], facts[3, count] = (
                who,
                departed_s[voyage],
                voyage,
                voyage - begin,
            )
            count += 1
    return count


def find_lifts(rides: tuple[Whole, Whole, Whole, Whole, Whole, Whole], facts: Ints) -> int:
    """Loadings and discharges that ended: consignment, second, whether a loading, terminal, vehicle."""
    load_ended_s, unload_ended_s, consignment, vehicle, board, alight = rides
    count = 0
    for ride in range(len(consignment)):
        for loading in (1, 0):
            at_s = load_ended_s[ride] if loading else unload_ended_s[ride]
            if at_s >= 0:
                facts[0, count], facts[1, count], facts[2, count] = consignment[ride], at_s, loading
                facts[3, count] = board[ride] if loading else alight[ride]
                facts[4, count] = vehicle[ride]
                count += 1
    return count


def find_stays(
    first: Ints, cargo: tuple[Whole, Whole, Ints], rides: tuple[Whole, Whole, Whole], node: Ints, end_s: int, facts: Ints
) -> int:
    """Stays begun: consignment, second at which it ends, seconds, node.

    `first` is the row of each consignment's first ride, `cargo` are releases, deliveries and the nodes where cargo sets out,
    `node` is that of each terminal.
    """
    released_s, delivered_s, origin = cargo
    load_started_s, unload_ended_s, alight = rides
    count = 0
    for who in range(len(released_s)):
        for place in range(first[who], first[who + 1] + 1):
            from_s = released_s[who] if place == first[who] else unload_ended_s[place - 1]
            if from_s < 0:
                continue
            to_s = delivered_s[who] if place == first[who + 1] else load_started_s[place]
            ends_s = end_s if to_s < 0 else to_s
            facts[0, count], facts[1, count], facts[2, count] = who, ends_s, ends_s - from_s
            facts[3, count] = origin[who] if place == first[who] else node[alight[place - 1]]
            count += 1
    return count


def find_calls(
    rides: tuple[Whole, Whole, Whole, Whole, Whole, Whole], calls: tuple[Ints, Whole, Whole, Whole], facts: Ints
) -> int:
    """Finished calls: of the cargo loaded, then of that discharged, then of none. Consignment, second, call, seconds."""
    load_ended_s, unload_started_s, consignment, vehicle, voyage, last_voyage = rides
    first, departed_s, begun_s, idle_s = calls
    is_idle = np.ones(len(departed_s), dtype=np.bool_)
    count = 0
    for discharging in range(2):
        for ride in range(len(consignment)):
            at_s = unload_started_s[ride] if discharging else load_ended_s[ride]
            if at_s < 0:
                continue
            call = first[vehicle[ride]] + (last_voyage[ride] + 1 if discharging else voyage[ride])
            is_idle[call] = False
            if departed_s[call] >= 0:
                facts[0, count], facts[1, count], facts[2, count] = consignment[ride], departed_s[call], call
                facts[3, count] = departed_s[call] - begun_s[call] - idle_s[call]
                count += 1
    for call in range(len(departed_s)):
        if is_idle[call] and departed_s[call] >= 0:
            facts[0, count], facts[1, count], facts[2, count] = -1, departed_s[call], call
            facts[3, count] = departed_s[call] - begun_s[call] - idle_s[call]
            count += 1
    return count


def find_entries(
    first: Ints,
    delivered_s: Whole,
    visits: tuple[Whole, Whole],
    post_zero: int,
    is_customs: npt.NDArray[np.bool_],
    facts: Ints,
) -> int:
    """Visits to customs posts done, and deliveries: consignment, second, post (-1: a delivery).

    `first` is the row of each consignment's first visit, `post_zero` the number of the first post as a facility.
    """
    facility, ended_s = visits
    count = 0
    for who in range(len(delivered_s)):
        for visit in range(first[who], first[who + 1]):
            post = facility[visit] - post_zero
            if ended_s[visit] >= 0 and is_customs[post]:
                facts[0, count], facts[1, count], facts[2, count] = who, ended_s[visit], post
                count += 1
        if delivered_s[who] >= 0:
            facts[0, count], facts[1, count], facts[2, count] = who, delivered_s[who], -1
            count += 1
    return count


def find_wanted(index: Whole, is_wanted: npt.NDArray[np.bool_], rows: Ints) -> int:
    """The rows whose `index` is wanted."""
    count = 0
    for row in range(len(index)):
        rows[count] = row
        count += is_wanted[index[row]]
    return count


def keep(rows: Ints, index: Whole, is_wanted: npt.NDArray[np.bool_]) -> int:
    """Those of the rows whose `index` is wanted, moved to the front in their order."""
    count = 0
    for row in rows:
        rows[count] = row
        count += is_wanted[index[row]]
    return count


def add_up_until(lines: tuple[Whole, Whole, Ints], consignments: int, rows: tuple[Ints, Ints], amounts: Ints) -> None:
    """Add to the amount of each row (consignment, second) those of its consignment's lines of no later second.

    Lines are (consignment, second, amount) in any order; rows of a consignment stand together.
    """
    consignment, line_s, amount = lines
    who, at_s = rows
    first = np.full(consignments + 1, len(who), dtype=np.int64)
    for row in range(len(who) - 1, -1, -1):
        first[who[row]] = row
    for line in range(len(consignment)):
        row = first[consignment[line]]
        while row < len(who) and who[row] == consignment[line]:
            if line_s[line] <= at_s[row]:
                amounts[row] += amount[line]
            row += 1
