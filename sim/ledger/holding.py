"""What time itself costs the owner of cargo: the capital bound in it, and what spoils. Booked always, by no tariff."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.ledger.world import World, value_micros
from sim.records import reached
from sim.tariffs import times_over
from sim.units import YEAR_S
from sim.world.cargo import Commodity

__all__ = ["Holding", "inventory_cents", "spoilage_cents", "under_way"]

Ints = npt.NDArray[np.int64]
Holding = tuple[Ints, Ints, Ints]
"""Consignment, second at which its time ends, seconds from release to then."""

_MILLION = 1_000_000
_MICROS_PER_CENT = 10_000


def under_way(world: World) -> Holding:
    """Every consignment released, until its delivery or the log's end."""
    cargo = world.records.cargo
    who = np.flatnonzero(cargo.released_s >= 0)
    ends_s = reached(cargo.delivered_s[who], world.records.end_s).astype(np.int64)
    return who, ends_s, ends_s - cargo.released_s[who]


def inventory_cents(world: World, holding: Holding, capital_cost: float) -> Ints:
    """Customs value times the yearly cost of capital times the time under way."""
    who, at_s, seconds = holding
    a_year = times_over(value_micros(world, who, at_s), round(capital_cost * _MILLION), _MILLION)
    return times_over(times_over(a_year, seconds, YEAR_S), 1, _MICROS_PER_CENT)


def spoilage_cents(world: World, holding: Holding, commodities: tuple[Commodity, ...]) -> Ints:
    """Customs value lost: its share is x², x being the time under way over the storage life, 1 at most.

    The life L is that at the temperature of carriage T: L(T) = L₀ · q10^(−(T − T₀) / 10).
    """
    who, at_s, seconds = holding
    life_s = np.array([_life_s(commodities[flow.commodity]) for flow in world.network.flows] or [np.inf])
    share = np.minimum(seconds / life_s[world.draws.flow[who]], 1.0) ** 2
    return times_over(np.rint(value_micros(world, who, at_s) * share).astype(np.int64), 1, _MICROS_PER_CENT)


def _life_s(commodity: Commodity) -> float:
    if commodity.storage_life is None:
        return float("inf")
    warmer = commodity.carriage_temperature - commodity.storage_temperature
    return float(commodity.storage_life * commodity.q10 ** (-warmer / 10))
