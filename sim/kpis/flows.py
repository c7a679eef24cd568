"""Flows: what was delivered, against what was asked for, and what is still under way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.events import Kind
from sim.kpis.evidence import Basis, Figures, ratio
from sim.units import YEAR_S

__all__ = [
    "gridlock", "share_of_demand", "throughput", "throughput_by_commodity", "throughput_export", "throughput_import",
    "throughput_teu", "throughput_tonnes", "undelivered", "undelivered_tonnes",
]  # fmt: skip


def _delivered(basis: Basis) -> npt.NDArray[np.bool_]:
    """(C,) delivered within the window, whenever released."""
    hours = basis.evidence.hours
    return hours.is_delivered & (hours.to_s >= basis.from_s) & (hours.to_s < basis.to_s)


def _yearly_kt(basis: Basis, flows: npt.NDArray[np.bool_] | None = None) -> float:
    draws = basis.evidence.draws
    chosen = _delivered(basis) if flows is None else _delivered(basis) & flows[draws.flow]
    return float(draws.kg[chosen].sum()) / 1e6 * YEAR_S / (basis.to_s - basis.from_s)


def throughput(basis: Basis) -> Figures:
    """Both directions."""
    return {"": _yearly_kt(basis)}


def throughput_export(basis: Basis) -> Figures:
    """Exports."""
    return {"": _yearly_kt(basis, basis.directions["export"])}


def throughput_import(basis: Basis) -> Figures:
    """Imports."""
    return {"": _yearly_kt(basis, basis.directions["import"])}


def throughput_by_commodity(basis: Basis) -> Figures:
    """By commodity."""
    return {name: _yearly_kt(basis, flows) for name, flows in basis.commodities.items()}


def throughput_tonnes(basis: Basis) -> Figures:
    """In tonnes, not per year."""
    return {"": float(basis.evidence.draws.kg[_delivered(basis)].sum()) / 1000}


def throughput_teu(basis: Basis) -> Figures:
    """In TEU, not per year."""
    return {"": float(basis.evidence.draws.milliteu[_delivered(basis)].sum()) / 1000}


def share_of_demand(basis: Basis) -> Figures:
    """Delivered over released, both as events of the window."""
    kg = basis.evidence.draws.kg
    return {"": ratio(kg[_delivered(basis)].sum(), kg[basis.is_measured].sum())}


def undelivered(basis: Basis) -> Figures:
    """Measured consignments that never arrived."""
    return {"": float(np.count_nonzero(basis.is_measured & ~basis.evidence.hours.is_delivered))}


def undelivered_tonnes(basis: Basis) -> Figures:
    """The same in tonnes."""
    missing = basis.is_measured & ~basis.evidence.hours.is_delivered
    return {"": float(basis.evidence.draws.kg[missing].sum()) / 1000}


def gridlock(basis: Basis) -> Figures:
    """1 where the run ended in gridlock."""
    return {"": float(np.any(basis.evidence.log.kind == Kind.GRIDLOCK))}
