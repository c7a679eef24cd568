"""Every KPI on a story written by hand, against its value by pencil. The measured window is the first two days."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import isnan

import pytest

from sim.kpis import KPIS, kpi_of, measure
from tests.ledger.tiny import STORY, evidence

GRAIN_CENTS, FRUIT_CENTS = 521960, 307033

BY_PENCIL = {
    "lead_time_d": 37.5 / 24,
    "lead_time_p50_d": 37.5 / 24,
    "lead_time_p90_d": 38.7 / 24,
    "lead_time_p95_d": 38.85 / 24,
    "lead_time_export_d": 37.5 / 24,
    "lead_time_export_p50_d": 37.5 / 24,
    "lead_time_export_p90_d": 38.7 / 24,
    "lead_time_export_p95_d": 38.85 / 24,
    "lead_time_by_commodity_d.grain": 36 / 24,
    "lead_time_by_commodity_d.fruit": 39 / 24,
    "lead_time_by_commodity_p50_d.grain": 36 / 24,
    "lead_time_by_commodity_p90_d.grain": 36 / 24,
    "lead_time_by_commodity_p95_d.fruit": 39 / 24,
    "lead_time_by_cause_h.moving": 11,
    "lead_time_by_cause_h.handling": 5,
    "lead_time_by_cause_h.held": 0,
    "lead_time_by_cause_h.weather": 2.5,
    "lead_time_by_cause_h.calendar": 5.5,
    "lead_time_by_cause_h.breakdown": 0,
    "lead_time_by_cause_h.yard_full": 6,
    "lead_time_by_cause_h.berth": 1,
    "lead_time_by_cause_h.crane": 2.75,
    "lead_time_by_cause_h.vehicle": 1.75,
    "lead_time_by_cause_h.customs": 2,
    "lead_time_by_cause_h.papers": 0,
    "on_time_share": 1 / 2,
    "throughput_kt": 0.1 * 365 / 2,
    "throughput_export_kt": 0.1 * 365 / 2,
    "throughput_import_kt": 0,
    "throughput_by_commodity_kt.grain": 0.06 * 365 / 2,
    "throughput_by_commodity_kt.fruit": 0.04 * 365 / 2,
    "throughput_t": 100,
    "throughput_teu": 2,
    "share_of_demand": 1,
    "undelivered": 0,
    "undelivered_t": 0,
    "gridlock": 0,
    "cost_usd_per_t": (GRAIN_CENTS + FRUIT_CENTS) / 100 / 100,
    "cost_export_usd_per_t": (GRAIN_CENTS + FRUIT_CENTS) / 100 / 100,
    "cost_by_commodity_usd_per_t.grain": GRAIN_CENTS / 100 / 60,
    "cost_by_commodity_usd_per_t.fruit": FRUIT_CENTS / 100 / 40,
    "cost_by_category_usd_per_t.freight": (1200 + 800 + 2000) / 100,
    "cost_by_category_usd_per_t.handling": 5,
    "cost_by_category_usd_per_t.storage": 0.7,
    "cost_by_category_usd_per_t.plug": 0.0083,
    "cost_by_category_usd_per_t.port-dues": 0,
    "cost_by_category_usd_per_t.fee": 0.66,
    "cost_by_category_usd_per_t.demurrage": 10,
    "cost_by_category_usd_per_t.empty-running": 0,
    "cost_by_category_usd_per_t.insurance": 3.2,
    "cost_by_category_usd_per_t.duty": 14.12,
    "cost_by_category_usd_per_t.vat": 6.706,
    "cost_by_category_usd_per_t.inventory": 0.505,
    "cost_by_category_usd_per_t.spoilage": 2,
    "carrier_cost_usd_per_t": 12,
    "spoilage_share": 0.01,
    "co2e_kg_per_t": 2,
    "co2e_by_leg_kg_per_t.a-b": 2,
    "berth_occupancy.ta": 8 / 48,
    "berth_occupancy.tb": 25 / 48,
    "berth_wait_h.ta": 0,
    "berth_wait_h.tb": 3.5,
    "crane_occupancy.ta": 5 / 47,
    "crane_occupancy.tb": 5 / 48,
    "post_occupancy.desk": 3 / 38,
    "post_wait_h.desk": 0.5,
    "customs_wait_h": 0.5,
    "customs_h": 7,
    "customs_export_h": 7,
    "customs_by_part_h.queue": 0.5,
    "customs_by_part_h.service": 1.5,
    "customs_by_part_h.closed": 5,
    "cargo_wait_h.vehicles.ships": 1.75,
    "cargo_wait_h.berths.ta": 0,
    "cargo_wait_h.berths.tb": 1,
    "cargo_wait_h.cranes.ta": 1.25,
    "cargo_wait_h.cranes.tb": 1.5,
    "cargo_wait_h.servers.desk": 0.5,
    "cargo_wait_h.yard.yard": 6,
    "yard_peak_t.yard": 60,
    "yard_peak_share.yard": 0.75,
    "anchorage_h.ships.ta": 0.5,
    "anchorage_h.ships.tb": 3.5,
    "turnaround_h.ships.ta": 7.5,
    "turnaround_h.ships.tb": 27.5,
    "load_factor.ships": 100 / 120,
    "voyages.ships": 365,
    "vehicle_utilisation.ships": 36 / 48,
    "vehicle_wait_h.ships": 0.25,
    "empty_share.ships": 1 / 2,
}


@cache
def row() -> dict[str, float]:
    """The figures of the story."""
    return measure(evidence())


@pytest.mark.parametrize("name", BY_PENCIL)
def test_figure_by_pencil(name: str) -> None:
    """The figure is what the story's times, tonnes and cents give by hand."""
    assert row()[name] == pytest.approx(BY_PENCIL[name])


