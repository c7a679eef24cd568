"""Quays: where cargo that waits meets vehicles in position.

A vehicle in position takes the waiting consignments that fit, by (priority, second ready, number), passing over those that
do not. It closes for cargo when its fill share is reached or its wait is over; then its load is fixed, and it leaves when
the cranes are done with it. Position is the berth, or the roads (`waits_at = "anchorage"`): from there a berth is asked
for once cargo for the fill share is there, or the wait is over. A timetabled vehicle closes at its cut-off.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from sim.engine.reference.berths import Berths
from sim.engine.reference.clock import Clock, Happening, Order
from sim.engine.reference.cranes import Cranes, Move
from sim.engine.reference.fleet import Carriage, Visitor
from sim.engine.reference.supply import Supply
from sim.events import Kind
from sim.world.network import Network, ServicePlan
from sim.world.parcel import parcel_changes_s, parcels_kg

__all__ = ["Position", "Quay", "Shore", "Stage", "Stand"]

_NO_LIMIT = 1 << 60


class Stage(Enum):
    """How far a vehicle has come with its call, once nothing aboard is for this stop any more."""

    DISCHARGED = "at the berth, undecided whether to stay"
    SHIFTING = "leaving the berth for the roads"
    IN_ROADS = "waiting in the roads"
    CALLED_IN = "booked, on its way to a berth"
    LOADING = "at the berth, open for cargo"
    CLOSED = "at the berth, closed for cargo"


@dataclass(slots=True, order=True)
class Position:
    """A vehicle in position, by (second of taking it, number)."""

    since_s: int
    number: int
    vehicle: Visitor = field(compare=False)
    gone: Happening = field(compare=False)
    """Fires when it has left the terminal behind."""
    stage: Stage = field(compare=False)
    closes_s: int = field(compare=False)
    """When its wait is over, or its cut-off."""
    leaves_s: int = field(default=-1, compare=False)
    """Its timetabled departure; -1 where it has none."""
    is_taken: bool = field(default=False, compare=False)
    """Whether the supply no longer counts on it."""
    accepted: list[Carriage] = field(default_factory=list, compare=False)


@dataclass(slots=True)
class Stand:
    """One stop of one service at this quay: the cargo that waits and the vehicles in position."""

    service: int
    stop: int
    plan: ServicePlan
    waiting: list[Carriage] = field(default_factory=list)
    at_berth: list[Position] = field(default_factory=list)
    in_roads: list[Position] = field(default_factory=list)
    booked_departure_s: int = -_NO_LIMIT
    """The last timetabled departure that a vehicle has taken for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shore:
    """What a quay works with: the berths and cranes of its terminal, and what all terminals share."""

    berths: Berths
    cranes: Cranes
    supply: Supply
    network: Network
    least_kg: int
    """Mass of the smallest consignment: with less room than that a vehicle need not look for cargo."""


