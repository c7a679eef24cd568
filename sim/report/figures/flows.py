"""How much went along each leg and what was delivered, counted from the log for the measured window."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.events import Kind
from sim.kpis import Evidence
from sim.records import occurrence
from sim.report.figures.beside import CargoFlow, LegFlow
from sim.scenario.schema import Scenario
from sim.world.cargo import Direction
from sim.world.network import Network, Ride

__all__ = ["delivered", "leg_flows"]

Ints = npt.NDArray[np.int64]


def leg_flows(evidence: Evidence) -> list[LegFlow]:
    """Tonnes by leg, direction of trade and way along the leg, of what was landed in the measured window."""
    scenario, network, draws, log = evidence.scenario, evidence.network, evidence.draws, evidence.log
    landed = log.where(Kind.UNLOAD_ENDED)
    ride = _turn(landed.consignment)
    measured = (landed.at_s >= network.window_from_s) & (landed.at_s < network.window_to_s)
    tonnes: dict[tuple[int, Direction, bool], float] = {}
    for index, flow in enumerate(network.flows):
        mine = measured & (draws.flow[landed.consignment] == index)
        for step in flow.steps:
            if isinstance(step, Ride):
                carried = float(draws.kg[landed.consignment[mine & (ride == step.ride)]].sum()) / 1e3
                for leg, forward in _legs(scenario, network, step):
                    key = leg, flow.direction, forward
                    tonnes[key] = tonnes.get(key, 0.0) + carried
    return [
        LegFlow(leg=scenario.legs[leg].id, direction=direction, forward=forward, tonnes=total)
        for (leg, direction, forward), total in sorted(tonnes.items())
        if total > 0
    ]


def delivered(evidence: Evidence) -> list[CargoFlow]:
    """Tonnes delivered in the measured window by commodity and direction."""
    scenario, network, draws, log = evidence.scenario, evidence.network, evidence.draws, evidence.log
    ends = log.where(Kind.DELIVERED)
    who = ends.consignment[(ends.at_s >= network.window_from_s) & (ends.at_s < network.window_to_s)]
    tonnes: dict[tuple[int, Direction], float] = {}
    for index, flow in enumerate(network.flows):
        key = flow.commodity, flow.direction
        tonnes[key] = tonnes.get(key, 0.0) + float(draws.kg[who[draws.flow[who] == index]].sum()) / 1e3
    titles = [commodity.title or commodity.id for commodity in scenario.commodities]
    return [
        CargoFlow(commodity=titles[commodity], direction=direction, tonnes=total)
        for (commodity, direction), total in sorted(tonnes.items())
    ]


def _turn(consignment: Ints) -> Ints:
    """How often each consignment of a time-ordered column has come before: 0 for its first row."""
    order = np.argsort(consignment, kind="stable")
    before = np.empty(len(order), dtype=np.int64)
    before[order] = occurrence(consignment[order])
    return before


def _legs(scenario: Scenario, network: Network, ride: Ride) -> list[tuple[int, bool]]:
    """The legs that a ride runs along, each with whether it goes from the leg's first end to its second."""
    plan, stops = network.services[ride.service], scenario.services[ride.service].stops
    count = (ride.alight - ride.board - 1) % len(stops) + 1
    passed = [(ride.board + hop) % len(stops) for hop in range(count)]
    return [(plan.legs[stop], scenario.legs[plan.legs[stop]].ends[0] == stops[stop]) for stop in passed]
