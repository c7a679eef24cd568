"""Quays: where cargo that waits meets vehicles in position.

A vehicle in position takes the waiting consignments that fit, by (priority, second ready, number), passing over those that
do not. It closes for cargo when its fill share is reached or its wait is over; then its load is fixed, and it leaves when
the cranes are done with it. Position is the berth, or the roads (`waits_at = "anchorage"`): from there a berth is asked
for once cargo for the fill share is there, or the wait is over. A timetabled vehicle closes at its cut-off.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from simpy import Event

from sim.engine.reference.berths import Berths
from sim.engine.reference.clock import Clock, Happening, Order
from sim.engine.reference.cranes import Cranes
from sim.engine.reference.fleet import Carriage, RankedCarriage, Visitor
from sim.engine.reference.stands import Position, Stage, Stand, could_be_filled, fitting
from sim.engine.reference.supply import Supply
from sim.events import Kind
from sim.world.network import Network
from sim.world.parcel import parcel_changes_s, parcels_kg

__all__ = ["Quay", "Shore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shore:
    """What a quay works with: the berths and cranes of its terminal, and what all terminals share."""

    berths: Berths
    cranes: Cranes
    supply: Supply
    network: Network
    least_kg: int
    """Mass of the smallest consignment."""


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
        position.vehicle.when_done = partial(self._has_news, position)
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
            self.clock.at(position.leaves_s, Order.TIMER, vehicle.entity, partial(self._has_news, position))
        else:
            position.closes_s = position.since_s + plan.wait_s
        if position.closes_s > self.clock.now:
            self.clock.at(position.closes_s, Order.TIMER, vehicle.entity, partial(self._has_news, position))

    def _has_news(self, position: Position, _: Event | None = None) -> None:
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
        position.has_news = False
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
        taken, is_filled = fitting(stand, position.vehicle, self.least_kg)
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
        taken, is_filled = fitting(stand, vehicle, self.least_kg)
        for ranked in taken:
            self.cranes.move(self._accept(stand, position, ranked))
        is_timetabled = stand.plan.headway_s[stand.stop] > 0
        if now < position.closes_s and (is_timetabled or not is_filled):
            return
        if self._may_leave(stand, vehicle):
            position.stage = Stage.CLOSED
            self._log_closed(position)
            self._take_off_supply(stand, position)
        elif position.leaves_s >= 0:
            self._set_times(stand, position)

    def _call_in_or_leave(self, stand: Stand, position: Position) -> None:
        vehicle = position.vehicle
        position.has_news = False
        is_over = self.clock.now >= position.closes_s
        if not is_over and not could_be_filled(stand, vehicle):
            return
        taken, is_filled = fitting(stand, vehicle, self.least_kg)
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

    def is_held_up(self) -> bool:
        """Whether a vessel in position has left cargo waiting, and the water will change what it may load."""
        if not self.water_changes_s or self.clock.now >= self.water_changes_s[-1]:
            return False
        return any(stand.waiting and (stand.at_berth or stand.in_roads) for stand in self.stands.values())
