"""Audits of loading: how much is taken aboard and in which turn, and that neither cargo nor cranes wait without need."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from sim.events import Kind
from sim.world.network import CRANE, Ride
from tests.properties.audits import HANDLING, Row, is_of_fleet, plan_of, rides_of, rows
from tests.properties.corridors import World
from tests.properties.holds import Holds

__all__ = ["LOADING_AUDITS"]


@dataclass(slots=True)
class Quays:
    """What waits at quays and lies there, followed from the log."""

    world: World
    waiting: dict[tuple[int, int], dict[int, tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(dict))
    """By (quay, service): the key (priority, second ready, number) of each consignment that waits."""
    in_position: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Quay, second of taking position and 1 in the roads, 0 at the berth, by vehicle that is open for cargo."""

    def follow(self, row: Row) -> None:
        """Take in one row of the log."""
        at_s, kind, consignment, vehicle, facility, value = row
        if kind is Kind.WAITING:
            priority = self.world.network.flows[self.world.draws.flow[consignment]].priority
            self.waiting[facility, value][consignment] = (priority, at_s, consignment)
        elif kind is Kind.ACCEPTED:
            del self.waiting[facility, self.world.network.vehicle_service[vehicle]][consignment]
        elif kind is Kind.POSITIONED:
            self.in_position[vehicle] = (facility, at_s, value)
        elif kind in (Kind.CLOSED, Kind.BERTH_JOINED):
            self.in_position.pop(vehicle, None)

    def queue(self, vehicle: int, quay: int) -> dict[int, tuple[int, int, int]]:
        """What waits for a vehicle at a quay."""
        return self.waiting[quay, self.world.network.vehicle_service[vehicle]]


