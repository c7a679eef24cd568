"""The bottleneck: the facility or fleet with the least left to give, and how long one waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from sim.kpis.evidence import NAN

__all__ = ["Bottleneck", "bottleneck"]

_KINDS = {
    "berth_occupancy": ("berths", "berth_wait_h"),
    "crane_occupancy": ("cranes", ""),
    "post_occupancy": ("servers", "post_wait_h"),
    "vehicle_utilisation": ("vehicles", "vehicle_wait_h"),
}
"""KPI of utilisation: what is used, and the KPI of the wait for it ("" where none is measured)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """The most used facility or fleet."""

    kpi: str
    """Name of the figure that says so."""
    id: str
    """Terminal, post or service."""
    what: str
    """berths, cranes, servers or vehicles."""
    utilisation: float
    """Mean over the replications."""
    wait_h: float
    """Mean wait for it; not a number where none is measured."""

    def __str__(self) -> str:
        wait = "" if isnan(self.wait_h) else f", mean wait {self.wait_h:.0f} h"
        return f"{self.id} {self.what}: {100 * self.utilisation:.0f} % busy{wait}"


def bottleneck(rows: Sequence[Mapping[str, float]]) -> Bottleneck | None:
    """The facility or fleet with the highest mean utilisation over the replications; None where nothing is used."""
    found = [
        Bottleneck(kpi=name, id=part, what=_KINDS[kpi][0], utilisation=used, wait_h=_mean(rows, f"{_KINDS[kpi][1]}.{part}"))
        for name in (rows[0] if rows else ())
        for kpi, _, part in [name.partition(".")]
        if kpi in _KINDS and (used := _mean(rows, name)) > 0
    ]
    return max(found, key=lambda one: one.utilisation, default=None)


def _mean(rows: Sequence[Mapping[str, float]], name: str) -> float:
    values = [row[name] for row in rows if name in row and not isnan(row[name])]
    return sum(values) / len(values) if values else NAN
