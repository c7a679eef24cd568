"""Waits of cargo: how long a consignment waits for each thing there is too little of, and what it spends at customs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.causes import CAUSES
from sim.kpis.evidence import Basis, Figures, ratio
from sim.records import reached
from sim.units import HOUR_S
from sim.world.network import Ride

__all__ = ["cargo_wait", "customs", "customs_by_part", "customs_one_way"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_VEHICLE, _CRANE = CAUSES.index("vehicle"), CAUSES.index("crane")


def _counted(basis: Basis, flows: Bools | None = None) -> Bools:
    """(C,) measured and delivered, of these flows."""
    counted = basis.is_measured & basis.evidence.hours.is_delivered
    return counted if flows is None else counted & flows[basis.evidence.draws.flow]


def _hour_of_each_s(counted: Bools) -> int:
    """Seconds in an hour of each of those that count."""
    return int(np.count_nonzero(counted)) * HOUR_S


def cargo_wait(basis: Basis) -> Figures:
    """Mean hours of a consignment, by what it waits for: vehicles, berths, cranes, servers or yard, and whose they are."""
    evidence, counted = basis.evidence, _counted(basis)
    waits, network, scenario = evidence.hours.waits, evidence.network, evidence.scenario
    mine = counted[waits.consignment]
    who, cause, facility, seconds = (
        column[mine] for column in (waits.consignment, waits.cause, waits.facility, waits.seconds)
    )
    whole, first = _hour_of_each_s(counted), network.post_facility(0)
    at_terminal = facility < first
    service = np.where(
        at_terminal, _service_at(basis)[evidence.draws.flow[who], np.where(at_terminal, facility // 4, 0)], -1
    )
    figures = {}
    for index, plan in enumerate(scenario.services):
        figures[f"vehicles.{plan.id}"] = ratio(seconds[(cause == _VEHICLE) & (service == index)].sum(), whole)
    for index, terminal in enumerate(scenario.terminals):
        there = at_terminal & (facility // 4 == index) & (cause != _VEHICLE)
        figures[f"berths.{terminal.id}"] = ratio(seconds[there & (cause != _CRANE)].sum(), whole)
        figures[f"cranes.{terminal.id}"] = ratio(seconds[there & (cause == _CRANE)].sum(), whole)
    names = [f"servers.{post.id}" for post in scenario.posts]
    names += [
        f"yard.{network.facility_names[network.pool_facility(pool)].replace('.', '-')}" for pool in range(len(network.pools))
    ]
    for index, name in enumerate(names):
        figures[name] = ratio(seconds[facility == first + index].sum(), whole)
    return figures


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


def _customs_s(basis: Basis) -> tuple[Ints, Ints, Ints]:
    """(C,) seconds of each consignment at customs posts: in their queues while open, in service, and while they are shut."""
    evidence, visits, end_s = basis.evidence, basis.records.visits, basis.records.end_s
    queue, service, closed = (np.zeros(len(evidence.draws.kg), dtype=np.int64) for _ in range(3))
    moments = [reached(times, end_s) for times in (visits.joined_s, visits.started_s, visits.ended_s)]
    for index, post in enumerate(evidence.scenario.posts):
        if post.kind != "customs":
            continue
        facility = evidence.network.post_facility(index)
        timeline, there = evidence.draws.timelines[facility], np.flatnonzero(visits.post == facility)
        who, joined_s, started_s, ended_s = (column[there] for column in (visits.consignment, *moments))
        finishes = evidence.network.post_on_close[index] == "finish"
        for part, from_s, to_s, whatever_closes in (
            (queue, joined_s, started_s, False), (service, started_s, ended_s, finishes),
        ):  # fmt: skip
            open_s = to_s - from_s if whatever_closes else timeline.open_seconds(from_s, to_s)
            np.add.at(part, who, open_s)
            np.add.at(closed, who, to_s - from_s - open_s)
    return queue, service, closed


def _customs_h(basis: Basis, flows: Bools | None) -> Figures:
    counted = _counted(basis, flows)
    return {"": ratio(sum(int(part[counted].sum()) for part in _customs_s(basis)), _hour_of_each_s(counted))}


def customs(basis: Basis) -> Figures:
    """Both directions."""
    return _customs_h(basis, None)


def customs_one_way(direction: str) -> Callable[[Basis], Figures]:
    """The same of one direction."""
    return lambda basis: _customs_h(basis, basis.directions[direction])


def customs_by_part(basis: Basis) -> Figures:
    """In the queue, in service, and while closed."""
    counted = _counted(basis)
    parts = zip(("queue", "service", "closed"), _customs_s(basis), strict=True)
    return {name: ratio(seconds[counted].sum(), _hour_of_each_s(counted)) for name, seconds in parts}
