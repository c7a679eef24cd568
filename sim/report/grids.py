"""What a sweep says: each point of its grid, and how it differs from the first under the same chance."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.precision import Interval
from sim.experiment.sweep import Sweep
from sim.kpis import KPIS
from sim.report.console import plain_table
from sim.report.summary import MAIN, figure, interval_as_json, range_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["as_json", "difference_rows", "point_rows", "print_sweep", "table_of"]

KPIS_SHOWN = (*MAIN, "cost_usd_per_t")
"""KPIs of the tables; all others are in the file."""
Rows = tuple[list[str], list[list[str]]]
"""A header, and as many cells in each row."""


def point_rows(sweep: Sweep) -> Rows:
    """Each point: its levels, and the main KPIs with their intervals."""
    rows = [
        [
            *_levels(sweep, number),
            *(f"{figure(name, found[name].mean)} {range_of(name, found[name])}" for name in KPIS_SHOWN),
        ]
        for number, found in enumerate(point.kpis for point in sweep.points)
    ]
    return _header(sweep, "point"), rows


def difference_rows(sweep: Sweep) -> Rows:
    """Each point but the first: how much more or less than there, replication by replication under the same chance."""
    rows = [
        [*_levels(sweep, number), *(_signed(name, found[name]) for name in KPIS_SHOWN)]
        for number, found in enumerate(sweep.differences())
    ]
    return _header(sweep, "less point 0"), rows[1:]


def _levels(sweep: Sweep, number: int) -> list[str]:
    return [str(number), *map(str, sweep.points[number].levels.values())]


def _header(sweep: Sweep, first: str) -> list[str]:
    return [first, *sweep.points[0].levels, *(f"{KPIS[name].title} {KPIS[name].unit}" for name in KPIS_SHOWN)]


def _signed(name: str, interval: Interval) -> str:
    """A difference with its sign; both ends of its interval have theirs too."""
    mean, *ends = (
        figure(name, value) if math.isnan(value) or value < 0 else f"+{figure(name, value)}"
        for value in (interval.mean, interval.lo, interval.hi)
    )
    return f"{mean} [{', '.join(ends)}]" if interval.n >= 2 else mean


def table_of(said: Rows) -> Table:
    """Header and rows as a table for the terminal."""
    header, rows = said
    table = plain_table(*header, right=(header[0],))
    for row in rows:
        table.add_row(*row)
    return table


def print_sweep(console: Console, sweep: Sweep, folder: Path) -> None:
    """The points, their differences from the first, the checks, and where the table is."""
    console.print(table_of(point_rows(sweep)))
    if len(sweep.points) > 1:
        console.print()
        console.print(table_of(difference_rows(sweep)))
    console.print()
    off = sum(abs(value) for point in sweep.points for row in point.rows for value in row.checks.values())
    console.print(f"{'Engine':<12}{', '.join(sweep.engines)}")
    console.print(f"{'Checks':<12}{off} off in all", style="bold red" if off else "")
    console.print(f"{'Results':<12}{folder}", soft_wrap=True)


def as_json(sweep: Sweep, folder: Path) -> dict[str, object]:
    """A sweep as one object: each point's levels, digest and KPIs, and how they differ from the first point's."""
    return {
        "scenario": sweep.base.scenario.name,
        "digest": sweep.base.digest,
        "seed": sweep.seed,
        "replications": len(sweep.points[0].rows),
        "points": [
            {
                "levels": dict(point.levels),
                "digest": point.resolved.digest,
                "engine": point.engine,
                "kpis": {name: interval_as_json(name, interval) for name, interval in point.kpis.items()},
                "less_point_0": {name: interval_as_json(name, interval) for name, interval in difference.items()},
            }
            for point, difference in zip(sweep.points, sweep.differences(), strict=True)
        ],
        "results": str(folder),
    }
