"""The parcel of a vessel: what it may load, given the water at both ends of its next leg."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from sim.world.network import Network, ServicePlan, TerminalPlan

__all__ = ["parcel_changes_s", "parcel_kg"]


def parcel_kg(network: Network, plan: ServicePlan, stop: int, now_s: int) -> int:
    """Most cargo in kilograms that a vehicle leaving `stop` now may have aboard.

    The lesser of what the loading port allows at departure and what the next port allows, by its level forecast, at arrival:
    max(0, cargo capacity − immersion × max(0, design draught − permitted draught)).
    """
    if not plan.design_mm:
        return plan.cargo_kg
    here = network.terminals[plan.terminals[stop]]
    there = network.terminals[plan.terminals[(stop + 1) % len(plan.terminals)]]
    arrives_s = now_s + planned_arrival_s(plan, here, stop)
    return min(_allowed_kg(plan, here, now_s), _allowed_kg(plan, there, arrives_s))


def parcel_changes_s(network: Network, plan: ServicePlan, stop: int) -> Iterator[int]:
    """The seconds at which the parcel of vehicles leaving `stop` may change, because the water does at either end."""
    if plan.design_mm:
        here = network.terminals[plan.terminals[stop]]
        there = network.terminals[plan.terminals[(stop + 1) % len(plan.terminals)]]
        yield from here.permitted_from_s[1:]
        yield from (at_s - planned_arrival_s(plan, here, stop) for at_s in there.permitted_from_s[1:])


def planned_arrival_s(plan: ServicePlan, here: TerminalPlan, stop: int) -> int:
    """Seconds from departure to arrival, as planned."""
    return here.manoeuvre_s + plan.planned_transit_s[stop]


def _allowed_kg(plan: ServicePlan, terminal: TerminalPlan, at_s: int) -> int:
    if not terminal.permitted_mm:
        return plan.cargo_kg
    step = max(0, bisect_right(terminal.permitted_from_s, at_s) - 1)
    missing_mm = max(0, plan.design_mm - terminal.permitted_mm[step])
    return max(0, plan.cargo_kg - plan.kg_per_mm * missing_mm)
