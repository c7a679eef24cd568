"""The ledger of a story written by hand, to the cent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import CaspianError
from sim.ledger import Ledger, cents_off, landed_cents, settle
from sim.records import read
from tests.ledger.tiny import STORY, corridor, evidence, log_of


def lines(ledger: Ledger) -> list[tuple[str, int, str, str, float, float]]:
    """Rule, consignment, payer, payee, hour and USD of each line that is not zero."""
    return [
        (ledger.rules[rule].id, who, ledger.names[payer], ledger.names[payee], at_s / 3600, cents / 100)
        for rule, who, payer, payee, at_s, cents in zip(
            ledger.tariff.tolist(), ledger.consignment.tolist(), ledger.payer.tolist(), ledger.payee.tolist(),
            ledger.at_s.tolist(), ledger.cents.tolist(), strict=True,
        )
        if cents
    ]  # fmt: skip


def charged(toml: str, rule: str, story: str = STORY) -> list[tuple[int, float]]:
    """Consignment and USD of each line of one rule, zeros left out, with `toml` laid over the tiny corridor."""
    return [(line[1], line[5]) for line in lines(evidence(toml, story).ledger) if line[0] == rule]


def test_every_line_of_the_tiny_corridor() -> None:
    """Each charge by pencil: what, whose, who pays whom, when, how much; in the order of settlement."""
    assert lines(evidence().ledger) == [
        ("freight-grain", 0, "consignee", "carrier", 7.5, 1200.00),
        ("freight-fruit", 1, "consignee", "carrier", 7.5, 2000.00),
        ("discharge", 0, "consignee", "terminal", 25.0, 300.00),
        ("discharge", 1, "consignee", "terminal", 39.0, 200.00),
        ("storage", 0, "consignee", "terminal", 37.0, 66.00),
        ("storage", 1, "consignee", "terminal", 41.0, 4.00),
        ("current", 1, "consignee", "terminal", 41.0, 0.83),
        ("dues", 0, "carrier", "port", 45.0, 600.00),
        ("dues", 1, "carrier", "port", 45.0, 400.00),
        ("papers", 0, "consignee", "customs", 37.0, 33.00),
        ("papers", 1, "consignee", "customs", 41.0, 33.00),
        ("demurrage", 0, "consignee", "carrier", 45.0, 600.00),
        ("demurrage", 1, "consignee", "carrier", 45.0, 400.00),
        ("ballast", -1, "carrier", "carrier", 45.0, 200.00),
        ("least", 0, "consignee", "carrier", 7.5, 800.00),
        ("cover", 0, "consignee", "insurer", 1.0, 120.00),
        ("cover", 1, "consignee", "insurer", 2.0, 200.00),
        ("duty", 0, "consignee", "customs", 37.0, 1412.00),
        ("vat", 0, "consignee", "treasury", 37.0, 670.60),
        ("inventory", 0, "consignee", "inventory", 37.0, 18.00),
        ("inventory", 1, "consignee", "inventory", 41.0, 32.50),
        ("spoilage", 1, "consignee", "spoilage", 41.0, 200.00),
    ]


def test_landed_cost_is_the_sum_of_the_lines_but_the_carriers() -> None:
    """The waybill closes: a consignment's add-on is what its lines say, less what the carrier pays."""
    found = landed_cents(evidence().ledger, 2)
    assert found.sum(axis=1).tolist() == [521960, 307033]


def test_lines_add_up_to_charges_and_a_missing_cent_shows() -> None:
    """The check is zero, and counts what is taken away."""
    ledger = evidence().ledger
    assert len(ledger) == len(ledger.cents)
    assert cents_off(ledger) == 0
    cents = ledger.cents.copy()
    cents[3] -= 7
    assert cents_off(replace(ledger, cents=cents)) == 7


def test_facts_are_charged_whether_or_not_cargo_arrives() -> None:
    """The log ends at sea: freight and insurance are due, and inventory up to then; no discharge, no call, no duty."""
    told = [line for line in STORY.strip().splitlines() if float(line.split()[0]) <= 8.5]
    rules = {line[0] for line in lines(evidence(story="\n".join([*told, "13.0 h ENDED = 2"])).ledger)}
    assert rules == {"freight-grain", "freight-fruit", "least", "cover", "inventory", "spoilage"}


def test_scale_multiplies_money_and_not_percentages() -> None:
    """Tariffs × 2, × 3 for grain: grain's freight × 6; its duty only follows the freight in its base."""
    toml = "[scale]\ntariffs = 2.0\n[scale.by_commodity.grain]\ntariffs = 3.0"
    assert charged(toml, "freight-grain") == [(0, 7200.0)]
    assert charged(toml, "freight-fruit") == [(1, 4000.0)]
    assert charged(toml, "cover") == [(0, 120.0), (1, 200.0)]
    assert charged(toml, "duty") == [(0, (12000 + 12000 + 120) / 10)]


