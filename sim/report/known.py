"""KPIs as an analyst names them: whether there is one of that name, asked before anything is run.

What a KPI is stands in `sim.kpis`; here is only what is said where a name is none.
"""

from __future__ import annotations

from sim.errors import CaspianError, nearest
from sim.kpis import KPIS
from sim.report.summary import HEADLINES

__all__ = ["check_kpi"]


def check_kpi(name: str, said: str) -> None:
    """Raises `CaspianError` with the nearest name, and some of those there are, where what stands before the first dot of
    `name` is no KPI; `said` is how it was asked for, such as ``--kpi lead_time``.
    """
    base = name.partition(".")[0]
    if base in KPIS:
        return
    near = nearest(base, KPIS)
    hint = f"; did you mean '{near}'?" if near else "."
    others = len(KPIS) - len(HEADLINES)
    raise CaspianError(
        f"{said}: there is no such KPI{hint} There are {', '.join(HEADLINES)} and {others} more: every column of a run's "
        "kpis.csv."
    )
