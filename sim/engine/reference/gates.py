"""Gates: lanes that vehicles pass, laden or empty, before they take a berth."""

from __future__ import annotations

from heapq import heappop, heappush

from sim.engine.reference.clock import Clock, Happening, Order, Story
from sim.engine.reference.fleet import Visitor
from sim.engine.reference.hours import Hours
from sim.events import Kind

__all__ = ["Gate"]


class Gate:
    """The gate of one terminal; with no lanes there is none, and every vehicle is through at once."""

    def __init__(self, clock: Clock, facility: int, lanes: int, hours: Hours):
        self.clock = clock
        self.facility = facility
        self.lanes = lanes
        self.free = lanes
        self.hours = hours
        self.queue: list[tuple[int, int, int, Visitor, int, Happening]] = []

    def pass_through(self, vehicle: Visitor, work_s: int) -> Story:
        """Join the queue, spend `work_s` seconds of open time in a lane, and leave it to the next."""
        clock = self.clock
        through = Happening(clock)
        heappush(self.queue, (vehicle.priority, clock.now, vehicle.number, vehicle, work_s, through))
        clock.mark(self.facility)
        yield through
        clock.log(Kind.GATE_ENDED, vehicle=vehicle.number, facility=self.facility)
        self.free += 1
        if self.queue:
            clock.mark(self.facility)

    def start(self) -> None:
        """Let vehicles into the lanes while one is free and the gate is open."""
        now = self.clock.now
        while self.queue and self.free and self.hours.is_open(now):
            _, _, _, vehicle, work_s, through = heappop(self.queue)
            self.free -= 1
            self.clock.log(Kind.GATE_STARTED, vehicle=vehicle.number, facility=self.facility)
            ends_s = self.hours.advance(now, work_s, "pause")
            self.clock.fire(through, ends_s, Order.WORK_ENDS, vehicle.entity)

    def is_held_up(self) -> bool:
        """Whether something queues here that an opening would set going."""
        return bool(self.queue) and not self.hours.is_open(self.clock.now)
