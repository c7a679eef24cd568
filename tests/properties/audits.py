"""What must hold in every log, whatever the corridor: each audit reads one world and fails with what broke.

Audits know the log, the network and the draws, and count for themselves; nothing of an engine is used.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby

from sim.events import CONSIGNMENT_LAW, VEHICLE_LAW, Kind, breaches
from sim.world.network import BERTH, CRANE, GATE, Network, Ride, ServicePlan, Visit
from tests.properties.corridors import World

__all__ = ["AUDITS"]

Row = tuple[int, Kind, int, int, int, int]
"""Second, kind, consignment, vehicle, facility, value."""
Queue = dict[int, tuple[int, int, int]]
"""By entity its key: (priority, second of joining, number)."""

HANDLING = {Kind.LOAD_STARTED: 1, Kind.UNLOAD_STARTED: 1, Kind.LOAD_ENDED: -1, Kind.UNLOAD_ENDED: -1}
SERVING = {Kind.POST_STARTED: 1, Kind.POST_ENDED: -1}
PASSING = {Kind.GATE_STARTED: 1, Kind.GATE_ENDED: -1}
LYING = {Kind.BERTH_GIVEN: 1, Kind.CLEARED: -1}
STARTS = (Kind.GATE_STARTED, Kind.BERTH_GIVEN, Kind.LOAD_STARTED, Kind.UNLOAD_STARTED, Kind.POST_STARTED)


def rows(world: World) -> Iterator[Row]:
    """The rows of the log, in order."""
    log = world.log
    columns = (log.at_s, log.kind, log.consignment, log.vehicle, log.facility, log.value)
    for at_s, kind, consignment, vehicle, facility, value in zip(*(column.tolist() for column in columns), strict=True):
        yield at_s, Kind(kind), consignment, vehicle, facility, value


def rides_of(world: World, consignment: int) -> list[Ride]:
    """The rides of a consignment's itinerary, in order."""
    return [step for step in world.network.flows[world.draws.flow[consignment]].steps if isinstance(step, Ride)]


def is_of_fleet(network: Network, vehicle: int) -> bool:
    """Whether a vehicle belongs to a service: calls of other trades are numbered after the fleet."""
    return 0 <= vehicle < len(network.vehicle_service)


def plan_of(network: Network, vehicle: int) -> ServicePlan:
    """The service of a vehicle."""
    return network.services[network.vehicle_service[vehicle]]


