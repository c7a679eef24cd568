"""The bottleneck: what cargo waits for longest, how busy that is, and what it means where it is not busy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from sim.kpis.evidence import NAN
from sim.units import DAY_S, HOUR_S
from sim.world.transport import Service

__all__ = ["Bottleneck", "bottleneck"]

_UTILISATION = {
    "vehicles": "vehicle_utilisation",
    "berths": "berth_occupancy",
    "cranes": "crane_occupancy",
    "servers": "post_occupancy",
    "yard": "yard_peak_share",
}
"""What cargo waits for, and the KPI of its utilisation."""
_WORDS = {
    "vehicles": ("{}", " for a vehicle", "fleet {} busy"),
    "yard": ("{}", " for room", "{} full at its peak"),
}
"""How the line calls it, what for, and how busy, where it is not said as of other facilities."""
BUSY = 0.6
"""Utilisation below which a wait is not for want of capacity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """The facility or fleet that cargo waits for longest."""

    id: str
    """Terminal, post, yard or service."""
    what: str
    """vehicles, berths, cranes, servers or yard."""
    utilisation: float
    """Mean over the replications; of a yard its peak over its capacity. Not a number where there is none."""
    wait_h: float
    """Mean hours that a consignment waits for it; the mean is over all consignments."""
    why: str
    """What a low utilisation beside a long wait means; "" where it is busy."""

    def __str__(self) -> str:
        hours = f"{self.wait_h:.1f} h" if self.wait_h < 48 else f"{self.wait_h * HOUR_S / DAY_S:.1f} d"
        subject, wanted, busy = _WORDS.get(self.what, (f"{{}} {self.what}", "", "{} busy"))
        used = "" if isnan(self.utilisation) else ", " + busy.format(f"{100 * self.utilisation:.0f} %")
        return f"{subject.format(self.id)}: cargo waits {hours}{wanted}{used}" + (f": {self.why}" if self.why else "")


def bottleneck(rows: Sequence[Mapping[str, float]], services: Sequence[Service] = ()) -> Bottleneck | None:
    """What a consignment waits for longest, by the means of the replications; None where nothing is waited for.

    `services` tell how full and how long the vehicles of a fleet wait.
    """
    waited = {name: _mean(rows, name) for name in (rows[0] if rows else ()) if name.startswith("cargo_wait_h.")}
    longest = max((name for name in waited if waited[name] > 0), key=lambda name: waited[name], default="")
    if not longest:
        return None
    _, what, part = longest.split(".", 2)
    used = _mean(rows, f"{_UTILISATION[what]}.{part}")
    plans = {plan.id: plan for plan in services}
    return Bottleneck(id=part, what=what, utilisation=used, wait_h=waited[longest], why=_why(what, used, plans.get(part)))


def _why(what: str, used: float, plan: Service | None) -> str:
    if isnan(used) or used >= BUSY or what == "yard":
        return ""
    if what != "vehicles":
        return "what comes comes in bunches"
    if plan is None:
        return "vehicles wait for cargo"
    if plan.departures:
        return "vehicles keep a timetable"
    return f"vehicles wait for cargo (fill {100 * plan.fill:.0f} %, wait {plan.wait / DAY_S:g} d)"


def _mean(rows: Sequence[Mapping[str, float]], name: str) -> float:
    values = [row[name] for row in rows if name in row and not isnan(row[name])]
    return sum(values) / len(values) if values else NAN
