"""Hours: the timeline of each facility, from its calendar and from the disruptions drawn for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sim import disruptions
from sim.chance.streams import Streams
from sim.scenario.schema import Scenario
from sim.world import calendar
from sim.world.calendar import WorkingCalendar
from sim.world.network import BERTH, CRANE, GATE, Network
from sim.world.timeline import Timeline, Window, always_open, both, timeline

__all__ = ["timelines"]

_CALENDARS = 32
"""Calendars whose timelines are kept: they are the same in every replication, and in most worlds of a sweep."""


def timelines(scenario: Scenario, network: Network, stream: Streams) -> Iterator[Timeline]:
    """The timeline of each facility: what its calendar and the disruptions on it leave open."""
    shut: dict[tuple[str, str], list[Window]] = {}
    for disruption in scenario.disruptions:
        drawn = disruptions.windows(disruption, stream, network.start_unix_s, network.horizon_s)
        for name in disruption.on:
            for bar in disruption.bars:
                shut.setdefault((name, bar), []).extend(drawn)
    plans = {plan.id: plan for plan in scenario.calendars}

    def hours(name: str, bars: tuple[str, ...], calendar_id: str | None) -> Timeline:
        struck = [window for bar in bars for window in shut.get((name, bar), ())]
        drawn = timeline(struck, network.horizon_s) if struck else always_open()
        if calendar_id is None:
            return drawn
        working = _working(plans[calendar_id], network.start_unix_s, network.horizon_s)
        return both(working, drawn) if struck else working

    for terminal in scenario.terminals:
        parts = {
            GATE: hours(terminal.id, ("gate",), terminal.gate.hours if terminal.gate else None),
            BERTH: hours(terminal.id, ("entry",), terminal.entry_hours),
            CRANE: hours(terminal.id, ("work",), terminal.hours),
        }
        for part in range(4):
            yield parts.get(part, always_open())
    for post in scenario.posts:
        yield hours(post.id, ("work", "entry", "gate"), post.hours)


@lru_cache(maxsize=_CALENDARS)
def _working(plan: WorkingCalendar, start_unix_s: int, horizon_s: int) -> Timeline:
    """What a calendar alone leaves open."""
    return timeline(calendar.windows(plan, start_unix_s, horizon_s), horizon_s)
