"""What a benchmark says: medians with their spread, ratios, and what a consignment costs in longer and wider runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.bench.run import Benchmark
from sim.bench.turns import Spread
from sim.report.console import plain_table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

__all__ = ["as_json", "print_benchmark"]

_LOOPS: Mapping[str, str] = {
    "yardstick_s": "plain SimPy, the yardstick",
    "reference_s": "reference engine",
    "compiled_s": "compiled engine",
    "cimba_s": "Cimba, the corridor's core",
    "pipeline_s": "whole pipeline",
    "sweep_point_s": "whole pipeline, in a sweep",
}
"""What takes a replication, and what it is called."""
_STARTS: Mapping[str, str] = {
    "bare_start_s": "bare interpreter",
    "import_start_s": "import sim, beyond that",
    "help_start_s": "caspian --help, beyond that",
    "reference_warm_start_s": "reference engine",
    "compiled_cold_start_s": "compiled engine, cache empty",
    "compiled_warm_start_s": "compiled engine, cache filled",
}
_CORES: Mapping[str, str] = {"one_process_per_s": "one process", "two_processes_per_s": "two processes"}
_RATIOS: Mapping[str, str] = {
    "kernel_vs_simpy": "kernel × yardstick",
    "pipeline_vs_simpy": "whole pipeline × yardstick",
    "sweep_point_vs_simpy": "point of a sweep × yardstick",
    "two_cores_vs_one": "two processes × one",
    "compiled_vs_reference": "compiled × reference engine",
    "reference_vs_simpy": "reference engine × yardstick",
    "cimba_vs_simpy": "Cimba × yardstick",
    "kernel_vs_cimba": "kernel × Cimba",
    "kernel_growth": "kernel: a consignment at its dearest, × the cheapest",
    "pipeline_growth": "pipeline: a consignment at its dearest, × the cheapest",
}
_NOT_THERE = "not there"


def print_benchmark(console: Console, benchmark: Benchmark) -> None:
    """Tables of all that was measured; what was not asked for is left out, what cannot run here is said to be missing."""
    spreads = benchmark.spreads
    console.print(f"{benchmark.machine}; pipeline with the {benchmark.engine} engine")
    if "yardstick_s" in spreads:
        shown = {name: title for name, title in _LOOPS.items() if _belongs(name, spreads)}
        _print(console, _spread_table("Processor seconds of a replication", shown, spreads))
    if any(name in spreads for name in _CORES):
        _print(console, _spread_table("Replications a second", _CORES, spreads))
    if any(name in spreads for name in _STARTS):
        _print(console, _spread_table("Seconds from start to end of a process", _STARTS, spreads))
    if runs := list(dict.fromkeys(_run_of(name) for name in spreads if name.endswith("_us_each"))):
        _print(console, _scale_table(runs, spreads))
    ratios = {name: value for name, value in benchmark.ratios.items() if value is not None}
    table = plain_table("Ratios of medians", "", right=("",))
    for name, value in ratios.items():
        table.add_row(_RATIOS[name], f"{value:.3g}")
    _print(console, table)


def _belongs(name: str, spreads: Mapping[str, Spread]) -> bool:
    """Whether a row is shown: what was measured, and a missing engine beside one that is there."""
    return name in spreads or (name == "compiled_s" and "reference_s" in spreads)


def _print(console: Console, table: Table) -> None:
    console.print()
    console.print(table)


def _spread_table(title: str, shown: Mapping[str, str], spreads: Mapping[str, Spread]) -> Table:
    table = plain_table(title, "median", "least", "greatest", "turns", right=("median", "least", "greatest", "turns"))
    for name, words in shown.items():
        found = spreads.get(name)
        if found is None:
            table.add_row(words, _NOT_THERE)
        else:
            table.add_row(words, *(f"{value:.4g}" for value in (found.median, found.low, found.high)), str(found.n))
    return table


def _run_of(name: str) -> str:
    """``long_10000`` of ``kernel_long_10000_us_each``."""
    return name.partition("_")[2].removesuffix("_us_each")


def _scale_table(runs: list[str], spreads: Mapping[str, Spread]) -> Table:
    columns = "consignments", "kernel, µs each", "its peak MB", "pipeline, µs each", "its peak MB "
    table = plain_table("Runs of other sizes", *columns, right=columns)
    for run in runs:
        size = spreads[f"kernel_{run}_consignments"].median
        cells = [f"{spreads[f'{what}_{run}_{unit}'].median:.4g}"
                 for what in ("kernel", "pipeline") for unit in ("us_each", "peak_mb")]  # fmt: skip
        kind, _, number = run.partition("_")
        words = "a longer run" if kind == "long" else f"a corridor {number} × as wide"
        table.add_row(words, f"{size:,.0f}".replace(",", " "), *cells)
    return table


def as_json(benchmark: Benchmark) -> dict[str, object]:
    """A benchmark as one object: ratios and medians by name, and the least and greatest of each."""
    return {
        "corridor": benchmark.corridor,
        "engine": benchmark.engine,
        "machine": benchmark.machine,
        "ratios": dict(benchmark.ratios),
        "medians": {name: found.median for name, found in benchmark.spreads.items()},
        "spreads": {name: {"low": each.low, "high": each.high, "n": each.n} for name, each in benchmark.spreads.items()},
    }
