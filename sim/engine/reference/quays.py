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
from functools import partial

from simpy import Event

from sim.engine.reference.berths import Berths
from sim.engine.reference.clock import Clock, Happening, Order
from sim.engine.reference.cranes import Cranes
from sim.engine.reference.fleet import Carriage, Load, RankedCarriage, Visitor
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


@dataclass(slots=True, eq=False)
class Position:
    """A vehicle in position; they are ordered by (second of taking it, number)."""

    since_s: int
    number: int
    vehicle: Visitor
    gone: Happening
    """Fires when it has left the terminal behind."""
    stage: Stage
    closes_s: int
    """When its wait is over, or its cut-off."""
    leaves_s: int = -1
    """Its timetabled departure; -1 where it has none."""
    is_taken: bool = False
    """Whether the supply no longer counts on it."""
    accepted: list[Carriage] = field(default_factory=list)
    has_news: bool = True
    """Whether the quay must look at it: it came, its time is up, the water has changed, or it is about to leave."""

    def __lt__(self, other: Position) -> bool:
        return (self.since_s, self.number) < (other.since_s, other.number)


@dataclass(slots=True)
class Stand:
    """One stop of one service at this quay: the cargo that waits and the vehicles in position."""

    service: int
    stop: int
    plan: ServicePlan
    limits_kg: list[int]
    """Most cargo a vehicle may have aboard on each leg ahead, by the water of the day."""
    waiting: list[RankedCarriage] = field(default_factory=list)
    """Each behind its priority, second ready and consignment number, in this order."""
    kg: int = 0
    """Mass of all that waits; so with volume and slots."""
    litres: int = 0
    milliteu: int = 0
    at_berth: list[Position] = field(default_factory=list)
    in_roads: list[Position] = field(default_factory=list)
    has_news: bool = False
    """Whether cargo came or was taken, or the service fell short of vehicles elsewhere, since the quay last looked."""
    booked_departure_s: int = -_NO_LIMIT
    """The last timetabled departure that a vehicle has taken for itself."""

    def has_changed(self, load: Load, sign: int) -> None:
        """Cargo came (`sign` 1) or was taken (-1)."""
        kg, litres, milliteu, _ = load
        self.kg += sign * kg
        self.litres += sign * litres
        self.milliteu += sign * milliteu
        self.has_news = True


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
        stand = self.stands[service, stop]
        self.clock.log(Kind.WAITING, carriage.consignment, facility=self.facility, value=service)
        insort(stand.waiting, (carriage.priority, self.clock.now, carriage.consignment, carriage))
        stand.has_changed(carriage.load, 1)
        self.clock.mark(self.facility)
        self.supply.cargo_waits(service, stop, carriage.load[0])
        return carriage.carried

    def load(self, vehicle: Visitor, at_berth: bool) -> Happening:
        """Take cargo and leave; the event fires when the vehicle has left the terminal behind.

        `at_berth`: whether it lies at a berth already (it has discharged, or waits at berths).
        """
        gone = Happening(self.clock)
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
        position.stage, position.since_s, position.has_news = stage, self.clock.now, True
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
            self.clock.at(position.leaves_s, Order.TIMER, vehicle.entity, partial(self._time_is_up, position))
        else:
            position.closes_s = position.since_s + plan.wait_s
        if position.closes_s > self.clock.now:
            self.clock.at(position.closes_s, Order.TIMER, vehicle.entity, partial(self._time_is_up, position))

    def _time_is_up(self, position: Position, _: Event) -> None:
        position.has_news = True
        self.clock.mark(self.facility)

    def is_short_elsewhere(self, service: int, stop: int) -> None:
        """The service has come to be short of vehicles at another stop than this one: they may have to leave for it."""
        self.stands[service, stop].has_news = True
        self.clock.mark(self.facility)

    def water_has_changed(self) -> None:
        """The water rose or fell at some end of a service: what vessels may load is judged anew."""
        for stand in self.stands.values():
            stand.limits_kg = parcels_kg(self.network, stand.plan, stand.stop, self.clock.now)
            for position in (*stand.at_berth, *stand.in_roads):
                position.has_news = True
        self.clock.mark(self.facility)

    def start(self) -> None:
        """Match cargo with vehicles, service by service: those at the berth first, then those in the roads."""
        for stand in self.stands.values():
            has_news, stand.has_news = stand.has_news, False
            for position in stand.at_berth.copy():
                if position.has_news or (has_news and self._may_act(stand, position)):
                    self._act_at_berth(stand, position)
                    has_news |= stand.has_news
            for position in stand.in_roads.copy():
                if self._nothing_for_roads(stand):
                    break
                if position.has_news or (has_news and self._may_act(stand, position)):
                    self._call_in_or_leave(stand, position)
                    has_news |= stand.has_news

    def _may_act(self, stand: Stand, position: Position) -> bool:
        """Whether news of its stand can matter to a vehicle: cargo waits that it may take, or its wait is over."""
        return bool(stand.waiting) or self.clock.now >= position.closes_s

    def _act_at_berth(self, stand: Stand, position: Position) -> None:
        if position.stage is Stage.DISCHARGED:
            self._stay_or_shift(stand, position)
        if position.stage is Stage.LOADING:
            self._load_what_fits(stand, position)
        if position.stage is Stage.CLOSED and not position.vehicle.is_busy() and self.clock.now >= position.leaves_s:
            stand.at_berth.remove(position)
            self._depart(stand, position)
            self.berths.clear(position.vehicle, position.gone)

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
        cleared = Happening(self.clock)
        cleared.callbacks.append(partial(self._reaches_roads, stand, position))
        self.berths.clear(position.vehicle, cleared)

    def _reaches_roads(self, stand: Stand, position: Position, _: Event) -> None:
        self._take_position(stand, position, Stage.IN_ROADS)

    def _load_what_fits(self, stand: Stand, position: Position) -> None:
        vehicle, now = position.vehicle, self.clock.now
        position.has_news = False
        taken, is_filled = self._fitting(stand, vehicle)
        for ranked in taken:
            self.cranes.move(self._accept(stand, position, ranked))
        is_timetabled = stand.plan.headway_s[stand.stop] > 0
        if now < position.closes_s and (is_timetabled or not is_filled):
            return
        if self._may_leave(stand, vehicle):
            position.stage, position.has_news = Stage.CLOSED, True
            self._log_closed(position)
            self._take_off_supply(stand, position)
        elif position.leaves_s >= 0:
            self._set_times(stand, position)

    def _call_in_or_leave(self, stand: Stand, position: Position) -> None:
        vehicle = position.vehicle
        position.has_news = False
        is_over = self.clock.now >= position.closes_s
        if not is_over and not _could_be_filled(stand, vehicle):
            return
        taken, is_filled = self._fitting(stand, vehicle)
        if taken and (is_over or is_filled):
            for ranked in taken:
                self._accept(stand, position, ranked)
            position.stage = Stage.CALLED_IN
            stand.in_roads.remove(position)
            self._take_off_supply(stand, position)
            self.berths.take(vehicle).callbacks.append(partial(self._comes_alongside, stand, position))
        elif (is_over or is_filled) and self._may_leave(stand, vehicle):
            stand.in_roads.remove(position)
            self._log_closed(position)
            self._take_off_supply(stand, position)
            self._depart(stand, position)
            self.clock.fire(position.gone, self.clock.now, Order.WORK_ENDS, vehicle.entity)

    def _comes_alongside(self, stand: Stand, position: Position, _: Event) -> None:
        position.stage, position.has_news = Stage.LOADING, True
        insort(stand.at_berth, position)
        for carriage in position.accepted:
            self.cranes.move(carriage)
        self.clock.mark(self.facility)

    def _accept(self, stand: Stand, position: Position, ranked: RankedCarriage) -> Carriage:
        carriage = ranked[3]
        stand.waiting.remove(ranked)
        stand.has_changed(carriage.load, -1)
        position.accepted.append(carriage)
        position.vehicle.take(carriage)
        self.clock.log(Kind.ACCEPTED, carriage.consignment, position.number, self.facility)
        self.supply.cargo_waits(stand.service, stand.stop, -carriage.load[0])
        return carriage

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

    def _fitting(self, stand: Stand, vehicle: Visitor) -> tuple[list[RankedCarriage], bool]:
        """The waiting consignments that the vehicle can take, first fit in their order with passing over.

        And whether its fill share is reached once they are aboard.
        """
        plan, rooms_kg = stand.plan, _rooms_kg(stand, vehicle)
        limit_l = plan.volume_l if plan.volume_l >= 0 else _NO_LIMIT
        limit_milliteu = plan.milliteu if plan.milliteu >= 0 else _NO_LIMIT
        limit_milliplugs = plan.milliplugs if plan.milliplugs >= 0 else _NO_LIMIT
        litres, milliteu, milliplugs = vehicle.litres, vehicle.milliteu, vehicle.milliplugs
        taken = []
        for ranked in stand.waiting:
            if rooms_kg[0] < self.least_kg:
                break
            carriage = ranked[3]
            needs, legs = carriage.load, carriage.legs
            if (
                needs[0] <= rooms_kg[0]
                and litres + needs[1] <= limit_l
                and milliteu + needs[2] <= limit_milliteu
                and milliplugs + needs[3] <= limit_milliplugs
                and needs[0] <= min(rooms_kg[:legs])
            ):
                for leg in range(legs):
                    rooms_kg[leg] -= needs[0]
                litres, milliteu, milliplugs = litres + needs[1], milliteu + needs[2], milliplugs + needs[3]
                taken.append(ranked)
        loads_kg = [limit - room for limit, room in zip(stand.limits_kg, rooms_kg, strict=True)]
        return taken, _is_filled(stand, loads_kg, litres, milliteu)

    def is_held_up(self) -> bool:
        """Whether a vessel in position has left cargo waiting, and the water will change what it may load."""
        if not self.water_changes_s or self.clock.now >= self.water_changes_s[-1]:
            return False
        return any(stand.waiting and (stand.at_berth or stand.in_roads) for stand in self.stands.values())