def test_scale_by_direction_and_leg() -> None:
    """A factor of the leg is charged on what is carried along it, one of the direction on all of its cargo."""
    assert charged("[scale.by_leg.a-b]\ntariffs = 0.5", "freight-fruit") == [(1, 1000.0)]
    assert charged("[scale.by_leg.a-b]\ntariffs = 0.5", "discharge") == [(0, 300.0), (1, 200.0)]
    assert charged("[scale.by_direction.export]\ntariffs = 0.5", "discharge") == [(0, 150.0), (1, 100.0)]


def test_a_joint_charge_follows_the_factor_of_each_cargo() -> None:
    """Dues of 1000 over 60 t at 1 and 40 t at 3: each tonne pays its factor, 600 and 1200."""
    toml = "[scale.by_commodity.fruit]\ntariffs = 3.0"
    assert charged(toml, "dues") == [(0, 600.0), (1, 1200.0)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('rate = "0.5 USD/t-km"', [(0, 3000.0)]),
        ('rate = "30 USD/km"', [(0, 3000.0)]),
        ('rate = "700 USD/vehicle"', [(0, 700.0)]),
        ('rate = "700 USD/vehicle"\nforms = []', [(0, 420.0), (1, 280.0)]),
        ('rate = "700 USD/vehicle"\nforms = []\nsplit_by = "TEU"', [(1, 700.0)]),
        ('rate = "99.99 USD/shipment"', [(0, 99.99)]),
        ('rate = "20 USD/t"\nlegs = ["a-b"]', [(0, 1200.0)]),
        ('rate = "20 USD/t"\nstreams = ["fruit-out"]', []),
        ('rate = "20 USD/t"\nregimes = ["free-zone"]', []),
        ('rate = "20 USD/t"\ndirection = "import"', []),
        ('rate = "20 EUR/t"', [(0, 1320.0)]),
        ('rate = [{ from = 2025-01-01, value = "1 USD/t" }, { from = 2026-01-01, value = "2 USD/t" }]', [(0, 120.0)]),
        ('rate = [{ from = 2025-01-01, value = "1 USD/t" }, { from = 2026-01-02, value = "2 USD/t" }]', [(0, 60.0)]),
    ],
)
def test_freight_by_every_basis(change: str, expected: list[tuple[int, float]]) -> None:
    """Per tonne, by distance, by vehicle run, in euros, dated, narrowed by selectors."""
    assert charged(f'[[tariffs]]\nid = "freight-grain"\n{change}', "freight-grain") == expected


def test_a_minimum_already_reached_adds_nothing() -> None:
    """1200 USD of freight against a least amount of 1000."""
    assert charged('[[tariffs]]\nid = "least"\nrate = "1000 USD/shipment"', "least") == []


def test_duty_without_a_post_falls_due_on_delivery() -> None:
    """The same amount, at the delivery; nothing under the free zone."""
    found = evidence('[[tariffs]]\nid = "duty"\nposts = []').ledger
    assert [line for line in lines(found) if line[0] == "duty"] == [("duty", 0, "consignee", "customs", 37.0, 1412.0)]


def test_an_empty_leg_is_borne_by_the_next_loaded_one() -> None:
    """The ship comes empty from b to a: its next cargo pays 200 USD, by tonnes."""
    text = """
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  DEPARTED v0 ta.quay = 0
        0.0 h  ARRIVED v0 tb.gate
        0.0 h  RELEASED c0 = 60000
        0.0 h  RELEASED c1 = 40000
        1.0 h  LOAD_ENDED c1 v0 tb.cranes = 1
        1.0 h  LOAD_ENDED c0 v0 tb.cranes = 1
        1.0 h  DEPARTED v0 tb.quay = 100000
        2.0 h  ENDED = 2
    """
    assert charged("", "ballast", text) == [(0, 120.0), (1, 80.0)]


def test_a_currency_without_a_rate_is_named() -> None:
    """A price in roubles needs an exchange rate."""
    scenario, network, draws = corridor()
    scenario = replace(scenario, exchange={})
    with pytest.raises(CaspianError, match=r"\[exchange\] does not say what EUR is worth"):
        settle(scenario, network, draws, read(network, log_of(network, STORY), len(draws.kg)))


@settings(max_examples=15)
@given(st.lists(st.sampled_from(["freight-grain", "discharge", "storage", "dues", "papers", "demurrage", "ballast"]),
                unique=True))  # fmt: skip
def test_settling_is_additive(chosen: list[str]) -> None:
    """Tariffs that do not build on each other charge the same alone as together."""
    scenario, network, draws = corridor()
    records = read(network, log_of(network, STORY), len(draws.kg))

    def total(ids: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        some = replace(scenario, tariffs=tuple(tariff for tariff in scenario.tariffs if tariff.id in ids))
        ledger = settle(some, network, draws, records)
        per_line = np.zeros(3, dtype=np.int64)
        counts = ledger.tariff < len(some.tariffs)
        np.add.at(per_line, ledger.consignment[counts], ledger.cents[counts])
        return per_line

    assert total(chosen).tolist() == sum((total([one]) for one in chosen), np.zeros(3, dtype=np.int64)).tolist()
