"""Closures on known dates: a strike, a storm of the record, dredging, a border shut by decree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal, get_args

from annotated_types import MinLen

from sim.chance.streams import Streams
from sim.disruptions.struck import Struck
from sim.errors import ValueFault, nearest
from sim.units import PositiveCount, Reads, Share
from sim.world.cargo import Id
from sim.world.timeline import FULL, Cause, Window

__all__ = ["BARS", "Bar", "Dated", "Period", "Periods", "windows"]

Bar = Literal["entry", "work", "gate"]
"""What is barred at a terminal: entry to the berths, handling work, or the gate."""
BARS: tuple[Bar, ...] = get_args(Bar)
"""All of them: of a post, a leg or a service it is all one what a disruption bars."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `from_unix_s` (inclusive) to `to_unix_s` (exclusive), in seconds since 1970-01-01 UTC."""

    from_unix_s: int
    to_unix_s: int


@dataclass(frozen=True, slots=True)
class Periods(Reads):
    """Marks a list of tables ``{ from = 2026-01-05, to = 2026-01-09T06:00:00Z }``."""

    def parse(self, raw: object) -> tuple[Period, ...]:
        """The periods; a fault names the element and the key of it."""
        if not isinstance(raw, list | tuple) or not raw:
            raise ValueFault("is not a list of periods", expected="[{ from = DATE, to = DATE }]")
        return tuple(self._period(index, element) for index, element in enumerate(raw))

    def _period(self, index: int, raw: object) -> Period:
        form = "{ from = 2026-01-05, to = 2026-01-09 }"
        if not isinstance(raw, dict):
            raise ValueFault("is not a period", expected=form, at=(index,))
        for key in raw:
            if key not in ("from", "to"):
                raise ValueFault("unknown key", expected=form, suggestion=nearest(key, ("from", "to")), at=(index, key))
        for key in ("from", "to"):
            if key not in raw:
                raise ValueFault(f"has no '{key}'", expected=form, at=(index,))
        period = Period(_unix_s(raw["from"], (index, "from")), _unix_s(raw["to"], (index, "to")))
        if period.to_unix_s <= period.from_unix_s:
            raise ValueFault("is not after 'from'", expected="a later date", at=(index, "to"))
        return period

    def json_schema(self) -> dict[str, object]:
        """A list of tables with two dates or times each."""
        when = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
        period = {
            "type": "object",
            "properties": {"from": when, "to": when},
            "required": ["from", "to"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": period, "minItems": 1, "description": "a list of { from = DATE, to = DATE }"}


def _unix_s(raw: object, at: tuple[str | int, ...]) -> int:
    if not isinstance(raw, date):
        raise ValueFault("is not a date", expected="a date or a time, such as 2026-01-05 or 2026-01-05T06:00:00Z", at=at)
    moment = raw if isinstance(raw, datetime) else datetime.combine(raw, time(), tzinfo=UTC)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A closure, or a reduction of capacity, on given dates."""

    kind: Literal["dated"]
    """dated."""
    id: Id
    """Name of the disruption, unique in the scenario."""
    on: Annotated[tuple[Id, ...], MinLen(1)]
    """Terminals, posts, legs and services it strikes; on a leg, and of a service, it stops what is under way."""
    bars: Annotated[tuple[Bar, ...], MinLen(1)] = ("work",)
    """What it bars at a terminal: entry, work, gate; at a post always its work, on a leg or of a service its moving."""
    cause: Cause
    """What the lost hours count under: weather, calendar, breakdown or held."""
    windows: Annotated[tuple[Period, ...], Periods()]
    """When: from (inclusive) to (exclusive), dates or times; UTC unless a zone is written, a date is its midnight."""
    share: Share = 0.0
    """Capacity that is left."""
    lost: PositiveCount | None = None
    """Units that are out of service, instead of `share`: berths (entry), cranes (work), lanes (gate), servers, vehicles."""


def windows(disruption: Dated, _stream: Streams, epoch_unix_s: int, horizon_s: int, struck: Struck) -> list[Window]:
    """Its windows that reach into the time between the epoch and the horizon; nothing is drawn."""
    share = round(FULL * disruption.share) if disruption.lost is None else struck.share_without(disruption.lost)
    spans = [(period.from_unix_s - epoch_unix_s, period.to_unix_s - epoch_unix_s) for period in disruption.windows]
    return [Window(from_s, to_s, share, disruption.cause) for from_s, to_s in spans if to_s > 0 and from_s < horizon_s]
