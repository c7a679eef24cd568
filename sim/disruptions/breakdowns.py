"""Breakdowns: each crane, berth, desk or vehicle by itself works for a time, breaks down, and is repaired.

Time runs by the calendar: nights, holidays and idle hours count. The first breakdown is drawn from the epoch, as of a unit
just repaired, so that the warm-up is there to forget it. Each unit has streams of its own: one more changes none of the
others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

from annotated_types import MinLen

from sim.chance.distributions import SecondsDistribution
from sim.chance.streams import Streams
from sim.disruptions.dated import Bar
from sim.disruptions.struck import Struck
from sim.world.cargo import Id
from sim.world.timeline import Window

__all__ = ["Breakdowns", "windows"]

_AT_ONCE = 16
"""Breakdowns drawn at once for a unit; how many makes no difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdowns:
    """Units that break down by chance, and are repaired."""

    kind: Literal["breakdowns"]
    """breakdowns."""
    id: Id
    """Name of the disruption, unique in the scenario; it names its streams."""
    on: Annotated[tuple[Id, ...], MinLen(1)]
    """Terminals, posts, legs and services it strikes: of each every unit, or every vehicle, by itself."""
    bars: Annotated[tuple[Bar, ...], MinLen(1)] = ("work",)
    """What breaks down at a terminal: its berths (entry), its cranes (work), the lanes of its gate."""
    cause: Literal["breakdown", "weather"] = "breakdown"
    """What the lost hours count under: breakdown or weather."""
    between: SecondsDistribution
    """Time from a repair to the next breakdown."""
    repair: SecondsDistribution
    """Time from a breakdown until the unit works again."""


def windows(disruption: Breakdowns, stream: Streams, _epoch_unix_s: int, horizon_s: int, struck: Struck) -> list[Window]:
    """The stretches between the epoch and the horizon in which any unit is down, with the share of those that work."""
    downs = [down for name in struck.names for down in _down(disruption, stream, f"{disruption.id}/{name}", horizon_s)]
    changes = Counter(begins_s for begins_s, _ in downs)
    changes.subtract(ends_s for _, ends_s in downs)
    found, lost = [], 0
    for from_s, to_s in pairwise(sorted(changes)):
        lost += changes[from_s]
        if lost:
            found.append(Window(from_s, to_s, struck.share_left(lost), disruption.cause))
    return found


def _down(disruption: Breakdowns, stream: Streams, name: str, horizon_s: int) -> Iterator[tuple[int, int]]:
    """When one unit breaks down and when it works again, in seconds since the epoch."""
    now_s, count = 0, 0
    while True:
        count += _AT_ONCE
        between, repair = (stream(purpose, name, count)[-_AT_ONCE:] for purpose in ("breakdown", "repair"))
        drawn = zip(disruption.between.ppf(between).tolist(), disruption.repair.ppf(repair).tolist(), strict=True)
        for works_s, down_s in drawn:
            begins_s = now_s + max(1, round(works_s))
            if begins_s >= horizon_s:
                return
            now_s = begins_s + max(1, round(down_s))
            yield begins_s, now_s
