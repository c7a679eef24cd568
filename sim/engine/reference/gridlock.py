"""Gridlock: who waits for whom when nothing is due and cargo remains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.engine.reference.corridor import Corridor

__all__ = ["Member", "waiting_circle"]

Member = tuple[int, int, int]
"""Consignment, vehicle and facility, -1 where it is none: exactly one of them is not."""


def waiting_circle(corridor: Corridor) -> list[Member]:
    """The members of a circle of waiting, each waiting for the next.

    Where there is no circle, the lowest consignment under way alone. A consignment at a quay waits for the vehicles of its
    service, one aboard for its vehicle; a vehicle for those that hold the berths, or for the yard that its cargo does not
    fit into; a yard for the cargo in it.
    """
    waits_for = _waits_for(corridor)
    cleared: set[Member] = set()
    for first in sorted(corridor.under_way):
        circle = _circle_through((first, -1, -1), waits_for, cleared)
        if circle:
            return circle
    return [(min(corridor.under_way), -1, -1)]


def _circle_through(first: Member, waits_for: Mapping[Member, list[Member]], cleared: set[Member]) -> list[Member]:
    """The first circle met on the way from `first`, depth first, or an empty list; none leads from what is `cleared`."""
    chain, to_try = [first], [iter(waits_for.get(first, ()))]
    while chain:
        member = next((member for member in to_try[-1] if member not in cleared), None)
        if member is None:
            cleared.add(chain.pop())
            to_try.pop()
        elif member in chain:
            return chain[chain.index(member) :]
        else:
            chain.append(member)
            to_try.append(iter(waits_for.get(member, ())))
    return []


def _waits_for(corridor: Corridor) -> dict[Member, list[Member]]:
    edges: dict[Member, list[Member]] = {}
    for waiter, other in (*_cargo_waits(corridor), *_vehicles_wait(corridor), *_yards_wait(corridor)):
        edges.setdefault(waiter, []).append(other)
    return edges


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
