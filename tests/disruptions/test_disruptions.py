"""Disruptions: closures on dates, and spells of weather that keep to the days of the record."""

import tomllib
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from sim.chance.streams import Streams
from sim.disruptions import KINDS, Breakdowns, Dated, Disruption, Spells, Struck, windows
from sim.errors import CaspianError, ValueFault
from sim.units import DAY_S
from sim.world.timeline import Window, timeline

EPOCH_UNIX_S = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
YEAR_2021_UNIX_S = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp())
MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

STORMS = """
kind = "spells"
id = "aktau-storms"
on = ["aktau-port"]
closed_days = [10, 8, 6, 4, 2, 1, 1, 1, 2, 4, 6, 9]
spell = { distribution = "lognormal", median = "30 h", p95 = "96 h" }
"""
STRIKE = """
kind = "dated"
id = "strike"
on = ["aktau-port"]
cause = "held"
windows = [
    { from = 2025-12-20, to = 2025-12-30 },
    { from = 2026-01-02, to = 2026-01-02T06:00:00 },
    { from = 2026-01-05T03:30:00+03:30, to = 2026-01-06 },
    { from = 2027-01-01, to = 2027-02-01 },
]
share = "25 %"
"""


def disruption_of(text: str, **changes: object) -> Disruption:
    """The disruption that TOML says, with other keys changed."""
    return TypeAdapter[Disruption](Disruption).validate_python({**tomllib.loads(text), **changes})


def closed_days_by_month(disruption: Disruption, replications: int, years: int = 3) -> npt.NDArray[np.float64]:
    """Closed days of the twelve months, a row for each simulated year from 2021 on; none of them is a leap year."""
    begins_s = np.concatenate(([0], np.cumsum(MONTH_DAYS * years))) * DAY_S
    rows = []
    for replication in range(replications):
        spells = windows(disruption, Streams(5, replication), YEAR_2021_UNIX_S, int(begins_s[-1]), Struck())
        edges = np.array([(window.from_s, window.to_s) for window in spells])
        passed = np.clip(begins_s[:, None], edges[:, 0], edges[:, 1]) - edges[:, 0]
        rows.append(np.diff(passed.sum(axis=1)).reshape(years, 12) / DAY_S)
    return np.concatenate(rows)


def test_closures_on_dates() -> None:
    """Windows count from the epoch; a date is its midnight in UTC, a zone is heeded; the rest is left out."""
    assert windows(disruption_of(STRIKE), Streams(1, 0), EPOCH_UNIX_S, 365 * DAY_S, Struck()) == [
        Window(1 * DAY_S, 1 * DAY_S + 6 * 3600, 250, "held"),
        Window(4 * DAY_S, 5 * DAY_S, 250, "held"),
    ]


@pytest.mark.parametrize(
    ("closed_days", "spell"),
    [
        ([10, 8, 6, 4, 2, 1, 1, 1, 2, 4, 6, 9], {"distribution": "lognormal", "median": "30 h", "p95": "96 h"}),
        ([10, 8, 3, 0, 0, 0, 2, 0, 0, 3, 6, 9], {"distribution": "gamma", "mean": "60 h", "cv": 0.7}),
        ([20, 20, 15, 10, 8, 8, 8, 8, 8, 10, 12, 18], "5 d"),
        ([0.5] * 12, {"distribution": "exponential", "mean": "5 h"}),
    ],
)
def test_the_expected_closed_days_of_each_month_are_met(closed_days: list[float], spell: object) -> None:
    """Over 600 simulated years the 99.9 % interval of each month's closed days holds the number stated."""
    drawn = closed_days_by_month(disruption_of(STORMS, closed_days=closed_days, spell=spell), 200)
    half_width = stats.t.ppf(0.9995, len(drawn) - 1) * drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    assert np.all(np.abs(drawn.mean(axis=0) - closed_days) <= half_width)
    assert half_width.max() < 1


