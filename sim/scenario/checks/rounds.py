"""Rounds of a service: going round takes time, so that no fleet can circle for ever within one second."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Problem
from sim.scenario.checks.view import View
from sim.scenario.schema import Scenario
from sim.scenario.wiring import leg_between, mean_transit_s, terminal_at
from sim.world.transport import Service

__all__ = ["rounds"]


def rounds(view: View) -> Iterator[Problem]:
    """A vehicle that may go round empty takes at least a second for it.

    Such is one that leaves empty always; or when called, to cargo that low water may keep it from taking.
    """
    for service in view.scenario.services:
        goes_empty = service.empty == "always" or (service.empty == "called" and service.design_draught is not None)
        if goes_empty and not service.departures and round(service.wait) == 0 and _is_idle(view.scenario, service):
            yield view.problem(f"services.{service.id}.empty", "would let vehicles go round and round within one second",
                               found=service.empty, expected="a wait or a transit of at least 1 s, or empty = 'never'",
                               )  # fmt: skip


def _is_idle(scenario: Scenario, service: Service) -> bool:
    """Whether an empty round takes no time; False where the stops have faults of their own."""
    try:
        ends = zip(service.stops, (*service.stops[1:], service.stops[0]), strict=True)
        legs = [scenario.legs[leg_between(scenario, service.mode, start, end)] for start, end in ends]
        terminals = [scenario.terminals[terminal_at(scenario, stop, service.mode)] for stop in service.stops]
    except StopIteration:
        return False
    if any(leg.transit is None and service.speed is None for leg in legs):
        return False
    spent_s = sum(round(mean_transit_s(scenario, service, leg)) for leg in legs)
    spent_s += sum(round(terminal.gate.time.mean()) for terminal in terminals if terminal.gate)
    if service.waits_at == "berth":
        spent_s += sum(round(terminal.manoeuvre) for terminal in terminals)
    return spent_s == 0
