"""Limits: what the compiled engine refuses, by name. Its numbers are narrower than the reference engine's."""

from __future__ import annotations

from sim.draws import Draws
from sim.errors import CaspianError
from sim.world.network import Network

__all__ = ["refusal", "refusal_of_draws", "refused"]

_MOST = (1 << 31) - 1
_MOST_FACILITIES = (1 << 15) - 1
_MOST_CONSIGNMENTS = 1 << 28
"""So that consignments and vehicles can be told apart on the agenda."""


def refusal(network: Network) -> str:
    """Why this network cannot be run here, in words; "" where it can."""
    if network.horizon_s >= _MOST:
        return f"its horizon of {network.horizon_s / 31_536_000:.0f} years is beyond {_MOST // 31_536_000}"
    if len(network.facility_names) > _MOST_FACILITIES:
        return f"its {len(network.facility_names)} facilities are more than {_MOST_FACILITIES}"
    heaviest_kg = max((plan.cargo_kg for plan in network.services), default=0)
    if heaviest_kg > _MOST:
        return f"a vehicle of {heaviest_kg / 1e6:.0f} kt is beyond {_MOST / 1e6:.0f} kt"
    return ""


def refusal_of_draws(draws: Draws) -> str:
    """Why what was drawn cannot be run here, in words; "" where it can. It takes numbers that no corridor has."""
    if len(draws.kg) > _MOST_CONSIGNMENTS:
        return f"{len(draws.kg)} consignments are more than {_MOST_CONSIGNMENTS}"
    heaviest_kg = int(draws.kg.max(initial=0))
    if heaviest_kg > _MOST:
        return f"a consignment of {heaviest_kg / 1e6:.0f} kt is beyond {_MOST / 1e6:.0f} kt"
    return ""


def refused(why: str) -> CaspianError:
    """The error that says so."""
    return CaspianError(f"The compiled engine cannot run this: {why}. The reference engine can (`--engine reference`).")
