"""Cranes: they move consignments between vehicles at berths and the shore, one at a time each.

Moves are taken by (priority, second ready, consignment number). A discharge whose yard has no room is passed over, and
logged so once; it stays aboard and holds vehicle and berth.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from heapq import merge

from sim.engine.reference.clock import Clock, Happening, Order
from sim.engine.reference.fleet import Carriage, Visitor
from sim.engine.reference.yards import Yards
from sim.events import Kind
from sim.world.network import TerminalPlan
from sim.world.timeline import Timeline

__all__ = ["Cranes", "Move"]


@dataclass(slots=True, order=True)
class Move:
    """One consignment to load or to discharge; ordered by (priority, second ready, number)."""

    priority: int
    ready_s: int
    consignment: int
    vehicle: Visitor = field(compare=False)
    carriage: Carriage = field(compare=False)
    loading: bool = field(compare=False)
    over: Happening = field(compare=False)
    """Fires when it is ashore, or aboard."""
    refused: bool = field(default=False, compare=False)


@dataclass(slots=True)
class _Job:
    """The moves that one vehicle still has to make at this terminal."""

    moves: list[Move] = field(default_factory=list)
    working: int = 0
    """Cranes at work on it."""


class Cranes:
    """The cranes of one terminal."""

    def __init__(self, clock: Clock, facility: int, quay: int, plan: TerminalPlan, hours: Timeline, yards: Yards):
        self.clock = clock
        self.facility = facility
        self.quay = quay
        self.free = plan.cranes
        self.per_vehicle = plan.cranes_per_vehicle
        self.on_close = plan.on_close
        self.hours = hours
        self.yards = yards
        self.jobs: dict[Visitor, _Job] = {}
        self._awaited: dict[Visitor, Happening] = {}

    def ask(self, move: Move) -> None:
        """Add a move to what the vehicle at its berth still has to make."""
        insort(self.jobs.setdefault(move.vehicle, _Job()).moves, move)
        self.clock.mark(self.facility)

    def done_with(self, vehicle: Visitor) -> Happening:
        """An event that fires when the vehicle has no more moves to make."""
        done = self._awaited[vehicle] = self.clock.event()
        return done

    def is_busy_with(self, vehicle: Visitor) -> bool:
        """Whether the vehicle still has moves to make or to finish."""
        return vehicle in self.jobs

    def start(self) -> None:
        """Begin moves while a crane is free and handling is open."""
        while self.free and self.jobs and self.hours.is_open(self.clock.now):
            move = self._next()
            if move is None:
                return
            self._begin(move)

    def _next(self) -> Move | None:
        """The first move, in their order, that may begin now."""
        served = [job.moves for job in self.jobs.values() if job.moves and job.working < self.per_vehicle]
        if not served:
            return None
        for move in served[0] if len(served) == 1 else merge(*served):
            carriage = move.carriage
            if move.loading or self.yards.has_room(carriage.enters, carriage.load[0]):
                return move
            if not move.refused:
                move.refused = True
                yard = self.yards.facility(carriage.enters)
                self.clock.log(Kind.NO_SLOT, move.consignment, move.vehicle.number, yard)
        return None

    def _begin(self, move: Move) -> None:
        job = self.jobs[move.vehicle]
        job.moves.remove(move)
        job.working += 1
        self.free -= 1
        carriage, consignment, vehicle = move.carriage, move.consignment, move.vehicle
        if move.loading:
            work_s = carriage.load_s
            self.clock.log(Kind.LOAD_STARTED, consignment, vehicle.number, self.facility)
        else:
            work_s = carriage.unload_s
            self.yards.take(carriage.enters, consignment, carriage.load[0])
            self.clock.log(Kind.UNLOAD_STARTED, consignment, vehicle.number, self.facility, vehicle.voyage - 1)
        ends_s = self.hours.advance(self.clock.now, work_s, self.on_close)
        self.clock.fire(move.over, ends_s, Order.WORK_ENDS, consignment, lambda: self._end(move))

    def _end(self, move: Move) -> None:
        carriage, consignment, vehicle = move.carriage, move.consignment, move.vehicle
        job = self.jobs[vehicle]
        job.working -= 1
        self.free += 1
        if move.loading:
            self.clock.log(Kind.LOAD_ENDED, consignment, vehicle.number, self.facility, vehicle.voyage)
            self.yards.give_back(carriage.leaves, consignment, carriage.load[0])
        else:
            self.clock.log(Kind.UNLOAD_ENDED, consignment, vehicle.number, self.facility, carriage.enters)
            vehicle.give(carriage)
        if not job.working and not job.moves:
            del self.jobs[vehicle]
            if vehicle in self._awaited:
                self._awaited.pop(vehicle).succeed()
            self.clock.mark(self.quay)
        self.clock.mark(self.facility)

    def is_held_up(self) -> bool:
        """Whether something waits here that an opening would set going."""
        return bool(self.jobs) and not self.hours.is_open(self.clock.now)
