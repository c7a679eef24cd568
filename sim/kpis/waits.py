"""Waits of cargo: how long a consignment waits for each thing there is too little of, and what it spends at customs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.causes import CAUSES
from sim.compiling import compiled
from sim.kpis.adding import add_waits
from sim.kpis.basis import Basis
from sim.kpis.evidence import Figures, ratio
from sim.units import HOUR_S
from sim.world.network import Ride

__all__ = ["cargo_wait", "customs", "customs_by_part", "customs_one_way"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_VEHICLE, _CRANE = CAUSES.index("vehicle"), CAUSES.index("crane")


def _hour_of_each_s(counted: Bools) -> int:
    """Seconds in an hour of each of those that count."""
    return int(np.count_nonzero(counted)) * HOUR_S


def cargo_wait(basis: Basis) -> Figures:
    """Mean hours of a consignment, by what it waits for: vehicles, berths, cranes, servers or yard, and whose they are."""
    network, scenario, whole = basis.evidence.network, basis.evidence.scenario, _hour_of_each_s(basis.is_counted)
    waited_s, first, terminals = _waited_s(basis), network.post_facility(0), len(scenario.terminals)
    at_terminals = waited_s[:first].reshape(terminals, 4, len(CAUSES), len(network.flows)).sum(axis=1)
    for_vehicles, for_cranes = at_terminals[:, _VEHICLE], at_terminals[:, _CRANE].sum(axis=1)
    for_berths = at_terminals.sum(axis=(1, 2)) - for_vehicles.sum(axis=1) - for_cranes
    service = _service_at(basis).T[:terminals]
    figures = {}
    for index, plan in enumerate(scenario.services):
        figures[f"vehicles.{plan.id}"] = ratio(for_vehicles[service == index].sum(), whole)
    for index, terminal in enumerate(scenario.terminals):
        figures[f"berths.{terminal.id}"] = ratio(for_berths[index], whole)
        figures[f"cranes.{terminal.id}"] = ratio(for_cranes[index], whole)
    names = [f"servers.{post.id}" for post in scenario.posts]
    names += [
        f"yard.{network.facility_names[network.pool_facility(pool)].replace('.', '-')}" for pool in range(len(network.pools))
    ]
    for index, name in enumerate(names):
        figures[name] = ratio(waited_s[first + index].sum(), whole)
    return figures


def _waited_s(basis: Basis) -> Ints:
    """(facilities, causes, flows) the seconds that all that is counted waited."""
    waits, network = basis.evidence.hours.waits, basis.evidence.network
    total = np.zeros((len(network.facility_names), len(CAUSES), len(network.flows)), dtype=np.int64)
    compiled(add_waits)((waits.consignment, waits.cause, waits.facility, waits.seconds), basis.counted_flow, total)
    return total


def _service_at(basis: Basis) -> Ints:
    """(flows, terminals) the service that carries a flow from a terminal, or past it; -1 where none does."""
    network = basis.evidence.network
    services = np.full((len(network.flows), max(1, len(network.terminals))), -1, dtype=np.int64)
    for flow, plan in enumerate(network.flows):
        for step in plan.steps:
            if isinstance(step, Ride):
                stops = network.services[step.service].terminals
                for leg in range((step.alight - step.board - 1) % len(stops) + 1):
                    services[flow, stops[(step.board + leg) % len(stops)]] = step.service
    return services


def _customs_h(basis: Basis, flows: Bools) -> Figures:
    whole = int(np.count_nonzero(basis.is_counted & flows[basis.evidence.draws.flow])) * HOUR_S
    return {"": ratio(sum(int(part[flows].sum()) for part in basis.visited.customs_s.values()), whole)}


def customs(basis: Basis) -> Figures:
    """Both directions."""
    return _customs_h(basis, np.ones(len(basis.evidence.network.flows), dtype=bool))


def customs_one_way(direction: str) -> Callable[[Basis], Figures]:
    """The same of one direction."""
    return lambda basis: _customs_h(basis, basis.directions[direction])


def customs_by_part(basis: Basis) -> Figures:
    """In the queue, in service, and while closed."""
    whole = _hour_of_each_s(basis.is_counted)
    return {name: ratio(seconds.sum(), whole) for name, seconds in basis.visited.customs_s.items()}
