"""The command that measures the program itself: `caspian bench`. How it is measured stands in `sim.bench`."""

from __future__ import annotations

import json

import click

from sim.bench.run import PARTS
from sim.bench.run import bench as measured
from sim.report import speeds
from sim.report.console import progress_bar, terminal

__all__ = ["bench"]


@click.command()
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Measure this alone; may be repeated.")
@click.option("--repeats", default=5, show_default=True, type=click.IntRange(min=1), help="Turns that each contender takes.")
@click.option("--quick", is_flag=True, help="Ten days instead of a year: to see that it works, not how fast.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def bench(parts: tuple[str, ...], repeats: int, quick: bool, as_json: bool) -> None:
    """Measure the engines and the whole pipeline beside plain SimPy, on a frozen corridor.

    Works in a checkout, where tests/benchmarks holds the corridor and the yardstick: the same corridor as a SimPy user
    would write it. Contenders take turns, so that the machine's noise hits all alike; medians are shown with the least and
    the greatest.

    Loop is set against loop, in processor time: imports and the reading of the scenario are left out on both sides. The
    yardstick's loop holds its sampling, since plain idiom draws as it goes; an engine's holds none, since chance is drawn
    before. The whole pipeline holds everything: draws, engine, hours, ledger, figures and checks.
    """
    with progress_bar("Turns") as bar:
        found = measured(parts or PARTS, repeats, quick=quick, told=bar)
    if as_json:
        click.echo(json.dumps(speeds.as_json(found), indent=2))
    else:
        speeds.print_benchmark(terminal(), found)
