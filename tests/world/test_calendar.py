"""Working calendars: hours in local time, holidays, and the windows they shut."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from sim.dated import value_on
from sim.errors import CaspianError, ValueFault
from sim.units import DAY_S
from sim.world.calendar import WorkingCalendar, holiday_years, holidays_of, windows
from sim.world.timeline import timeline

HOUR_S = 3600
IRAN = {
    "id": "iran",
    "timezone": "Asia/Tehran",
    "week": {day: ["08:00-16:30"] for day in ("sat", "sun", "mon", "tue", "wed")},
    "holidays": "IR",
}


def calendar_of(**changes: object) -> WorkingCalendar:
    """The Iranian calendar above with other keys changed, read as a scenario is."""
    return TypeAdapter(WorkingCalendar).validate_python({**IRAN, **changes})


def unix_s(*moment: int) -> int:
    """Seconds since 1970 of a moment in UTC."""
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]


def worked_h(calendar: WorkingCalendar, epoch_unix_s: int, days: int) -> list[tuple[float, float]]:
    """Hours since the epoch at which work begins and ends, within so many days."""
    shut = windows(calendar, epoch_unix_s, days * DAY_S)
    edges = [0, *(edge for window in shut for edge in (window.from_s, window.to_s)), days * DAY_S]
    spans = zip(edges[::2], edges[1::2], strict=True)
    return [(from_s / HOUR_S, to_s / HOUR_S) for from_s, to_s in spans if from_s < to_s]


def test_a_working_day_in_tehran() -> None:
    """On Monday 9 February 2026 work goes on from 04:30 to 13:00 UTC, with the break that is written."""
    assert worked_h(calendar_of(), unix_s(2026, 2, 9), 1) == [(4.5, 13.0)]
    with_break = calendar_of(week={"mon": ["08:00-12:00", "13:00-16:30"]})
    assert worked_h(with_break, unix_s(2026, 2, 9), 1) == [(4.5, 8.5), (9.5, 13.0)]


def test_summer_time_ended_in_iran() -> None:
    """In July 2020 the clocks of Tehran were an hour ahead, in July 2026 they are not."""
    assert worked_h(calendar_of(), unix_s(2020, 7, 6), 1) == [(3.5, 12.0)]
    assert worked_h(calendar_of(), unix_s(2026, 7, 6), 1) == [(4.5, 13.0)]


def test_the_night_of_the_change_is_an_hour_short() -> None:
    """Round-the-clock work on 21 March 2020, when midnight in Tehran became one o'clock, lasted 23 hours."""
    all_day = calendar_of(week={"sat": ["00:00-24:00"]}, holidays="")
    assert worked_h(all_day, unix_s(2020, 3, 20), 2) == [(20.5, 43.5)]


def test_kazakhstan_has_one_time_since_2024() -> None:
    """Aktau kept UTC+5 when the east of the country joined it on 1 March 2024."""
    aktau = calendar_of(timezone="Asia/Aqtau", week={"mon": ["09:00-18:00"]}, holidays="KZ")
    assert worked_h(aktau, unix_s(2024, 2, 26), 1) == worked_h(aktau, unix_s(2024, 3, 4), 1) == [(4.0, 13.0)]


def test_a_week_may_change_on_a_date() -> None:
    """Thursdays, worked in half until the year 1404 begins on 21 March 2025, are off from then on."""
    before, after = {"thu": ["08:00-12:00"]}, {"wed": ["08:00-16:30"]}
    week = [{"from": date(2019, 1, 1), "value": before}, {"from": date(2025, 3, 21), "value": after}]
    calendar = calendar_of(week=week, holidays="")
    assert worked_h(calendar, unix_s(2025, 3, 12), 3) == [(28.5, 32.5)]
    assert worked_h(calendar, unix_s(2025, 4, 2), 3) == [(4.5, 13.0)]


def test_nowruz_2026() -> None:
    """From 20 to 24 March 2026 Iran rests; on Wednesday the 25th work begins again."""
    assert worked_h(calendar_of(), unix_s(2026, 3, 18, 12), 8) == [(0.0, 1.0), (160.5, 169.0)]
    assert [holidays_of("IR", 2026).get(date(2026, 3, day), "") for day in (19, 20, 23, 25)] == [
        "",
        "Iranian Oil Industry Nationalization Day",
        "Nowruz Holiday",
        "",
    ]


def test_kazakh_republic_day() -> None:
    """Republic Day is kept on 25 October since 2022, and a Monday follows where it falls on a Sunday."""
    assert holidays_of("KZ", 2022)[date(2022, 10, 25)] == "Republic Day"
    assert date(2021, 10, 25) not in holidays_of("KZ", 2021)
    assert date(2026, 10, 26) in holidays_of("KZ", 2026)