def test_every_kpi_has_a_value_by_pencil() -> None:
    """No figure goes untested; what nothing was taken of is not a number."""
    tested = {name.partition(".")[0] for name in BY_PENCIL}
    no_imports = {name for name, value in row().items() if isnan(value)}
    assert no_imports == {"lead_time_import_d", "lead_time_import_p50_d", "lead_time_import_p90_d",
                          "lead_time_import_p95_d", "cost_import_usd_per_t", "customs_import_h"}  # fmt: skip
    assert tested | no_imports == set(KPIS)


def test_parts_add_up() -> None:
    """Causes add up to the lead time, categories to the cost, commodities to the throughput, legs to the emissions."""
    for whole, parts, factor in (
        ("lead_time_d", "lead_time_by_cause_h", 24),
        ("cost_usd_per_t", "cost_by_category_usd_per_t", 1),
        ("throughput_kt", "throughput_by_commodity_kt", 1),
        ("customs_h", "customs_by_part_h", 1),
        ("co2e_kg_per_t", "co2e_by_leg_kg_per_t", 1),
    ):
        total = sum(value for name, value in row().items() if name.startswith(parts + "."))
        assert total == pytest.approx(row()[whole] * factor)


def test_a_key_leads_to_its_kpi() -> None:
    """Unit, title and meaning of a key with a part."""
    kpi = kpi_of("anchorage_h.ships.tb")
    assert (kpi.name, kpi.unit, kpi.better) == ("anchorage_h", "h", "lower")
    assert all(kpi.meaning.endswith(".") and kpi.title for kpi in KPIS.values())


def test_what_did_not_arrive_is_counted_and_late() -> None:
    """The log ends before the fruit is delivered: one consignment of 40 t, late, in no lead time."""
    told = [line for line in STORY.strip().splitlines() if float(line.split()[0]) <= 40]
    found = measure(evidence(story="\n".join([*told, "40.5 h ENDED = 1"])))
    assert (found["undelivered"], found["undelivered_t"]) == (1, 40)
    assert found["on_time_share"] == 0.5
    assert found["lead_time_d"] == 1.5
    assert found["share_of_demand"] == 0.6
    assert found["cost_usd_per_t"] == found["cost_by_commodity_usd_per_t.grain"]


def test_a_shipment_takes_as_long_as_its_last_consignment() -> None:
    """Both consignments made one shipment: its lead time is that of the one delivered last, and it needs both."""
    told = evidence()
    one = replace(
        told.draws, shipment=told.draws.shipment * 0, shipment_kg=told.draws.shipment_kg[:1] + 40000,
        shipment_release_s=told.draws.shipment_release_s[:1], shipment_stream=told.draws.shipment_stream[:1],
        shipment_flow=told.draws.shipment_flow[:1],
    )  # fmt: skip
    assert measure(replace(told, draws=one))["lead_time_d"] == pytest.approx(39 / 24)
    missing = replace(told.hours, is_delivered=told.hours.is_delivered & [False, True])
    assert isnan(measure(replace(told, draws=one, hours=missing))["lead_time_d"])


def test_what_lies_outside_the_window_is_not_measured() -> None:
    """A window of one day: nothing delivered in it, both shipments released in it, the berth at tb held for 3 hours."""
    found = measure(evidence('[run]\nrun_length = "1 d"\ndrain = "2 d"'))
    assert found["throughput_t"] == 0
    assert found["lead_time_d"] == pytest.approx(37.5 / 24)
    assert found["berth_occupancy.tb"] == 3 / 24
    assert found["empty_share.ships"] == 0
    assert found["yard_peak_t.yard"] == 60
    assert isnan(found["post_wait_h.desk"])


def test_gridlock_shows() -> None:
    """A log that ends in gridlock says so."""
    told = STORY.replace("55.0 h  ENDED = 0", "55.0 h  GRIDLOCK v0 = 0\n55.0 h  ENDED = 0")
    assert measure(evidence(story=told))["gridlock"] == 1


def test_without_a_carrier_nothing_is_the_carriers() -> None:
    """Where no tariff is paid by the carrier its cost is zero."""
    told = evidence('[[tariffs]]\nid = "dues"\npayer = "shipper"\n[[tariffs]]\nid = "ballast"\npayer = "shipper"\n')
    names = tuple("owner" if name == "carrier" else name for name in told.ledger.names)
    assert measure(replace(told, ledger=replace(told.ledger, names=names)))["carrier_cost_usd_per_t"] == 0
