"""The commands that simulate: `caspian run`, `caspian trace` and `caspian sweep`.

Here words from the command line become a plan, and what comes of it is printed and stored. How it is run, measured, drawn
and laid out stands below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

import click

from sim.engine import chosen_engine, is_prepared
from sim.errors import CaspianError, ValueFault, nearest
from sim.experiment import store
from sim.experiment import sweep as sweeping
from sim.experiment.precision import Goal
from sim.experiment.replication import replicate
from sim.experiment.runs import Plan, Progress
from sim.experiment.runs import run as run_plan
from sim.experiment.warm_up import judge_warm_up
from sim.report import grids, summary, tracing
from sim.report.console import progress_bar, terminal
from sim.report.figures import figure_files
from sim.scenario import Resolved, load
from sim.scenario.differing import differences
from sim.scenario.wiring import network_of
from sim.units import SHARE

__all__ = ["run", "sweep", "trace"]

Command = TypeVar("Command", bound=Callable[..., object])
STOPPED = 130
"""Exit code of what Ctrl-C ended, as shells have it."""
PAIRS = 10
"""Pairs by which a warm-up is judged, unless the command says otherwise."""


_engine = click.option(
    "--engine", metavar="NAME", help="Engine that simulates: auto, reference or compiled (default: as the scenario says)."
)


def _world(command: Command) -> Command:
    """The options of every command that simulates one scenario."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables."),
        _engine,
        click.option("--seed", type=click.IntRange(min=0), help="Seed of every draw (default: as the scenario says)."),
        click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Change a value; may be repeated."),
        click.argument("name"),
    ):
        command = option(command)
    return command


_jobs = click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes to use (default: all cores).")
_results = click.option(
    "--results", default="results", show_default=True, type=click.Path(path_type=Path), help="Folder to write to."
)


@click.command()
@_world
@click.option("--replications", "-n", type=click.IntRange(min=1), help="How many (default: as the scenario says).")
@click.option("--replication", "only", type=click.IntRange(min=0), help="Run this one alone; they are numbered from 0.")
@click.option("--precision", metavar="SHARE", help="Run until the means are this precise, such as 2%.")
@click.option("--kpi", "kpis", multiple=True, help="KPI that the precision (or the warm-up) is judged by; may be repeated.")
@click.option(
    "--most", type=click.IntRange(min=10), default=200, show_default=True, help="Replications at most, with --precision."
)
@click.option("--judge-warm-up", "judges", is_flag=True, help="Say whether the warm-up is long enough, instead of running.")
@click.option(
    "--keep",
    type=click.Choice(["first", "all"]),
    default="first",
    show_default=True,
    help="Replications whose events are kept.",
)
@_jobs
@_results
@click.pass_context
def run(  # noqa: PLR0913, PLR0917 - one argument for each option
    ctx: click.Context, name: str, sets: tuple[str, ...], seed: int | None, engine: str | None, as_json: bool,
    replications: int | None, only: int | None, precision: str | None, kpis: tuple[str, ...], most: int, judges: bool,
    keep: Literal["first", "all"], jobs: int | None, results: Path,
) -> None:  # fmt: skip
    """Simulate scenario NAME and measure it.

    NAME is a scenario of ./scenarios, one that is shipped, or the path of a file.
    """
    if sum(given is not None for given in (replications, only, precision)) > 1:
        raise click.UsageError("--replications, --replication and --precision exclude one another.")
    resolved = _loaded(name, sets, as_json)
    for kpi in kpis:
        _known(kpi)
    if judges:
        _announce(resolved, engine)
        _judge(resolved, kpis or summary.MAIN, Plan(replications=replications, seed=seed, engine=engine), jobs, as_json)
        return
    goal = Goal(relative=_share(precision), kpis=kpis or summary.MAIN, most=most) if precision is not None else None
    plan = Plan(replications=replications, only=only, goal=goal, seed=seed, engine=engine, keep=keep)
    console = terminal()
    if not as_json:
        summary.print_heading(console, resolved, plan)
    _announce(resolved, engine)
    with _stoppable("Replications") as progress:
        done = run_plan(resolved, plan, jobs=jobs, progress=progress)
        folder = store.write(done, results, figure_files(done.evidence))
    if as_json:
        click.echo(json.dumps(summary.as_json(done, folder), indent=2))
    else:
        summary.print_run(console, done, folder, name)
    if any(done.checks.values()):
        ctx.exit(1)


