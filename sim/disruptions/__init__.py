"""The family of disruptions: what shuts facilities besides their calendars. Each member turns its description into windows.

A new kind is a file with its record and a function, and a line in each of the two tables below. Which facility a window
shuts is said elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from sim.chance.streams import Streams
from sim.disruptions import breakdowns, dated, spells
from sim.disruptions.breakdowns import Breakdowns
from sim.disruptions.dated import BARS, Bar, Dated, Period
from sim.disruptions.spells import Spells, Wind
from sim.disruptions.struck import Struck
from sim.world.timeline import Window

__all__ = [
    "BARS", "KINDS", "Bar", "Breakdowns", "Dated", "Disruption", "Kind", "Period", "Spells", "Struck", "Wind", "windows",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A member of the family: its record, and what turns one into windows (see `windows` for the arguments)."""

    record: type
    windows: Callable[[Any, Streams, int, int, Struck], list[Window]]


KINDS: Mapping[str, Kind] = {
    "dated": Kind(Dated, dated.windows),
    "spells": Kind(Spells, spells.windows),
    "breakdowns": Kind(Breakdowns, breakdowns.windows),
}
"""Every kind of disruption, by the word that a scenario names it with."""


@dataclass(frozen=True, slots=True)
class ByKind:
    """Marks a union whose member is named by its key `kind`, so that a fault is told of the member that was meant."""

    def __get_pydantic_core_schema__(self, source: object, handler: Any) -> dict[str, object]:
        choices = {word: handler.generate_schema(kind.record) for word, kind in KINDS.items()}
        return {"type": "tagged-union", "discriminator": "kind", "choices": choices}


Disruption = Annotated[Dated | Spells | Breakdowns, ByKind()]


def windows(
    disruption: Dated | Spells | Breakdowns, stream: Streams, epoch_unix_s: int, horizon_s: int, struck: Struck
) -> list[Window]:
    """The windows of a disruption on one of the things it strikes, of those that reach into the time between the epoch and
    the horizon, in seconds since the epoch.

    `epoch_unix_s` is the epoch in seconds since 1970-01-01 UTC. Raises `CaspianError` where the description cannot be met.
    """
    return KINDS[disruption.kind].windows(disruption, stream, epoch_unix_s, horizon_s, struck)