def test_a_month_without_closed_days_has_none() -> None:
    """Where a month's number is 0 no second of it is ever shut, though spells of the month before are long."""
    calm = disruption_of(STORMS, closed_days=[12, 12, 12, 0, 0, 0, 0, 0, 0, 0, 0, 12], spell="4 d")
    assert closed_days_by_month(calm, 100)[:, 3:11].max() == 0


def test_spells_last_as_long_as_said() -> None:
    """Spells do not overlap, and unless the epoch or a calm month cuts them their lengths are the one stated."""
    spells = windows(disruption_of(STORMS, spell="30 h"), Streams(1, 0), EPOCH_UNIX_S, 900 * DAY_S, Struck())
    assert {window.to_s - window.from_s for window in spells} == {30 * 3600}
    assert all(before.to_s <= after.from_s for before, after in pairwise(spells))
    assert {(window.share, window.cause) for window in spells} == {(0, "weather")}


def test_the_weather_does_not_hang_on_the_epoch() -> None:
    """A longer warm-up finds the same spells from January 2026 on."""
    late = windows(disruption_of(STORMS), Streams(1, 0), EPOCH_UNIX_S, 365 * DAY_S, Struck())
    early = windows(disruption_of(STORMS), Streams(1, 0), EPOCH_UNIX_S - 60 * DAY_S, 425 * DAY_S, Struck())
    shifted = [Window(w.from_s - 60 * DAY_S, w.to_s - 60 * DAY_S, w.share, w.cause) for w in early]
    assert late == [window for window in shifted if window.to_s > 0]


def test_the_weather_of_other_months_stays() -> None:
    """Twice as many storms in January leave those of May to November where they were."""
    changed = disruption_of(STORMS, closed_days=[20, 8, 6, 4, 2, 1, 1, 1, 2, 4, 6, 9])
    both = [windows(each, Streams(1, 0), EPOCH_UNIX_S, 365 * DAY_S, Struck()) for each in (disruption_of(STORMS), changed)]
    may_s, december_s = 120 * DAY_S, 334 * DAY_S
    summers = [[(w.from_s, w.to_s) for w in spells if may_s < w.from_s < december_s] for spells in both]
    assert len(summers[0]) == len(summers[1]) > 3
    assert np.abs(np.array(summers[0]) - np.array(summers[1])).max() < 3600
    assert both[0] != both[1]


def test_seed_replication_and_name_make_other_weather() -> None:
    """Each seed, replication and disruption has weather of its own; the same three have the same."""
    storms = disruption_of(STORMS)
    other = disruption_of(STORMS, id="kuryk-storms")
    drawn = [
        tuple(windows(each, Streams(seed, replication), EPOCH_UNIX_S, 365 * DAY_S, Struck()))
        for each, seed, replication in ((storms, 1, 0), (storms, 1, 0), (storms, 2, 0), (storms, 1, 1), (other, 1, 0))
    ]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) == 4


def test_many_short_spells_in_one_month() -> None:
    """More spells in a month than are drawn at once make no difference: the days are met all the same."""
    fog = disruption_of(STORMS, closed_days=[6] * 12, spell="1 h")
    assert closed_days_by_month(fog, 10).mean() == pytest.approx(6, rel=0.02)


def test_a_leap_year_has_weather_on_its_extra_day() -> None:
    """On 29 February 2028 it is closed for as long as on any day of the month: half of it, within 4 standard errors."""
    begins_unix_s = int(datetime(2028, 2, 29, tzinfo=UTC).timestamp())
    often = disruption_of(STORMS, closed_days=[15.5, 14, 15.5, 15, 15.5, 15, 15.5, 15.5, 15, 15.5, 15, 15.5], spell="6 h")
    drawn = [timeline(windows(often, Streams(3, k), begins_unix_s, DAY_S, Struck()), DAY_S) for k in range(150)]
    shut = np.array([each.closed_seconds(np.array(0), np.array(DAY_S), "weather") for each in drawn]) / DAY_S
    assert abs(shut.mean() - 0.5) < 4 * shut.std() / np.sqrt(len(shut))


def test_no_closed_days_no_spells() -> None:
    """Twelve zeros switch the weather off."""
    assert windows(disruption_of(STORMS, closed_days=[0] * 12), Streams(1, 0), EPOCH_UNIX_S, 365 * DAY_S, Struck()) == []


