"""Traffic: how long voyages and gates will take each vehicle, and the calls of other trades."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.draws.arrivals import Streams, cumulative, poisson, seconds_at
from sim.draws.record import Ints, whole
from sim.scenario.schema import Scenario
from sim.scenario.wiring import transit_factor
from sim.units import HOUR_S, YEAR_S
from sim.world.network import Network

__all__ = ["calls", "gate_times", "transits"]


def _voyages(network: Network, service: int, spare: int) -> int:
    """Voyages to draw for each vehicle of a service: twice as many as it could make by mean times alone."""
    plan = network.services[service]
    mean_s = max(60.0, sum(plan.planned_transit_s) / len(plan.planned_transit_s))
    return spare * (int(2 * network.horizon_s / mean_s) + 32)


def transits(scenario: Scenario, network: Network, stream: Streams, spare: int) -> Iterator[Ints]:
    """Moving times of each vehicle, voyage by voyage."""
    for number, index in enumerate(network.vehicle_service):
        service, plan = scenario.services[index], network.services[index]
        n = _voyages(network, index, spare)
        own = number - plan.vehicles[0]
        name = f"{service.id}/{own}"
        moving, delay = stream("transit", name, n), stream("delay", name, n)
        transit_s = np.zeros(n)
        for stop, leg_index in enumerate(plan.legs):
            leg = scenario.legs[leg_index]
            those = slice((stop - own) % len(plan.legs), None, len(plan.legs))
            if leg.transit is not None:
                transit_s[those] = leg.transit.ppf(moving[those])
            elif service.speed:
                transit_s[those] = HOUR_S * leg.distance / service.speed
            if leg.delay is not None:
                transit_s[those] += leg.delay.ppf(delay[those])
            transit_s[those] *= transit_factor(scenario, leg)
        yield whole(transit_s)


def gate_times(scenario: Scenario, network: Network, stream: Streams, spare: int) -> Iterator[Ints]:
    """Times in the lane of each vehicle, arrival by arrival."""
    for number, index in enumerate(network.vehicle_service):
        plan = network.services[index]
        n = _voyages(network, index, spare) + 1
        own = number - plan.vehicles[0]
        u = stream("gate", f"{scenario.services[index].id}/{own}", n)
        gate_s = np.zeros(n)
        for stop, terminal in enumerate(plan.terminals):
            gate = scenario.terminals[terminal].gate
            if gate is not None:
                those = slice((stop - own) % len(plan.terminals), None, len(plan.terminals))
                gate_s[those] = gate.time.ppf(u[those])
        yield whole(gate_s)


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
