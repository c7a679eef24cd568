"""Cranes: they move consignments between vehicles at berths and the shore, one at a time each.

Moves are taken by (priority, second ready, consignment number). A discharge whose yard has no room is passed over, and
logged so once; it stays aboard and holds vehicle and berth.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from heapq import merge

from simpy import Event

from sim.engine.reference.clock import Clock, Order
from sim.engine.reference.fleet import Carriage, Visitor
from sim.engine.reference.yards import Yards
from sim.events import Kind
from sim.world.network import TerminalPlan
from sim.world.timeline import Timeline

__all__ = ["Cranes", "Move"]


@dataclass(slots=True, eq=False)
class Move:
    """One consignment to load or to discharge."""

    vehicle: Visitor
    carriage: Carriage
    loading: bool
    refused: bool = False


@dataclass(slots=True, eq=False)
class _Job:
    """The moves that one vehicle still has to make at this terminal."""

    moves: list[tuple[int, int, int, Move]] = field(default_factory=list)
    """Moves to begin, each behind its priority, second ready and consignment number, in this order."""
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
        self._to_serve: dict[Visitor, _Job] = {}
        """The jobs that have moves to begin and room for another crane."""
        self._awaited: dict[Visitor, Event] = {}

    def load(self, vehicle: Visitor, carriage: Carriage) -> None:
        """Ask for a consignment to be put aboard a vehicle at its berth."""
        self._ask(Move(vehicle, carriage, loading=True))

    def discharge(self, vehicle: Visitor, carriage: Carriage) -> None:
        """Ask for a consignment to be put ashore; its event fires when it is."""
        self._ask(Move(vehicle, carriage, loading=False))

    def _ask(self, move: Move) -> None:
        carriage = move.carriage
        job = self.jobs.get(move.vehicle)
        if job is None:
            job = self.jobs[move.vehicle] = _Job()
        insort(job.moves, (carriage.priority, self.clock.now, carriage.consignment, move))
        self._weigh(move.vehicle, job)
        self.clock.mark(self.facility)

    def done_with(self, vehicle: Visitor) -> Event:
        """An event that fires when the vehicle has no more moves to make."""
        done = self._awaited[vehicle] = Event(self.clock)
        return done

    def is_busy_with(self, vehicle: Visitor) -> bool:
        """Whether the vehicle still has moves to make or to finish."""
        return vehicle in self.jobs

    def _weigh(self, vehicle: Visitor, job: _Job) -> None:
        """Note whether another crane could work on a vehicle."""
        if job.moves and job.working < self.per_vehicle:
            self._to_serve[vehicle] = job
        else:
            self._to_serve.pop(vehicle, None)

    def start(self) -> None:
        """Begin moves while a crane is free and handling is open."""
        while self.free and self._to_serve and self.hours.is_open(self.clock.now):
            move = self._next()
            if move is None:
                return
            self._begin(move)

    def _next(self) -> tuple[int, int, int, Move] | None:
        """The first move, in their order, that may begin now."""
        served = [job.moves for job in self._to_serve.values()]
        in_order: Iterable[tuple[int, int, int, Move]] = served[0] if len(served) == 1 else merge(*served)
        for ranked in in_order:
            move = ranked[3]
            carriage = move.carriage
            if move.loading or self.yards.has_room(carriage.enters, carriage.load[0]):
                return ranked
            if not move.refused:
                move.refused = True
                yard = self.yards.facility(carriage.enters)
                self.clock.log(Kind.NO_SLOT, carriage.consignment, move.vehicle.number, yard)
        return None

    def _begin(self, ranked: tuple[int, int, int, Move]) -> None:
        _, _, consignment, move = ranked
        carriage, vehicle, clock = move.carriage, move.vehicle, self.clock
        job = self.jobs[vehicle]
        job.moves.remove(ranked)
        job.working += 1
        self.free -= 1
        self._weigh(vehicle, job)
        if move.loading:
            work_s, over = carriage.load_s, clock.event()
            clock.log(Kind.LOAD_STARTED, consignment, vehicle.number, self.facility)
        else:
            work_s, over = carriage.unload_s, carriage.carried
            self.yards.take(carriage.enters, consignment, carriage.load[0])
            clock.log(Kind.UNLOAD_STARTED, consignment, vehicle.number, self.facility, vehicle.voyage - 1)
        ends_s = self.hours.advance(clock.now, work_s, self.on_close)
        clock.fire(over, ends_s, Order.WORK_ENDS, consignment, partial(self._end, move))

    def _end(self, move: Move, _: Event) -> None:
        carriage, vehicle = move.carriage, move.vehicle
        consignment = carriage.consignment
        job = self.jobs[vehicle]
        job.working -= 1
        self.free += 1
        if move.loading:
            self.clock.log(Kind.LOAD_ENDED, consignment, vehicle.number, self.facility, vehicle.voyage)
            self.yards.give_back(carriage.leaves, consignment, carriage.load[0])
        else:
            self.clock.log(Kind.UNLOAD_ENDED, consignment, vehicle.number, self.facility, carriage.enters)
            vehicle.give(carriage)
        if job.moves:
            self._weigh(vehicle, job)
        elif not job.working:
            del self.jobs[vehicle]
            if vehicle in self._awaited:
                self._awaited.pop(vehicle).succeed()
            else:
                self.clock.mark(self.quay)
        if self._to_serve:
            self.clock.mark(self.facility)

    def is_held_up(self) -> bool:
        """Whether something waits here that an opening would set going."""
        return bool(self.jobs) and not self.hours.is_open(self.clock.now)
