"""Factors: what a sweep varies, and the levels that each takes.

A factor is a dotted key with levels or a range, or a name with whole overlays as its levels. Ranges carry a unit as scenario
files do. Here levels are found from shares of the way between two ends; which shares, the design says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from sim.chance.distributions import DistributionOf
from sim.errors import ValueFault, nearest
from sim.scenario import Resolved, locating, shape
from sim.scenario.layers import step_name
from sim.scenario.setting import hint_at
from sim.units import Reads, WholeNumber

__all__ = [
    "AS_IS",
    "Factor",
    "Level",
    "Levels",
    "Overlays",
    "Range",
    "at",
    "ends",
    "has_order",
    "in_words",
    "nearest_key",
    "plain",
    "read",
    "several",
    "size_of",
]

Level = object
"""What a factor is set to: anything a scenario file may say at its key, or the path of an overlay."""
AS_IS = "as-is"
"""The level of overlays at which nothing is laid over."""
DIGITS = 5
"""Significant digits of a level within a range: enough for any design, and few enough to be read."""
STEPS = 3
"""Levels that a grid takes of a range unless it says how many."""

_RANGE = re.compile(r"\s*(?P<low>\S.*?)\s*\.\.\s*(?P<high>\S.*?)\s*")
_NUMBER = re.compile(r"(?P<number>[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>[^\d\s].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """A factor with levels of its own: values that a scenario file may say at `key`."""

    key: str
    levels: tuple[Level, ...]
    """As they were written."""
    sizes: tuple[float, ...] = ()
    """Each level in the canonical unit of the key, for their order; empty where they have none, such as words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A factor with any value from `low` to `high`: numbers in `unit`, whole ones where `is_whole`, or days (ordinals)."""

    key: str
    low: float
    high: float
    unit: str = ""
    is_whole: bool = False
    is_date: bool = False
    steps: int = STEPS
    """Levels that a grid takes of it, both ends among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlays:
    """A factor whose levels are scenario files laid over the base; `AS_IS` lays nothing over."""

    key: str
    """Name of the factor; no key of a scenario."""
    levels: tuple[str, ...]
    """Names as they were given."""
    files: Mapping[str, Path]
    """The file of each name."""


Factor: TypeAlias = Levels | Range | Overlays


def several(factor: Factor) -> tuple[Level, ...]:
    """The levels that a grid takes of a factor."""
    if isinstance(factor, Range):
        shares = [step / (factor.steps - 1) for step in range(factor.steps)]
        return tuple(dict.fromkeys(_within(factor, share) for share in shares))
    return factor.levels


def ends(factor: Factor) -> tuple[Level, Level]:
    """The least and the greatest level of a factor; the first and the last as written where levels have no order."""
    if isinstance(factor, Range):
        return _within(factor, 0.0), _within(factor, 1.0)
    if isinstance(factor, Levels) and factor.sizes:
        numbers = range(len(factor.levels))
        low, high = (pick(numbers, key=factor.sizes.__getitem__) for pick in (min, max))
        return factor.levels[low], factor.levels[high]
    return factor.levels[0], factor.levels[-1]


def has_order(factor: Factor) -> bool:
    """Whether some level is the least and some the greatest: of numbers, quantities and days, not of words and overlays."""
    return isinstance(factor, Range) or (isinstance(factor, Levels) and bool(factor.sizes))


def at(factor: Factor, share: float) -> Level:
    """The level at a share of the way, in [0, 1]: whole numbers, days and levels take equal parts of it."""
    if isinstance(factor, Range):
        return _in_part(factor, share) if factor.is_whole or factor.is_date else _within(factor, share)
    return factor.levels[min(int(share * len(factor.levels)), len(factor.levels) - 1)]


def _in_part(factor: Range, share: float) -> Level:
    parts = factor.high - factor.low + 1
    return _said(factor, factor.low + min(math.floor(share * parts), parts - 1))


def _within(factor: Range, share: float) -> Level:
    value = factor.low + share * (factor.high - factor.low)
    return _said(factor, float(round(value)) if factor.is_whole or factor.is_date else value)


def _said(factor: Range, value: float) -> Level:
    """The value as a scenario file says it."""
    if factor.is_date:
        return date.fromordinal(int(value))
    if factor.is_whole:
        return int(value)
    number = format(Decimal(f"{value:.{DIGITS}g}"), "f")
    return f"{number} {factor.unit}" if factor.unit else float(number)


def size_of(level: Level) -> float:
    """A level as a number, for axes and for order: that which it begins with, the day of a date; nan for words alone."""
    if isinstance(level, date):
        return float(level.toordinal())
    if isinstance(level, int | float):
        return float(level)
    match = _NUMBER.fullmatch(level.strip()) if isinstance(level, str) else None
    return float(match["number"].replace("_", "")) if match else math.nan


def in_words(level: Level) -> str:
    """A level as tables show it."""
    return f"{level:.10g}" if isinstance(level, float) else str(level)


def plain(level: Level) -> int | float | str:
    """A level as files have it: numbers stay numbers."""
    return level if isinstance(level, int | float) else in_words(level)


