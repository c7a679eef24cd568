"""Demand and routes: cargo finds its way, fits the vehicles on it, and is described in full."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.errors import Problem
from sim.scenario.checks.view import View
from sim.world.cargo import Commodity
from sim.world.transport import Service

__all__ = ["carriage", "routes", "seasons", "shares", "volumes"]

_TOLERANCE = 1e-9
_MOST_WEIGHT = 1_000_000


def routes(view: View) -> Iterator[Problem]:
    """A route names one service between each two of its nodes, and that service calls at both."""
    services = {service.id: service for service in view.scenario.services}
    for route in view.scenario.routes:
        stages = len(route.nodes) - 1
        if len(route.services) != stages:
            yield view.problem(f"routes.{route.id}.services", f"has {len(route.services)} services for {stages} stages",
                               expected=f"{stages}, one fewer than nodes")  # fmt: skip
            continue
        for index, ((start, end), name) in enumerate(zip(pairwise(route.nodes), route.services, strict=True)):
            service = services.get(name)
            if service is None or not {start, end, *service.stops} <= view.known("nodes"):
                continue
            key = f"routes.{route.id}.services.{index}"
            missing = [node for node in (start, end) if node not in service.stops]
            if start == end:
                yield view.problem(f"routes.{route.id}.nodes.{index + 1}", "is the node before it again", found=end)
            if missing:
                fitting = [other.id for other in services.values() if {start, end} <= set(other.stops)]
                yield view.problem(key, f"does not connect '{start}' to '{end}': it never calls at {' or '.join(missing)}",
                                   found=name, expected=_one_of(fitting, "a service that calls at both"))  # fmt: skip


def _one_of(words: list[str], otherwise: str) -> str:
    return f"one of {', '.join(words)}" if words else otherwise


def carriage(view: View) -> Iterator[Problem]:
    """Every service of a stream's routes may carry its commodity."""
    services = {service.id: service for service in view.scenario.services}
    commodities = {commodity.id: commodity for commodity in view.scenario.commodities}
    ways = {route.id: route for route in view.scenario.routes}
    seen: set[tuple[str, str]] = set()
    for stream in view.scenario.demand:
        for way in stream.routes:
            for name in ways[way].services if way in ways else ():
                service, commodity = services.get(name), commodities.get(stream.commodity)
                if service is None or commodity is None or (name, commodity.id) in seen:
                    continue
                seen.add((name, commodity.id))
                reason, expected = _why_not(service, commodity)
                if reason:
                    yield view.problem(f"demand.{stream.id}.routes.{way}",
                                       f"'{service.id}' on this route may not carry {commodity.id}: {reason}",
                                       expected=expected)  # fmt: skip


def _why_not(service: Service, commodity: Commodity) -> tuple[str, str]:
    """Why a service may not carry a commodity, and what would mend it; two empty texts where it may."""
    boxed = commodity.form in ("container", "reefer")
    if service.forms and commodity.form not in service.forms:
        return f"it takes no {commodity.form} cargo", f"'{commodity.form}' in services.{service.id}.forms, or another route"
    if service.commodities and commodity.id not in service.commodities:
        return "it is not among its commodities", f"'{commodity.id}' in services.{service.id}.commodities, or another route"
    if boxed and commodity.teu_load is None:
        return "its teu_load is missing", f"commodities.{commodity.id}.teu_load, such as '12 t/TEU'"
    if commodity.teu_load is not None and service.teu == 0:
        return "it has no container slots (teu = 0)", f"services.{service.id}.teu above 0, or another route"
    if commodity.teu_load is not None and commodity.plugs_per_teu > 0 and service.plugs == 0:
        return "it has no reefer plugs (plugs = 0)", f"services.{service.id}.plugs above 0, or another route"
    return "", ""


def shares(view: View) -> Iterator[Problem]:
    """Shares of routes add up to one, and all routes of a stream lead from the same node to the same node."""
    ways = {route.id: route for route in view.scenario.routes}
    for stream in view.scenario.demand:
        total = sum(stream.routes.values())
        key = f"demand.{stream.id}"
        if not stream.routes:
            yield view.problem(key, "has no routes", expected="routes = { ROUTE = 1.0 }")
        elif abs(total - 1) > _TOLERANCE:
            yield view.problem(f"{key}.routes", f"shares add up to {total:.10g}", expected="shares that add up to 1")
        ends = {(ways[way].nodes[0], ways[way].nodes[-1]): way for way in stream.routes if way in ways}
        if len(ends) > 1:
            different = ", ".join(f"{way} from {start} to {end}" for (start, end), way in ends.items())
            yield view.problem(f"{key}.routes", f"lead to different places: {different}",
                               expected="routes with the same first and last node")  # fmt: skip


def volumes(view: View) -> Iterator[Problem]:
    """A stream says how much in lots of which size, or lists its shipments; a lot is at least a kilogram."""
    for stream in view.scenario.demand:
        key = f"demand.{stream.id}"
        listed = stream.arrivals == "listed"
        if listed and not stream.shipments:
            yield view.problem(
                key, "is listed but has no shipments", expected='shipments = [{ at = "12 h", mass = "24 t" }]'
            )
        if not listed and stream.shipments:
            yield view.problem(f"{key}.arrivals", "has shipments that would be ignored", found=stream.arrivals,
                               expected="arrivals = 'listed'")  # fmt: skip
        if not listed and stream.volume <= 0:
            yield view.problem(key, "has no volume", expected="volume, such as '120 kt/yr', or arrivals = 'listed'")
        if not listed and stream.lot is None:
            yield view.problem(key, "has no lot", expected="lot, such as '500 t', or arrivals = 'listed'")
        if not listed and stream.lot is not None and stream.lot.mean() < 1:
            yield view.problem(f"{key}.lot", "is less than a kilogram on average", found=f"{stream.lot.mean():g} kg",
                               expected="a mean of at least 1 kg")  # fmt: skip


def seasons(view: View) -> Iterator[Problem]:
    """A season is twelve weights of at least 0, not all of them 0."""
    for section in ("demand", "background"):
        for element in getattr(view.scenario, section):
            season = element.season
            if season and not (len(season) == 12 and _are_weights(season)):
                yield view.problem(f"{section}.{element.id}.season", f"has {len(season)} weights"
                                   if len(season) != 12 else "has a weight below 0 or none above it",
                                   expected="twelve weights of at least 0, January first, not all 0")  # fmt: skip


def _are_weights(season: tuple[float, ...]) -> bool:
    return all(0 <= weight <= _MOST_WEIGHT for weight in season) and sum(season) * _MOST_WEIGHT >= 1
