"""Figures: one file each, drawn from the evidence of one replication, listed in one table.

A figure is a matplotlib `Figure` made without any global state; its SVG is byte for byte the same on every repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sim.kpis import Evidence
from sim.report.figures.canvas import svg
from sim.report.figures.causes import lead_time_by_cause
from sim.report.figures.corridor import corridor_map
from sim.report.figures.dates import window_words
from sim.report.figures.flows import delivered, leg_flows
from sim.report.figures.gantt import gantt
from sim.report.figures.yards import yards_and_queues

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "figure_files"]


def _map(evidence: Evidence) -> Figure:
    title = f"Where the cargo went: {evidence.scenario.name}, replication {evidence.draws.replication}"
    period = window_words(evidence.network)
    return corridor_map(evidence.scenario, leg_flows(evidence), delivered(evidence), title, period)


FIGURES: Mapping[str, Callable[[Evidence], Figure]] = {
    "map": _map,
    "causes": lead_time_by_cause,
    "yards": yards_and_queues,
    "gantt": gantt,
}
"""Every figure by the name of its file."""


def figure_files(evidence: Evidence) -> dict[str, bytes]:
    """All figures of a replication as SVG, by file name."""
    return {f"{name}.svg": svg(draw(evidence)) for name, draw in FIGURES.items()}
