"""Cargo that is carried, lifted, kept or called for free of charge, in a scenario that charges others for it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.notices.cases import Case
from sim.scenario.notices.ways import charged, node_of, rides, ways
from sim.scenario.schema import Scenario
from sim.tariffs.tariff import RuleName

__all__ = ["calls", "freight", "handling", "stays"]

_STAYS: tuple[RuleName, ...] = ("storage", "plug")
_CALLS: tuple[RuleName, ...] = ("port-dues", "demurrage")


def freight(scenario: Scenario) -> Iterator[Case]:
    """Every carriage has a freight."""
    for way in ways(scenario):
        for ride in rides(scenario, way):
            met = charged(scenario, "freight", way, {"services": (ride.service.id,), "legs": ride.legs})
            yield Case(key=f"services.{ride.service.id}", group="freight", lack="no freight tariff applies to",
                       what=way.commodity.id, met=met)  # fmt: skip


def handling(scenario: Scenario) -> Iterator[Case]:
    """Cargo pays for its lifts at a terminal where it does at another for that mode, at a node of that kind."""
    for way in ways(scenario):
        for ride in rides(scenario, way):
            for terminal in ride.terminals:
                places = {"services": (ride.service.id,), "nodes": (terminal.node,), "terminals": (terminal.id,)}
                yield Case(key=f"terminals.{terminal.id}", group=(terminal.mode, node_of(scenario, terminal.node).kind),
                           lack="no handling tariff applies to", what=way.commodity.id,
                           met=charged(scenario, "handling", way, places))  # fmt: skip


def stays(scenario: Scenario) -> Iterator[Case]:
    """Cargo pays for storage, and for current where it needs any, at every node of a kind or at none."""
    for way in ways(scenario):
        for rule in _STAYS:
            if rule == "plug" and not way.commodity.plugs_per_teu:
                continue
            for name in way.route.nodes[:-1]:
                yield Case(key=f"nodes.{name}", group=node_of(scenario, name).kind, lack=f"no {rule} tariff applies to",
                           what=way.commodity.id, met=charged(scenario, rule, way, {"nodes": (name,)}))  # fmt: skip


def calls(scenario: Scenario) -> Iterator[Case]:
    """Calls of vehicles cost dues and demurrage for all services of a mode or for none."""
    for way in ways(scenario):
        for ride in rides(scenario, way):
            for terminal in ride.terminals:
                places = {"services": (ride.service.id,), "nodes": (terminal.node,), "terminals": (terminal.id,)}
                for rule in _CALLS:
                    yield Case(key=f"services.{ride.service.id}", group=ride.service.mode,
                               lack=f"no {rule} tariff applies at", what=terminal.id,
                               met=charged(scenario, rule, way, places))  # fmt: skip
