"""Ordered lists: queues of consignments and lines of vehicles, kept as links.

A member is put in its place from the end, where it nearly always belongs: order is by rank, then by the second of joining,
then by number, and time does not run backwards.
"""

from __future__ import annotations

from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import consignment, line, queue, service, visitor

__all__ = ["after", "at_berth", "first_of", "in_roads", "join", "leave", "leave_line", "line_up", "stop_of"]


@compiled
def join(run: Row, place: int, number: int) -> None:
    """Put a consignment into the queue of its rank at a place, by second ready and number."""
    cargo = consignment(run, number)
    own = queue(run, place * run.ranks + cargo.rank)
    before = own.last
    while before >= 0 and (
        consignment(run, before).ready_s > cargo.ready_s
        or (consignment(run, before).ready_s == cargo.ready_s and before > number)
    ):
        before = consignment(run, before).before
    cargo.before = before
    if before >= 0:
        cargo.next = consignment(run, before).next
        consignment(run, before).next = number
    else:
        cargo.next = own.first
        own.first = number
    if cargo.next >= 0:
        consignment(run, cargo.next).before = number
    else:
        own.last = number


@compiled
def leave(run: Row, place: int, number: int) -> None:
    """Take a consignment out of its queue at a place."""
    cargo = consignment(run, number)
    own = queue(run, place * run.ranks + cargo.rank)
    if cargo.before >= 0:
        consignment(run, cargo.before).next = cargo.next
    else:
        own.first = cargo.next
    if cargo.next >= 0:
        consignment(run, cargo.next).before = cargo.before
    else:
        own.last = cargo.before


@compiled
def first_of(run: Row, place: int, rank: int) -> int:
    """The first consignment at a place of this rank or a later one; -1 where there is none."""
    while rank < run.ranks:
        first = queue(run, place * run.ranks + rank).first
        if first >= 0:
            return first
        rank += 1
    return -1


@compiled
def after(run: Row, place: int, number: int) -> int:
    """The consignment that follows this one at a place; -1 where none does."""
    cargo = consignment(run, number)
    return cargo.next if cargo.next >= 0 else first_of(run, place, cargo.rank + 1)


@compiled
def line_up(run: Row, where: int, number: int) -> None:
    """Put a vehicle into a line by rank, second and number."""
    vehicle, own = visitor(run, number), line(run, where)
    before = own.last
    while before >= 0 and _goes_first(run, number, before):
        before = visitor(run, before).before
    vehicle.before = before
    if before >= 0:
        vehicle.next = visitor(run, before).next
        visitor(run, before).next = number
    else:
        vehicle.next = own.first
        own.first = number
    if vehicle.next >= 0:
        visitor(run, vehicle.next).before = number
    else:
        own.last = number


@compiled
def _goes_first(run: Row, number: int, other: int) -> bool:
    mine, theirs = visitor(run, number), visitor(run, other)
    if mine.rank != theirs.rank:
        return mine.rank < theirs.rank
    if mine.queued_s != theirs.queued_s:
        return mine.queued_s < theirs.queued_s
    return number < other


@compiled
def leave_line(run: Row, where: int, number: int) -> None:
    """Take a vehicle out of a line."""
    vehicle, own = visitor(run, number), line(run, where)
    if vehicle.before >= 0:
        visitor(run, vehicle.before).next = vehicle.next
    else:
        own.first = vehicle.next
    if vehicle.next >= 0:
        visitor(run, vehicle.next).before = vehicle.before
    else:
        own.last = vehicle.before


@compiled
def at_berth(run: Row, number: int) -> int:
    """The line of the vehicles of a stop that lie at the berth; those that are closed and being loaded stand aside."""
    return 2 * (run.terminal_count + number)


@compiled
def in_roads(run: Row, number: int) -> int:
    """The line of the vehicles of a stop that wait in the roads."""
    return 2 * (run.terminal_count + number) + 1


@compiled
def stop_of(run: Row, number: int) -> int:
    """The stop where a vehicle is, or that it is bound for."""
    vehicle = visitor(run, number)
    return service(run, vehicle.service).first_stop + vehicle.stop
