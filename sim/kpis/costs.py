"""Costs: what the way adds to the price of a tonne, and what it does to cargo and climate.

Measured are consignments released in the window and delivered.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.basis import Basis
from sim.kpis.evidence import Figures, ratio
from sim.ledger import value_micros

__all__ = [
    "carrier_cost", "co2e", "co2e_by_leg", "cost", "cost_by_category", "cost_by_commodity", "cost_export", "cost_import",
    "spoilage_share",
]  # fmt: skip

_KG_CENTS_TO_T_USD = 10.0
"""Cents per kilogram are ten times as many USD per tonne."""


def _usd_per_t(basis: Basis, flows: npt.NDArray[np.bool_] | None = None) -> float:
    cents, kg = basis.flow_cents, basis.flow_kg
    if flows is not None:
        cents, kg = cents[flows], kg[flows]
    return _KG_CENTS_TO_T_USD * ratio(cents.sum(), kg.sum())


def cost(basis: Basis) -> Figures:
    """Over all."""
    return {"": _usd_per_t(basis)}


def cost_export(basis: Basis) -> Figures:
    """Exports."""
    return {"": _usd_per_t(basis, basis.directions["export"])}


def cost_import(basis: Basis) -> Figures:
    """Imports."""
    return {"": _usd_per_t(basis, basis.directions["import"])}


def cost_by_commodity(basis: Basis) -> Figures:
    """By commodity."""
    return {name: _usd_per_t(basis, flows) for name, flows in basis.commodities.items()}


def cost_by_category(basis: Basis) -> Figures:
    """By category of the tariffs; the parts add up to the cost."""
    kg, parts = basis.flow_kg.sum(), dict[str, int]()
    for rule, amount in zip(basis.evidence.ledger.rules, basis.flow_cents.sum(axis=0).tolist(), strict=True):
        parts[rule.category] = parts.get(rule.category, 0) + amount
    return {category: _KG_CENTS_TO_T_USD * ratio(amount, kg) for category, amount in parts.items()}


def carrier_cost(basis: Basis) -> Figures:
    """What the carrier pays for facts of the window, per tonne delivered in it."""
    _, paid = basis.cents
    return {"": _KG_CENTS_TO_T_USD * ratio(paid, basis.flow_kg_inside.sum())}


def spoilage_share(basis: Basis) -> Figures:
    """Of the cargo that spoils at all, over its customs value on the day of delivery."""
    evidence, ledger = basis.evidence, basis.evidence.ledger
    spoils = np.array(
        [evidence.scenario.commodities[flow.commodity].storage_life is not None for flow in evidence.network.flows], bool
    )
    chosen = np.flatnonzero(basis.is_counted & spoils[evidence.draws.flow])
    rule = next(index for index, entry in enumerate(ledger.rules) if entry.rule == "spoilage")
    lost = basis.flow_cents[spoils, rule].sum()
    value = value_micros(basis.world, chosen, evidence.hours.to_s[chosen]).sum() / 10_000
    return {"": ratio(lost, value)}


def co2e(basis: Basis) -> Figures:
    """Over all legs: the parts by leg add up to it."""
    return {"": float(sum(co2e_by_leg(basis).values()))}


def co2e_by_leg(basis: Basis) -> Figures:
    """By leg: cargo times distance times the factor of the service, per tonne measured."""
    tonnes = basis.flow_kg.sum() / 1000
    return {leg: ratio(kg, tonnes) for leg, kg in basis.co2e_kg.items()}
