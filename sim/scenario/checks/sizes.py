"""Sizes: what is described can be simulated in the memory and the days that there are."""

from __future__ import annotations

from collections.abc import Iterator

from sim.disruptions import Breakdowns
from sim.errors import Problem
from sim.scenario.checks.view import View
from sim.scenario.expectations import throughput_factor
from sim.scenario.schema import RunSettings, Scenario
from sim.scenario.wiring import largest_kg, leg_between, mean_transit_s
from sim.units import YEAR_S
from sim.world.cargo import Commodity
from sim.world.demand import DemandStream
from sim.world.transport import Service

__all__ = [
    "MOST_BREAKDOWNS",
    "MOST_CALLS",
    "MOST_CONSIGNMENTS",
    "MOST_PIECES",
    "MOST_VEHICLES",
    "MOST_VOYAGES",
    "calls",
    "consignments",
    "fleets",
]

MOST_VEHICLES = 100_000
MOST_VOYAGES = 20_000_000
MOST_CONSIGNMENTS = 2_000_000
MOST_PIECES = 10_000
MOST_CALLS = 2_000_000
MOST_BREAKDOWNS = 100_000


def _length_s(run: RunSettings) -> float:
    return run.warm_up + run.run_length + run.drain


def fleets(view: View) -> Iterator[Problem]:
    """No fleet is larger, and no fleet under way more often, than can be kept in memory."""
    for service in view.scenario.services:
        key = f"services.{service.id}.vehicles"
        if service.vehicles > MOST_VEHICLES:
            yield view.problem(key, "is a fleet too large to simulate", found=service.vehicles,
                               expected=f"at most {MOST_VEHICLES}")  # fmt: skip
            continue
        voyages = service.vehicles * _length_s(view.scenario.run) / _mean_voyage_s(view.scenario, service)
        if voyages > MOST_VOYAGES:
            yield view.problem(key, f"could make some {voyages:.2g} voyages, too many to simulate", found=service.vehicles,
                               expected="fewer vehicles, longer legs or a shorter run")  # fmt: skip


def _mean_voyage_s(scenario: Scenario, service: Service) -> float:
    """Mean time of a voyage of a service, at least a second; endless where its legs have faults of their own."""
    try:
        ends = zip(service.stops, (*service.stops[1:], service.stops[0]), strict=True)
        legs = [scenario.legs[leg_between(scenario, service.mode, start, end)] for start, end in ends]
    except StopIteration:
        return float("inf")
    return max(1.0, sum(mean_transit_s(scenario, service, leg) for leg in legs) / len(legs))


def consignments(view: View) -> Iterator[Problem]:
    """No stream is cut into more consignments, in its mean, than can be simulated."""
    scenario = view.scenario
    commodities = {commodity.id: commodity for commodity in scenario.commodities}
    for stream in scenario.demand:
        commodity = commodities.get(stream.commodity)
        if commodity is None:
            continue
        expected, pieces = _expected(scenario, stream, commodity)
        if pieces > MOST_PIECES:
            yield view.problem(f"demand.{stream.id}", f"is cut into some {pieces:.0f} consignments a shipment",
                               expected=f"at most {MOST_PIECES}, by smaller lots or larger vehicles")  # fmt: skip
        if expected > MOST_CONSIGNMENTS:
            yield view.problem(f"demand.{stream.id}", f"comes to some {expected:.2g} consignments, too many to simulate",
                               expected=f"at most {MOST_CONSIGNMENTS}, by less volume, larger lots or a shorter run",
                               )  # fmt: skip


def _expected(scenario: Scenario, stream: DemandStream, commodity: Commodity) -> tuple[float, float]:
    """Consignments of a stream from the epoch to the horizon, and those of a shipment, in the mean."""
    routes = {route.id: route for route in scenario.routes}
    known = {service.id for service in scenario.services if service.capacity > service.stores}
    names = {name for way in stream.routes if way in routes for name in routes[way].services if name in known}
    vehicle_kg = min((largest_kg(scenario, name, commodity) for name in names), default=1 << 60)
    factor = throughput_factor(scenario, stream)
    if stream.arrivals == "listed":
        pieces = [max(1.0, shipment.mass / vehicle_kg) for shipment in stream.shipments]
        return factor * sum(pieces), max(pieces, default=0.0)
    if stream.lot is None or not stream.lot.mean():
        return 0.0, 0.0
    shipments = factor * stream.volume / stream.lot.mean() * _length_s(scenario.run) / YEAR_S
    pieces_each = max(1.0, stream.lot.mean() / vehicle_kg)
    return shipments * pieces_each, pieces_each


def calls(view: View) -> Iterator[Problem]:
    """No more ships of other trades call than can be simulated."""
    for background in view.scenario.background:
        expected = background.calls * _length_s(view.scenario.run) / YEAR_S
        if expected > MOST_CALLS:
            yield view.problem(f"background.{background.id}.calls", f"come to some {expected:.2g}, too many to simulate",
                               expected=f"at most {MOST_CALLS} in a run")  # fmt: skip


def breakdowns(view: View) -> Iterator[Problem]:
    """No unit breaks down more often than can be kept in memory."""
    for disruption in view.scenario.disruptions:
        if isinstance(disruption, Breakdowns):
            each_s = max(1.0, disruption.between.mean()) + max(1.0, disruption.repair.mean())
            expected = _length_s(view.scenario.run) / each_s
            if expected > MOST_BREAKDOWNS:
                yield view.problem(f"disruptions.{disruption.id}.between", f"comes to some {expected:.2g} breakdowns a unit",
                                   expected=f"at most {MOST_BREAKDOWNS} in a run")  # fmt: skip
