"""HTML that notebooks show: a card for a scenario, tables for what a run or a sweep found. No script, no outside address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from sim.experiment.runs import Run
from sim.experiment.sweep import Sweep
from sim.kpis import KPIS
from sim.report import summary
from sim.report.figures.canvas import svg
from sim.report.figures.corridor import corridor_map
from sim.scenario import Resolved
from sim.units import DAY_S

__all__ = ["kpi_table", "scenario_card", "sweep_table"]


def scenario_card(resolved: Resolved) -> str:
    """Title, demand, legs and fleets, where it comes from, and the map."""
    scenario = resolved.scenario
    picture = svg(corridor_map(scenario, [], [], scenario.title or scenario.name)).decode()
    run = scenario.run
    facts = [
        ("digest", resolved.digest[:8]),
        ("time", f"{run.run_length / DAY_S:g} d from {run.start}, after {run.warm_up / DAY_S:g} d warm-up"),
        ("replications", f"{run.replications}, seed {run.seed}"),
        ("made from", ", ".join(layer.name for layer in resolved.layers)),
    ]
    demand = [
        (stream.id, stream.direction, stream.commodity, f"{stream.volume / 1e6:,.1f}" if stream.volume else "listed")
        for stream in scenario.demand
    ]
    fleets = [
        (
            service.title or service.id,
            service.mode,
            " – ".join(service.stops),
            service.vehicles,
            f"{service.capacity / 1e3:,.0f}",
        )
        for service in scenario.services
    ]
    return (
        f"<h3>{escape(scenario.name)}: {escape(scenario.title)}</h3>{_table((), facts)}"
        f"<details><summary>Demand and fleets</summary>"
        f"{_table(('stream', 'direction', 'commodity', 'kt/yr'), demand)}"
        f"{_table(('fleet', 'mode', 'stops', 'vehicles', 'capacity t'), fleets)}</details>"
        f"{picture[picture.index('<svg') :]}"
    )


def kpi_table(run: Run) -> str:
    """The headlines of a run with their intervals, its bottleneck and its checks."""
    found, remarks = run.kpis, summary.notes(run)
    rows = [
        (KPIS[name].title, summary.figure(name, found[name].mean), summary.unit_of(name),
         summary.range_of(name, found[name]), remarks.get(name, ""))
        for name in summary.HEADLINES
        if found[name].n
    ]  # fmt: skip
    title = f"{run.resolved.scenario.name} ({run.resolved.digest[:8]}), {len(run.rows)} replications, seed {run.seed}"
    lines = "<br>".join(escape(f"{words}: {line}") for words, line in summary.lines(run))
    return f"<h4>{escape(title)}</h4>{_table(('KPI', 'mean', '', '95 % interval', 'note'), rows)}<p>{lines}</p>"


def sweep_table(sweep: Sweep) -> str:
    """Each point of a sweep: its levels and its main KPIs with their intervals."""
    kpis = summary.OF_SWEEPS
    header = ("point", *sweep.points[0].levels, *(f"{KPIS[name].title} {KPIS[name].unit}" for name in kpis))
    rows = []
    for number, point in enumerate(sweep.points):
        found = point.kpis
        cells = (f"{summary.figure(name, found[name].mean)} {summary.range_of(name, found[name])}" for name in kpis)
        rows.append((number, *point.levels.values(), *cells))
    return _table(header, rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = f"<thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in header)}</tr></thead>" if header else ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"
