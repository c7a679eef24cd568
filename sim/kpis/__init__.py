"""KPIs: figures of one replication, functions of its evidence and of nothing else.

Lead time and cost cover what was released in the measured window; throughput, occupancy and fleets cover events in it. A
figure that has nothing to be taken of is not a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sim.errors import CaspianError, nearest
from sim.kpis.auditing import audit
from sim.kpis.basis import Kpi, basis_of
from sim.kpis.bottleneck import Bottleneck, bottleneck
from sim.kpis.checking import checks
from sim.kpis.evidence import Evidence
from sim.kpis.table import KPIS

__all__ = [
    "KPIS",
    "Bottleneck",
    "Evidence",
    "Kpi",
    "audit",
    "better_of",
    "bottleneck",
    "checks",
    "kpi_of",
    "measure",
    "unknown_kpi",
]


def measure(evidence: Evidence) -> dict[str, float]:
    """Every KPI of one replication in one flat row: ``lead_time_d``, ``berth_occupancy.aktau-quay``, …"""
    basis = basis_of(evidence)
    return {
        f"{name}.{part}" if part else name: float(value)
        for name, kpi in KPIS.items()
        for part, value in kpi.of(basis).items()
    }


def better_of(name: str) -> Literal["lower", "higher"]:
    """Which of a KPI is better; raises `CaspianError` where neither is."""
    better = kpi_of(name).better
    if not better:
        raise CaspianError(f"Neither more nor less of {name} is better: nothing can be best in it.")
    return better


def unknown_kpi(name: str, known: Iterable[str]) -> CaspianError:
    """What there is to say where `name` is none of the KPIs that were measured."""
    near = nearest(name, known)
    return CaspianError(f"There is no KPI '{name}'" + (f"; did you mean '{near}'?" if near else "."))


def kpi_of(name: str) -> Kpi:
    """The KPI of a key of `measure`: what stands before the first dot is its name."""
    return KPIS[name.partition(".")[0]]
