"""Ports without weather or water, and fleets without draught or emissions, beside others that have them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.disruptions import Spells
from sim.scenario.notices.cases import Case
from sim.scenario.notices.ways import Ride, node_of, rides, ways
from sim.scenario.schema import Scenario
from sim.world.places import Terminal

__all__ = ["draughts", "emissions", "water", "weather"]


def _used(scenario: Scenario) -> Iterator[Ride]:
    return (ride for way in ways(scenario) for ride in rides(scenario, way))


def _has_water(terminal: Terminal) -> bool:
    return terminal.permitted_draught is not None or terminal.depth is not None


def weather(scenario: Scenario) -> Iterator[Case]:
    """A terminal has its weather where another for that mode, at a node of that kind, has any."""
    spells = [item for item in scenario.disruptions if isinstance(item, Spells) and item.cause == "weather"]
    for terminal in (terminal for ride in _used(scenario) for terminal in ride.terminals):
        yield Case(key=f"terminals.{terminal.id}", group=(terminal.mode, node_of(scenario, terminal.node).kind),
                   lack="no weather closes it", met=any(terminal.id in item.on for item in spells))  # fmt: skip


def water(scenario: Scenario) -> Iterator[Case]:
    """A terminal limits draught where another for that mode, at a node of that kind, does."""
    for terminal in (terminal for ride in _used(scenario) for terminal in ride.terminals):
        yield Case(key=f"terminals.{terminal.id}", group=(terminal.mode, node_of(scenario, terminal.node).kind),
                   lack="neither permitted draught nor depth limits ships", met=_has_water(terminal))  # fmt: skip


def draughts(scenario: Scenario) -> Iterator[Case]:
    """A fleet has a design draught, where its terminals limit draught and another fleet of the mode has one."""
    for ride in _used(scenario):
        if any(map(_has_water, ride.terminals)):
            yield Case(key=f"services.{ride.service.id}", group=ride.service.mode,
                       lack="no design draught, so that no water is too shallow",
                       met=ride.service.design_draught is not None)  # fmt: skip


def emissions(scenario: Scenario) -> Iterator[Case]:
    """A fleet emits something where another of the mode does."""
    for ride in _used(scenario):
        yield Case(key=f"services.{ride.service.id}", group=ride.service.mode, lack="no emission factor",
                   met=ride.service.emission > 0)  # fmt: skip
