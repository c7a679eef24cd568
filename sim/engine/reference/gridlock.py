"""Gridlock: who waits for whom when nothing is due and cargo remains."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sim.engine.circle import Member, circle_of
from sim.engine.reference.corridor import Corridor

__all__ = ["waiting_circle"]


def waiting_circle(corridor: Corridor) -> list[Member]:
    """The members of a circle of waiting, each waiting for the next.

    Where there is no circle, the lowest consignment under way alone. A consignment at a quay waits for the vehicles of its
    service, one aboard for its vehicle; a vehicle for those that hold the berths, or for the yard that its cargo does not
    fit into; a yard for the cargo in it.
    """
    edges = chain(_cargo_waits(corridor), _vehicles_wait(corridor), _yards_wait(corridor))
    return circle_of(corridor.under_way, edges)


def _cargo_waits(corridor: Corridor) -> Iterator[tuple[Member, Member]]:
    """Cargo at a quay waits for the vehicles of its service, cargo aboard for its vehicle."""
    for stand in (stand for quay in corridor.quays for stand in quay.stands.values()):
        for _, _, consignment, _ in stand.waiting:
            for number in stand.plan.vehicles:
                yield (consignment, -1, -1), (-1, number, -1)
    for vehicle in corridor.vehicles:
        for carriage in vehicle.aboard:
            yield (carriage.consignment, -1, -1), (-1, vehicle.number, -1)


def _vehicles_wait(corridor: Corridor) -> Iterator[tuple[Member, Member]]:
    """A vehicle at its berth waits for the yard it cannot discharge into, one in the roads for those at the berths."""
    for vehicle in corridor.vehicles:
        for pool in dict.fromkeys(carriage.enters for *_, carriage in vehicle.moves if carriage.is_refused):
            yield (-1, vehicle.number, -1), (-1, -1, corridor.yards.facility(pool))
    for berths in corridor.berths:
        for entry in sorted(berths.queue, key=lambda entry: entry[:3]):
            for holder in berths.held:
                yield (-1, entry[2], -1), (-1, holder.number, -1)


def _yards_wait(corridor: Corridor) -> Iterator[tuple[Member, Member]]:
    """A yard waits for the cargo in it to leave."""
    for pool, content in enumerate(corridor.yards.content):
        for consignment in sorted(content):
            yield (-1, -1, corridor.yards.facility(pool)), (consignment, -1, -1)
