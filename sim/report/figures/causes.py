"""Lead time split by cause: one bar for each commodity and direction, in days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.causes import CAUSES
from sim.kpis import Evidence
from sim.report.figures.canvas import sheet, short, styled
from sim.units import DAY_S

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "lead_time_by_cause"]

COLOURS = {
    "moving": "#0072B2", "handling": "#56B4E9", "held": "#882255", "weather": "#332288", "calendar": "#CC79A7",
    "breakdown": "#000000", "yard full": "#8C510A", "berth": "#D55E00", "crane": "#E69F00", "vehicle": "#F0D264",
    "customs": "#009E73", "papers": "#88CCAA",
}  # fmt: skip
"""Colour of each cause, in every figure."""
DARK = {COLOURS[cause] for cause in ("moving", "held", "weather", "breakdown", "yard full", "berth", "customs")}
"""Colours on which writing is white."""
LEAST_WRITTEN = 0.033
"""Share of the longest bar from which a part has room for its number."""
PITCH_IN = 0.40


def lead_time_by_cause(evidence: Evidence) -> Figure:
    """Mean days of each cause, over consignments released in the measured window and delivered; the longest bar on top."""
    scenario, network, draws, hours = evidence.scenario, evidence.network, evidence.draws, evidence.hours
    released = (draws.release_s >= network.window_from_s) & (draws.release_s < network.window_to_s)
    counted = released & hours.is_delivered
    names = {commodity.id: commodity.title or commodity.id for commodity in scenario.commodities}
    bars: list[tuple[str, int, npt.NDArray[np.float64]]] = []
    kinds = sorted({(flow.commodity, flow.direction) for flow in network.flows})
    for commodity, direction in kinds:
        mine = [(flow.commodity, flow.direction) == (commodity, direction) for flow in network.flows]
        chosen = counted & np.array(mine)[draws.flow]
        if chosen.any():
            title = f"{short(names[scenario.commodities[commodity].id])}, {direction}"
            bars.append((title, int(chosen.sum()), hours.seconds[chosen].mean(axis=0) / DAY_S))
    bars.sort(key=lambda bar: float(bar[2].sum()))
    with styled():
        height = 1.45 + PITCH_IN * max(1, len(bars))
        figure = sheet(9.0, height)
        axes = figure.add_axes((0.22, 0.95 / height, 0.70, 1 - 1.4 / height))
        used = [cause for cause in range(len(CAUSES)) if any(days[cause] > 0 for _, _, days in bars)]
        _draw(axes, bars, used)
        if used:
            figure.legend(loc="lower center", ncols=len(used) if len(used) <= 8 else 6, handlelength=1.1, columnspacing=1.3)
        axes.set_title(f"Where the days go: mean lead time of a consignment by cause, replication {draws.replication}")
        return figure


def _draw(axes: Axes, bars: list[tuple[str, int, npt.NDArray[np.float64]]], used: list[int]) -> None:
    rows = np.arange(len(bars))
    left = np.zeros(len(bars))
    longest = max((float(days.sum()) for _, _, days in bars), default=0.0)
    for cause in used:
        part = np.array([days[cause] for _, _, days in bars])
        colour = COLOURS[CAUSES[cause]]
        axes.barh(rows, part, left=left, height=0.66, color=colour, label=CAUSES[cause], linewidth=0)
        ink = "white" if colour in DARK else "#222222"
        for row, (middle, wide) in enumerate(zip((left + part / 2).tolist(), part.tolist(), strict=True)):
            if wide >= LEAST_WRITTEN * longest:
                axes.text(middle, row, f"{wide:.1f}", ha="center", va="center", fontsize=7.5, color=ink)
        left += part
    for row, total in enumerate(left.tolist()):
        axes.text(total, row, f"  {total:.1f} d", va="center", fontsize=8.5, fontweight="bold")
    axes.set_yticks(rows, [f"{title} ({count:,})" for title, count, _ in bars], color="#222222")
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, 1.08 * max(left.max(initial=0.0), 0.1))
    axes.set_xlabel("mean days per consignment, from release to delivery (in brackets: how many consignments)")
