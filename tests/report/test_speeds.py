import io

import pytest
from rich.console import Console

from sim.bench.run import GROWTHS, RATIOS, Benchmark
from sim.bench.turns import Spread
from sim.report.speeds import as_json, print_benchmark


def always(value: float) -> Spread:
    """A value that was the same in each of three turns."""
    return Spread(median=value, low=value, high=value, n=3)


@pytest.fixture
def benchmark() -> Benchmark:
    """Ten seconds for the yardstick, four for the reference engine, and runs of two sizes and of two widths."""
    sizes = {f"{what}_{run}_{unit}": always(value)
             for what in ("kernel", "pipeline")
             for run, size in (("long_10000", 10_003), ("wide_4", 99_000))
             for unit, value in (("consignments", size), ("us_each", 8.5), ("peak_mb", 120))}  # fmt: skip
    spreads = {"yardstick_s": Spread(median=10, low=9, high=12, n=3), "reference_s": always(4), **sizes}
    ratios = dict.fromkeys((*RATIOS, *GROWTHS)) | {"reference_vs_simpy": 2.5, "kernel_growth": 1.0}
    return Benchmark(corridor="abc", engine="reference", machine="a machine", spreads=spreads, ratios=ratios)


def test_tables_show_what_was_measured_and_nothing_else(benchmark: Benchmark) -> None:
    """A row for each loop with median, least, greatest and turns; sizes with their cost; ratios that there are."""
    printed = io.StringIO()
    print_benchmark(Console(file=printed, width=120, no_color=True), benchmark)
    rows = [line.split() for line in printed.getvalue().splitlines()]
    assert ["plain", "SimPy,", "the", "yardstick", "10", "9", "12", "3"] in rows
    assert ["compiled", "engine", "not", "there"] in rows
    assert ["a", "longer", "run", "10", "003", "8.5", "120", "8.5", "120"] in rows
    assert ["a", "corridor", "4", "×", "as", "wide", "99", "000", "8.5", "120", "8.5", "120"] in rows
    assert ["reference", "engine", "×", "yardstick", "2.5"] in rows
    assert not any(word in printed.getvalue() for word in ("processes", "bare", "Cimba"))


def test_json_has_every_ratio_by_name(benchmark: Benchmark) -> None:
    """What was not measured is null and not absent, so that a reader need not guess."""
    said = as_json(benchmark)
    assert said["ratios"] == dict(benchmark.ratios)
    assert said["medians"] == {name: found.median for name, found in benchmark.spreads.items()}
