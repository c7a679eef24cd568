"""Hours: the timeline of each facility, from its calendar and from the disruptions drawn for it, and when vehicles move."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from sim import disruptions
from sim.chance.streams import Streams
from sim.disruptions import BARS, Bar, Struck
from sim.draws.record import Ints
from sim.scenario.schema import Scenario
from sim.world import calendar
from sim.world.calendar import WorkingCalendar
from sim.world.network import Network
from sim.world.timeline import Timeline, Window, always_open, both, timeline

__all__ = ["courses", "timelines"]

_CALENDARS = 32
"""Calendars whose timelines are kept: they are the same in every replication, and in most worlds of a sweep."""


def timelines(scenario: Scenario, network: Network, stream: Streams) -> Iterator[Timeline]:
    """The timeline of each facility: what its calendar and the disruptions on it leave open."""
    plans = {plan.id: plan for plan in scenario.calendars}

    def hours(struck: Struck, bars: tuple[Bar, ...], calendar_id: str | None) -> Timeline:
        shut = _windows(scenario, network, stream, struck, bars)
        drawn = timeline(shut, network.horizon_s) if shut else always_open()
        if calendar_id is None:
            return drawn
        working = _working(plans[calendar_id], network.start_unix_s, network.horizon_s)
        return both(working, drawn) if shut else working

    for terminal, plan in zip(scenario.terminals, network.terminals, strict=True):
        yield hours(Struck(terminal.id, max(1, plan.lanes)), ("gate",), terminal.gate.hours if terminal.gate else None)
        yield hours(Struck(terminal.id, plan.berths), ("entry",), terminal.entry_hours)
        yield always_open()
        yield hours(Struck(terminal.id, plan.cranes), ("work",), terminal.hours)
    for post in scenario.posts:
        yield hours(Struck(post.id, post.servers), BARS, post.hours)


def courses(scenario: Scenario, network: Network, stream: Streams) -> tuple[tuple[Timeline, ...], Ints]:
    """When vehicles under way move, by what is drawn on legs and services: timelines, and for each vehicle on its way to
    each stop which of them holds, shape (vehicles, most stops). The first is never shut.
    """
    most = max((len(plan.terminals) for plan in network.services), default=1)
    course = np.zeros((len(network.vehicle_service), most), dtype=np.int64)
    found: dict[tuple[Window, ...], int] = {(): 0}
    struck = {name for disruption in scenario.disruptions for name in disruption.on}
    for service, plan in zip(scenario.services, network.services, strict=True):
        legs = [scenario.legs[leg].id for leg in plan.legs]
        if not struck & {service.id, *legs}:
            continue
        on_leg = [_windows(scenario, network, stream, Struck(leg), BARS) for leg in legs]
        for number, vehicle in enumerate(plan.vehicles):
            own = _windows(scenario, network, stream, Struck(service.id, service.vehicles, number), BARS)
            for stop, shut in enumerate(on_leg):
                course[vehicle, (stop + 1) % len(legs)] = found.setdefault((*shut, *own), len(found))
    return tuple(timeline(windows, network.horizon_s) if windows else always_open() for windows in found), course


def _windows(
    scenario: Scenario, network: Network, stream: Streams, struck: Struck, bars: tuple[Bar, ...]
) -> list[Window]:  # fmt: skip
    """What every disruption shuts of it."""
    return [
        window
        for disruption in scenario.disruptions
        if struck.name in disruption.on and set(bars) & set(disruption.bars)
        for window in disruptions.windows(disruption, stream, network.start_unix_s, network.horizon_s, struck)
    ]


@lru_cache(maxsize=_CALENDARS)
def _working(plan: WorkingCalendar, start_unix_s: int, horizon_s: int) -> Timeline:
    """What a calendar alone leaves open."""
    return timeline(calendar.windows(plan, start_unix_s, horizon_s), horizon_s)
