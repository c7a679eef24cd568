"""How a story is told: a scenario from a few lines of TOML laid over `coast.toml`, its log as lines to read.

Every story is told by both engines, which must agree on all of it.

Nothing is asserted here but the law: no story may be told that breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from sim.draws import Draws, VoyagesRanOut, draw
from sim.events import CONSIGNMENT_LAW, VEHICLE_LAW, EventLog, Kind, breaches
from sim.scenario import loads
from sim.scenario.wiring import network_of
from sim.world.network import Network
from tests.agreement.both import played_by_both

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened in a scenario, with what it happened to."""

    network: Network
    draws: Draws
    log: EventLog

    def told(self, *kinds: Kind) -> list[str]:
        """The events of these kinds (none: all) as lines: time, kind, who, where, and `= value` where it is not 0."""
        log = self.log.where(*(kinds or Kind))
        columns = (log.at_s, log.kind, log.consignment, log.vehicle, log.facility, log.value)
        return [self._line(*map(int, row)) for row in zip(*columns, strict=True)]

    def times(self, kind: Kind) -> list[float]:
        """The hours at which events of a kind happened."""
        return [at_s / 3600 for at_s in self.seconds(kind)]

    def seconds(self, kind: Kind) -> list[int]:
        """The seconds at which events of a kind happened."""
        return [int(at_s) for at_s in self.log.where(kind).at_s]

    def _line(self, at_s: int, kind: int, consignment: int, vehicle: int, facility: int, value: int) -> str:
        who = [f"c{consignment}"] * (consignment >= 0) + [f"v{vehicle}"] * (vehicle >= 0)
        where = [self.network.facility_names[facility]] * (facility >= 0)
        parts = [Kind(kind).name, *who, *where, *[f"= {value}"] * (value != 0)]
        return f"{hours(at_s)}  {' '.join(parts)}"


def hours(at_s: int) -> str:
    """``7.5 h``, or ``7 h 1 s`` where tenths of an hour do not say it."""
    return f"{at_s // 3600} h {at_s % 3600} s" if at_s % 360 else f"{at_s / 3600:.1f} h"


def lines(text: str) -> list[str]:
    """The lines of a literal, without indentation and blank lines."""
    return [line.strip() for line in text.splitlines() if line.strip()]


HOMEWARD = """
[[demand]]
id = "e"
commodity = "grain"
direction = "import"
arrivals = "listed"
shipments = [{ at = "2 h", mass = "100 t" }]
routes = { home = 1.0 }
"""
"""A stream the other way."""

OUTWARD = """
[[demand]]
id = "f"
commodity = "grain"
direction = "export"
arrivals = "listed"
shipments = [{ at = "2 h", mass = "60 t" }]
routes = { out = 1.0 }
"""
"""A second stream the same way."""

CUSTOMS = """
[[posts]]
id = "customs"
node = "a"
time = "4 h"
"""
"""A desk at the origin."""


def shipped(stream: str, *shipments: str) -> str:
    """The change that lists the shipments of a stream: ``shipped("d", "50 t at 2 h")``."""
    parts = (shipment.split(" at ") for shipment in shipments)
    listed = ", ".join(f'{{ at = "{at}", mass = "{mass}" }}' for mass, at in parts)
    return f"demand.{stream}.shipments=[{listed}]"


def shut(facility: str, bars: str, from_to: str, also: str = "") -> str:
    """A closure in TOML; `from_to` are hours of the first days: ``shut("ta", "work", "6 to 30")``."""
    begins, ends = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=float(hour)) for hour in from_to.split(" to "))
    return f"""
[[disruptions]]
id = "{facility} {bars} {from_to} {also}"
kind = "dated"
on = ["{facility}"]
bars = ["{bars}"]
cause = "held"
windows = [{{ from = {begins.isoformat()}, to = {ends.isoformat()} }}]
{also}
"""


def play(*changes: str, also: str = "", seed: int = 1) -> Story:
    """The story of `coast.toml` with the TOML `also` laid over it and then changes such as ``services.ships.wait=2 h``.

    It keeps the law: every consignment and every vehicle.
    """
    scenario = loads(f'extends = "coast.toml"\n{also}', base=HERE, sets=changes).scenario
    network = network_of(scenario)
    story = _played(network, lambda spare: draw(scenario, network, seed, 0, spare))
    assert breaches(story.log, CONSIGNMENT_LAW, "consignment", frozenset({Kind.RELEASED})) == []
    assert breaches(story.log, VEHICLE_LAW, "vehicle", frozenset({Kind.ARRIVED})) == []
    return story


def with_calls(story: Story, *calls: str) -> Story:
    """The story anew with these calls of other trades instead of drawn ones: ``"tb at 18 h for 5 h, rank 0"``."""
    terminals = [name.removesuffix(".gate") for name in story.network.facility_names if name.endswith(".gate")]
    parsed = [re.fullmatch(r"(\w+) at (\d+) h for (\d+) h, rank (-?\d+)", call) for call in calls]
    rows = [(terminals.index(call[1]), 3600 * int(call[2]), 3600 * int(call[3]), int(call[4])) for call in parsed if call]
    terminal, at_s, stay_s, priority = np.array(rows, dtype=np.int64).T
    draws = replace(story.draws, call_terminal=terminal, call_at_s=at_s, call_stay_s=stay_s, call_priority=priority)
    return Story(network=story.network, draws=draws, log=played_by_both(story.network, draws))


def _played(network: Network, drawn: Callable[[int], Draws]) -> Story:
    for spare in (1, 8, 64):
        draws = drawn(spare)
        try:
            return Story(network=network, draws=draws, log=played_by_both(network, draws))
        except VoyagesRanOut:
            continue
    raise AssertionError("vehicles make more voyages than a story can hold")
