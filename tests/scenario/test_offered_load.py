"""The offered load, against cases worked out by hand."""

from __future__ import annotations

import math
from datetime import date

import pytest

from sim.disruptions import Struck
from sim.scenario import Resolved, load, loads
from sim.scenario.expectations import consignments, months_of, openness
from sim.scenario.offered_load import offered_load
from sim.scenario.wiring import network_of

FERRY = loads("""
[run]
start = 2026-01-01
warm_up = "0 d"

[[commodities]]
id = "grain"
form = "bulk"
value = "200 USD/t"

[[nodes]]
id = "a"
kind = "seaport"
country = "IR"
lat = 37
lon = 50

[[nodes]]
id = "b"
kind = "seaport"
country = "KZ"
lat = 43
lon = 51

[[legs]]
id = "sea"
mode = "sea"
ends = ["a", "b"]
distance = "100 km"
transit = "5 h"

[[terminals]]
id = "qa"
node = "a"
mode = "sea"
berths = 2
rate = "250 t/h"
manoeuvre = "1 h"
gate = { time = "2 h" }

[[terminals]]
id = "qb"
node = "b"
mode = "sea"
berths = 1
rate = "500 t/h"

[[posts]]
id = "desk"
node = "b"
time = "30 min"

[[services]]
id = "ferry"
mode = "sea"
stops = ["a", "b"]
vehicles = 4
capacity = "1000 t"

[[routes]]
id = "ab"
nodes = ["a", "b"]
services = ["ferry"]

[[demand]]
id = "grain-out"
commodity = "grain"
direction = "export"
volume = "876 kt/yr"
lot = "100 t"
routes = { ab = 1.0 }

[[background]]
id = "others"
terminal = "qa"
calls = "2.4 /d"
stay = "3 h"
""")


def _loads(resolved: Resolved, month: int = 0) -> dict[str, float]:
    return {row.name: row.by_month[month] for row in offered_load(resolved.scenario).loads}


def test_a_ferry_by_hand() -> None:
    """100 t/h in lots of 100 t need a tenth of a trip an hour.

    A trip spends 2 h in the gate of a, 2 × 1 h mooring and 1000 / 250 = 4 h loading there, 1000 / 500 = 2 h discharging in
    b, and 2 × 5 h at sea: 20 h, for which there are four ferries. The berths of a also have a tenth of a call an hour, of
    2 × 1 h + 3 h each.
    """
    assert _loads(FERRY) == pytest.approx(
        {
            "qa.gate": 0.1 * 2 / 1,
            "qa.berths": (0.1 * 6 + 0.1 * 5) / 2,
            "qb.berths": 0.1 * 2 / 1,
            "qa.cranes": 100 / 250 / 2,
            "qb.cranes": 100 / 500 / 1,
            "desk": 1 * 0.5,
            "ferry": 0.1 * 20 / 4,
        }
    )


def test_every_month_is_alike_without_seasons_and_closures() -> None:
    """Loads are rates: a short February is no emptier."""
    for row in offered_load(FERRY.scenario).loads:
        assert row.by_month == pytest.approx([row.by_month[0]] * 12)


def test_twice_the_demand_is_twice_the_load_of_what_serves_cargo() -> None:
    """The scale multiplies consignments; calls of other trades stay."""
    twice = _loads(FERRY.replace({"scale.by_commodity.grain.throughput": 2.0}))
    assert twice["ferry"] == pytest.approx(2 * 0.5)
    assert twice["qa.berths"] == pytest.approx((0.2 * 6 + 0.1 * 5) / 2)


def test_a_season_moves_demand_and_keeps_the_year() -> None:
    """All of it in January: 365 / 31 times the mean there, nothing after."""
    season = [1.0, *[0.0] * 11]
    january = FERRY.replace({"demand.grain-out.season": season})
    assert _loads(january)["desk"] == pytest.approx(0.5 * 365 / 31)
    assert _loads(january, 1)["ferry"] == 0
    months = months_of(january.scenario)
    _, kg = consignments(january.scenario, network_of(january.scenario).flows[0], months)
    assert kg.sum() == pytest.approx(876e6)


def test_the_fuller_direction_decides_the_trips() -> None:
    """Cargo back rides in the same ferries: no further trips, but more handling."""
    back = {
        "routes.ba": {"nodes": ["b", "a"], "services": ["ferry"]},
        "demand.grain-in": {
            "commodity": "grain",
            "direction": "import",
            "volume": "438 kt/yr",
            "lot": "100 t",
            "routes": {"ba": 1.0},
        },
    }
    both = _loads(FERRY.replace(back))
    assert both["qa.gate"] == pytest.approx(0.2)
    assert both["ferry"] == pytest.approx(0.1 * (20 + 2 + 1) / 4)


def test_shallow_water_and_slots_make_more_trips() -> None:
    """A metre missing at 5 t/cm halves the ship; 5 TEU of 10 t hold two consignments of 20 t."""
    shallow = {
        "services.ferry.design_draught": "5 m",
        "services.ferry.immersion": "5 t/cm",
        "terminals.qb.permitted_draught": "4 m",
    }
    assert _loads(FERRY.replace(shallow))["qa.gate"] == pytest.approx(2 * 0.2)
    rise = [{"from": date(2026, 1, 1), "value": "3 m"}, {"from": date(2026, 1, 31), "value": "4 m"}]
    dry = _loads(FERRY.replace(shallow | {"terminals.qb.permitted_draught": rise}))
    assert math.isinf(dry["ferry"])
    boxes = {"commodities.grain.form": "container", "commodities.grain.teu_load": "10 t/TEU", "services.ferry.teu": 5,
             "demand.grain-out.lot": "20 t"}  # fmt: skip
    assert _loads(FERRY.replace(boxes))["qa.gate"] == pytest.approx(5 / 2 * 2)


