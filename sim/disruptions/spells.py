"""Spells of bad weather: storm, ice or fog that comes by chance, more often in some months than in others.

A wind may stand behind them, so that the limit of the rule that closes is a number of its own: under a higher one each
spell is shorter, about its middle, or none at all. What is closed under a higher limit is closed under every lower one.

A spell belongs to the month (UTC) in which it starts, and is drawn from that month's own streams: the weather of a March
stays what it is wherever the epoch lies, and nearly so whatever is said of other months.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from annotated_types import MinLen

from sim.chance.distributions import Distribution, SecondsDistribution, SpeedDistribution
from sim.chance.streams import Streams
from sim.disruptions.dated import Bar
from sim.disruptions.seasons import MONTH_DAYS, MONTHS, hazards
from sim.disruptions.struck import Struck
from sim.errors import CaspianError, ValueFault
from sim.units import HOUR_S, KilometresPerHour, Reads, Share
from sim.world.cargo import Id
from sim.world.timeline import FULL, Window

__all__ = ["ClosedDays", "Spells", "Wind", "windows"]

_MONTHS_BEFORE = 12
"""Months before that of the epoch from which spells are drawn, so that it finds the weather of a year like any other."""
_AT_ONCE = 32
"""Spells drawn at once for a month; how many makes no difference."""
_NEVER_S = 1 << 62


@dataclass(frozen=True, slots=True)
class ClosedDays(Reads):
    """Marks twelve numbers of days, January first."""

    def parse(self, raw: object) -> tuple[float, ...]:
        """The twelve numbers; a fault names the month's place."""
        if not isinstance(raw, list | tuple) or len(raw) != 12:
            raise ValueFault("is not a list of twelve numbers", expected="closed days of each month, January first")
        for month, days in enumerate(raw):
            if isinstance(days, bool) or not isinstance(days, int | float) or not 0 <= days < MONTH_DAYS[month]:
                expected = f"at least 0 and less than the {MONTH_DAYS[month]} days of {MONTHS[month]}"
                raise ValueFault("is not a number of days", expected=expected, at=(month,))
        return tuple(float(days) for days in raw)

    def json_schema(self) -> dict[str, object]:
        """Twelve numbers."""
        days = {"type": "number", "minimum": 0, "exclusiveMaximum": 31}
        description = "expected closed days of each month, January first"
        return {"type": "array", "items": days, "minItems": 12, "maxItems": 12, "description": description}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wind:
    """A wind that rises in each spell as a parabola, from the limit at which spells were told to its peak and back."""

    limit: KilometresPerHour
    """Wind above which the rule closes, such as 18 m/s; at least `told_at`, since no lighter storms are known."""
    told_at: KilometresPerHour
    """Limit at which the closed days and the length of spells were told, such as 15 m/s."""
    excess: SpeedDistribution
    """How far the wind of a spell rises above `told_at` at its peak."""

    def kept(self, excess_kmh: float) -> float:
        """Part of a spell, about its middle, in which the wind is above the limit.

        It is ``told_at + excess × 4 x (1 - x)`` where x is the part of the spell that has passed.
        """
        return math.sqrt(max(0.0, 1 - (self.limit - self.told_at) / excess_kmh)) if excess_kmh > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spells:
    """Closures that come by chance, month by month as often as the record says."""

    kind: Literal["spells"]
    """spells."""
    id: Id
    """Name of the disruption, unique in the scenario; it names its streams."""
    on: Annotated[tuple[Id, ...], MinLen(1)]
    """Terminals, posts, legs and services it strikes, all at the same time."""
    bars: Annotated[tuple[Bar, ...], MinLen(1)] = ("entry",)
    """What it bars at a terminal: entry, work, gate; at a post always its work, on a leg or of a service its moving."""
    cause: Literal["weather", "breakdown"] = "weather"
    """What the lost hours count under: weather or breakdown."""
    closed_days: Annotated[tuple[float, ...], ClosedDays()]
    """Expected closed days of each month, January first. One of 0 is never closed: spells end at its begin."""
    spell: SecondsDistribution
    """Length of one spell."""
    wind: Wind | None = None
    """The wind behind the spells, for a rule that closes at another limit than they were told at; absent: no such rule."""
    share: Share = 0.0
    """Capacity that is left."""


@dataclass(frozen=True, slots=True)
class _Month:
    """One month of one year, times in seconds since 1970-01-01 UTC."""

    name: str
    """Such as 2026-03."""
    begins_s: int
    calm_from_s: int
    """When the next month without closed days begins."""
    hours_s: npt.NDArray[np.float64]
    """Its full hours, from its beginning to its end."""
    hazard: npt.NDArray[np.float64]
    """Integral of the hazard from its beginning to each of these hours."""


def windows(disruption: Spells, stream: Streams, epoch_unix_s: int, horizon_s: int, _struck: Struck) -> list[Window]:
    """Its spells that reach into the time between the epoch and the horizon, in seconds since the epoch, in order.

    What they strike makes no difference: it is the same storm everywhere.

    Raises `CaspianError` where the closed days of a month cannot be met with spells of this length.
    """
    if not any(disruption.closed_days):
        return []
    key = disruption, epoch_unix_s, horizon_s
    return stream.once(key, lambda: _windows(disruption, stream, epoch_unix_s, epoch_unix_s + horizon_s))


