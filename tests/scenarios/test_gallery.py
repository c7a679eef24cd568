"""The gallery of questions: each answers in the direction that its claim says, under the same chance as its base.

A claim is a paired difference whose whole interval lies on one side of zero, corrected for all that is asked of a scenario
together. Runs are shortened to four months, winter and spring.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.events import Kind
from sim.experiment.comparisons.comparing import compare
from sim.experiment.comparisons.verdicts import Finding
from sim.experiment.replication import replicate
from sim.kpis import measure
from sim.scenario import Scenario, load, loads
from sim.scenario.wiring import network_of, permitted_mm
from sim.units import DAY_S, YEAR_S
from tests.agreement.both import drawn_and_played

FOLDER = Path(__file__).parents[2] / "scenarios"
CATALOGUE = FOLDER / "catalogue"
GALLERY = [
    "anzali-shut", "berth-lost", "block-train", "breakdowns", "closure-limit-18", "dredged-aktau", "february-2020",
    "fourth-vessel", "holiday-lorry-ban", "kuryk", "land-bridge", "low-caspian-2030", "onward-by-rail",
    "port-rail-link", "re-export", "ro-ro", "silting-aktau", "through-amirabad", "thursdays-worked", "truckers-strike",
    "winter-storms",
]  # fmt: skip
WAYS = ["air", "block-train", "kuryk", "land-bridge", "onward", "rail-anzali", "rail-rasht", "ro-ro", "southern-ports"]
"""The pieces of the catalogue that hold routes, none of which is in the baseline."""
LEVELS = ["sea-level-low", "sea-level", "sea-level-high"]
SHORT = {"run.warm_up": "20 d", "run.run_length": "120 d", "run.drain": "40 d"}
REPLICATIONS = 8


def asked(
    name: str, *kpis: str, base: str = "baseline", base_start: str = "", changes: Mapping[str, object] = SHORT
) -> dict[str, Finding]:
    """What a scenario changes in each KPI of its base, with the same chance, `changes` and, unless one is given, start."""
    other = load(name).replace(changes)
    start = base_start or other.scenario.run.start.isoformat()
    first = load(base).replace({**changes, "run.start": start})
    found = compare([first, other], kpis, REPLICATIONS, explains=False, jobs=1)
    assert found.checks_off == 0
    return {kpi: each[0] for kpi, each in found.findings().items()}


def falls(finding: Finding) -> bool:
    """Whether the whole interval lies below zero."""
    return finding.hi < 0


def rises(finding: Finding) -> bool:
    """Whether the whole interval lies above zero."""
    return finding.lo > 0


def over_baseline(piece: str, more: str = "") -> Scenario:
    """The baseline with a piece of the catalogue over it."""
    files = [str(FOLDER / "baseline.toml"), str(CATALOGUE / f"{piece}.toml")]
    return loads(f"extends = {files}\n{more}").scenario


@pytest.mark.parametrize("name", GALLERY)
def test_a_file_of_the_gallery_is_a_question_and_a_few_lines(name: str) -> None:
    """Its first line is the question, and it says what it extends; the rest fits on half a page."""
    lines = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert lines[0].endswith("?")
    assert {"title", "extends"} <= tomllib.loads("\n".join(lines)).keys()
    assert len([line for line in lines if line]) <= 30


@pytest.mark.parametrize("piece", WAYS)
def test_every_way_of_the_catalogue_carries_cargo_from_end_to_end(piece: str) -> None:
    """A little cargo on each route of a piece, and no other, arrives by both engines, but for what customs still holds."""
    text = (CATALOGUE / f"{piece}.toml").read_text(encoding="utf-8")
    routes = [route["id"] for route in tomllib.loads(text)["routes"]]
    streams = [f'[[demand]]\nid = "{stream.id}"\nremove = true' for stream in load("baseline").scenario.demand] + [
        f'[[demand]]\nid = "{route}"\ncommodity = "dried-fruit"\ndirection = "{_direction(route)}"\nvolume = "60 t/yr"\n'
        f'lot = "1 t"\nroutes = {{ {route} = 1.0 }}\nregime = "free-zone"'
        for route in routes
    ]
    scenario = over_baseline(piece, "\n".join([*streams, '[run]\nwarm_up = "10 d"\nrun_length = "60 d"\ndrain = "60 d"']))
    network = network_of(scenario)
    draws, log = drawn_and_played(scenario, network, seed=1)
    counted = draws.release_s < network.window_to_s
    delivered = np.isin(np.arange(len(counted)), log.where(Kind.DELIVERED).consignment)
    released = np.bincount(draws.flow[counted], minlength=len(network.flows))
    arrived = np.bincount(draws.flow[counted & delivered], minlength=len(network.flows))
    assert released.all()
    assert (arrived >= 0.8 * released).all()


def _direction(route: str) -> str:
    return "import" if route.startswith("in-") else "export"


def test_the_gauge_change_passes_as_many_wagons_as_the_record_says() -> None:
    """Of 65 t, each moved twice, between 40 and 65 a day [L34]."""
    siding = next(place for place in over_baseline("land-bridge").terminals if place.id == "incheh-borun-siding")
    wagons_a_day = siding.berths * siding.rate * 24 / (2 * 65)
    assert 40 <= wagons_a_day <= 65


def test_more_than_the_gauge_change_passes_does_not_pass() -> None:
    """With wagons and docks enough, and far more cargo than it can move, what others leave of its places is what arrives."""
    others = [stream.id for stream in load("baseline").scenario.demand if stream.id != "metals-in"]
    plenty = {"services": ["iranian-wagons", "wide-wagons", "shuttle"], "terminals": ["aktau-siding", "qazvin-siding"]}
    more = "".join(
        f'[[{table}]]\nid = "{name}"\n{"vehicles" if table == "services" else "berths"} = 800\n'
        for table, names in plenty.items()
        for name in names
    )
    scenario = over_baseline(
        "land-bridge",
        "".join(f'[[demand]]\nid = "{name}"\nremove = true\n' for name in others)
        + '[[demand]]\nid = "metals-in"\nvolume = "1600 kt/yr"\nroutes = { in = 0.0, in-by-land = 1.0 }\n'
        + '[[posts]]\nid = "aktau-inspection"\nservers = 100\n'
        + '[run]\nwarm_up = "30 d"\nrun_length = "40 d"\ndrain = "0 d"\n'
        + more,
    )
    siding = next(place for place in scenario.terminals if place.id == "incheh-borun-siding")
    others_places = sum(each.calls * each.stay.mean() for each in scenario.background if each.terminal == siding.id) / YEAR_S
    left_kt = (siding.berths - others_places) * siding.rate * 24 * 365 / 2 / 1000
    kpis = measure(replicate(scenario, 1, 0))
    assert 0.9 * left_kt < kpis["throughput_kt"] < 1.02 * left_kt


def test_the_sea_of_2026_permits_what_the_baseline_does() -> None:
    """4.2 m at Aktau and 4.5 m at Anzali, by the middle of the projections."""
    for quay, permitted in (("aktau-quay", 4200), ("anzali-quay", 4500)):
        assert draughts_mm(load("baseline").scenario, quay) == {-1: permitted}
        assert draughts_mm(over_baseline("sea-level"), quay)[60] == permitted


def test_the_projections_part_and_fall() -> None:
    """From 2026 to 2050 the low end lies below the middle and that below the high end, and each year below the last."""
    rows = [over_baseline(piece).sea_level for piece in LEVELS]
    assert all(row is not None and {day.year for day in row.since} == set(range(row.since[0].year, 2051)) for row in rows)
    future = np.array([row.values[-25:] for row in rows if row is not None])
    assert (np.diff(future, axis=0) > 0).all()
    assert (np.diff(future, axis=1) < 0).all()


def draughts_mm(scenario: Scenario, quay: str) -> Mapping[int, int]:
    """Permitted draught at a quay by the day of the run from which it holds; -1 for one that always has."""
    terminal = next(place for place in scenario.terminals if place.id == quay)
    return {max(-1, from_s // DAY_S): mm for from_s, mm in permitted_mm(scenario, terminal)}


def test_in_february_2020_duty_was_higher_and_rail_made_the_way_cleaner() -> None:
    """Against 2026, that is: steel paid 15 % and not 4 %, chemicals 6 % and not 2 %; half of the cement went by wagon."""
    duty = "cost_by_category_usd_per_t.duty"
    found = asked("february-2020", duty, "cost_usd_per_t", "co2e_kg_per_t", base_start="2026-02-01")
    assert rises(found[duty])
    assert rises(found["cost_usd_per_t"])
    assert falls(found["co2e_kg_per_t"])


def test_the_railway_to_the_port_is_cleaner_and_cheaper_and_slower() -> None:
    """Wagons burn a third of what trucks do and cost two thirds; their two days against five hours tell in the lead time."""
    freight = "cost_by_category_usd_per_t.freight"
    found = asked("port-rail-link", "co2e_kg_per_t", freight, "lead_time_by_commodity_d.metals")
    assert falls(found["co2e_kg_per_t"])
    assert falls(found[freight])
    assert rises(found["lead_time_by_commodity_d.metals"])


def test_on_a_low_sea_ships_sail_oftener_with_less_and_each_tonne_costs_their_owners_more() -> None:
    """At 3.5 m a parcel is two thirds of what it was, and so is what a ship waits for: voyages and dues rise, loads fall.

    Cargo does not pay for it, as freights stand still; it even leaves sooner, as long as there are ships enough.
    """
    found = asked("low-caspian-2030", "voyages.vessels", "load_factor.vessels", "carrier_cost_usd_per_t")
    assert rises(found["voyages.vessels"])
    assert falls(found["load_factor.vessels"])
    assert rises(found["carrier_cost_usd_per_t"])


def test_dredging_pays_when_ships_are_scarce() -> None:
    """Under twice the demand a deeper Aktau fills the ships and lets more through.

    With the demand as it is no gain in lead time shows: a larger parcel is waited for as long as it saves.
    """
    found = asked("dredged-aktau", "load_factor.vessels", "throughput_kt", changes=SHORT | {"scale.throughput": 2.0})
    assert rises(found["load_factor.vessels"])
    assert rises(found["throughput_kt"])


def test_a_fourth_vessel_shortens_the_wait_and_sails_emptier() -> None:
    """Imports, which wait for a vessel, arrive sooner; the same cargo spread over more voyages costs owners more dues."""
    found = asked("fourth-vessel", "lead_time_import_d", "load_factor.vessels", "carrier_cost_usd_per_t")
    assert falls(found["lead_time_import_d"])
    assert falls(found["load_factor.vessels"])
    assert rises(found["carrier_cost_usd_per_t"])


def test_the_land_bridge_costs_more_and_emits_more() -> None:
    """A wagon is cleaner than a truck, but not than a ship, and goes nearly twice as far, from door to door."""
    found = asked("land-bridge", "cost_by_category_usd_per_t.freight", "co2e_kg_per_t")
    assert rises(found["cost_by_category_usd_per_t.freight"])
    assert rises(found["co2e_kg_per_t"])


def test_when_anzali_is_shut_all_cargo_is_late() -> None:
    """With one door only, four weeks shut make every direction late and dear: fruit spoils, and capital is tied up."""
    found = asked("anzali-shut", "lead_time_export_d", "lead_time_import_d", "on_time_share", "cost_usd_per_t")
    assert rises(found["lead_time_export_d"])
    assert rises(found["lead_time_import_d"])
    assert falls(found["on_time_share"])
    assert rises(found["cost_usd_per_t"])


def test_through_amirabad_is_farther_and_dearer_and_slower() -> None:
    """Twice the road, and two fleets that cannot stand in for one another."""
    found = asked("through-amirabad", "co2e_kg_per_t", "cost_usd_per_t", "lead_time_d")
    assert rises(found["co2e_kg_per_t"])
    assert rises(found["cost_usd_per_t"])
    assert rises(found["lead_time_d"])


def test_kuryk_is_deep_and_far_and_splits_the_fleet() -> None:
    """The longer road to the hub costs and emits; the third vessel, which alone goes there, is missed at Aktau."""
    freight = "cost_by_category_usd_per_t.freight"
    found = asked("kuryk", "co2e_kg_per_t", freight, "lead_time_d")
    assert rises(found["co2e_kg_per_t"])
    assert rises(found[freight])
    assert rises(found["lead_time_d"])


def test_by_ferry_fruit_and_machinery_arrive_sooner_and_machinery_pays_for_it() -> None:
    """She leaves when she is due, and nobody waits for a parcel; by the tonne she costs more than a ship."""
    soon = ["lead_time_by_commodity_d.dried-fruit", "lead_time_by_commodity_d.machinery"]
    dear = ["cost_by_commodity_usd_per_t.machinery", "co2e_kg_per_t"]
    found = asked("ro-ro", *soon, *dear)
    assert all(falls(found[kpi]) for kpi in soon)
    assert all(rises(found[kpi]) for kpi in dear)


def test_what_is_sold_on_from_the_hub_leaves_the_rest_alone() -> None:
    """More arrives, and what the baseline carries arrives to the second as it did."""
    alone = ["lead_time_import_d", "lead_time_by_commodity_d.cement", "voyages.vessels"]
    found = asked("onward-by-rail", "throughput_export_kt", *alone)
    assert rises(found["throughput_export_kt"])
    assert {found[kpi].verdict for kpi in alone} == {"identical"}


def test_re_export_takes_the_time_and_the_money_of_two_thousand_kilometres_more() -> None:
    """Dried fruit to Tashkent is longer under way than dried fruit to the hub, and freight rises with it."""
    freight = "cost_by_category_usd_per_t.freight"
    found = asked("re-export", "lead_time_by_commodity_d.dried-fruit", freight, base="onward-by-rail")
    assert rises(found["lead_time_by_commodity_d.dried-fruit"])
    assert rises(found[freight])


def test_storms_keep_ships_in_the_roads() -> None:
    """With half as many closed days again in winter ships wait longer for a berth at Aktau, and cargo longer for weather."""
    found = asked("winter-storms", "berth_wait_h.aktau-quay", "lead_time_by_cause_h.weather")
    assert rises(found["berth_wait_h.aktau-quay"])
    assert rises(found["lead_time_by_cause_h.weather"])


def test_a_closure_limit_relaxed_pays() -> None:
    """Ships wait less for Aktau to open, cargo is sooner there, and it costs less."""
    found = asked("closure-limit-18", "berth_wait_h.aktau-quay", "lead_time_d", "cost_usd_per_t")
    assert all(falls(finding) for finding in found.values())


def test_a_strike_of_truckers_is_felt_by_exports() -> None:
    """Cargo stands still on the road, exports take longer, and that is no weather."""
    spring = {**SHORT, "run.start": date(2026, 4, 1)}
    found = asked("truckers-strike", "lead_time_by_cause_h.held", "lead_time_export_d", changes=spring)
    assert all(rises(finding) for finding in found.values())


def test_a_ban_on_lorries_holds_up_dry_cargo_alone() -> None:
    """Some cargo stands still on the road; fruit, which goes chilled, is not held at all."""
    spring = {**SHORT, "run.start": date(2026, 2, 15)}
    found = asked("holiday-lorry-ban", "lead_time_by_cause_h.held", changes=spring)
    assert rises(found["lead_time_by_cause_h.held"])
    chilled = load("holiday-lorry-ban").scenario.disruptions[-1]
    assert "reefer-trucks" not in chilled.on


def test_full_thursdays_shorten_customs() -> None:
    """Files that wait over Friday wait less, both ways."""
    found = asked("thursdays-worked", "customs_export_h", "customs_import_h", "lead_time_by_cause_h.calendar")
    assert all(falls(finding) for finding in found.values())


def test_a_lost_berth_is_missed() -> None:
    """With two berths of three lead times lengthen and ships make fewer voyages."""
    spring = {**SHORT, "run.start": date(2026, 2, 15)}
    found = asked("berth-lost", "lead_time_d", "voyages.vessels", changes=spring)
    assert rises(found["lead_time_d"])
    assert falls(found["voyages.vessels"])


def test_breakdowns_cost_days() -> None:
    """Cargo waits under the cause breakdown, and is later there."""
    found = asked("breakdowns", "lead_time_by_cause_h.breakdown", "lead_time_import_d")
    assert all(rises(finding) for finding in found.values())


def test_silt_takes_draught_month_by_month_and_cargo_off_full_ships() -> None:
    """The permitted draught of Aktau falls by 4 cm each month; where there is twice the cargo, so that ships fill, a year of
    it lowers their load factor.
    """
    scenario = load("silting-aktau").scenario
    quay = next(terminal for terminal in scenario.terminals if terminal.id == "aktau-quay")
    steps = [mm for _, mm in permitted_mm(scenario, quay)]
    assert steps[0] - steps[12] == pytest.approx(500 * 365 / 365, abs=20)
    assert all(30 <= before - after <= 50 for before, after in pairwise(steps[1:]))
    full = {"run.warm_up": "20 d", "run.run_length": "365 d", "run.drain": "40 d", "scale.throughput": 2.0}
    assert falls(asked("silting-aktau", "load_factor.vessels", changes=full)["load_factor.vessels"])


def test_a_block_train_is_cheaper_than_single_wagons_and_waits_for_its_day() -> None:
    """Against the same cement by single wagons freight falls, and cement is later there: it gathers for a week."""
    freight, cement = "cost_by_category_usd_per_t.freight", "lead_time_by_commodity_d.cement"
    found = asked("block-train", freight, cement, base="port-rail-link")
    assert falls(found[freight])
    assert rises(found[cement])


def test_no_wagon_reaches_the_port_before_the_line_does() -> None:
    """In a run of spring 2024 wagons that have left Qazvin stand until 20 June, and none arrives before."""
    routes = '[[demand]]\nid = "cement-out"\nroutes = { out = 0.0, out-by-rail = 1.0 }'
    run = '[run]\nstart = 2024-06-01\nwarm_up = "10 d"\nrun_length = "40 d"\ndrain = "0 d"\n'
    scenario = over_baseline("rail-anzali", run + routes)
    network = network_of(scenario)
    _, log = drawn_and_played(scenario, network, 1, 0)
    arrived = log.where(Kind.ARRIVED)
    siding = network.facility_names.index("anzali-siding.gate")
    first = int(arrived.at_s[(arrived.facility == siding) & (arrived.at_s > 0)].min())
    opens_s = 29 * DAY_S
    assert opens_s < first < opens_s + 7 * DAY_S


def test_twice_the_demand_moves_more_and_waits_longer() -> None:
    """More goes through, and what goes waits longer for a berth at Aktau: the whole interval of both says so."""
    found = asked("throughput-doubled", "throughput_kt", "berth_wait_h.aktau-quay")
    assert all(rises(finding) for finding in found.values())