def test_shipments_are_cut_to_the_vehicle() -> None:
    """Lots of 1 500 t become 1 000 t and 500 t, of 750 t on average: a ferry for each, and two visits of the desk."""
    loads_of = _loads(FERRY.replace({"demand.grain-out.lot": "1500 t"}))
    assert loads_of["desk"] == pytest.approx(2 * 100 / 1500 * 0.5)
    assert loads_of["qa.gate"] == pytest.approx(2 * 100 / 1500 * 2)


def test_closed_hours_are_deducted() -> None:
    """A crane that works half of each day is twice as loaded, and a ferry lies alongside twice as long."""
    week = {day: ["00:00-12:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    half = _loads(FERRY.replace({"calendars.day": {"timezone": "UTC", "week": week}, "terminals.qa.hours": "day"}))
    assert half["qa.cranes"] == pytest.approx(2 * 0.2)
    assert half["qa.berths"] == pytest.approx((0.1 * (2 + 8) + 0.1 * (2 + 6)) / 2)
    assert half["ferry"] == pytest.approx(0.1 * 24 / 4)


def test_expected_spells_are_deducted_month_by_month() -> None:
    """Entry closed on 15.5 of 31 days of January by spells of 2 d: half the berths, and 12 h of wait on each trip."""
    storm = {"kind": "spells", "on": ["qa"], "closed_days": [15.5, *[0.0] * 11], "spell": "2 d"}
    stormy = FERRY.replace({"disruptions.storm": storm})
    assert _loads(stormy)["qa.berths"] == pytest.approx(2 * 0.55)
    assert _loads(stormy)["ferry"] == pytest.approx(0.1 * (20 + 12) / 4)
    assert _loads(stormy, 1) == pytest.approx(_loads(FERRY, 1))


def test_dated_closures_are_deducted_where_they_lie() -> None:
    """Half of January by decree; calendar and closure over each other count once; a half-open window is half lost."""
    strike = {"kind": "dated", "on": ["desk"], "cause": "held", "windows": [
        {"from": FERRY.scenario.run.start, "to": FERRY.scenario.run.start.replace(day=16)}]}  # fmt: skip
    struck = FERRY.replace({"disruptions.strike": strike})
    assert _loads(struck)["desk"] == pytest.approx(0.5 * 31 / 16)
    twice = struck.replace({"disruptions.again": strike})
    assert _loads(twice)["desk"] == pytest.approx(0.5 * 31 / 16)
    half = struck.replace({"disruptions.strike.share": 0.5})
    opened = openness(half.scenario, months_of(half.scenario), Struck("desk"), ["work"], None)
    assert opened.share[0] == pytest.approx(1 - 15 / 31 / 2)
    assert opened.wait_s[0] == 0


def test_a_timetable_caps_the_trips() -> None:
    """One departure in 20 h for a tenth of a trip an hour: twice what it can do, however many ferries there are."""
    timetable = {"services.ferry.departures": [{"stop": "a", "every": "20 h"}], "services.ferry.waits_at": "berth",
                 "services.ferry.vehicles": 40}  # fmt: skip
    assert _loads(FERRY.replace(timetable))["ferry"] == pytest.approx(2)


def test_listed_shipments_count_in_the_month_of_their_release() -> None:
    """31 shipments of 100 t in January, none later."""
    shipments = [{"at": f"{day} d", "mass": "100 t"} for day in range(31)]
    listed = FERRY.replace({"demand.grain-out.arrivals": "listed", "demand.grain-out.shipments": shipments})
    assert _loads(listed)["desk"] == pytest.approx(31 * 0.5 / (31 * 24))
    assert _loads(listed, 1)["desk"] == 0


def test_only_measured_days_count() -> None:
    """A window from mid-January to mid-February has two months in part, after a warm-up of its own."""
    part = FERRY.replace(
        {"run.start": FERRY.scenario.run.start.replace(day=17), "run.run_length": "30 d", "run.warm_up": "60 d"}
    )
    months = months_of(part.scenario)
    assert months.names == ("2026-01", "2026-02")
    assert list(months.length_s / 86400) == [15, 15]
    assert _loads(part, 1) == pytest.approx(_loads(FERRY))


def test_nothing_asked_is_no_load() -> None:
    """A closed post that nobody needs is not overloaded; one that is needed is, without bound."""
    storm = {"kind": "dated", "on": ["desk"], "cause": "held", "windows": [
        {"from": FERRY.scenario.run.start, "to": FERRY.scenario.run.start.replace(month=3)}]}  # fmt: skip
    shut = FERRY.replace({"disruptions.shut": storm})
    assert math.isinf(_loads(shut)["desk"])
    idle = shut.replace({"posts.desk.direction": "import"})
    assert _loads(idle)["desk"] == 0
    assert [row.name for row, _ in offered_load(shut.scenario).warnings()] == ["desk"]


def test_the_baseline_passes() -> None:
    """Nothing in the shipped baseline is loaded to 0.95 or more in any month."""
    assert offered_load(load("baseline").scenario).warnings() == []
