"""How many round trips a service has to make in a month for what is asked of it; the formulas stand in `offered_load`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.scenario.expectations import Floats, Months
from sim.scenario.schema import Scenario
from sim.world.cargo import Commodity
from sim.world.network import Flow, Network, Ride, ServicePlan

__all__ = ["endless", "rides", "round_trips"]


def rides(network: Network) -> Iterator[tuple[int, Flow, Ride]]:
    """Every ride of every flow, with the flow and its number."""
    for number, flow in enumerate(network.flows):
        for step in flow.steps:
            if isinstance(step, Ride):
                yield number, flow, step


def round_trips(
    scenario: Scenario, network: Network, months: Months, service: int, pieces: tuple[Floats, ...], kg: tuple[Floats, ...]
) -> Floats:
    """Round trips of a service in each month: the stage with the most vehicle loads decides."""
    plan = network.services[service]
    stages = np.zeros((len(plan.terminals), len(months.names)))
    for number, flow, ride in rides(network):
        if ride.service != service:
            continue
        mean_kg = kg[number].sum() / pieces[number].sum() if pieces[number].sum() else 0.0
        for stage in _stages(plan, ride):
            room_kg = _parcel_kg(network, plan, stage, months)
            per_vehicle = _per_vehicle(plan, scenario.commodities[flow.commodity], mean_kg, room_kg)
            stages[stage] += np.divide(pieces[number], per_vehicle, out=endless(pieces[number]), where=per_vehicle > 0)
    return np.asarray(stages.max(axis=0), dtype=np.float64)


def endless(asked: Floats) -> Floats:
    """Infinite where anything is asked, 0 where nothing is: what a division by nothing comes to."""
    return np.asarray(np.where(asked > 0, np.inf, 0.0), dtype=np.float64)


def _stages(plan: ServicePlan, ride: Ride) -> list[int]:
    """The stages from the stop where it boards to that where it alights, round the cycle."""
    count = len(plan.terminals)
    return [(ride.board + onward) % count for onward in range((ride.alight - ride.board) % count)]


def _parcel_kg(network: Network, plan: ServicePlan, stage: int, months: Months) -> Floats:
    """Cargo that one vehicle may carry over a stage in each month, at the draught permitted at both of its ends."""
    room = np.full(len(months.names), float(plan.cargo_kg))
    for stop in (stage, (stage + 1) % len(plan.terminals)):
        terminal = network.terminals[plan.terminals[stop]]
        if terminal.permitted_mm and plan.design_mm:
            middle_s = (months.from_s + months.to_s) / 2
            since = np.maximum(np.searchsorted(terminal.permitted_from_s, middle_s, side="right") - 1, 0)
            missing_mm = np.maximum(plan.design_mm - np.asarray(terminal.permitted_mm)[since], 0)
            room = np.minimum(room, plan.cargo_kg - plan.kg_per_mm * missing_mm)
    return np.asarray(np.maximum(room, 0), dtype=np.float64)


def _per_vehicle(plan: ServicePlan, commodity: Commodity, mean_kg: float, room_kg: Floats) -> Floats:
    """(M,) consignments of mean size that one vehicle takes; 0 where it can take nothing at all."""
    teu = 0.0 if commodity.teu_load is None else mean_kg / 1000 / commodity.teu_load
    needs = (
        (plan.milliteu, 1000 * teu),
        (plan.milliplugs, 1000 * teu * commodity.plugs_per_teu),
        (plan.volume_l, mean_kg * commodity.stowage),
    )
    fitting = np.floor(room_kg / mean_kg + 1e-9) if mean_kg else np.full(len(room_kg), np.inf)
    for limit, need in needs:
        if limit >= 0 and need > 0:
            fitting = np.minimum(fitting, np.floor(limit / need + 1e-9))
    return np.asarray(np.where(room_kg > 0, np.maximum(fitting, 1), 0), dtype=np.float64)
