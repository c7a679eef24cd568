"""The shipped worlds at work: nothing is lost in any of them, and each knob moves what it should and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.causes import CAUSES
from sim.events import Kind
from sim.experiment.replication import replicate
from sim.kpis import Evidence, checks, measure
from sim.scenario import load

FOLDER = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
SHORT = ["run.warm_up=20 d", "run.run_length=40 d", "run.drain=40 d"]
SEED = 7


@cache
def world(name: str) -> Evidence:
    """One short replication of a shipped scenario, in autumn, when there is fruit, grain and weather."""
    return replicate(load(name, [*SHORT, "run.start=2026-10-01"]).scenario, SEED, 0)


@cache
def kpis(name: str) -> dict[str, float]:
    """Its figures."""
    return measure(world(name))


@pytest.mark.parametrize("name", NAMES)
def test_no_tonne_hour_or_cent_goes_missing(name: str) -> None:
    """In every shipped world kilograms, seconds and cents close exactly and the log keeps the law."""
    assert set(checks(world(name)).values()) == {0}


@pytest.mark.parametrize("name", NAMES)
def test_cargo_arrives_in_both_directions(name: str) -> None:
    """In every shipped world cargo of both directions is delivered: what closes is not an empty book."""
    evidence = world(name)
    flows = evidence.draws.flow[evidence.log.where(Kind.DELIVERED).consignment]
    directions = {evidence.network.flows[flow].direction for flow in np.unique(flows)}
    assert directions == {"export", "import"}


def test_doubled_demand_keeps_every_consignment_of_the_base_and_sends_as_much_again() -> None:
    """`throughput-doubled` superposes: the base's shipments leave at the same second, and tonnes released double."""
    base, doubled = world("baseline").draws, world("throughput-doubled").draws
    kept = doubled.shipment_layer == 0
    np.testing.assert_array_equal(doubled.shipment_release_s[kept], base.shipment_release_s)
    np.testing.assert_array_equal(doubled.shipment_kg[kept], base.shipment_kg)
    assert doubled.kg.sum() == pytest.approx(2 * base.kg.sum(), rel=0.1)
    assert kpis("throughput-doubled")["throughput_kt"] > 1.3 * kpis("baseline")["throughput_kt"]


def test_doubled_demand_waits_longer() -> None:
    """Twice the cargo on the same ships waits longer."""
    assert kpis("throughput-doubled")["lead_time_d"] > kpis("baseline")["lead_time_d"]


def test_faster_transit_shortens_moving_time_by_a_quarter_and_lead_time_with_it() -> None:
    """`transit-faster` takes a quarter off the sea passage and the road, up to manoeuvres, which it leaves alone."""
    base, faster = world("baseline"), world("transit-faster")
    for before, after in zip(base.draws.transit_s, faster.draws.transit_s, strict=True):
        assert np.abs(0.75 * before - after[: len(before)]).max() <= 1
    moving = CAUSES.index("moving")
    means = [evidence.hours.seconds[:, moving].mean() for evidence in (base, faster)]
    assert 0.7 < means[1] / means[0] < 0.85
    assert kpis("transit-faster")["lead_time_d"] < kpis("baseline")["lead_time_d"]


def test_cut_tariffs_move_money_and_not_a_second() -> None:
    """`tariffs-cut` plays the same log; freight falls by a fifth to the cent, duty as a percentage by nothing of its own."""
    base, cut = world("baseline"), world("tariffs-cut")
    np.testing.assert_array_equal(base.log.at_s, cut.log.at_s)
    np.testing.assert_array_equal(base.hours.seconds, cut.hours.seconds)
    lines = [evidence.ledger.cents[evidence.ledger.tariff == rule_of(evidence, "truck-freight")] for evidence in (base, cut)]
    assert np.abs(0.8 * lines[0] - lines[1]).max() <= 1
    assert kpis("tariffs-cut")["cost_usd_per_t"] < kpis("baseline")["cost_usd_per_t"]


def rule_of(evidence: Evidence, name: str) -> int:
    """Index of a rule of the ledger by its id."""
    return [rule.id for rule in evidence.ledger.rules].index(name)


def test_without_the_hub_exports_pay_duty_and_vat_at_entry_and_with_it_they_do_not() -> None:
    """Kazakh VAT falls due on release to the market (`as-is-2026`), not on entry to the free zone (`baseline`)."""
    for name, is_due in (("as-is-2026", True), ("baseline", False)):
        ledger = world(name).ledger
        vat = ledger.cents[ledger.tariff == rule_of(world(name), "vat-kazakhstan")]
        assert bool(vat.sum() > 0) is is_due