def test_what_cannot_be_met_is_told() -> None:
    """Long spells that reach into a month with few closed days, or a month with no open hour, stop the run with its name."""
    long = disruption_of(STORMS, closed_days=[15, 15, 15, 0.1, 1, 1, 1, 1, 1, 1, 1, 15], spell="9 d")
    with pytest.raises(CaspianError, match=r"'aktau-storms': 0.1 closed days in April cannot be met: spells of the months"):
        windows(long, Streams(1, 0), EPOCH_UNIX_S, 365 * DAY_S, Struck())
    whole = disruption_of(STORMS, closed_days=[30.9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], spell="30 h")
    with pytest.raises(CaspianError, match=r"30.9 closed days in January cannot be met: at some time of the month no open"):
        windows(whole, Streams(1, 0), EPOCH_UNIX_S, 365 * DAY_S, Struck())


def test_every_kind_is_in_the_union() -> None:
    """The table of kinds and the union that scenarios are read with name the same records."""
    assert {kind.record for kind in KINDS.values()} == {Breakdowns, Dated, Spells}
    assert [disruption_of(text).kind for text in (STRIKE, STORMS, CRANES)] == list(KINDS)


@pytest.mark.parametrize(
    ("text", "key", "raw", "message", "at"),
    [
        (STRIKE, "windows", [], "is not a list of periods", ()),
        (STRIKE, "windows", ["2026-01-01"], "is not a period", (0,)),
        (STRIKE, "windows", [{"from": 1, "untl": 2}], "unknown key", (0, "untl")),
        (STRIKE, "windows", [{"from": 1}], "has no 'to'", (0,)),
        (STRIKE, "windows", [{"from": "2026-01-01", "to": 2}], "is not a date", (0, "from")),
        (STORMS, "closed_days", [1, 2], "is not a list of twelve numbers", ()),
        (STORMS, "closed_days", [1, 28, *[0] * 10], "is not a number of days", (1,)),
        (STORMS, "closed_days", [-1, *[0] * 11], "is not a number of days", (0,)),
        (STORMS, "spell", {"distribution": "lognormal", "median": "4 h", "p95": "3 h"}, "is not above the median", ("p95",)),
    ],
)
def test_a_fault_says_what_and_where(text: str, key: str, raw: object, message: str, at: tuple[object, ...]) -> None:
    """Each thing that can be wrong is told of the member that was meant, with the place it stands at."""
    with pytest.raises(ValidationError) as caught:
        disruption_of(text, **{key: raw})
    (error,) = caught.value.errors()
    fault = error["ctx"]["error"]
    assert error["loc"] == (tomllib.loads(text)["kind"], key)
    assert isinstance(fault, ValueFault)
    assert (fault.message, fault.at) == (message, at)


def test_a_period_ends_after_it_begins() -> None:
    """Dates in the wrong order are a fault of the second."""
    backwards = tomllib.loads("windows = [{ from = 2026-01-05, to = 2026-01-05 }]")
    with pytest.raises(ValidationError, match="is not after 'from'"):
        disruption_of(STRIKE, **backwards)


def test_a_kind_that_is_not_known_is_told() -> None:
    """A wrong word for the kind is one fault, not one for each member."""
    with pytest.raises(ValidationError) as caught:
        disruption_of(STORMS, kind="spell")
    assert [error["type"] for error in caught.value.errors()] == ["union_tag_invalid"]


WIND = {"limit": "18 m/s", "told_at": "15 m/s", "excess": {"distribution": "exponential", "mean": "5 m/s"}}
AT_LIMIT = {**WIND, "limit": "15 m/s"}