def _windows(disruption: Spells, stream: Streams, epoch_unix_s: int, until_s: int) -> list[Window]:
    share = round(FULL * disruption.share)
    return [
        Window(from_s - epoch_unix_s, to_s - epoch_unix_s, share, disruption.cause)
        for from_s, to_s in _spells(disruption, stream, (epoch_unix_s, until_s))
        if to_s > epoch_unix_s and from_s < until_s
    ]


def _spells(disruption: Spells, stream: Streams, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Beginning and end of each spell in seconds since 1970, in order, from well before `span` to its end."""
    free_s, months = 0, _told(disruption, *span)
    for month, first in zip(months, _drawn(disruption, stream, months, 0), strict=True):
        free_s = max(free_s, month.begins_s)
        for gap, length_s, kept in _one_by_one(disruption, stream, month, first):
            reached = np.interp(free_s, month.hours_s, month.hazard) + gap
            if free_s >= month.hours_s[-1] or reached >= month.hazard[-1]:
                break
            from_s = int(np.interp(reached, month.hazard, month.hours_s))
            free_s = min(from_s + max(round(length_s), 1), month.calm_from_s)
            if kept > 0:
                off_s = round((free_s - from_s) * (1 - kept) / 2)
                yield from_s + off_s, max(free_s - off_s, from_s + off_s + 1)


def _drawn(disruption: Spells, stream: Streams, months: Sequence[_Month], start: int) -> list[list[tuple[float, ...]]]:
    """For spells `start`, … of each month the hazard to be gone through before them, their lengths in seconds, and the part
    of them in which the wind is above the limit.
    """
    names, counts = [f"{disruption.id}/{month.name}" for month in months], [start + _AT_ONCE] * len(months)

    def uniforms(purpose: str) -> npt.NDArray[np.float64]:
        return np.stack(stream.each(purpose, names, counts))[:, start:]

    gaps, lengths = -np.log1p(-uniforms("spell-gap")), disruption.spell.ppf(uniforms("spell-length"))
    kept, wind = np.ones_like(gaps), disruption.wind
    if wind is not None:
        kept = np.vectorize(wind.kept)(wind.excess.ppf(uniforms("spell-wind")))
    columns = zip(gaps.tolist(), lengths.tolist(), kept.tolist(), strict=True)
    return [list(zip(*column, strict=True)) for column in columns]


def _one_by_one(
    disruption: Spells, stream: Streams, month: _Month, first: list[tuple[float, ...]]
) -> Iterator[tuple[float, ...]]:
    """The spells of one month without end, of which the first are drawn."""
    start, drawn = 0, first
    while True:
        yield from drawn
        start += _AT_ONCE
        (drawn,) = _drawn(disruption, stream, [month], start)


def _told(disruption: Spells, from_unix_s: int, to_unix_s: int) -> tuple[_Month, ...]:
    """The months of `_months`; an error names the disruption."""
    try:
        return _months(disruption.closed_days, disruption.spell, from_unix_s, to_unix_s)
    except CaspianError as error:
        raise CaspianError(f"disruption '{disruption.id}': {error}") from None


@lru_cache(maxsize=32)
def _months(closed_days: tuple[float, ...], spell: Distribution, from_unix_s: int, to_unix_s: int) -> tuple[_Month, ...]:
    """The months with closed days, from a year before the first second to that of the last."""
    by_month, months = hazards(closed_days, spell), []
    first, last = (12 * moment.year + moment.month - 1 for moment in map(_utc, (from_unix_s, to_unix_s)))
    for number in range(first - _MONTHS_BEFORE, last + 1):
        year, month = divmod(number, 12)
        if closed_days[month] == 0:
            continue
        calm = next((ahead for ahead in range(1, 12) if closed_days[(month + ahead) % 12] == 0), None)
        calm_from_s = _month_begins_s(number + calm) if calm else _NEVER_S
        begins_s = _month_begins_s(number)
        hazard = _to_length(by_month[month], (_month_begins_s(number + 1) - begins_s) // HOUR_S)
        hours_s = np.asarray(begins_s + HOUR_S * np.arange(len(hazard)), dtype=np.float64)
        months.append(_Month(f"{year}-{month + 1:02d}", begins_s, calm_from_s, hours_s, hazard))
    return tuple(months)


def _to_length(hazard: npt.NDArray[np.float64], hours: int) -> npt.NDArray[np.float64]:
    """The same hazard over so many hours; the last day of a leap February goes on like the hour before it."""
    further = np.arange(1, hours + 2 - len(hazard))
    return np.concatenate((hazard, hazard[-1] + (hazard[-1] - hazard[-2]) * further))


def _utc(unix_s: int) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def _month_begins_s(number: int) -> int:
    """Beginning of the month `number` = 12 × year + month - 1, in seconds since 1970-01-01 UTC."""
    return int(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp())