class Quay:
    """The quay of one terminal."""

    def __init__(self, clock: Clock, facility: int, stands: Sequence[Stand], shore: Shore):
        self.clock = clock
        self.facility = facility
        self.stands = {(stand.service, stand.stop): stand for stand in stands}
        self.berths = shore.berths
        self.cranes = shore.cranes
        self.supply = shore.supply
        self.network = shore.network
        self.least_kg = shore.least_kg
        changes_s = {at_s for stand in stands for at_s in parcel_changes_s(self.network, stand.plan, stand.stop)}
        self.water_changes_s = sorted(at_s for at_s in changes_s if 0 < at_s < self.network.horizon_s)
        """When the water changes what vessels may load here."""

    def carry(self, service: int, stop: int, carriage: Carriage) -> Happening:
        """A consignment is ready to be carried from here; the event fires when it is ashore at its stop."""
        self.clock.log(Kind.WAITING, carriage.consignment, facility=self.facility, value=service)
        insort(self.stands[service, stop].waiting, carriage)
        self.clock.mark(self.facility)
        self.supply.cargo_waits(service, stop, carriage.load[0])
        return carriage.carried

    def load(self, vehicle: Visitor, at_berth: bool) -> Happening:
        """Take cargo and leave; the event fires when the vehicle has left the terminal behind.

        `at_berth`: whether it lies at a berth already (it has discharged, or waits at berths).
        """
        gone = self.clock.event()
        stand = self.stands[vehicle.service, vehicle.stop]
        now = self.clock.now
        position = Position(now, vehicle.number, vehicle, gone, Stage.DISCHARGED, closes_s=now)
        if stand.plan.waits_at == "berth":
            self._take_position(stand, position, Stage.LOADING)
        elif at_berth:
            insort(stand.at_berth, position)
            self.clock.mark(self.facility)
        else:
            self._take_position(stand, position, Stage.IN_ROADS)
        return gone

    def _take_position(self, stand: Stand, position: Position, stage: Stage) -> None:
        position.stage, position.since_s = stage, self.clock.now
        in_roads = stage is Stage.IN_ROADS
        insort(stand.in_roads if in_roads else stand.at_berth, position)
        self.clock.log(Kind.POSITIONED, vehicle=position.number, facility=self.facility, value=int(in_roads))
        self._set_times(stand, position)
        self.clock.mark(self.facility)

    def _set_times(self, stand: Stand, position: Position) -> None:
        """Note when the vehicle closes for cargo (and leaves, by timetable), and wake the quay then."""
        plan, stop, vehicle = stand.plan, stand.stop, position.vehicle
        if plan.headway_s[stop]:
            earliest_s = max(self.clock.now + plan.cut_off_s[stop], stand.booked_departure_s + 1)
            departures = -((plan.first_departure_s[stop] - earliest_s) // plan.headway_s[stop])
            position.leaves_s = plan.first_departure_s[stop] + departures * plan.headway_s[stop]
            stand.booked_departure_s = position.leaves_s
            position.closes_s = position.leaves_s - plan.cut_off_s[stop]
            self.clock.at(position.leaves_s, Order.TIMER, vehicle.entity, self._wake)
        else:
            position.closes_s = position.since_s + plan.wait_s
        if position.closes_s > self.clock.now:
            self.clock.at(position.closes_s, Order.TIMER, vehicle.entity, self._wake)

    def _wake(self) -> None:
        self.clock.mark(self.facility)

    def start(self) -> None:
        """Match cargo with vehicles, service by service: those at the berth first, then those in the roads."""
        for stand in self.stands.values():
            for position in stand.at_berth.copy():
                if position.stage is Stage.DISCHARGED:
                    self._stay_or_shift(stand, position)
                if position.stage is Stage.LOADING:
                    self._load_what_fits(stand, position)
                if position.stage is Stage.CLOSED:
                    self._leave_if_done(stand, position)
            for position in stand.in_roads.copy():
                if self._nothing_for_roads(stand):
                    break
                self._call_in_or_leave(stand, position)

    def _nothing_for_roads(self, stand: Stand) -> bool:
        """Whether no vehicle in the roads has anything to do: no cargo waits, none carries any, none may leave empty."""
        plan = stand.plan
        if stand.waiting or len(plan.terminals) > 2 or plan.empty == "always":
            return False
        return plan.empty == "never" or not self.supply.is_wanted_elsewhere(stand.service, stand.stop)

    def _stay_or_shift(self, stand: Stand, position: Position) -> None:
        """Stay at the berth where the load is there (or nothing is to be waited for), else wait in the roads."""
        taken, is_filled = self._fitting(stand, position.vehicle)
        is_over = stand.plan.wait_s == 0
        stays = is_filled or (is_over and (bool(taken) or self._may_leave(stand, position.vehicle)))
        stand.at_berth.remove(position)
        if stays:
            self._take_position(stand, position, Stage.LOADING)
            return
        self.clock.log(Kind.SHIFTED, vehicle=position.number, facility=self.facility)
        position.stage = Stage.SHIFTING
        self.berths.clear(
            position.vehicle,
            self.clock.event(),
            lambda: self._take_position(stand, position, Stage.IN_ROADS),
        )

    def _load_what_fits(self, stand: Stand, position: Position) -> None:
        vehicle, now = position.vehicle, self.clock.now
        taken, is_filled = self._fitting(stand, vehicle)
        for carriage in taken:
            self._accept(stand, position, carriage)
            self._ask_crane(position, carriage)
        is_timetabled = stand.plan.headway_s[stand.stop] > 0
        if now < position.closes_s and (is_timetabled or not is_filled):
            return
        if self._may_leave(stand, vehicle):
            position.stage = Stage.CLOSED
            self._log_closed(position)
            self._take_off_supply(stand, position)
        elif position.leaves_s >= 0:
            self._set_times(stand, position)

    def _leave_if_done(self, stand: Stand, position: Position) -> None:
        if not self.cranes.is_busy_with(position.vehicle) and self.clock.now >= position.leaves_s:
            stand.at_berth.remove(position)
            self._depart(stand, position)
            self.berths.clear(position.vehicle, position.gone)

    def _call_in_or_leave(self, stand: Stand, position: Position) -> None:
        vehicle = position.vehicle
        is_over = self.clock.now >= position.closes_s
        taken, is_filled = self._fitting(stand, vehicle)
        if taken and (is_over or is_filled):
            for carriage in taken:
                self._accept(stand, position, carriage)
            position.stage = Stage.CALLED_IN
            stand.in_roads.remove(position)
            self._take_off_supply(stand, position)
            self.berths.take(vehicle, lambda: self._comes_alongside(stand, position))
        elif (is_over or is_filled) and self._may_leave(stand, vehicle):
            stand.in_roads.remove(position)
            self._log_closed(position)
            self._take_off_supply(stand, position)
            self._depart(stand, position)
            self.clock.fire(position.gone, self.clock.now, Order.WORK_ENDS, vehicle.entity)

    def _comes_alongside(self, stand: Stand, position: Position) -> None:
        position.stage = Stage.LOADING
        insort(stand.at_berth, position)
        for carriage in position.accepted:
            self._ask_crane(position, carriage)
        self.clock.mark(self.facility)

    def _accept(self, stand: Stand, position: Position, carriage: Carriage) -> None:
        stand.waiting.remove(carriage)
        position.accepted.append(carriage)
        position.vehicle.take(carriage)
        self.clock.log(Kind.ACCEPTED, carriage.consignment, position.number, self.facility)
        self.supply.cargo_waits(stand.service, stand.stop, -carriage.load[0])

    def _ask_crane(self, position: Position, carriage: Carriage) -> None:
        loaded = self.clock.event()
        now = self.clock.now
        self.cranes.ask(
            Move(carriage.priority, now, carriage.consignment, position.vehicle, carriage, loading=True, over=loaded)
        )

    def _take_off_supply(self, stand: Stand, position: Position) -> None:
        if not position.is_taken:
            position.is_taken = True
            self.supply.vehicle_is_taken(stand.service, stand.stop)

    def _log_closed(self, position: Position) -> None:
        accepted_kg = sum(carriage.load[0] for carriage in position.accepted)
        self.clock.log(Kind.CLOSED, vehicle=position.number, facility=self.facility, value=accepted_kg)

    def _depart(self, stand: Stand, position: Position) -> None:
        vehicle = position.vehicle
        self.clock.log(Kind.DEPARTED, vehicle=vehicle.number, facility=self.facility, value=vehicle.kg)
        vehicle.voyage += 1
        vehicle.stop = (vehicle.stop + 1) % len(stand.plan.terminals)
        self.supply.vehicle_comes(stand.service, vehicle.stop)

    def _may_leave(self, stand: Stand, vehicle: Visitor) -> bool:
        """Whether the vehicle may leave with what it has."""
        if vehicle.kg or stand.plan.empty == "always":
            return True
        return stand.plan.empty == "called" and self.supply.is_wanted_elsewhere(stand.service, stand.stop)

    def _fitting(self, stand: Stand, vehicle: Visitor) -> tuple[list[Carriage], bool]:
        """The waiting consignments that the vehicle can take, first fit in their order with passing over.

        And whether its fill share, by weight (over any leg ahead), volume or slots, is reached once they are aboard.
        """
        plan, stops = stand.plan, len(stand.plan.terminals)
        limits_kg = parcels_kg(self.network, plan, stand.stop, self.clock.now)
        rooms_kg = limits_kg.copy()
        for carriage in vehicle.aboard:
            _fill(rooms_kg, (carriage.alight - stand.stop) % stops, carriage.load[0])
        limit_l = plan.volume_l if plan.volume_l >= 0 else _NO_LIMIT
        limit_milliteu = plan.milliteu if plan.milliteu >= 0 else _NO_LIMIT
        limit_milliplugs = plan.milliplugs if plan.milliplugs >= 0 else _NO_LIMIT
        litres, milliteu, milliplugs = vehicle.litres, vehicle.milliteu, vehicle.milliplugs
        taken = []
        for carriage in stand.waiting:
            if rooms_kg[0] < self.least_kg:
                break
            needs, ahead = carriage.load, (carriage.alight - stand.stop) % stops
            if (
                needs[0] <= min(rooms_kg[:ahead])
                and litres + needs[1] <= limit_l
                and milliteu + needs[2] <= limit_milliteu
                and milliplugs + needs[3] <= limit_milliplugs
            ):
                _fill(rooms_kg, ahead, needs[0])
                litres, milliteu, milliplugs = litres + needs[1], milliteu + needs[2], milliplugs + needs[3]
                taken.append(carriage)
        share = plan.fill_thousandths
        is_filled = (
            any(
                room < limit and 1000 * (limit - room) >= share * limit
                for room, limit in zip(rooms_kg, limits_kg, strict=True)
            )
            or 1000 * litres >= share * plan.volume_l > 0
            or 1000 * milliteu >= share * plan.milliteu > 0
        )
        return taken, is_filled

    def is_held_up(self) -> bool:
        """Whether a vessel in position has left cargo waiting, and the water will change what it may load."""
        if not self.water_changes_s or self.clock.now >= self.water_changes_s[-1]:
            return False
        return any(stand.waiting and (stand.at_berth or stand.in_roads) for stand in self.stands.values())


def _fill(rooms_kg: list[int], ahead: int, kg: int) -> None:
    """Take room for cargo that stays aboard over the next `ahead` legs."""
    for leg in range(ahead):
        rooms_kg[leg] -= kg
