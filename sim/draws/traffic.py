"""Traffic: how long voyages and gates will take each vehicle, and the calls of other trades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from sim.chance.streams import Streams
from sim.draws.arrivals import cumulative, poisson, seconds_at
from sim.draws.record import Floats, Ints, whole
from sim.scenario.schema import Scenario
from sim.scenario.wiring import transit_factor
from sim.units import HOUR_S, YEAR_S
from sim.world.network import Network, Ride
from sim.world.places import Gate
from sim.world.transport import Leg, Service

__all__ = ["calls", "gate_times", "transits", "voyages"]

T = TypeVar("T")


def voyages(network: Network, flow: Ints, spare: int) -> list[int]:
    """Voyages to draw for each vehicle of each service, where `flow` holds the flow of every consignment.

    A service that leaves for cargo only is given a round for each consignment that it will carry, shared out among its
    vehicles, and a quarter more. No vehicle is given more than there is time for: `spare` times twice what it could make
    by mean times alone. That much get the vehicles of other services and, with a `spare` above 1, all.
    """
    rides = np.zeros(len(network.services))
    for plan, consignments in zip(network.flows, np.bincount(flow, minlength=len(network.flows)), strict=True):
        for step in plan.steps:
            if isinstance(step, Ride):
                rides[step.service] += consignments
    return [_of_each(network, index, float(carried), spare) for index, carried in enumerate(rides)]


def _of_each(network: Network, service: int, carried: float, spare: int) -> int:
    plan = network.services[service]
    mean_s = max(60.0, sum(plan.planned_transit_s) / len(plan.planned_transit_s))
    most = spare * (int(2 * network.horizon_s / mean_s) + 32)
    if spare > 1 or plan.empty == "always" or any(plan.headway_s):
        return most
    return min(most, int(1.25 * len(plan.legs) * carried / max(len(plan.vehicles), 1)) + 32)


def transits(scenario: Scenario, network: Network, stream: Streams, counts: Sequence[int]) -> Iterator[Ints]:
    """Moving times of each vehicle, voyage by voyage; `counts` holds how many for each service."""
    for service, plan, n in zip(scenario.services, network.services, counts, strict=True):
        legs = tuple(scenario.legs[leg] for leg in plan.legs)
        factors = tuple(transit_factor(scenario, leg) for leg in legs)
        key = "transit", service.id, service.vehicles, service.speed, legs, factors, n
        yield from stream.once(key, partial(_transits, stream, service, legs, factors, n))


def _transits(stream: Streams, service: Service, legs: Sequence[Leg], factors: Sequence[float], n: int) -> Ints:
    """(vehicles, n) moving times in whole seconds."""
    moving = _fleet(stream, "transit", service, n, any(leg.transit is not None for leg in legs))
    delay = _fleet(stream, "delay", service, n, any(leg.delay is not None for leg in legs))
    transit_s = np.zeros((service.vehicles, n))
    for (leg, factor), those in _in_turn(list(zip(legs, factors, strict=True)), service.vehicles):
        if leg.transit is not None:
            transit_s[those] = leg.transit.ppf(moving[those])
        elif service.speed:
            transit_s[those] = HOUR_S * leg.distance / service.speed
        if leg.delay is not None:
            transit_s[those] += leg.delay.ppf(delay[those])
        transit_s[those] *= factor
    return whole(transit_s)


def gate_times(scenario: Scenario, network: Network, stream: Streams, counts: Sequence[int]) -> Iterator[Ints]:
    """Times in the lane of each vehicle, arrival by arrival: one more than voyages."""
    for service, plan, count in zip(scenario.services, network.services, counts, strict=True):
        gates = tuple(scenario.terminals[terminal].gate for terminal in plan.terminals)
        key = "gate", service.id, service.vehicles, gates, count
        yield from stream.once(key, partial(_gate_times, stream, service, gates, count + 1))


def _gate_times(stream: Streams, service: Service, gates: Sequence[Gate | None], n: int) -> Ints:
    """(vehicles, n) times in the lane in whole seconds."""
    u = _fleet(stream, "gate", service, n, any(gate is not None for gate in gates))
    gate_s = np.zeros((service.vehicles, n))
    for gate, those in _in_turn(gates, service.vehicles):
        if gate is not None:
            gate_s[those] = gate.time.ppf(u[those])
    return whole(gate_s)


def _fleet(stream: Streams, purpose: str, service: Service, n: int, is_read: bool) -> Floats:
    """The first `n` uniforms of each vehicle of a service, shape (vehicles, n); nothing where they are not read."""
    names = [f"{service.id}/{vehicle}" for vehicle in range(service.vehicles if is_read else 0)]
    return np.stack(stream.each(purpose, names, [n] * len(names))) if names else np.zeros((0, n))


def _in_turn(stops: Sequence[T], vehicles: int) -> Iterator[tuple[T, tuple[slice, slice]]]:
    """What stands at each stop of a round, with the vehicles and the passages that meet it there.

    The first passage of vehicle i is that of stop i; each further one is that of the next stop.
    """
    count = len(stops) if any(found != stops[0] for found in stops) else 1
    for own in range(min(count, vehicles)):
        for stop, found in enumerate(stops[:count]):
            yield found, (slice(own, None, count), slice((stop - own) % count, None, count))


def calls(scenario: Scenario, network: Network, stream: Streams) -> tuple[Ints, Ints, Ints, Ints]:
    """Arrival, terminal, working time and rank of the calls of other trades, by arrival."""
    parts = [np.zeros((4, 0), dtype=np.int64)]
    for background in scenario.background:
        edges_s, expected = cumulative(network, background.season, background.calls / YEAR_S)
        at = poisson(stream, "call", background.id, expected[-1])
        at_s = seconds_at(at, edges_s, expected, network.horizon_s)
        stay_s = whole(background.stay.ppf(stream("stay", background.id, len(at_s))))
        terminal = next(i for i, plan in enumerate(scenario.terminals) if plan.id == background.terminal)
        parts.append(np.stack([at_s, np.full_like(at_s, terminal), stay_s, np.full_like(at_s, background.priority)]))
    at_s, terminal_of, stay_s, priority = (row for row in np.concatenate(parts, axis=1))
    order = np.argsort(at_s, kind="stable")
    return at_s[order], terminal_of[order], stay_s[order], priority[order]
