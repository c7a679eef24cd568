"""Hours: the timeline of each facility, from its calendar and from the disruptions drawn for it."""

from __future__ import annotations

from collections.abc import Iterator

from sim import disruptions
from sim.scenario.schema import Scenario
from sim.world import calendar
from sim.world.network import BERTH, CRANE, GATE, Network
from sim.world.timeline import Timeline, Window, always_open, timeline

__all__ = ["timelines"]


def timelines(scenario: Scenario, network: Network, seed: int, replication: int) -> Iterator[Timeline]:
    """The timeline of each facility: what its calendar and the disruptions on it leave open."""
    shut: dict[tuple[str, str], list[Window]] = {}
    for disruption in scenario.disruptions:
        drawn = disruptions.windows(disruption, seed, replication, network.start_unix_s, network.horizon_s)
        for name in disruption.on:
            for bar in disruption.bars:
                shut.setdefault((name, bar), []).extend(drawn)
    working = {plan.id: calendar.windows(plan, network.start_unix_s, network.horizon_s) for plan in scenario.calendars}

    def hours(name: str, bar: str, calendar_id: str | None) -> Timeline:
        return timeline([*shut.get((name, bar), []), *(working[calendar_id] if calendar_id else [])], network.horizon_s)

    for terminal in scenario.terminals:
        parts = {
            GATE: hours(terminal.id, "gate", terminal.gate.hours if terminal.gate else None),
            BERTH: hours(terminal.id, "entry", terminal.entry_hours),
            CRANE: hours(terminal.id, "work", terminal.hours),
        }
        for part in range(4):
            yield parts.get(part, always_open())
    for post in scenario.posts:
        closing = {id(window): window for bar in ("work", "entry", "gate") for window in shut.get((post.id, bar), [])}
        yield timeline([*closing.values(), *(working[post.hours] if post.hours else [])], network.horizon_s)