def read(key: str, said: object, base: Resolved, folder: Path) -> Factor:
    """The factor that a file or a table says under `key`: a list of levels, a range such as ``"30..60 h"``, or a table with
    `range` and `levels` (how many a grid takes), or with `overlays`, names of scenario files (as seen from `folder`).

    Raises `ValueFault`.
    """
    if isinstance(said, Mapping):
        return _from_table(key, said, base, folder)
    if isinstance(said, str):
        return _range(key, said, base)
    if not isinstance(said, Sequence) or not said:
        raise ValueFault("has no levels", expected='a list with at least one value, or a range such as "30..60 h"')
    hint = hint_at(base.document, key)
    if hint is None:
        raise ValueFault(
            "is no key of a scenario", suggestion=nearest_key(base.document, key),
            expected="a dotted key such as services.vessels.vehicles, or overlays = [...] for whole files",
        )  # fmt: skip
    sizes = tuple(_size(level, shape.marker(hint)) for level in said)
    return Levels(key=key, levels=tuple(said), sizes=() if any(map(math.isnan, sizes)) else sizes)


def _size(level: Level, marker: Reads | None) -> float:
    """A level in the canonical unit of its key, a day as its ordinal; nan for what is no single number."""
    reads = marker.dimension if isinstance(marker, DistributionOf) else marker
    try:
        value = level if reads is None else reads.parse(level)
    except ValueFault:
        return math.nan
    if isinstance(value, date):
        return float(value.toordinal())
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def nearest_key(document: Mapping[str, object], key: str) -> str:
    """The dotted key of a scenario that looks most like `key`, word by word; '' where a word looks like none."""
    below: object = document
    hint: shape.Hint | None = shape.TOP
    right, rest = list[str](), key
    while rest and hint is not None:
        is_list = isinstance(below, list)
        inside = _inside(below)
        names = [*inside, *({} if is_list else shape.members(hint, inside))]
        fitting = [name for name in names if rest == name or rest.startswith(f"{name}.")]
        first = rest.split(".", maxsplit=1)[0]
        word = max(fitting, key=len) if fitting else nearest(first, names)
        if not word:
            return ""
        right.append(word)
        rest = rest[len(word if fitting else first) + 1 :]
        hint, below = shape.element(hint) if is_list else shape.step(hint, word, inside), inside.get(word)
    return "" if hint is None else ".".join(right)


def _inside(below: object) -> Mapping[str, object]:
    """What stands in a table by key, in a list by id; nothing in a value."""
    if isinstance(below, list):
        return {step_name(inner, index): inner for index, inner in enumerate(below)}
    return below if isinstance(below, Mapping) else {}


def _from_table(key: str, said: Mapping[str, object], base: Resolved, folder: Path) -> Factor:
    known = {"overlays"} if "overlays" in said else {"range", "levels"}
    if extra := [word for word in said if word not in known]:
        raise ValueFault(f"does not know '{extra[0]}'", expected='overlays = [...], or range = "30..60 h" with levels = 4')
    if "overlays" in said:
        return _overlays(key, said["overlays"], folder)
    steps = said.get("levels", STEPS)
    if type(steps) is not int or steps < 2:
        raise ValueFault("has a strange number of levels", expected="levels = 2 or more")
    factor = _range(key, str(said.get("range", "")), base)
    return Range(key=key, low=factor.low, high=factor.high, unit=factor.unit, is_whole=factor.is_whole,
                 is_date=factor.is_date, steps=steps)  # fmt: skip


def _overlays(key: str, said: object, folder: Path) -> Overlays:
    if not isinstance(said, list | tuple) or not said or not all(isinstance(name, str | Path) for name in said):
        raise ValueFault("names no overlays", expected=f'a list of scenario files or names, "{AS_IS}" for none')
    names = tuple(str(name) for name in said)
    return Overlays(key=key, levels=names, files={name: locating.find(name, folder) for name in names if name != AS_IS})


def _range(key: str, text: str, base: Resolved) -> Range:
    form = 'a list of levels, or a range such as "3..8", "30..60 h" or "2026-03-01..2026-09-01"'
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueFault("is no range", expected=form)
    hint = hint_at(base.document, key)
    if hint is None:
        raise ValueFault("is no key of a scenario", expected="a dotted key such as services.vessels.vehicles",
                         suggestion=nearest_key(base.document, key))  # fmt: skip
    days = [_day(match[end]) for end in ("low", "high")]
    if all(days):
        low, high = (float(day.toordinal()) for day in days if day)
        return _sound(Range(key=key, low=low, high=high, is_date=True))
    first, last = (_NUMBER.fullmatch(match[end]) for end in ("low", "high"))
    if first is None or last is None:
        raise ValueFault("is no range", expected=form)
    unit = last["unit"] or ""
    if first["unit"] not in (None, unit):
        raise ValueFault(
            "has ends in two units", expected=f"both in {unit or first['unit']}", suggestion=f"{match['low']}.."
        )
    low, high = (float(end["number"].replace("_", "")) for end in (first, last))
    is_whole = isinstance(shape.marker(hint), WholeNumber)
    if is_whole and unit:
        raise ValueFault(f"has the unit '{unit}', and counts have none", expected="whole numbers alone, such as 3..8",
                         suggestion=f"{first['number']}..{last['number']}")  # fmt: skip
    if is_whole and (low != int(low) or high != int(high)):
        raise ValueFault("has ends that are no whole numbers", expected="such as 3..8")
    return _sound(Range(key=key, low=low, high=high, unit=unit, is_whole=is_whole))


def _sound(factor: Range) -> Range:
    if not factor.low < factor.high:
        raise ValueFault("ends before it begins", expected="the lower end first, and a higher one after it")
    return factor


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