def _rooms_kg(stand: Stand, vehicle: Visitor) -> list[int]:
    """What the vehicle may still take by weight over each leg ahead."""
    rooms_kg, stops, aboard_kg = stand.limits_kg.copy(), len(vehicle.kg_for), 0
    for ahead in range(stops - 1, 0, -1):
        aboard_kg += vehicle.kg_for[(stand.stop + ahead) % stops]
        rooms_kg[ahead - 1] -= aboard_kg
    return rooms_kg


def _is_filled(stand: Stand, loads_kg: Sequence[int], litres: int, milliteu: int) -> bool:
    """Whether the fill share is reached by weight (over any leg ahead), volume or slots."""
    plan, share = stand.plan, stand.plan.fill_thousandths
    for load_kg, limit_kg in zip(loads_kg, stand.limits_kg, strict=True):
        if load_kg > 0 and 1000 * load_kg >= share * limit_kg:
            return True
    return 1000 * litres >= share * plan.volume_l > 0 or 1000 * milliteu >= share * plan.milliteu > 0


def _could_be_filled(stand: Stand, vehicle: Visitor) -> bool:
    """Whether the fill share would be reached if all that waits came aboard, whether or not it fits."""
    loads_kg = [vehicle.kg + stand.kg] * len(stand.limits_kg)
    return _is_filled(stand, loads_kg, vehicle.litres + stand.litres, vehicle.milliteu + stand.milliteu)
