"""The corridor: every facility and vehicle, and what all stories share. It tells no story and runs nothing."""

from __future__ import annotations

import numpy as np

from sim.draws import Draws, VoyagesRanOut
from sim.engine.reference.berths import Berths
from sim.engine.reference.clock import Clock
from sim.engine.reference.cranes import Cranes
from sim.engine.reference.fleet import Load, Visitor
from sim.engine.reference.gates import Gate
from sim.engine.reference.hours import hours_of
from sim.engine.reference.posts import Post
from sim.engine.reference.quays import Quay, Shore
from sim.engine.reference.stands import Stand
from sim.engine.reference.supply import Supply
from sim.engine.reference.yards import Yards
from sim.events import Kind
from sim.world.network import BERTH, CRANE, GATE, QUAY, Network
from sim.world.parcel import parcels_kg

__all__ = ["Corridor"]


class Corridor:
    """All that stands and moves, made from one network and one replication's draws."""

    def __init__(self, network: Network, draws: Draws):
        self.network = network
        self.draws = draws
        self.clock = Clock()
        needs = (draws.kg, draws.litres, draws.milliteu, draws.milliplugs)
        self.loads: list[Load] = list(zip(*(column.tolist() for column in needs), strict=True))
        self.flow_of: list[int] = draws.flow.tolist()
        self.post_work_s: list[list[int]] = draws.post_work_s.tolist()
        self.load_s: list[list[int]] = draws.load_s.tolist()
        self.unload_s: list[list[int]] = draws.unload_s.tolist()
        self._transit_s: list[list[int]] = [drawn.tolist() for drawn in draws.transit_s]
        self._moving = [hours_of(timeline) for timeline in draws.moving]
        self._course: list[list[int]] = draws.course.tolist()
        self._gate_s: list[list[int]] = [drawn.tolist() for drawn in draws.gate_s]
        self.under_way: set[int] = set()
        """Consignments released and not delivered."""
        in_window = (draws.release_s >= network.window_from_s) & (draws.release_s < network.window_to_s)
        self.measured = in_window.tolist()
        self.measured_to_come = int(np.count_nonzero(in_window))
        """Consignments of the measured window that are not delivered."""
        self._cranes_at: dict[int, list[int]] = {pool.node: [] for pool in network.pools}
        """Cranes of the terminals at each node."""
        first_pool = network.pool_facility(0)
        self.yards = Yards([pool.capacity_kg for pool in network.pools], first_pool, self._room_is_free)
        self._build_facilities()
        fleet = [(number, service) for number, service in enumerate(network.vehicle_service)]
        self.vehicles = [self._vehicle(number, service) for number, service in fleet]

    def _build_facilities(self) -> None:
        network, clock = self.network, self.clock
        hours = [hours_of(timeline) for timeline in self.draws.timelines]
        self.supply = Supply(network.services, self._is_short_elsewhere)
        self.gates: list[Gate] = []
        self.berths: list[Berths] = []
        self.cranes: list[Cranes] = []
        self.quays: list[Quay] = []
        least_kg = min((load[0] for load in self.loads), default=1)
        for terminal, plan in enumerate(network.terminals):
            gate, berth, quay, crane = (network.facility(terminal, part) for part in (GATE, BERTH, QUAY, CRANE))
            self._cranes_at.setdefault(plan.node, []).append(crane)
            self.gates.append(Gate(clock, gate, plan.lanes, hours[gate]))
            self.berths.append(Berths(clock, berth, plan.berths, plan.manoeuvre_s, hours[berth]))
            self.cranes.append(Cranes(clock, crane, plan, hours[crane], self.yards))
            stands = [
                Stand(service, stop, service_plan, parcels_kg(network, service_plan, stop, 0))
                for service, service_plan in enumerate(network.services)
                for stop, called_at in enumerate(service_plan.terminals)
                if called_at == terminal
            ]
            shore = Shore(
                berths=self.berths[-1],
                cranes=self.cranes[-1],
                supply=self.supply,
                network=network,
                least_kg=least_kg,
            )
            self.quays.append(Quay(clock, quay, stands, shore))
        self.posts = [
            Post(clock, number, servers, hours[number], network.post_on_close[post])
            for post, servers in enumerate(network.post_servers)
            for number in [network.post_facility(post)]
        ]
        starts = [
            part.start for parts in zip(self.gates, self.berths, self.quays, self.cranes, strict=True) for part in parts
        ]
        clock.facilities([*starts, *(post.start for post in self.posts)])

    def _vehicle(self, number: int, service: int) -> Visitor:
        plan = self.network.services[service]
        entity = len(self.loads) + number
        first_stop = plan.vehicles.index(number) % len(plan.terminals)
        self.supply.vehicle_comes(service, first_stop)
        return Visitor(number, entity, plan.priority, plan, service, first_stop, kg_for=[0] * len(plan.terminals))

    def _is_short_elsewhere(self, service: int, stop: int) -> None:
        """A service has come to be short of vehicles at another stop than `stop`: the quay there hears of it."""
        self.quays[self.network.services[service].terminals[stop]].is_short_elsewhere(service, stop)

    def _room_is_free(self, pool: int) -> None:
        """Room came free in a yard: the cranes of its node may discharge again."""
        for cranes in self._cranes_at[self.network.pools[pool].node]:
            self.clock.mark(cranes)

    def release(self, consignment: int) -> None:
        """A consignment is released."""
        self.under_way.add(consignment)
        self.clock.log(Kind.RELEASED, consignment, value=self.loads[consignment][0])

    def deliver(self, consignment: int, pool: int) -> None:
        """A consignment has reached its destination; it leaves the yard there."""
        kg = self.loads[consignment][0]
        self.clock.log(Kind.DELIVERED, consignment, value=kg)
        self.yards.give_back(pool, consignment, kg)
        self.under_way.remove(consignment)
        self.measured_to_come -= self.measured[consignment]

    def arrival_s(self, visitor: Visitor) -> int:
        """The second at which the vehicle that has just left will be at its next stop: while its way is shut it stands."""
        way, now_s = self._moving[self._course[visitor.number][visitor.stop]], self.clock.now
        return way.advance(way.next_open(now_s), _nth(self._transit_s[visitor.number], visitor.voyage - 1), "pause")

    def gate_work_s(self, visitor: Visitor) -> int:
        """Time in the lane at this arrival, in seconds."""
        return _nth(self._gate_s[visitor.number], visitor.calls)

    def that_wait(self) -> list[Gate | Berths | Quay | Cranes | Post]:
        """The facilities at which something may wait for an opening."""
        return [*self.gates, *self.berths, *self.quays, *self.cranes, *self.posts]


def _nth(drawn: list[int], index: int) -> int:
    if index >= len(drawn):
        raise VoyagesRanOut
    return drawn[index]
