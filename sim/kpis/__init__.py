"""KPIs: figures of one replication, functions of its evidence and of nothing else.

Lead time and cost cover what was released in the measured window; throughput, occupancy and fleets cover events in it. A
figure that has nothing to be taken of is not a number.
"""

from __future__ import annotations

from sim.kpis.auditing import audit
from sim.kpis.basis import Kpi, basis_of
from sim.kpis.bottleneck import Bottleneck, bottleneck
from sim.kpis.checking import checks
from sim.kpis.evidence import Evidence
from sim.kpis.table import KPIS

__all__ = ["KPIS", "Bottleneck", "Evidence", "Kpi", "audit", "bottleneck", "checks", "kpi_of", "measure"]


def measure(evidence: Evidence) -> dict[str, float]:
    """Every KPI of one replication in one flat row: ``lead_time_d``, ``berth_occupancy.aktau-quay``, …"""
    basis = basis_of(evidence)
    return {
        f"{name}.{part}" if part else name: float(value)
        for name, kpi in KPIS.items()
        for part, value in kpi.of(basis).items()
    }


def kpi_of(name: str) -> Kpi:
    """The KPI of a key of `measure`: what stands before the first dot is its name."""
    return KPIS[name.partition(".")[0]]