def carries_no_more_than_it_may(world: World) -> None:
    """What a vehicle has accepted never exceeds its parcel over any leg ahead, nor its volume, slots or plugs."""
    holds = Holds(world)
    for row in rows(world):
        holds.follow(row)
        if row[1] is Kind.ACCEPTED:
            assert holds.is_within(row[3], row[4] // 4)


def leaves_for_a_reason(world: World) -> None:
    """A vehicle closes at its fill share, at the end of its wait or at its cut-off, and where told so never leaves empty."""
    network, holds = world.network, Holds(world)
    since: dict[int, int] = {}
    for row in rows(world):
        at_s, kind, _, vehicle, facility, value = row
        holds.follow(row)
        if not is_of_fleet(network, vehicle):
            continue
        plan = plan_of(network, vehicle)
        if kind is Kind.POSITIONED:
            since[vehicle] = at_s
        elif kind is Kind.CLOSED:
            stop = plan.terminals.index(facility // 4)
            if plan.headway_s[stop]:
                assert (at_s + plan.cut_off_s[stop] - plan.first_departure_s[stop]) % plan.headway_s[stop] == 0
            else:
                assert at_s >= since[vehicle] + plan.wait_s or holds.is_full(vehicle, facility // 4)
        elif kind is Kind.DEPARTED:
            assert value or plan.empty != "never"


def takes_cargo_in_turn(world: World) -> None:
    """Whoever is taken aboard has passed over only such as came before it and did not fit."""
    quays, holds = Quays(world), Holds(world)
    for row in rows(world):
        if row[1] is Kind.ACCEPTED:
            _, _, consignment, vehicle, quay, _ = row
            queue = quays.queue(vehicle, quay)
            before = [other for other, key in queue.items() if key < queue[consignment]]
            assert not any(holds.is_within(vehicle, quay // 4, [other]) for other in before)
        quays.follow(row)
        holds.follow(row)


def leaves_no_cargo_that_fits(world: World) -> None:
    """At the end of a second nothing that fits waits beside a vehicle open at its berth, or done waiting in the roads."""
    quays, holds = Quays(world), Holds(world)
    for at_s, instant in groupby(rows(world), key=lambda row: row[0]):
        for row in instant:
            quays.follow(row)
            holds.follow(row)
        if at_s == world.log.at_s[-1]:
            break
        for vehicle, (quay, since_s, in_roads) in quays.in_position.items():
            if not in_roads or at_s >= since_s + plan_of(world.network, vehicle).wait_s:
                assert not any(holds.is_within(vehicle, quay // 4, [other]) for other in quays.queue(vehicle, quay))


@dataclass(slots=True)
class Berths:
    """What lies at berths with which moves to make, and what yards hold, followed from the log."""

    world: World
    at_berth: dict[int, int] = field(default_factory=dict)
    """Terminal of each vehicle that lies at a berth."""
    to_load: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Accepted and not begun, by vehicle."""
    aboard: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Loaded and not begun to be discharged, by vehicle."""
    rides: Counter[int] = field(default_factory=Counter)
    """Rides that each consignment has behind it."""
    busy: Counter[int] = field(default_factory=Counter)
    """Cranes at work, by facility."""
    on_vehicle: Counter[int] = field(default_factory=Counter)
    """Cranes at work, by vehicle."""
    in_pool: dict[int, int] = field(default_factory=dict)
    """Yard pool in which each consignment has room."""

    def follow(self, row: Row) -> None:
        """Take in one row of the log."""
        _, kind, consignment, vehicle, facility, _ = row
        if kind is Kind.BERTHED:
            self.at_berth[vehicle] = facility // 4
        elif kind in (Kind.DEPARTED, Kind.SHIFTED):
            self.at_berth.pop(vehicle, None)
        elif kind is Kind.ACCEPTED:
            self.to_load[vehicle].add(consignment)
        elif kind in HANDLING:
            self.busy[facility] += HANDLING[kind]
            self.on_vehicle[vehicle] += HANDLING[kind]
            self._handle(kind, consignment, vehicle)
        elif kind is Kind.DELIVERED:
            self.in_pool.pop(consignment, None)

    def _handle(self, kind: Kind, consignment: int, vehicle: int) -> None:
        if kind is Kind.LOAD_STARTED:
            self.to_load[vehicle].remove(consignment)
        elif kind is Kind.LOAD_ENDED:
            self.aboard[vehicle].add(consignment)
            self.in_pool.pop(consignment, None)
        elif kind is Kind.UNLOAD_STARTED:
            self.aboard[vehicle].remove(consignment)
            self.in_pool[consignment] = self.ride(consignment).slot
        else:
            self.rides[consignment] += 1

    def ride(self, consignment: int) -> Ride:
        """The ride that a consignment is on."""
        return rides_of(self.world, consignment)[self.rides[consignment]]

    def has_room(self, pool: int, kg: int) -> bool:
        """Whether a yard pool has room for so much more."""
        held = [consignment for consignment, its in self.in_pool.items() if its == pool]
        return pool < 0 or self.world.draws.kg[held].sum() + kg <= self.world.network.pools[pool].capacity_kg

    def movable(self, vehicle: int, terminal: int) -> set[int]:
        """Consignments that a crane could begin to move between a vehicle at its berth and the shore."""
        network, movable = self.world.network, set(self.to_load[vehicle])
        for consignment in self.aboard[vehicle]:
            ride = self.ride(consignment)
            is_here = network.services[ride.service].terminals[ride.alight] == terminal
            if is_here and self.has_room(ride.slot, int(self.world.draws.kg[consignment])):
                movable.add(consignment)
        return movable


def keeps_cranes_busy(world: World) -> None:
    """At the end of a second no crane stands idle beside a vehicle that has a move to make, unless shut or without room."""
    network, berths = world.network, Berths(world)
    for at_s, instant in groupby(rows(world), key=lambda row: row[0]):
        for row in instant:
            berths.follow(row)
        if at_s == world.log.at_s[-1]:
            break
        for vehicle, terminal in berths.at_berth.items():
            plan, crane = network.terminals[terminal], network.facility(terminal, CRANE)
            is_free = berths.busy[crane] < plan.cranes and berths.on_vehicle[vehicle] < plan.cranes_per_vehicle
            if is_free and world.draws.timelines[crane].is_open(at_s):
                assert not berths.movable(vehicle, terminal)


LOADING_AUDITS: tuple[Callable[[World], None], ...] = (
    carries_no_more_than_it_may,
    leaves_for_a_reason,
    takes_cargo_in_turn,
    leaves_no_cargo_that_fits,
    keeps_cranes_busy,
)
"""Every audit of this file; what it claims is its docstring."""
