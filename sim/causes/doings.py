"""Doings: what a consignment can be at, and how a story says it."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["TEXT", "Doing", "told"]


class Doing(IntEnum):
    """What a consignment is at. From `WAITS` to `DISCHARGED` stands a ride in the order in which it is gone through.

    On a way of several legs those from `ABOARD` to `MOVES_IN` come once for each.
    """

    WAITS = 0
    BOOKED = 1
    CALLED_IN = 2
    BESIDE = 3
    LOADED = 4
    ABOARD = 5
    REST = 6
    LEAVES = 7
    SAILS = 8
    AT_GATE = 9
    IN_GATE = 10
    OFF_BERTH = 11
    MOVES_IN = 12
    ALONGSIDE = 13
    NO_ROOM = 14
    DISCHARGED = 15
    BETWEEN = 16
    QUEUES = 17
    SERVED = 18


TEXT = {
    Doing.WAITS: "waits for a vehicle at {}",
    Doing.BOOKED: "waits for its vehicle at {}",
    Doing.CALLED_IN: "its vehicle moves in to {}",
    Doing.BESIDE: "waits to be loaded at {}",
    Doing.LOADED: "being loaded at {}",
    Doing.ABOARD: "aboard, waits to leave {}",
    Doing.REST: "aboard, the rest of the load is handled at {}",
    Doing.LEAVES: "aboard, waits to leave {}",
    Doing.SAILS: "under way to {}",
    Doing.AT_GATE: "aboard, waits for {}",
    Doing.IN_GATE: "aboard, passes {}",
    Doing.OFF_BERTH: "aboard, waits for {}",
    Doing.MOVES_IN: "aboard, moves in to {}",
    Doing.ALONGSIDE: "aboard, waits to be discharged at {}",
    Doing.NO_ROOM: "aboard, no room in {}",
    Doing.DISCHARGED: "being discharged at {}",
    Doing.BETWEEN: "between two steps",
    Doing.QUEUES: "in the queue of {}",
    Doing.SERVED: "served at {}",
}
"""How a story says it, with the name of the facility."""

_WHOSE = {Doing.WAITS: "a vehicle of its service", Doing.BOOKED: "its vehicle"}


def told(doing: Doing, cause: str, where: str) -> str:
    """How a story says what cargo is at under a cause: who waits for a berth, what is closed."""
    shut = cause in ("held", "weather", "calendar", "breakdown")
    if whose := _WHOSE.get(doing):
        if cause == "berth":
            return f"{whose} waits for a berth at {where}"
        if shut:
            return f"{whose} is kept out of {where}" + (" by weather" if cause == "weather" else ", closed")
    if doing == Doing.SAILS and shut:
        return f"aboard, stands still on the way to {where}"
    return TEXT[doing].format(where) + (", closed" if shut else "")
