"""Services: each stop has a terminal, each stage a leg, and vehicles are able to do what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Problem
from sim.scenario.checks.view import View
from sim.world.transport import Leg, Service

__all__ = ["draughts", "payloads", "stages", "stops", "timetables"]


def stops(view: View) -> Iterator[Problem]:
    """Every stop of a service has exactly one terminal of its mode; a terminal at no known node may be the one missing."""
    elements = view.merged.data.get("terminals")
    raw = [element for element in elements if isinstance(element, dict)] if isinstance(elements, list) else []
    astray = {str(element.get("mode")) for element in raw if str(element.get("node")) not in view.known("nodes")}
    for service in view.scenario.services:
        for index, stop in enumerate(service.stops):
            if stop not in view.known("nodes"):
                continue
            here = [element for element in raw if element.get("node") == stop]
            fitting = [str(element.get("id")) for element in here if element.get("mode") == service.mode]
            if len(fitting) == 1 or (not fitting and service.mode in astray):
                continue
            message = f"has no terminal for {service.mode}" if not fitting else f"has several: {', '.join(fitting)}"
            wanted = f"exactly one terminal with node = '{stop}' and mode = '{service.mode}'"
            others = ", ".join(f"{element.get('id')} ({element.get('mode')})" for element in here) or "none"
            yield view.problem(f"services.{service.id}.stops.{index}", message, found=stop,
                               expected=f"{wanted}; there: {others}",
                               )  # fmt: skip


def _leads(leg: Leg, start: str, end: str) -> bool:
    return leg.ends == (start, end) or (not leg.one_way and leg.ends == (end, start))


def stages(view: View) -> Iterator[Problem]:
    """From each stop of a service to the next, and from the last to the first, there is a leg of its mode with a time."""
    sound = {leg.id for leg in view.scenario.legs if set(leg.ends) <= view.known("nodes")}
    faulty_legs = view.known("legs") - sound
    for service in view.scenario.services:
        for index, (start, end) in enumerate(zip(service.stops, (*service.stops[1:], service.stops[0]), strict=True)):
            if not {start, end} <= view.known("nodes"):
                continue
            legs = [leg for leg in view.scenario.legs if leg.mode == service.mode and _leads(leg, start, end)]
            key = f"services.{service.id}.stops.{(index + 1) % len(service.stops)}"
            if not legs and not faulty_legs:
                wanted = f"a leg with mode = '{service.mode}' and ends = ['{start}', '{end}']"
                yield view.problem(key, f"no leg for {service.mode} leads from '{start}' to '{end}'", expected=wanted)
            elif legs and legs[0].transit is None and service.speed is None:
                yield view.problem(f"services.{service.id}", f"has no speed, and leg '{legs[0].id}' has no transit",
                                   expected="'speed' of the service or 'transit' of the leg")  # fmt: skip


def timetables(view: View) -> Iterator[Problem]:
    """Departures are from stops of the service, one timetable each, and wait at the berth."""
    for service in view.scenario.services:
        seen: set[str] = set()
        for index, departures in enumerate(service.departures):
            key = f"services.{service.id}.departures.{index}.stop"
            if departures.stop not in service.stops:
                yield view.problem(key, "is no stop of the service", found=departures.stop,
                                   expected=f"one of {', '.join(service.stops)}", near=service.stops)  # fmt: skip
            if departures.stop in seen:
                yield view.problem(
                    key, "has a timetable already", found=departures.stop, expected="one timetable for a stop"
                )
            seen.add(departures.stop)
        if service.departures and service.waits_at != "berth":
            yield view.problem(f"services.{service.id}.waits_at", "does not go with a timetable", found=service.waits_at,
                               expected="waits_at = 'berth'")  # fmt: skip


def draughts(view: View) -> Iterator[Problem]:
    """A vessel with a design draught loses cargo with every centimetre that is missing."""
    for service in view.scenario.services:
        if service.design_draught is not None and service.immersion <= 0:
            yield view.problem(f"services.{service.id}", "has a design draught but no immersion",
                               expected="immersion, such as '15 t/cm'")  # fmt: skip


def payloads(view: View) -> Iterator[Problem]:
    """What stores and bunkers leave of the capacity is more than nothing, and a fleet that routes use has a vehicle."""
    used = {name for route in view.scenario.routes for name in route.services}
    for service in view.scenario.services:
        if service.capacity < 1:
            yield view.problem(f"services.{service.id}.capacity", "is less than a kilogram",
                               found=f"{service.capacity:g} kg", expected="at least 1 kg")  # fmt: skip
        if service.stores >= service.capacity:
            yield view.problem(f"services.{service.id}.stores", "leave nothing of the capacity", found=_tonnes(service),
                               expected=f"less than the capacity of {service.capacity / 1000:g} t")  # fmt: skip
        if service.vehicles == 0 and service.id in used:
            yield view.problem(f"services.{service.id}.vehicles", "is a fleet of none, and routes need it", found=0,
                               expected="at least 1")  # fmt: skip


def _tonnes(service: Service) -> str:
    return f"{service.stores / 1000:g} t"
