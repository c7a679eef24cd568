"""Cranes: they move consignments between vehicles at berths and the shore, one at a time each.

Moves are taken by (priority, second ready, consignment number). A discharge whose yard has no room is passed over, and
logged so once; it stays aboard and holds vehicle and berth.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from functools import partial
from heapq import merge

from simpy import Event

from sim.engine.reference.clock import Clock, Order
from sim.engine.reference.fleet import Carriage, RankedCarriage, Visitor
from sim.engine.reference.hours import Hours
from sim.engine.reference.yards import Yards
from sim.events import Kind
from sim.world.network import TerminalPlan

__all__ = ["Cranes"]


class Cranes:
    """The cranes of one terminal."""

    def __init__(self, clock: Clock, facility: int, plan: TerminalPlan, hours: Hours, yards: Yards):
        self.clock = clock
        self.facility = facility
        self.free = plan.cranes
        self.per_vehicle = plan.cranes_per_vehicle
        self.on_close = plan.on_close
        self.hours = hours
        self.yards = yards
        self.to_serve: set[Visitor] = set()
        """Vehicles that have moves to begin and room for another crane."""

    def move(self, carriage: Carriage) -> None:
        """Ask for a consignment to be loaded onto its vehicle, or discharged if it is aboard."""
        vehicle = carriage.vehicle
        insort(vehicle.moves, (carriage.priority, self.clock.now, carriage.consignment, carriage))
        if vehicle.cranes < self.per_vehicle:
            self.to_serve.add(vehicle)
            self.clock.mark(self.facility)

    def start(self) -> None:
        """Begin moves while a crane is free and handling is open."""
        while self.free and self.to_serve and self.hours.is_open(self.clock.now):
            first = self._next()
            if first is None:
                return
            self._begin(first)

    def _next(self) -> RankedCarriage | None:
        """The first move, in their order, that may begin now."""
        served = [vehicle.moves for vehicle in self.to_serve]
        in_order: Iterable[RankedCarriage] = served[0] if len(served) == 1 else merge(*served)
        for ranked in in_order:
            carriage = ranked[3]
            if not carriage.is_aboard or self.yards.has_room(carriage.enters, carriage.load[0]):
                return ranked
            if not carriage.is_refused:
                carriage.is_refused = True
                yard = self.yards.facility(carriage.enters)
                self.clock.log(Kind.NO_SLOT, carriage.consignment, carriage.vehicle.number, yard)
        return None

    def _begin(self, ranked: RankedCarriage) -> None:
        clock, carriage = self.clock, ranked[3]
        consignment, vehicle = carriage.consignment, carriage.vehicle
        vehicle.moves.remove(ranked)
        vehicle.cranes += 1
        self.free -= 1
        if not vehicle.moves or vehicle.cranes == self.per_vehicle:
            self.to_serve.remove(vehicle)
        if carriage.is_aboard:
            self.yards.take(carriage.enters, consignment, carriage.load[0])
            clock.log(Kind.UNLOAD_STARTED, consignment, vehicle.number, self.facility, vehicle.voyage - 1)
            ends_s = self.hours.advance(clock.now, carriage.unload_s, self.on_close)
            clock.fire(carriage.carried, ends_s, Order.WORK_ENDS, consignment, partial(self._put_ashore, carriage))
        else:
            clock.log(Kind.LOAD_STARTED, consignment, vehicle.number, self.facility)
            ends_s = self.hours.advance(clock.now, carriage.load_s, self.on_close)
            clock.at(ends_s, Order.WORK_ENDS, consignment, partial(self._put_aboard, carriage))

    def _put_aboard(self, carriage: Carriage, _: Event) -> None:
        consignment, vehicle = carriage.consignment, carriage.vehicle
        carriage.is_aboard = True
        self.clock.log(Kind.LOAD_ENDED, consignment, vehicle.number, self.facility, vehicle.voyage)
        self.yards.give_back(carriage.leaves, consignment, carriage.load[0])
        self._finish(vehicle)

    def _put_ashore(self, carriage: Carriage, _: Event) -> None:
        vehicle = carriage.vehicle
        self.clock.log(Kind.UNLOAD_ENDED, carriage.consignment, vehicle.number, self.facility, carriage.enters)
        vehicle.give(carriage)
        self._finish(vehicle)

    def _finish(self, vehicle: Visitor) -> None:
        """A crane has done its move: it, or another, may begin the next; after the last the vehicle is done."""
        vehicle.cranes -= 1
        self.free += 1
        if vehicle.moves:
            self.to_serve.add(vehicle)
        elif not vehicle.cranes:
            assert vehicle.when_done is not None
            vehicle.when_done()
        if self.to_serve:
            self.clock.mark(self.facility)

    def is_held_up(self) -> bool:
        """Whether something waits here that an opening would set going."""
        return bool(self.to_serve) and not self.hours.is_open(self.clock.now)
