"""Flows: what was delivered, against what was asked for, and what is still under way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.basis import Basis
from sim.kpis.evidence import Figures, ratio
from sim.units import YEAR_S

__all__ = [
    "gridlock", "share_of_demand", "throughput", "throughput_by_commodity", "throughput_export", "throughput_import",
    "throughput_teu", "throughput_tonnes", "undelivered", "undelivered_tonnes",
]  # fmt: skip


def _yearly_kt(basis: Basis, flows: npt.NDArray[np.bool_] | None = None) -> float:
    kg = basis.flow_kg_inside if flows is None else basis.flow_kg_inside[flows]
    return float(kg.sum()) / 1e6 * YEAR_S / (basis.to_s - basis.from_s)


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
    return {"": float(basis.evidence.draws.kg[basis.is_delivered_inside].sum()) / 1000}


def throughput_teu(basis: Basis) -> Figures:
    """In TEU, not per year."""
    return {"": float(basis.evidence.draws.milliteu[basis.is_delivered_inside].sum()) / 1000}


def share_of_demand(basis: Basis) -> Figures:
    """Delivered over released, both as events of the window."""
    kg = basis.evidence.draws.kg
    return {"": ratio(kg[basis.is_delivered_inside].sum(), kg[basis.is_measured].sum())}


def undelivered(basis: Basis) -> Figures:
    """Measured consignments that never arrived."""
    return {"": float(np.count_nonzero(basis.is_measured & ~basis.evidence.hours.is_delivered))}


def undelivered_tonnes(basis: Basis) -> Figures:
    """The same in tonnes."""
    missing = basis.is_measured & ~basis.evidence.hours.is_delivered
    return {"": float(basis.evidence.draws.kg[missing].sum()) / 1000}


def gridlock(basis: Basis) -> Figures:
    """1 where the run ended in gridlock."""
    return {"": float(basis.records.is_gridlocked)}