def test_dates_of_ones_own() -> None:
    """A date may be closed besides, and a holiday worked; the latter wins."""
    shut = calendar_of(closed_on=[date(2026, 2, 9), date(2026, 2, 10)], open_on=[date(2026, 2, 10), date(2026, 2, 11)])
    assert worked_h(shut, unix_s(2026, 2, 9), 3) == [(28.5, 37.0), (52.5, 61.0)]


def test_every_year_of_both_countries_is_there() -> None:
    """Holidays are known from 2019 to 2030, and each year has at least ten of its own."""
    assert holiday_years("IR") == holiday_years("KZ") == tuple(range(2019, 2031))
    for country in ("IR", "KZ"):
        for year in holiday_years(country):
            known = holidays_of(country, year)
            assert len(known) >= 10
            assert {day.year for day in known} == {year}


def test_a_year_without_holidays_is_told() -> None:
    """A run in a year for which there is no file stops with the years there are."""
    with pytest.raises(CaspianError, match="the holidays of IR in 2031 are not known; known are 2019 to 2030"):
        windows(calendar_of(), unix_s(2030, 12, 1), 60 * DAY_S)
    with pytest.raises(CaspianError, match="holidays of TM in 2026 are not known; known are those of IR, KZ"):
        holidays_of("TM", 2026)


@given(
    start=st.datetimes(datetime(2019, 2, 1), datetime(2030, 6, 1)),  # noqa: DTZ001 - hypothesis wants naive ones
    days=st.integers(1, 40),
    zone=st.sampled_from(["Asia/Tehran", "Asia/Aqtau", "UTC", "Europe/Moscow"]),
)
def test_a_calendar_is_open_when_its_clock_says_so(start: datetime, days: int, zone: str) -> None:
    """At every full half hour the timeline is open exactly if the local date and time are among those worked."""
    week = {"mon": ["00:00-24:00"], "tue": ["00:00-02:00", "22:00-24:00"], "wed": ["00:30-12:00"], "sun": ["09:00-17:30"]}
    calendar = calendar_of(timezone=zone, week=week)
    epoch = start.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    epoch_unix_s, horizon_s = int(epoch.timestamp()), days * DAY_S
    opening = timeline(windows(calendar, epoch_unix_s, horizon_s), horizon_s)
    for at_s in range(0, horizon_s, HOUR_S // 2):
        local = (epoch + timedelta(seconds=at_s)).astimezone(ZoneInfo(zone))
        minute = 60 * local.hour + local.minute
        hours = value_on(calendar.week, local.date())[local.weekday()]
        spans = () if local.date() in holidays_of("IR", local.year) else hours
        assert opening.is_open(at_s) == any(from_min <= minute < to_min for from_min, to_min in spans)


@pytest.mark.parametrize(
    ("key", "raw", "message", "at", "suggestion"),
    [
        ("week", "mon", "is not a week", (), ""),
        ("week", [], "is an empty list", (), ""),
        ("week", [{"from": date(2026, 1, 1), "value": {"mom": []}}], "unknown day", (0, "value", "mom"), "mon"),
        ("week", {}, "has no working hours", (), ""),
        ("week", {"mom": ["08:00-16:30"]}, "unknown day", ("mom",), "mon"),
        ("week", {"mon": "08:00-16:30"}, "is not a list of hours", ("mon",), ""),
        ("week", {"mon": ["8-16"]}, "is not a span of hours", ("mon", 0), ""),
        ("week", {"mon": ["08:00-24:01"]}, "is not a span of hours", ("mon", 0), ""),
        ("week", {"mon": ["22:00-06:00"]}, "ends before it begins", ("mon", 0), ""),
        ("week", {"mon": ["08:00-12:00", "11:00-13:00"]}, "begins before the hours before it end", ("mon", 1), ""),
        ("timezone", "Asia/Teheran", "is not a time zone", (), "Asia/Tehran"),
        ("holidays", "Iran", "is a country whose holidays are not here", (), "IR"),
    ],
)
def test_a_fault_says_what_and_where(key: str, raw: object, message: str, at: tuple[object, ...], suggestion: str) -> None:
    """Each thing that can be wrong is named, with the day and the place in its list and the nearest right word."""
    with pytest.raises(ValidationError) as caught:
        calendar_of(**{key: raw})
    fault = caught.value.errors()[0]["ctx"]["error"]
    assert isinstance(fault, ValueFault)
    assert (fault.message, fault.at, fault.suggestion) == (message, at, suggestion)


def test_the_schema_takes_what_is_read() -> None:
    """Editors are told the same as the reader knows."""
    schema = Draft202012Validator(json.loads(json.dumps(TypeAdapter(WorkingCalendar).json_schema())))
    assert schema.is_valid(IRAN)
    assert not schema.is_valid({**IRAN, "week": {"mon": ["8-16"]}})
    assert not schema.is_valid({**IRAN, "holidays": "TM"})
