"""From the nouns of a scenario to the network in numbers.

Names become indices, hours become whole seconds, routes become steps. The scenario has been checked before: whatever is
looked up here is there. Nothing is drawn, and nothing is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sim.dated import Dated, value_on
from sim.scenario.schema import Scenario
from sim.units import DAY_S, HOUR_S
from sim.world.cargo import Commodity
from sim.world.demand import DemandStream, Route
from sim.world.network import Flow, Network, Ride, ServicePlan, TerminalPlan, Visit, YardPlan
from sim.world.places import Post, Terminal, Yard
from sim.world.transport import Leg, Service

__all__ = [
    "epoch", "largest_kg", "leg_between", "mean_transit_s", "network_of", "permitted_mm", "ride_stops", "serves",
    "terminal_at",
]  # fmt: skip

_NO_LIMIT = -1


def network_of(scenario: Scenario) -> Network:
    """The network of a checked scenario, shared by all its replications."""
    run = scenario.run
    window_from_s = round(run.warm_up)
    window_to_s = window_from_s + round(run.run_length)
    pools = tuple(pool for index, yard in enumerate(scenario.yards) for pool in _pools(scenario, index, yard))
    first_vehicle = [0]
    for service in scenario.services:
        first_vehicle.append(first_vehicle[-1] + service.vehicles)
    return Network(
        start_unix_s=int(epoch(scenario).timestamp()),
        window_from_s=window_from_s,
        window_to_s=window_to_s,
        horizon_s=_horizon_s(scenario),
        facility_names=_facility_names(scenario),
        terminals=tuple(_terminal(scenario, terminal) for terminal in scenario.terminals),
        post_servers=tuple(post.servers for post in scenario.posts),
        post_on_close=tuple(post.on_close for post in scenario.posts),
        services=tuple(
            _service(scenario, service, range(*first_vehicle[index : index + 2]))
            for index, service in enumerate(scenario.services)
        ),
        vehicle_service=tuple(index for index, service in enumerate(scenario.services) for _ in range(service.vehicles)),
        flows=tuple(
            _flow(scenario, stream, route, pools)
            for stream in range(len(scenario.demand))
            for route in range(len(scenario.routes))
            if scenario.demand[stream].routes.get(scenario.routes[route].id, 0.0) > 0
        ),
        pools=pools,
    )


def _horizon_s(scenario: Scenario) -> int:
    run = scenario.run
    return round(run.warm_up) + round(run.run_length) + round(run.drain)


def epoch(scenario: Scenario) -> datetime:
    """The start of the warm-up, `at_s` = 0, in UTC."""
    start = datetime.combine(scenario.run.start, datetime.min.time(), tzinfo=UTC)
    return start - timedelta(seconds=round(scenario.run.warm_up))


def terminal_at(scenario: Scenario, node: str, mode: str) -> int:
    """Index of the terminal of a mode at a node."""
    return next(i for i, terminal in enumerate(scenario.terminals) if (terminal.node, terminal.mode) == (node, mode))


def leg_between(scenario: Scenario, mode: str, start: str, end: str) -> int:
    """Index of the first leg of a mode that leads from `start` to `end`."""
    return next(
        index
        for index, leg in enumerate(scenario.legs)
        if leg.mode == mode and (leg.ends == (start, end) or (not leg.one_way and leg.ends == (end, start)))
    )


def mean_transit_s(scenario: Scenario, service: Service, leg: Leg) -> float:
    """Mean moving time of a service on a leg in seconds, stretched as the scale says."""
    if leg.transit is not None:
        moving_s = leg.transit.mean()
    else:
        moving_s = HOUR_S * leg.distance / service.speed if service.speed else 0.0
    delay_s = leg.delay.mean() if leg.delay is not None else 0.0
    return (moving_s + delay_s) * transit_factor(scenario, leg)


def transit_factor(scenario: Scenario, leg: Leg) -> float:
    """What the scale multiplies moving times on a leg with."""
    by_leg = scenario.scale.by_leg.get(leg.id)
    return scenario.scale.transit_time * (by_leg.transit_time if by_leg else 1.0)


def _facility_names(scenario: Scenario) -> tuple[str, ...]:
    parts = (f"{terminal.id}.{part}" for terminal in scenario.terminals for part in ("gate", "berths", "quay", "cranes"))
    posts = (post.id for post in scenario.posts)
    pools = (name for yard in scenario.yards for name in _pool_names(yard))
    return (*parts, *posts, *pools)


def _pool_names(yard: Yard) -> tuple[str, ...]:
    return (yard.id,) if yard.export_share is None else (f"{yard.id}.export", f"{yard.id}.import")


def _pools(scenario: Scenario, index: int, yard: Yard) -> list[YardPlan]:
    node = _node(scenario, yard.node)
    capacity_kg = round(yard.capacity)
    if yard.export_share is None:
        return [YardPlan(yard=index, node=node, capacity_kg=capacity_kg)]
    for_exports_kg = round(capacity_kg * yard.export_share)
    return [
        YardPlan(yard=index, node=node, capacity_kg=for_exports_kg),
        YardPlan(yard=index, node=node, capacity_kg=capacity_kg - for_exports_kg),
    ]


def _node(scenario: Scenario, name: str) -> int:
    return next(index for index, node in enumerate(scenario.nodes) if node.id == name)


def _terminal(scenario: Scenario, terminal: Terminal) -> TerminalPlan:
    steps = permitted_mm(scenario, terminal)
    return TerminalPlan(
        node=_node(scenario, terminal.node),
        berths=terminal.berths,
        cranes=terminal.berths * terminal.cranes_per_vehicle if terminal.cranes is None else terminal.cranes,
        cranes_per_vehicle=terminal.cranes_per_vehicle,
        manoeuvre_s=round(terminal.manoeuvre),
        lanes=terminal.gate.lanes if terminal.gate else 0,
        on_close=terminal.on_close,
        permitted_from_s=tuple(from_s for from_s, _ in steps),
        permitted_mm=tuple(mm for _, mm in steps),
    )


def permitted_mm(scenario: Scenario, terminal: Terminal) -> list[tuple[int, int]]:
    """Second from which it holds and permitted draught, for each date on which it changes."""
    if terminal.permitted_draught is not None:
        parts: list[tuple[Dated[float], int]] = [(terminal.permitted_draught, 1)]
    elif terminal.depth is not None:
        parts = [(terminal.depth, 1)]
        parts += [(scenario.sea_level, 1)] if scenario.sea_level is not None else []
        parts += [(terminal.under_keel_clearance, -1)] if terminal.under_keel_clearance is not None else []
    else:
        return []
    days = {day for dated, _ in parts for day in dated.since}
    if terminal.siltation:
        days.update(_months(scenario))
    dug = parts[0][0].since
    return [
        (_second_of(scenario, day), round(1000 * (sum(sign * value_on(dated, day) for dated, sign in parts)
                                                  - terminal.siltation * _years_since(scenario, dug, day))))
        for day in sorted(days)
    ]  # fmt: skip


def _months(scenario: Scenario) -> Iterator[date]:
    """The first day of each month of the run, but for that in which it begins."""
    day, last = epoch(scenario).date(), epoch(scenario) + timedelta(seconds=_horizon_s(scenario))
    while (day := (day.replace(day=1) + timedelta(days=31)).replace(day=1)) <= last.date():
        yield day


def _years_since(scenario: Scenario, dug: tuple[date, ...], day: date) -> float:
    """Years from the last of the dates `dug`, or from the start of the run where that is before all of them, to `day`."""
    before = [since for since in dug if date.min < since <= day]
    return max(0, (day - max(before, default=epoch(scenario).date())).days) / 365


def _second_of(scenario: Scenario, day: date) -> int:
    if day == date.min:
        return -(1 << 60)
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    return int((midnight - epoch(scenario)).total_seconds())


def _service(scenario: Scenario, service: Service, vehicles: range) -> ServicePlan:
    stops = service.stops
    legs = tuple(
        leg_between(scenario, service.mode, stop, after) for stop, after in zip(stops, (*stops[1:], stops[0]), strict=True)
    )
    timetable = {departures.stop: departures for departures in service.departures}
    midnight_s = -(int(epoch(scenario).timestamp()) % DAY_S)
    return ServicePlan(
        terminals=tuple(terminal_at(scenario, stop, service.mode) for stop in stops),
        legs=legs,
        vehicles=tuple(vehicles),
        cargo_kg=round(service.capacity - service.stores),
        volume_l=_NO_LIMIT if service.volume is None else round(1000 * service.volume),
        milliteu=_NO_LIMIT if service.teu is None else 1000 * service.teu,
        milliplugs=_NO_LIMIT if service.plugs is None else 1000 * service.plugs,
        design_mm=0 if service.design_draught is None else round(1000 * service.design_draught),
        kg_per_mm=round(100 * service.immersion),
        fill_thousandths=round(1000 * service.fill),
        wait_s=round(service.wait),
        empty=service.empty,
        waits_at=service.waits_at,
        priority=service.priority,
        planned_transit_s=tuple(round(mean_transit_s(scenario, service, scenario.legs[leg])) for leg in legs),
        first_departure_s=tuple(midnight_s + round(timetable[stop].first) if stop in timetable else 0 for stop in stops),
        headway_s=tuple(round(timetable[stop].every) if stop in timetable else 0 for stop in stops),
        cut_off_s=tuple(round(timetable[stop].cut_off) if stop in timetable else 0 for stop in stops),
    )


def _flow(scenario: Scenario, stream: int, route: int, pools: tuple[YardPlan, ...]) -> Flow:
    demand, way = scenario.demand[stream], scenario.routes[route]
    kind = next(index for index, commodity in enumerate(scenario.commodities) if commodity.id == demand.commodity)
    commodity = scenario.commodities[kind]
    return Flow(
        stream=stream,
        route=route,
        commodity=kind,
        direction=demand.direction,
        priority=demand.priority,
        steps=_steps(scenario, demand, commodity, way, pools),
        largest_kg=min((largest_kg(scenario, name, commodity) for name in way.services), default=1 << 60),
    )


def largest_kg(scenario: Scenario, name: str, commodity: Commodity) -> int:
    """The most of a commodity that one vehicle of a service takes, by weight, slots, plugs and volume."""
    service = _service_named(scenario, name)
    limits = [service.capacity - service.stores]
    if commodity.teu_load is not None:
        if service.teu is not None:
            limits.append(1000 * service.teu * commodity.teu_load)
        if service.plugs is not None and commodity.plugs_per_teu:
            limits.append(int(1000 * service.plugs / commodity.plugs_per_teu) * commodity.teu_load)
    if service.volume is not None and commodity.stowage:
        limits.append(1000 * service.volume / commodity.stowage)
    return max(1, int(min(limits)))


def _service_named(scenario: Scenario, name: str) -> Service:
    return next(service for service in scenario.services if service.id == name)


def _steps(
    scenario: Scenario, demand: DemandStream, commodity: Commodity, route: Route, pools: tuple[YardPlan, ...]
) -> tuple[Visit | Ride, ...]:
    steps: list[Visit | Ride] = []
    places = 0
    for position, node in enumerate(route.nodes):
        if position:
            name = route.services[position - 1]
            service = next(index for index, service in enumerate(scenario.services) if service.id == name)
            board, alight = ride_stops(scenario.services[service].stops, route.nodes[position - 1], node)
            pool = _pool(scenario, demand, commodity, node, pools)
            steps.append(Ride(service, board, alight, position - 1, pool))
        for post, desk in enumerate(scenario.posts):
            if desk.node == node and serves(desk, demand):
                steps.append(Visit(post, places))
                places += 1
    return tuple(steps)


def serves(post: Post, demand: DemandStream) -> bool:
    """Whether a post serves what a stream ships when it passes the post's node."""
    return (
        post.direction in (None, demand.direction)
        and (not post.commodities or demand.commodity in post.commodities)
        and (not post.regimes or demand.regime in post.regimes)
    )


def ride_stops(stops: tuple[str, ...], start: str, end: str) -> tuple[int, int]:
    """Stop to board at and stop to alight at, by the shortest way round."""
    rounds = len(stops)
    pairs = [(i, j) for i, stop in enumerate(stops) if stop == start for j, other in enumerate(stops) if other == end]
    return min(pairs, key=lambda pair: ((pair[1] - pair[0]) % rounds, pair))


def _pool(scenario: Scenario, demand: DemandStream, commodity: Commodity, node: str, pools: tuple[YardPlan, ...]) -> int:
    """Index of the yard pool at a node that takes the cargo, -1 where room is not limited."""
    for index, yard in enumerate(scenario.yards):
        if yard.node == node and (not yard.forms or commodity.form in yard.forms):
            own = [pool for pool, plan in enumerate(pools) if plan.yard == index]
            return own[-1] if demand.direction == "import" else own[0]
    return _NO_LIMIT
