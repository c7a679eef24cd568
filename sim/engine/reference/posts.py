"""Posts: desks that serve consignments one by one, first by priority, then by who was ready first."""

from __future__ import annotations

from heapq import heappop, heappush

from sim.engine.reference.clock import Clock, Happening, Order, Story
from sim.engine.reference.hours import Hours
from sim.events import Kind
from sim.world.places import OnClose

__all__ = ["Post"]


class Post:
    """A customs desk, a weighbridge, an inspection."""

    def __init__(self, clock: Clock, facility: int, servers: int, hours: Hours, on_close: OnClose):
        self.clock = clock
        self.facility = facility
        self.free = servers
        self.hours = hours
        self.on_close = on_close
        self.queue: list[tuple[int, int, int, int, Happening]] = []

    def serve(self, consignment: int, priority: int, work_s: int) -> Story:
        """Join the queue, be served for `work_s` seconds of open time, and leave the desk to the next."""
        clock = self.clock
        clock.log(Kind.POST_JOINED, consignment, facility=self.facility)
        served = Happening(clock)
        heappush(self.queue, (priority, clock.now, consignment, work_s, served))
        clock.mark(self.facility)
        yield served
        clock.log(Kind.POST_ENDED, consignment, facility=self.facility)
        self.free += 1
        if self.queue:
            clock.mark(self.facility)

    def start(self) -> None:
        """Begin to serve while a server is free and the post is open."""
        now = self.clock.now
        while self.queue and self.free and self.hours.is_open(now):
            _, _, consignment, work_s, served = heappop(self.queue)
            self.free -= 1
            self.clock.log(Kind.POST_STARTED, consignment, facility=self.facility)
            ends_s = self.hours.advance(now, work_s, self.on_close)
            self.clock.fire(served, ends_s, Order.WORK_ENDS, consignment)

    def is_held_up(self) -> bool:
        """Whether something queues here that an opening would set going."""
        return bool(self.queue) and not self.hours.is_open(self.clock.now)
