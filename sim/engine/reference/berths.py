"""Berths: taken one vehicle each, first by priority, then by who has waited longest, while entry is open.

Closed entry bars new entries; a move begun completes. Under a share of entry only that share of the berths, rounded down,
is given. The berth is held from the moment it is given until it is cleared.
"""

from __future__ import annotations

from functools import partial
from heapq import heappop, heappush

from simpy import Event

from sim.engine.reference.clock import Clock, Happening, Order
from sim.engine.reference.fleet import Visitor
from sim.engine.reference.hours import Hours
from sim.events import Kind
from sim.world.timeline import FULL

__all__ = ["Berths"]


class Berths:
    """The berths, docks or sidings of one terminal."""

    def __init__(self, clock: Clock, facility: int, berths: int, manoeuvre_s: int, entry: Hours):
        self.clock = clock
        self.facility = facility
        self.berths = berths
        self.manoeuvre_s = manoeuvre_s
        self.entry = entry
        self.queue: list[tuple[int, int, int, Visitor, Happening]] = []
        self.held: list[Visitor] = []
        """Who holds a berth, in the order in which they were given."""

    def take(self, visitor: Visitor) -> Happening:
        """Join the queue; the event fires when the vehicle lies at its berth."""
        self.clock.log(Kind.BERTH_JOINED, vehicle=visitor.number, facility=self.facility)
        berthed = Happening(self.clock)
        heappush(self.queue, (visitor.priority, self.clock.now, visitor.number, visitor, berthed))
        self.clock.mark(self.facility)
        return berthed

    def start(self) -> None:
        """Give berths while one is free of those that entry leaves."""
        now = self.clock.now
        given = self.berths * self.entry.share_at(now) // FULL if self.queue else 0
        while self.queue and len(self.held) < given:
            _, _, _, visitor, berthed = heappop(self.queue)
            self.held.append(visitor)
            self.clock.log(Kind.BERTH_GIVEN, vehicle=visitor.number, facility=self.facility)
            berthed_s = now + self.manoeuvre_s
            self.clock.fire(berthed, berthed_s, Order.WORK_ENDS, visitor.entity, partial(self._lies, visitor))

    def _lies(self, visitor: Visitor, _: Event) -> None:
        self.clock.log(Kind.BERTHED, vehicle=visitor.number, facility=self.facility)

    def clear(self, visitor: Visitor, cleared: Happening) -> None:
        """Begin to leave the berth; when it is cleared it is free, and `cleared` fires."""
        cleared_s = self.clock.now + self.manoeuvre_s
        self.clock.fire(cleared, cleared_s, Order.WORK_ENDS, visitor.entity, partial(self._cleared, visitor))

    def _cleared(self, visitor: Visitor, _: Event) -> None:
        self.clock.log(Kind.CLEARED, vehicle=visitor.number, facility=self.facility)
        self.held.remove(visitor)
        if self.queue:
            self.clock.mark(self.facility)

    def is_held_up(self) -> bool:
        """Whether something queues here that an opening would set going."""
        return bool(self.queue) and self.entry.share_at(self.clock.now) < FULL
