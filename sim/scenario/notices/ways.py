"""The ways that cargo takes: each stream on each of its routes, with what may be charged there. Nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.schema import Scenario
from sim.scenario.wiring import leg_between, ride_stops, serves, terminal_at
from sim.tariffs import RULES
from sim.tariffs.facts import SELECTORS
from sim.tariffs.tariff import RuleName, Tariff
from sim.world.cargo import Commodity
from sim.world.demand import DemandStream, Route
from sim.world.places import Node, Post, Terminal
from sim.world.transport import Service

__all__ = ["Ride", "Way", "charged", "node_of", "posts_at", "rides", "ways"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A stream on one of its routes."""

    stream: DemandStream
    commodity: Commodity
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One carriage of a way: the service, the legs it runs, and the terminals at which cargo is loaded and discharged."""

    service: Service
    legs: tuple[str, ...]
    terminals: tuple[Terminal, Terminal]


def ways(scenario: Scenario) -> Iterator[Way]:
    """Every stream on every route that some of it takes."""
    commodities = {commodity.id: commodity for commodity in scenario.commodities}
    for stream in scenario.demand:
        for route in scenario.routes:
            if stream.routes.get(route.id, 0.0) > 0:
                yield Way(stream=stream, commodity=commodities[stream.commodity], route=route)


def rides(scenario: Scenario, way: Way) -> Iterator[Ride]:
    """The carriages of a way, in order."""
    services = {service.id: service for service in scenario.services}
    pairs = zip(way.route.services, way.route.nodes, way.route.nodes[1:], strict=False)
    for service, start, end in ((services[name], start, end) for name, start, end in pairs):
        stops, mode = service.stops, service.mode
        board, alight = ride_stops(stops, start, end)
        count = len(stops)
        around = [(board + onward) % count for onward in range((alight - board) % count)]
        legs = [leg_between(scenario, mode, stops[stop], stops[(stop + 1) % count]) for stop in around]
        ends = scenario.terminals[terminal_at(scenario, start, mode)], scenario.terminals[terminal_at(scenario, end, mode)]
        yield Ride(service=service, legs=tuple(scenario.legs[leg].id for leg in legs), terminals=ends)


def node_of(scenario: Scenario, name: str) -> Node:
    """The node of that id."""
    return next(node for node in scenario.nodes if node.id == name)


def posts_at(scenario: Scenario, way: Way, node: str) -> list[Post]:
    """The posts that serve cargo on its way through a node."""
    return [post for post in scenario.posts if post.node == node and serves(post, way.stream)]


def charged(scenario: Scenario, rule: RuleName, way: Way, places: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a tariff of the rule falls on the way's cargo in these places: ids by selector, such as services."""
    return any(tariff.rule == rule and _concerns(tariff, way, places) for tariff in scenario.tariffs)


def _concerns(tariff: Tariff, way: Way, places: Mapping[str, tuple[str, ...]]) -> bool:
    named = [
        (tariff.commodities, (way.commodity.id,)),
        (tariff.forms, (way.commodity.form,)),
        (tariff.streams, (way.stream.id,)),
        (tariff.regimes, (way.stream.regime,)),
        *((getattr(tariff, selector), places.get(selector, ())) for selector in SELECTORS[RULES[tariff.rule].fact]),
    ]
    return tariff.direction in (None, way.stream.direction) and all(not own or set(own) & set(here) for own, here in named)
