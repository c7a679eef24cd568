"""What may be wrong with a tariff taken alone."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from sim.dated import Dated, DatedPercent, DatedPrice
from sim.tariffs import RULES, RuleName, Tariff, faults


def read(annotation: object, raw: object) -> Dated[object]:
    """A dated value as a scenario would read it."""
    parsed = get_args(annotation)[1].parse(raw)
    assert isinstance(parsed, Dated)
    return parsed


def said(rule: RuleName, **more: object) -> list[str]:
    """The faults of a tariff, each as ``field: message``."""
    if "rate" in more:
        more["rate"] = read(DatedPrice, more["rate"])
    if "percent" in more:
        more["percent"] = read(DatedPercent, more["percent"])
    return [f"{field}: {fault.message}" for field, fault in faults(Tariff(id="x", rule=rule, **more))]  # type: ignore[arg-type]


def test_the_table_holds_every_rule_name_once() -> None:
    """RULES and RuleName agree, and each rule says its own name."""
    assert set(RULES) == set(get_args(RuleName))
    assert all(rule.name == name for name, rule in RULES.items())


@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if rule.bases])
def test_a_rule_takes_each_basis_it_declares(rule: RuleName) -> None:
    """Every declared basis is accepted."""
    of = {"of": ("y",)} if rule == "minimum" else {}
    for bases in RULES[rule].bases:
        assert said(rule, rate="12 USD/" + "/".join(bases), **of) == []


def test_a_rate_per_the_wrong_thing_is_refused() -> None:
    """Freight per day, with the forms it takes."""
    assert said("freight", rate="12 USD/d") == ["rate: is per d, which freight does not take"]
    ((_, fault),) = faults(Tariff(id="x", rule="storage", rate=read(DatedPrice, "2 USD/t")))  # type: ignore[arg-type]
    assert fault.expected.startswith("an amount per t/d, kg/d, TEU/d")


def test_rate_and_percent_are_not_exchangeable() -> None:
    """A duty has no rate, a freight no percentage."""
    assert said("duty", rate="12 USD/t") == ["rate: has no meaning for duty", "percent: is missing: duty needs it"]
    assert said("freight", percent="5 %") == ["percent: has no meaning for freight", "rate: is missing: freight needs it"]


def test_fields_of_other_rules_are_refused() -> None:
    """Free time on a freight, legs on a storage, a minimum of nothing."""
    assert said("freight", rate="12 USD/t", free=3600.0) == ["free: has no meaning for freight"]
    assert said("storage", rate="2 USD/t/d", legs=("a-b",)) == ["legs: has no meaning for storage"]
    assert said("minimum", rate="9 USD/shipment") == ["of: is missing: minimum needs the tariffs it tops up"]


def test_a_duty_for_the_free_zone_charges_nothing_and_is_refused() -> None:
    """Duty falls due under release alone."""
    assert said("duty", percent="5 %", regimes=("free-zone",)) == ["regimes: leaves nothing that duty is charged under"]
    assert said("duty", percent="5 %", regimes=("release",)) == []


def test_dated_rates_keep_their_basis() -> None:
    """A rate may change its amount on a date, not what it is per; the fault names the step."""
    steps = [
        {"from": date(2025, 1, 1), "value": "12 USD/t"},
        {"from": date(2026, 1, 1), "value": "800 USD/TEU"},
    ]
    ((field, fault),) = faults(Tariff(id="x", rule="freight", rate=read(DatedPrice, steps)))  # type: ignore[arg-type]
    assert (field, fault.message, fault.at) == ("rate", "is per something else than the first value", (1, "value"))
