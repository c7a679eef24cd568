"""Tariffs: a family of rules, each of which turns a fact (a carriage, a lift, a stay, a call, an entry) into a charge.

Rules are pure functions of facts; they know no log, no clock and no engine. Which facts there were is read elsewhere.
A new rule is a file with a `RULE`, a line in the table below and its name in `RuleName`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.errors import ValueFault
from sim.tariffs import (
    demurrage,
    duty,
    empty_running,
    fee,
    freight,
    handling,
    insurance,
    minimum,
    plug,
    port_dues,
    storage,
    vat,
)
from sim.tariffs.checks import faults_under
from sim.tariffs.facts import FactKind, Facts
from sim.tariffs.pricing import Bill, Market, bill, usd_micros
from sim.tariffs.rule import Rule
from sim.tariffs.tariff import RuleName, Tariff
from sim.tariffs.whole import shared_out, sums, times_over

__all__ = [
    "RULES", "Bill", "FactKind", "Facts", "Market", "Rule", "RuleName", "Tariff", "bill", "faults", "shared_out", "sums",
    "times_over", "usd_micros",
]  # fmt: skip

RULES: Mapping[RuleName, Rule] = {
    "freight": freight.RULE,
    "handling": handling.RULE,
    "storage": storage.RULE,
    "plug": plug.RULE,
    "port-dues": port_dues.RULE,
    "fee": fee.RULE,
    "demurrage": demurrage.RULE,
    "empty-running": empty_running.RULE,
    "minimum": minimum.RULE,
    "insurance": insurance.RULE,
    "duty": duty.RULE,
    "vat": vat.RULE,
}
"""Every rule, in the order in which tariffs are settled: what a later one is taken of stands before it."""


def faults(tariff: Tariff) -> list[tuple[str, ValueFault]]:
    """What is wrong with a tariff taken alone, each fault with its field. Names it mentions are not looked up."""
    return faults_under(RULES[tariff.rule], tariff)