def passes_gate(network: Network, kind: Kind, vehicle: int, facility: int) -> bool:
    """Whether this is a vehicle's arrival off a gate that it will have to pass; calls of other trades pass none."""
    return kind is Kind.ARRIVED and is_of_fleet(network, vehicle) and network.terminals[facility // 4].lanes > 0


def keeps_the_law(world: World) -> None:
    """Each event may follow the one before it, for consignments and for vehicles."""
    assert not breaches(world.log, CONSIGNMENT_LAW, "consignment", frozenset({Kind.RELEASED}))
    assert not breaches(world.log, VEHICLE_LAW, "vehicle", frozenset({Kind.ARRIVED}))


def goes_forward(world: World) -> None:
    """Time never goes back, lies within the run, and the log ends once, with its last row."""
    at_s = world.log.at_s
    assert (at_s[1:] >= at_s[:-1]).all()
    assert at_s[0] >= 0
    assert at_s[-1] <= world.network.horizon_s
    assert (world.log.kind == Kind.ENDED).sum() == 1
    assert world.log.kind[-1] == Kind.ENDED


def conserves_mass(world: World) -> None:
    """What was released is what was delivered and what is under way, each consignment once and whole."""
    kg = world.draws.kg
    under_way: set[int] = set()
    seen: set[int] = set()
    for at_s, kind, consignment, _, _, value in rows(world):
        if kind is Kind.RELEASED:
            assert consignment not in seen
            assert (at_s, value) == (world.draws.release_s[consignment], kg[consignment])
            seen.add(consignment)
            under_way.add(consignment)
        elif kind is Kind.DELIVERED:
            assert value == kg[consignment]
            under_way.remove(consignment)
        elif kind is Kind.ENDED:
            assert value == len(under_way)
            assert seen == set((world.draws.release_s < at_s).nonzero()[0].tolist()) or at_s < world.network.horizon_s


def carries_what_was_loaded(world: World) -> None:
    """A vehicle arrives and departs with the mass that was loaded onto it and not yet discharged."""
    aboard: Counter[int] = Counter()
    for _, kind, consignment, vehicle, _, value in rows(world):
        if kind is Kind.LOAD_ENDED:
            aboard[vehicle] += int(world.draws.kg[consignment])
        elif kind is Kind.UNLOAD_ENDED:
            aboard[vehicle] -= int(world.draws.kg[consignment])
        elif kind in (Kind.ARRIVED, Kind.DEPARTED):
            assert value == aboard[vehicle]


def works_with_what_there_is(world: World) -> None:
    """No more cranes, berths, lanes or servers are busy than there are, and no more cranes than allowed on one vehicle."""
    network = world.network
    limits: dict[int, int] = {}
    for terminal, plan in enumerate(network.terminals):
        parts = {GATE: plan.lanes, BERTH: plan.berths, CRANE: plan.cranes}
        limits |= {network.facility(terminal, part): limit for part, limit in parts.items()}
    limits |= {network.post_facility(post): servers for post, servers in enumerate(network.post_servers)}
    busy: Counter[int] = Counter()
    on_vehicle: Counter[int] = Counter()
    for _, kind, _, vehicle, facility, _ in rows(world):
        step = next((steps[kind] for steps in (HANDLING, SERVING, PASSING, LYING) if kind in steps), 0)
        busy[facility] += step
        assert 0 <= busy[facility] <= limits.get(facility, 0)
        if kind in HANDLING:
            on_vehicle[vehicle] += step
            assert on_vehicle[vehicle] <= network.terminals[facility // 4].cranes_per_vehicle


def yards_hold_what_they_can(world: World) -> None:
    """No yard holds more than its capacity, and discharge is refused only for want of room."""
    network = world.network
    held: Counter[int] = Counter()
    ride_of: Counter[int] = Counter()
    for _, kind, consignment, _, facility, value in rows(world):
        if kind not in (Kind.NO_SLOT, Kind.UNLOAD_STARTED, Kind.UNLOAD_ENDED, Kind.LOAD_ENDED, Kind.DELIVERED):
            continue
        kg, rides, done = int(world.draws.kg[consignment]), rides_of(world, consignment), ride_of[consignment]
        pool = rides[done].slot if done < len(rides) else -1
        before = rides[done - 1].slot if done else -1
        if kind is Kind.UNLOAD_STARTED:
            held[pool] += kg
            assert pool < 0 or held[pool] <= network.pools[pool].capacity_kg
        elif kind is Kind.NO_SLOT:
            assert facility == network.pool_facility(pool)
            assert held[pool] + kg > network.pools[pool].capacity_kg
        elif kind is Kind.UNLOAD_ENDED:
            assert value == pool
            ride_of[consignment] += 1
        else:
            held[before] -= kg
    assert all(kg >= 0 for pool, kg in held.items() if pool >= 0)


def starts_nothing_while_shut(world: World) -> None:
    """No lane, berth, crane or post takes up anything at a second at which its timeline leaves nothing open."""
    for at_s, kind, _, _, facility, value in rows(world):
        if kind in STARTS:
            assert world.draws.timelines[facility].is_open(at_s)
        elif kind in (Kind.SHUT, Kind.OPENED):
            assert world.draws.timelines[facility].share_at(at_s) == value


def takes_as_long_as_drawn(world: World) -> None:
    """Handling, posts, gates and voyages take the time that was drawn, stretched by closures as the facility says."""
    network, draws = world.network, world.draws
    began: dict[tuple[str, int], int] = {}
    rides: Counter[int] = Counter()
    visits: Counter[int] = Counter()
    arrivals: Counter[int] = Counter()
    for at_s, kind, consignment, vehicle, facility, _ in rows(world):
        if kind in (Kind.LOAD_STARTED, Kind.UNLOAD_STARTED, Kind.POST_STARTED):
            began["cargo", consignment] = at_s
        elif kind in (Kind.LOAD_ENDED, Kind.UNLOAD_ENDED):
            work_s = draws.load_s if kind is Kind.LOAD_ENDED else draws.unload_s
            rule = network.terminals[facility // 4].on_close
            work = int(work_s[consignment, rides[consignment]])
            assert at_s == draws.timelines[facility].advance(began["cargo", consignment], work, rule)
            rides[consignment] += kind is Kind.UNLOAD_ENDED
        elif kind is Kind.POST_ENDED:
            rule = network.post_on_close[facility - network.post_facility(0)]
            work = int(draws.post_work_s[consignment, visits[consignment]])
            assert at_s == draws.timelines[facility].advance(began["cargo", consignment], work, rule)
            visits[consignment] += 1
        elif kind is Kind.GATE_STARTED:
            began["gate", vehicle] = at_s
        elif kind is Kind.GATE_ENDED:
            work = int(draws.gate_s[vehicle][arrivals[vehicle] - 1])
            assert at_s == draws.timelines[facility].advance(began["gate", vehicle], work, "pause")
        elif kind in (Kind.DEPARTED, Kind.CLEARED):
            began["voyage", vehicle] = at_s
        elif kind is Kind.ARRIVED and is_of_fleet(network, vehicle):
            if arrivals[vehicle]:
                plan = plan_of(network, vehicle)
                stop = (plan.vehicles.index(vehicle) + arrivals[vehicle]) % len(plan.terminals)
                way, left_s = draws.moving[draws.course[vehicle, stop]], began["voyage", vehicle]
                work = int(draws.transit_s[vehicle][arrivals[vehicle] - 1])
                assert at_s == way.advance(way.next_open(left_s), work, "pause")
            arrivals[vehicle] += 1


def moors_as_long_as_said(world: World) -> None:
    """From being given to lying at the berth, and from leaving to clearing it, takes the manoeuvre of the terminal."""
    since: dict[int, int] = {}
    for at_s, kind, _, vehicle, facility, _ in rows(world):
        if kind in (Kind.BERTH_GIVEN, Kind.DEPARTED, Kind.SHIFTED):
            since[vehicle] = at_s
        elif kind in (Kind.BERTHED, Kind.CLEARED):
            assert at_s - since[vehicle] == world.network.terminals[facility // 4].manoeuvre_s


def takes_turns(world: World) -> None:
    """Posts, gates and berths take the first in the queue by (priority, second of joining, number)."""
    network, draws = world.network, world.draws
    queues: dict[int, Queue] = defaultdict(dict)
    for at_s, kind, consignment, vehicle, facility, _ in rows(world):
        if kind is Kind.POST_JOINED:
            priority = network.flows[draws.flow[consignment]].priority
            queues[facility][consignment] = (priority, at_s, consignment)
        elif kind is Kind.BERTH_JOINED or passes_gate(network, kind, vehicle, facility):
            queues[facility][vehicle] = (_rank(world, vehicle), at_s, vehicle)
        elif kind in (Kind.POST_STARTED, Kind.GATE_STARTED, Kind.BERTH_GIVEN):
            entity = consignment if kind is Kind.POST_STARTED else vehicle
            assert queues[facility].pop(entity) < min(queues[facility].values(), default=(1 << 60, 0, 0))


def _rank(world: World, vehicle: int) -> int:
    fleet = len(world.network.vehicle_service)
    return plan_of(world.network, vehicle).priority if vehicle < fleet else int(world.draws.call_priority[vehicle - fleet])


def wastes_no_chance(world: World) -> None:
    """At the end of a second no server, lane or berth is free for somebody who queues for it, unless it is shut; of berths
    as many are free as their share of entry leaves.
    """
    network = world.network
    berths = {network.facility(terminal, BERTH): plan.berths for terminal, plan in enumerate(network.terminals)}
    free: Counter[int] = Counter({network.post_facility(post): n for post, n in enumerate(network.post_servers)})
    for terminal, plan in enumerate(network.terminals):
        free[network.facility(terminal, GATE)] = plan.lanes
        free[network.facility(terminal, BERTH)] = plan.berths
    queued: Counter[int] = Counter()
    for at_s, instant in groupby(rows(world), key=lambda row: row[0]):
        touched = set()
        for _, kind, _, vehicle, facility, _ in instant:
            joins = kind in (Kind.POST_JOINED, Kind.BERTH_JOINED) or passes_gate(network, kind, vehicle, facility)
            step = next((steps[kind] for steps in (SERVING, PASSING, LYING) if kind in steps), 0)
            free[facility] -= step
            queued[facility] += joins - (step > 0)
            touched.add(facility)
        if at_s < world.log.at_s[-1]:
            for facility in touched:
                if queued[facility] and free[facility]:
                    share, all_of_it = world.draws.timelines[facility].share_at(at_s), berths.get(facility, 0)
                    assert not share or free[facility] <= all_of_it - all_of_it * share // 1000


def goes_where_it_should(world: World) -> None:
    """Each consignment passes the posts and rides of its itinerary in order, each at its own place."""
    network = world.network
    been: dict[int, list[tuple[Kind, int]]] = defaultdict(list)
    for _, kind, consignment, _, facility, _ in rows(world):
        if kind in (Kind.POST_ENDED, Kind.LOAD_ENDED, Kind.UNLOAD_ENDED):
            been[consignment].append((kind, facility))
    delivered = set(world.log.where(Kind.DELIVERED).consignment.tolist())
    for consignment, passed in been.items():
        due: list[tuple[Kind, int]] = []
        for step in network.flows[world.draws.flow[consignment]].steps:
            if isinstance(step, Visit):
                due.append((Kind.POST_ENDED, network.post_facility(step.post)))
                continue
            terminals = network.services[step.service].terminals
            due.append((Kind.LOAD_ENDED, network.facility(terminals[step.board], CRANE)))
            due.append((Kind.UNLOAD_ENDED, network.facility(terminals[step.alight], CRANE)))
        assert passed == (due if consignment in delivered else due[: len(passed)])


def gridlock_is_the_end(world: World) -> None:
    """Gridlock is written only where cargo remains and only as the last lines before the end, numbered from 0."""
    places = world.log.where(Kind.GRIDLOCK).value.tolist()
    assert places == list(range(len(places)))
    if places:
        assert (world.log.kind[-1 - len(places) : -1] == Kind.GRIDLOCK).all()
        assert world.log.value[-1] > 0


AUDITS: tuple[Callable[[World], None], ...] = (
    keeps_the_law,
    goes_forward,
    conserves_mass,
    carries_what_was_loaded,
    works_with_what_there_is,
    yards_hold_what_they_can,
    starts_nothing_while_shut,
    takes_as_long_as_drawn,
    moors_as_long_as_said,
    takes_turns,
    wastes_no_chance,
    goes_where_it_should,
    gridlock_is_the_end,
)
"""Every audit; what it claims is its docstring."""
