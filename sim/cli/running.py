"""The commands that simulate one scenario: `caspian run` and `caspian trace`.

Here words from the command line become a plan, and what comes of it is printed and stored. How it is run, measured, drawn
and laid out stands below.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import click

from sim.cli.shared import announce, jobs_option, known_kpi, loaded, results_option, share, stoppable, world
from sim.experiment import store
from sim.experiment.precision import Goal
from sim.experiment.replication import replicate
from sim.experiment.runs import Plan
from sim.experiment.runs import run as run_plan
from sim.experiment.warm_up import judge_warm_up
from sim.report import summary, tracing
from sim.report.console import terminal
from sim.report.figures import figure_files
from sim.scenario import Resolved

__all__ = ["run", "trace"]

PAIRS = 10
"""Pairs by which a warm-up is judged, unless the command says otherwise."""


@click.command()
@world
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
@jobs_option
@results_option
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
    resolved = loaded(name, sets, as_json)
    for kpi in kpis:
        known_kpi(kpi)
    if judges:
        announce(resolved, engine)
        _judge(resolved, kpis or summary.MAIN, Plan(replications=replications, seed=seed, engine=engine), jobs, as_json)
        return
    goal = (
        Goal(relative=share(precision, "--precision"), kpis=kpis or summary.MAIN, most=most)
        if precision is not None
        else None
    )
    plan = Plan(replications=replications, only=only, goal=goal, seed=seed, engine=engine, keep=keep)
    console = terminal()
    if not as_json:
        summary.print_heading(console, resolved, plan)
    announce(resolved, engine)
    with stoppable("Replications") as progress:
        done = run_plan(resolved, plan, jobs=jobs, progress=progress)
        folder = store.write(done, results, figure_files(done.evidence))
    if as_json:
        click.echo(json.dumps(summary.as_json(done, folder), indent=2))
    else:
        summary.print_run(console, done, folder, name)
    if any(done.checks.values()):
        ctx.exit(1)


def _judge(resolved: Resolved, kpis: tuple[str, ...], plan: Plan, jobs: int | None, as_json: bool) -> None:
    verdicts = judge_warm_up(resolved, kpis, plan.replications or PAIRS, plan.seed, engine=plan.engine, jobs=jobs)
    if as_json:
        click.echo(json.dumps(summary.verdicts_as_json(resolved, verdicts), indent=2))
    else:
        summary.print_verdicts(terminal(), resolved, verdicts)


@click.command()
@world
@click.option("--consignment", "-c", required=True, type=click.IntRange(min=0), help="Its number.")
@click.option("--replication", "-r", default=0, show_default=True, type=click.IntRange(min=0), help="In which replication.")
@click.option("--full", is_flag=True, help="Print every change of cause in a row of its own.")
def trace(  # noqa: PLR0913, PLR0917 - one argument for each option
    name: str, sets: tuple[str, ...], seed: int | None, engine: str | None, as_json: bool,
    consignment: int, replication: int, full: bool,
) -> None:  # fmt: skip
    """Tell the story of one consignment of scenario NAME, hour by hour, with causes and charges."""
    resolved = loaded(name, sets, as_json)
    settings = resolved.scenario.run
    announce(resolved, engine)
    evidence = replicate(resolved.scenario, settings.seed if seed is None else seed, replication, engine or settings.engine)
    waybill = tracing.waybill(evidence, consignment)
    if as_json:
        click.echo(json.dumps(tracing.as_json(waybill), indent=2))
    else:
        tracing.print_waybill(terminal(), waybill, full=full)
