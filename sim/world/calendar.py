"""Working calendars: hours of the week and holidays, in local time, and the windows they shut.

Holidays come from the files in `holidays/`, one per country and year; `docs/make_holidays.py` writes them. Here local
time ends: windows are in whole seconds since the epoch.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from sim.dated import Dated, ReadsDated, value_on
from sim.errors import CaspianError, ValueFault, nearest
from sim.units import Reads
from sim.world.cargo import Id
from sim.world.timeline import Window

__all__ = ["Hours", "Week", "WorkingCalendar", "holiday_years", "holidays_of", "windows"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Hours = tuple[int, int]
"""From and to, in minutes after midnight."""
Week = tuple[tuple[Hours, ...], ...]
"""Working hours of seven days, Monday first; none where the day is off."""

_HOURS = re.compile(r"\s*(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)\s*")


@dataclass(frozen=True, slots=True)
class ReadsWeek(Reads):
    """Marks a week such as ``{ mon = ["08:00-12:00", "13:00-16:30"], … }``; a day that is absent is off."""

    def parse(self, raw: object) -> Week:
        """The hours of the seven days; a fault names the day and the place in its list."""
        form = '{ mon = ["08:00-16:30"], … }'
        if not isinstance(raw, dict):
            raise ValueFault("is not a week", expected=form)
        for day in raw:
            if day not in DAYS:
                raise ValueFault("unknown day", expected=", ".join(DAYS), suggestion=nearest(day, DAYS), at=(day,))
        if not any(raw.values()):
            raise ValueFault("has no working hours", expected=form)
        return tuple(_hours_of_day(day, raw.get(day, [])) for day in DAYS)

    def json_schema(self) -> dict[str, object]:
        """A table of lists of hours by day."""
        hours = {"type": "string", "pattern": r"^\s*\d\d?:\d\d\s*[-–]\s*\d\d?:\d\d\s*$", "examples": ["08:00-16:30"]}
        days: dict[str, object] = {day: {"type": "array", "items": hours} for day in DAYS}
        description = "working hours by day, such as { mon = ['08:00-16:30'], … }"
        return {"type": "object", "properties": days, "additionalProperties": False, "description": description}


def _hours_of_day(day: str, raw: object) -> tuple[Hours, ...]:
    if not isinstance(raw, list | tuple):
        raise ValueFault("is not a list of hours", expected='["08:00-16:30"]', at=(day,))
    spans: list[Hours] = []
    for index, element in enumerate(raw):
        span = _span(element)
        if span is None:
            raise ValueFault("is not a span of hours", expected="'08:00-16:30', at most to 24:00", at=(day, index))
        if span[0] >= span[1]:
            raise ValueFault("ends before it begins", expected="hours after midnight at the next day", at=(day, index))
        if spans and span[0] < spans[-1][1]:
            raise ValueFault("begins before the hours before it end", expected="rising hours", at=(day, index))
        spans.append(span)
    return tuple(spans)


def _span(raw: object) -> Hours | None:
    match = _HOURS.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        return None
    from_h, from_min, to_h, to_min = (int(group) for group in match.groups())
    begins, ends = 60 * from_h + from_min, 60 * to_h + to_min
    return (begins, ends) if from_min < 60 and to_min < 60 and ends <= 24 * 60 else None


@dataclass(frozen=True, slots=True)
class ReadsZone(Reads):
    """Marks the name of a time zone, such as Asia/Tehran."""

    def parse(self, raw: object) -> str:
        """The name; a fault suggests the nearest."""
        zones = _zones()
        if not isinstance(raw, str) or raw not in zones:
            expected = "a time zone such as Asia/Tehran or Asia/Aqtau"
            raise ValueFault("is not a time zone", expected=expected, suggestion=nearest(str(raw), sorted(zones)))
        return raw

    def json_schema(self) -> dict[str, object]:
        """A string with a continent and a place."""
        return {
            "type": "string",
            "description": "a time zone such as Asia/Tehran",
            "examples": ["Asia/Tehran", "Asia/Aqtau", "UTC"],
        }


@cache
def _zones() -> frozenset[str]:
    """Every time zone there is; to look them up on disk takes longer than all else that is read."""
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class ReadsCountry(Reads):
    """Marks a country whose holidays are shipped, by its two letters, or ''."""

    def parse(self, raw: object) -> str:
        """The two letters."""
        known = ("", *sorted(_files()))
        if not isinstance(raw, str) or raw not in known:
            expected = f"{', '.join(known[1:])} or ''"
            raise ValueFault(
                "is a country whose holidays are not here", expected=expected, suggestion=nearest(str(raw), known)
            )
        return raw

    def json_schema(self) -> dict[str, object]:
        """One of the countries there are files of."""
        return {"enum": ["", *sorted(_files())], "description": f"{', '.join(sorted(_files()))} or nothing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """When work is done: the hours of a week, less holidays, in the local time of a zone."""

    id: Id
    """Name of the calendar, unique in the scenario."""
    timezone: Annotated[str, ReadsZone()]
    """Time zone of the hours, such as Asia/Tehran."""
    week: Annotated[Dated[Week], ReadsDated(ReadsWeek())]
    """Working hours by day (mon … sun), such as ``mon = ["08:00-16:30"]``; a day that is absent is off. It may change on
    dates of the calendar's own zone."""
    holidays: Annotated[str, ReadsCountry()] = ""
    """Country whose public holidays are off (IR or KZ); empty: none."""
    closed_on: tuple[date, ...] = ()
    """Further dates that are off."""
    open_on: tuple[date, ...] = ()
    """Dates on which the hours of the week are worked though they are off by the two keys above."""