def test_a_higher_limit_closes_less_and_never_at_another_time() -> None:
    """Under 18 m/s instead of 15 each closure lies within one of those under 15, and e^-0.6 of them remain (the chance that
    an excess of 5 m/s on average is above 3); under 15 the wind makes no difference.
    """
    still = disruption_of(STORMS)
    kept = total = closed_s = closed_before_s = 0
    for replication in range(40):
        stream = Streams(3, replication)
        before, at_limit, after = (
            windows(each, stream, EPOCH_UNIX_S, 365 * DAY_S, Struck())
            for each in (still, disruption_of(STORMS, wind=AT_LIMIT), disruption_of(STORMS, wind=WIND))
        )
        assert at_limit == before
        assert all(any(outer.from_s <= each.from_s and each.to_s <= outer.to_s for outer in before) for each in after)
        kept, total = kept + len(after), total + len(before)
        closed_s += sum(each.to_s - each.from_s for each in after)
        closed_before_s += sum(each.to_s - each.from_s for each in before)
    assert abs(kept / total - np.exp(-0.6)) < 3.3 * np.sqrt(0.25 / total)
    excess = stats.expon(scale=5).ppf((np.arange(4000) + 0.5) / 4000)
    expected = np.mean(np.sqrt(np.maximum(0, 1 - 3 / excess)))
    assert closed_s / closed_before_s == pytest.approx(expected, rel=0.05)


CRANES = """
kind = "breakdowns"
id = "crane-fails"
on = ["aktau-port"]
between = { distribution = "exponential", mean = "9 d" }
repair = { distribution = "exponential", mean = "1 d" }
"""


def test_units_break_down_each_by_itself() -> None:
    """Of three cranes that work nine days of ten each, the capacity left is nine tenths on average; two are down at once in
    0.1² × 0.9 × 3 of the time; a fourth crane leaves the breakdowns of the others what they were.
    """
    fails, years = disruption_of(CRANES), 60
    horizon_s = years * 365 * DAY_S
    three = windows(fails, Streams(5, 0), EPOCH_UNIX_S, horizon_s, Struck("aktau-port", 3))
    lost = {share: sum(each.to_s - each.from_s for each in three if each.share == share) for share in (667, 334, 0)}
    assert {each.share for each in three} == set(lost)
    assert sum(s * n for s, n in zip(lost.values(), (1, 2, 3), strict=True)) / 3 / horizon_s == pytest.approx(0.1, rel=0.06)
    assert lost[334] / horizon_s == pytest.approx(0.027, rel=0.15)
    four = windows(fails, Streams(5, 0), EPOCH_UNIX_S, horizon_s, Struck("aktau-port", 4))
    assert {at_s for each in three for at_s in (each.from_s, each.to_s)} <= {
        at_s for each in four for at_s in (each.from_s, each.to_s)
    }


def test_what_is_lost_is_counted_in_units() -> None:
    """One of seventeen berths leaves sixteen, of three two: the share is such that whole units come out; of a fleet the last
    vehicles stand still.
    """
    for units in (1, 2, 3, 17, 999):
        for lost in range(1, min(units, 5) + 1):
            assert units * Struck("quay", units).share_without(lost) // 1000 == units - lost
    assert [Struck("trucks", 4, vehicle).share_without(3) for vehicle in range(4)] == [1000, 0, 0, 0]
    strike = disruption_of(STRIKE, lost=1, on=["quay"])
    assert {each.share for each in windows(strike, Streams(1, 0), EPOCH_UNIX_S, 365 * DAY_S, Struck("quay", 3))} == {667}


def test_a_storm_under_the_limit_of_a_rule_closes_its_middle() -> None:
    """A storm of 10 h that rises 5 m/s above 15 is above 18 for the middle 6.32 h, √(1 - 3/5) of it, and never above 20."""
    storm = {"closed_days": [5] * 12, "spell": "10 h"}
    whole, middle, none = (
        windows(disruption_of(STORMS, **storm, wind={"limit": limit, "told_at": "15 m/s", "excess": "5 m/s"}),
                Streams(1, 0), EPOCH_UNIX_S, 20 * DAY_S, Struck())
        for limit in ("15 m/s", "18 m/s", "20 m/s")
    )  # fmt: skip
    assert len(middle) == len(whole) > 2
    assert {(each.from_s - storm.from_s, storm.to_s - each.to_s) for storm, each in zip(whole, middle, strict=True)} == {
        (6616, 6616)
    }
    assert none == []
