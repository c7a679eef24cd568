"""Cards: a scenario, what a run or a sweep found, as HTML for notebooks and as text. No script, no outside address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from sim.experiment.comparisons.comparing import Comparison
from sim.experiment.runs import Run
from sim.experiment.sweeps.finding import Sweep
from sim.kpis import KPIS
from sim.report import differing, grids, summary
from sim.report.console import as_text, plain_table
from sim.report.figures.canvas import svg
from sim.report.figures.corridor import corridor_map
from sim.scenario import Resolved
from sim.units import DAY_S

__all__ = [
    "comparison_table", "comparison_text", "kpi_table", "rows_table", "run_text", "scenario_card",
    "scenario_text", "sweep_table", "sweep_text",
]  # fmt: skip


def scenario_card(resolved: Resolved) -> str:
    """Title, demand, legs and fleets, where it comes from, and the map."""
    scenario = resolved.scenario
    picture = svg(corridor_map(scenario, [], [], scenario.title or scenario.name)).decode()
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
        f"<h3>{escape(scenario.name)}: {escape(scenario.title)}</h3>{_table((), _facts(resolved))}"
        f"<details><summary>Demand and fleets</summary>"
        f"{_table(('stream', 'direction', 'commodity', 'kt/yr'), demand)}"
        f"{_table(('fleet', 'mode', 'stops', 'vehicles', 'capacity t'), fleets)}</details>"
        f"{picture[picture.index('<svg') :]}"
    )


def scenario_text(resolved: Resolved) -> str:
    """The same in a few lines, without demand, fleets and map."""
    scenario = resolved.scenario
    facts = plain_table("", "")
    facts.show_header = False
    for fact in _facts(resolved):
        facts.add_row(*fact)
    return as_text(f"{scenario.name}: {scenario.title}", facts)


def kpi_table(run: Run) -> str:
    """The headlines of a run with their intervals, its bottleneck and its checks."""
    lines = "<br>".join(escape(f"{words}: {line}") for words, line in summary.lines(run))
    return f"<h4>{escape(_title(run))}</h4>{_table(_KPI_COLUMNS, _kpi_rows(run))}<p>{lines}</p>"


def run_text(run: Run) -> str:
    """The same as text."""
    table = plain_table(*_KPI_COLUMNS, right=("mean",))
    for row in _kpi_rows(run):
        table.add_row(*row)
    return as_text(_title(run), table, *(f"{words}: {line}" for words, line in summary.lines(run)))


def sweep_table(sweep: Sweep) -> str:
    """Each point of a sweep: its levels and its main KPIs with their intervals; then their differences from the first."""
    return _table(*grids.point_rows(sweep)) + (_table(*grids.difference_rows(sweep)) if len(sweep.study.points) > 1 else "")


def sweep_text(sweep: Sweep) -> str:
    """The same as text."""
    base = sweep.study.base
    title = f"{base.scenario.name} ({base.digest[:8]}), seed {sweep.study.seed}"
    tables = (grids.point_rows(sweep), grids.difference_rows(sweep))[: len(sweep.study.points)]
    return as_text(title, *map(grids.table_of, tables))


def comparison_table(done: Comparison) -> str:
    """Each KPI of the base, and how the others differ from it."""
    return _table(*differing.finding_rows(done))


def comparison_text(done: Comparison) -> str:
    """The same as text."""
    header, rows = differing.finding_rows(done)
    table = plain_table(*header)
    for row in rows:
        table.add_row(*row)
    return as_text(table)


def rows_table(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows of numbers and words, three digits of each number."""
    if not rows:
        return ""
    cells = [[f"{value:.3g}" if isinstance(value, float) else str(value) for value in row.values()] for row in rows]
    return _table(list(rows[0]), cells)


_KPI_COLUMNS = ("KPI", "mean", "", "95 % interval", "note")


def _facts(resolved: Resolved) -> list[tuple[str, str]]:
    run = resolved.scenario.run
    return [
        ("digest", resolved.digest[:8]),
        ("time", f"{run.run_length / DAY_S:g} d from {run.start}, after {run.warm_up / DAY_S:g} d warm-up"),
        ("replications", f"{run.replications}, seed {run.seed}"),
        ("made from", ", ".join(layer.name for layer in resolved.layers)),
    ]


def _title(run: Run) -> str:
    return f"{run.resolved.scenario.name} ({run.resolved.digest[:8]}), {len(run.rows)} replications, seed {run.seed}"


def _kpi_rows(run: Run) -> list[tuple[str, ...]]:
    found, remarks = run.kpis, summary.notes(run)
    return [
        (KPIS[name].title, summary.figure(name, found[name].mean), summary.unit_of(name),
         summary.range_of(name, found[name]), remarks.get(name, ""))
        for name in summary.HEADLINES
        if found[name].n
    ]  # fmt: skip


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = f"<thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in header)}</tr></thead>" if header else ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"
