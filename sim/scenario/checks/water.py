"""Water: whatever is shipped can be taken by its vessels at some time of the run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sim.errors import Problem
from sim.scenario.checks.view import View
from sim.scenario.schema import Scenario
from sim.scenario.wiring import largest_kg, permitted_mm, ride_stops, terminal_at
from sim.world.cargo import Commodity
from sim.world.demand import DemandStream, Route
from sim.world.transport import Service

__all__ = ["water"]

_ALL_BUT_FEW = 0.999
"""Share of the shipments of a stream that must be able to go; beyond it lies the tail of a distribution."""


def water(view: View) -> Iterator[Problem]:
    """At the highest water of the run a vessel may take the largest consignment of each stream that rides with it."""
    scenario = view.scenario
    routes = {route.id: route for route in scenario.routes}
    services = {service.id: service for service in scenario.services}
    commodities = {commodity.id: commodity for commodity in scenario.commodities}
    for stream in scenario.demand:
        commodity = commodities.get(stream.commodity)
        for name, share in stream.routes.items():
            route = routes.get(name)
            if share and commodity and route and set(route.services) <= services.keys():
                kg = _largest_piece_kg(scenario, stream, commodity, route)
                yield from _too_heavy(view, stream, route, kg, services)


def _largest_piece_kg(scenario: Scenario, stream: DemandStream, commodity: Commodity, route: Route) -> int:
    """The largest consignment that a stream sends along a route: a whole shipment, or what the smallest vehicle takes."""
    if stream.arrivals == "listed":
        shipment_kg = max((shipment.mass for shipment in stream.shipments), default=0.0)
    else:
        shipment_kg = 0.0 if stream.lot is None else float(stream.lot.ppf(np.array([_ALL_BUT_FEW]))[0])
    return round(min([shipment_kg, *(largest_kg(scenario, service, commodity) for service in route.services)]))


def _too_heavy(view: View, stream: DemandStream, route: Route, kg: int, services: dict[str, Service]) -> Iterator[Problem]:
    """A problem for each ride at one of whose ports the vessel may never have as much as `kg` aboard."""
    for (start, end), name in zip(pairwise(route.nodes), route.services, strict=False):
        service = services[name]
        leaves_room = service.capacity > service.stores
        if service.design_draught is None or not leaves_room or not {start, end} <= set(service.stops):
            continue
        board, alight = ride_stops(service.stops, start, end)
        for ahead in range((alight - board) % len(service.stops) + 1):
            port = service.stops[(board + ahead) % len(service.stops)]
            most_kg = _most_kg(view.scenario, service, port)
            if most_kg is not None and most_kg < kg:
                yield view.problem(
                    f"demand.{stream.id}.routes.{route.id}",
                    f"has consignments that would wait for ever: the water at {port} never lets '{name}' take as much",
                    found=f"{kg / 1000:g} t", expected=f"at most {most_kg / 1000:g} t, as shipped or as vehicles cut it"
                )  # fmt: skip


def _most_kg(scenario: Scenario, service: Service, port: str) -> int | None:
    """The most cargo that a vessel may have aboard at a port within the run; None where nothing there limits it."""
    try:
        steps = permitted_mm(scenario, scenario.terminals[terminal_at(scenario, port, service.mode)])
    except StopIteration:
        return None
    run = scenario.run
    length_s = run.warm_up + run.run_length + run.drain
    until_s = [from_s for from_s, _ in steps[1:]] + [length_s]
    permitted = (
        [mm for (from_s, mm), to_s in zip(steps, until_s, strict=True) if from_s < length_s and to_s > 0] if steps else []
    )
    if not permitted:
        return None
    missing_mm = max(0, round(1000 * (service.design_draught or 0.0)) - max(permitted))
    return max(0, round(service.capacity - service.stores) - round(100 * service.immersion) * missing_mm)
