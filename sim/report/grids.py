"""What a sweep says: each design point, and how it differs from the first under the same chance."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.precision import Interval
from sim.experiment.sweeps.factors import in_words, plain
from sim.experiment.sweeps.finding import Sweep
from sim.kpis import KPIS
from sim.report.console import plain_table
from sim.report.summary import MAIN, figure, interval_as_json, range_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["as_json", "difference_rows", "point_rows", "print_sweep", "table_of"]

KPIS_SHOWN = (*MAIN, "cost_usd_per_t")
"""KPIs of the tables; all others are in the files."""
MOST_SHOWN = 40
"""Points that tables show; all others are in the files."""
Rows = tuple[list[str], list[list[str]]]
"""A header, and as many cells in each row."""


def point_rows(sweep: Sweep) -> Rows:
    """Each point, as many as are shown: its levels, and the main KPIs with their intervals."""
    found = [sweep.intervals(number, KPIS_SHOWN) for number in _shown(sweep)]
    rows = [
        [*_levels(sweep, number), *(f"{figure(name, of[name].mean)} {range_of(name, of[name])}" for name in KPIS_SHOWN)]
        for number, of in enumerate(found)
    ]
    return _header(sweep, "point"), rows


def difference_rows(sweep: Sweep) -> Rows:
    """Each point but the first: how much more or less than there, replication by replication under the same chance."""
    rows = [
        [*_levels(sweep, number), *(_signed(name, found[name]) for name in KPIS_SHOWN)]
        for number in _shown(sweep)[1:]
        for found in [sweep.differences(number, KPIS_SHOWN)]
    ]
    return _header(sweep, "less point 0"), rows


def _shown(sweep: Sweep) -> range:
    return range(min(len(sweep.study.points), MOST_SHOWN))


def _levels(sweep: Sweep, number: int) -> list[str]:
    return [str(number), *("as it is" if level is None else in_words(level) for level in sweep.levels(number).values())]


def _header(sweep: Sweep, first: str) -> list[str]:
    return [first, *sweep.study.factors, *(f"{KPIS[name].title} {KPIS[name].unit}" for name in KPIS_SHOWN)]


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
    """The points, their differences from the first, what was set aside, the checks, and where the files are."""
    points = len(sweep.study.points)
    console.print(table_of(point_rows(sweep)))
    if points > 1:
        console.print()
        console.print(table_of(difference_rows(sweep)))
    if points > MOST_SHOWN:
        console.print(f"… and {points - MOST_SHOWN} points more in sweep.csv")
    console.print()
    off = sweep.checks_off()
    console.print(f"{'Engine':<12}{', '.join(sweep.engines())}")
    console.print(f"{'Checks':<12}{off} off in all", style="bold red" if off else "")
    if sweep.aside:
        first = sweep.aside[0]
        said = f"{len(sweep.aside)} runs failed {first.attempts} times; the first with: {first.error}"
        console.print(f"{'SET ASIDE':<12}{said}", style="bold red", soft_wrap=True)
        console.print(f"{'':<12}--retry tries them again", soft_wrap=True)
    console.print(f"{'Results':<12}{folder}", soft_wrap=True)


def as_json(sweep: Sweep, folder: Path) -> dict[str, object]:
    """A sweep as one object: each point's levels, digest and KPIs, and how they differ from the first point's."""
    study = sweep.study
    return {
        "scenario": study.base.scenario.name,
        "digest": study.base.digest,
        "model": sweep.store.model,
        "seed": study.seed,
        "replications": study.replications,
        "points": [
            {
                "levels": {key: None if level is None else plain(level) for key, level in sweep.levels(number).items()},
                "digest": point.digest,
                "engine": point.engine,
                "kpis": _as_json(sweep.intervals(number)),
                "less_point_0": _as_json(sweep.differences(number)),
            }
            for number, point in enumerate(study.points)
        ],
        "set_aside": [
            {"digest": each.digest, "replication": each.replication, "attempts": each.attempts, "error": each.error}
            for each in sweep.aside
        ],
        "results": str(folder),
    }


def _as_json(found: dict[str, Interval]) -> dict[str, object]:
    return {name: interval_as_json(name, interval) for name, interval in found.items()}