def windows(calendar: WorkingCalendar, epoch_unix_s: int, horizon_s: int) -> list[Window]:
    """The times between the epoch and the horizon at which nobody works, in order, with the cause calendar.

    `epoch_unix_s` is the epoch in seconds since 1970-01-01 UTC; the windows count from the epoch. Raises `CaspianError`
    where the holidays of a year are not known.
    """
    shut: list[Window] = []
    free_from_s = 0
    for from_s, to_s in _worked(calendar, epoch_unix_s, horizon_s):
        if from_s > free_from_s:
            shut.append(Window(free_from_s, min(from_s, horizon_s), 0, "calendar"))
        free_from_s = max(free_from_s, to_s)
        if free_from_s >= horizon_s:
            return shut
    shut.append(Window(free_from_s, horizon_s, 0, "calendar"))
    return shut


def _worked(calendar: WorkingCalendar, epoch_unix_s: int, horizon_s: int) -> Iterator[tuple[int, int]]:
    """Spans of work as seconds since the epoch, in order; they cover the time to the horizon and may reach beyond it."""
    zone = ZoneInfo(calendar.timezone)
    day = datetime.fromtimestamp(epoch_unix_s, zone).date()
    last = datetime.fromtimestamp(epoch_unix_s + horizon_s, zone).date()
    while day <= last:
        if _is_worked(calendar, day):
            for span in value_on(calendar.week, day)[day.weekday()]:
                from_s, to_s = (_unix_s(day, minutes, zone) - epoch_unix_s for minutes in span)
                if to_s > 0:
                    yield min(from_s, horizon_s), to_s
        day += timedelta(days=1)


def _is_worked(calendar: WorkingCalendar, day: date) -> bool:
    if day in calendar.open_on:
        return True
    if day in calendar.closed_on:
        return False
    return not calendar.holidays or day not in holidays_of(calendar.holidays, day.year)


def _unix_s(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Seconds since 1970 of a local time; of one that a change of the clocks repeats the first, of one it skips the next."""
    days, minutes = divmod(minutes, 24 * 60)
    local = datetime.combine(day + timedelta(days=days), time(minutes // 60, minutes % 60), tzinfo=zone)
    return int(local.timestamp())


@cache
def _files() -> dict[str, tuple[int, ...]]:
    """Years for which there is a file, by country."""
    years: dict[str, list[int]] = {}
    for file in resources.files("sim.world").joinpath("holidays").iterdir():
        match = re.fullmatch(r"([A-Z]{2})-(\d{4})\.toml", file.name)
        if match:
            years.setdefault(match[1], []).append(int(match[2]))
    return {country: tuple(sorted(found)) for country, found in years.items()}


def holiday_years(country: str) -> tuple[int, ...]:
    """The years whose holidays are known for a country, rising."""
    return _files().get(country, ())


@cache
def holidays_of(country: str, year: int) -> dict[date, str]:
    """Names of the public holidays of a country in a year by date; raises `CaspianError` where they are not known."""
    years = holiday_years(country)
    if year not in years:
        known = f"known are {years[0]} to {years[-1]}" if years else f"known are those of {', '.join(sorted(_files()))}"
        raise CaspianError(f"the holidays of {country} in {year} are not known; {known}")
    text = resources.files("sim.world").joinpath("holidays", f"{country}-{year}.toml").read_text(encoding="utf-8")
    return {holiday["date"]: holiday["name"] for holiday in tomllib.loads(text)["holidays"]}
