"""The parcel of a vessel: what it may have aboard, given the water at the port it leaves and at those it takes cargo to.

Here stands the one answer that every engine uses. Who loads what, and when, is decided elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from sim.world.network import Network, ServicePlan, TerminalPlan

__all__ = ["parcel_changes_s", "parcels_kg"]


def parcels_kg(network: Network, plan: ServicePlan, stop: int, now_s: int) -> list[int]:
    """Most cargo in kilograms that a vehicle leaving `stop` now may have aboard for the next stop and beyond, for the one
    after that and beyond, and so on: shape (stops - 1,).

    A port allows max(0, cargo capacity − immersion × max(0, design draught − permitted draught)). The first value is the
    lesser of what the loading port allows at departure and the next port, by its level forecast, at arrival; each further
    one is what that port allows at the arrival that is planned.
    """
    ahead = len(plan.terminals) - 1
    if not plan.design_mm:
        return [plan.cargo_kg] * ahead
    arrivals = _planned_arrivals(network, plan, stop)
    allowed_kg = [_allowed_kg(plan, terminal, now_s + after_s) for terminal, after_s in arrivals]
    allowed_kg[0] = min(allowed_kg[0], _allowed_kg(plan, network.terminals[plan.terminals[stop]], now_s))
    return allowed_kg


def parcel_changes_s(network: Network, plan: ServicePlan, stop: int) -> Iterator[int]:
    """The seconds at which the parcels of vehicles leaving `stop` may change, because the water does at some end."""
    if plan.design_mm:
        yield from network.terminals[plan.terminals[stop]].permitted_from_s[1:]
        for terminal, after_s in _planned_arrivals(network, plan, stop):
            yield from (at_s - after_s for at_s in terminal.permitted_from_s[1:])


def _planned_arrivals(network: Network, plan: ServicePlan, stop: int) -> Iterator[tuple[TerminalPlan, int]]:
    """The terminals of the stops ahead, each with the seconds from departure to arrival: manoeuvres and moving, no stays."""
    stops, after_s = len(plan.terminals), 0
    for ahead in range(1, stops):
        before = (stop + ahead - 1) % stops
        after_s += network.terminals[plan.terminals[before]].manoeuvre_s + plan.planned_transit_s[before]
        yield network.terminals[plan.terminals[(stop + ahead) % stops]], after_s


def _allowed_kg(plan: ServicePlan, terminal: TerminalPlan, at_s: int) -> int:
    if not terminal.permitted_mm:
        return plan.cargo_kg
    step = max(0, bisect_right(terminal.permitted_from_s, at_s) - 1)
    missing_mm = max(0, plan.design_mm - terminal.permitted_mm[step])
    return max(0, plan.cargo_kg - plan.kg_per_mm * missing_mm)