@contextmanager
def _stoppable(what: str) -> Iterator[Progress]:
    """A bar while the block runs and writes; Ctrl-C ends the command with how far it came, and exit code 130."""
    reached = 0, 0
    try:
        with progress_bar(what) as bar:

            def told(done: int, total: int) -> None:
                nonlocal reached
                reached = done, total
                if bar:
                    bar(done, total)

            yield told
    except KeyboardInterrupt:
        click.echo(f"Stopped after {reached[0]} of {reached[1]} {what.lower()}; nothing was written.", err=True)
        raise click.exceptions.Exit(STOPPED) from None


def _loaded(name: str, sets: tuple[str, ...], as_json: bool) -> Resolved:
    """The scenario with its changes, whose differences are printed first."""
    resolved = load(name, sets)
    if sets and not as_json:
        for difference in differences(load(name), resolved):
            click.echo(f"{difference.key}: {_value(difference.left)} → {_value(difference.right)}")
    return resolved


def _announce(resolved: Resolved, engine: str | None) -> None:
    """Say on a terminal that the engine has to be compiled first, where it has: nothing moves meanwhile."""
    name = chosen_engine(engine or resolved.scenario.run.engine, network_of(resolved.scenario)).name
    console = terminal(errors=True)
    if console.is_terminal and not is_prepared(name):
        console.print("The engine is being compiled, this once: about half a minute.")


def _value(value: object) -> str:
    return "nothing" if value is None else str(value)


def _share(text: str) -> float:
    try:
        return SHARE.parse(text)
    except ValueFault as fault:
        raise CaspianError(f"--precision {text}: {fault.message}; expected a share such as 2%.") from None


def _known(kpi: str) -> None:
    base = kpi.partition(".")[0]
    if base not in summary.KPIS:
        near = nearest(base, summary.KPIS)
        raise CaspianError(f"--kpi {kpi}: there is no such KPI" + (f"; did you mean '{near}'?" if near else "."))


def _judge(resolved: Resolved, kpis: tuple[str, ...], plan: Plan, jobs: int | None, as_json: bool) -> None:
    verdicts = judge_warm_up(resolved, kpis, plan.replications or PAIRS, plan.seed, engine=plan.engine, jobs=jobs)
    if as_json:
        click.echo(json.dumps(summary.verdicts_as_json(resolved, verdicts), indent=2))
    else:
        summary.print_verdicts(terminal(), resolved, verdicts)


@click.command()
@_world
@click.option("--consignment", "-c", required=True, type=click.IntRange(min=0), help="Its number.")
@click.option("--replication", "-r", default=0, show_default=True, type=click.IntRange(min=0), help="In which replication.")
@click.option("--full", is_flag=True, help="Print every change of cause in a row of its own.")
def trace(  # noqa: PLR0913, PLR0917 - one argument for each option
    name: str, sets: tuple[str, ...], seed: int | None, engine: str | None, as_json: bool,
    consignment: int, replication: int, full: bool,
) -> None:  # fmt: skip
    """Tell the story of one consignment of scenario NAME, hour by hour, with causes and charges."""
    resolved = _loaded(name, sets, as_json)
    settings = resolved.scenario.run
    _announce(resolved, engine)
    evidence = replicate(resolved.scenario, settings.seed if seed is None else seed, replication, engine or settings.engine)
    waybill = tracing.waybill(evidence, consignment)
    if as_json:
        click.echo(json.dumps(tracing.as_json(waybill), indent=2))
    else:
        tracing.print_waybill(terminal(), waybill, full=full)


@click.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@_engine
@_jobs
@_results
def sweep(file: str, as_json: bool, engine: str | None, jobs: int | None, results: Path) -> None:
    """Run a scenario at every point of the grid that FILE describes.

    FILE is a path, or the name of a file in scenarios/sweeps. It says `scenario`, `replications` and, under [factors], a
    list of values for each dotted key.
    """
    asked = sweeping.read(sweeping.find(file))
    base = load(asked.scenario)
    plan = Plan(replications=asked.replications, seed=asked.seed, engine=engine)
    _announce(base, engine)
    with _stoppable("Runs") as progress:
        done = sweeping.sweep(base, asked.factors, plan, jobs=jobs, progress=progress)
        folder = sweeping.write(done, asked.name, results)
    if as_json:
        click.echo(json.dumps(grids.as_json(done, folder), indent=2))
    else:
        grids.print_sweep(terminal(), done, folder)
