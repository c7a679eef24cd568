"""The commands of sweeps: `caspian sweep`, and `caspian store` for what sweeps have left.

Here words from the command line become a study, a store and a place to work; what comes of it is printed. How it is run
stands below.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from sim.cli.shared import announce_engines, engine_option, results_option, stoppable
from sim.experiment.executors import Executor, executor_of
from sim.experiment.model import model_version
from sim.experiment.sweeps import asking
from sim.experiment.sweeps.asking import Study
from sim.experiment.sweeps.database import Store, merge
from sim.experiment.sweeps.driving import missing, seconds_each
from sim.experiment.sweeps.factors import in_words
from sim.experiment.sweeps.finding import folder_name, perform, write
from sim.report import grids
from sim.report.console import duration, terminal

__all__ = ["on_option", "store", "sweep"]

SET_ASIDE = 3
"""Exit code where some runs were set aside."""

on_option = click.option(
    "--on", default="local", show_default=True, metavar="WHERE",
    help="Where it runs: serial, local (all cores), local:N, or tcp://HOST:PORT of a Dask scheduler.",
)  # fmt: skip


@click.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@engine_option
@on_option
@click.option("--replications", "-n", type=click.IntRange(min=1), help="How many of each point (default: as FILE says).")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of every draw (default: as FILE says).")
@click.option(
    "--dry-run", is_flag=True, help="Say what would run and how long (timing one run if none is stored); keep nothing."
)
@click.option("--retry", is_flag=True, help="Try again what was set aside.")
@results_option
@click.pass_context
def sweep(  # noqa: PLR0913, PLR0917 - one argument for each option
    ctx: click.Context, file: str, as_json: bool, engine: str | None, on: str, replications: int | None, seed: int | None,
    dry_run: bool, retry: bool, results: Path,
) -> None:  # fmt: skip
    """Run a scenario at every design point that FILE describes, and keep each run in a store as it comes.

    FILE is a path, or the name of a file in scenarios/sweeps. It says `scenario`, `replications`, `design` and, under
    [factors], levels or a range for each dotted key. The same command resumes a sweep that was stopped; more replications or
    other levels run only what is missing.
    """
    asked = asking.read(asking.find(file), replications=replications, seed=seed)
    with stoppable("Points checked") as progress:
        study = asking.study(asked, engine=engine, told=progress)
    folder = results / "sweeps" / folder_name(study)
    kept_in = folder / "sweep.sqlite"
    there = kept_in if not dry_run or kept_in.exists() else None
    with closing(executor_of(on)) as executor, closing(Store(there, model_version(), study.seed)) as kept:
        if dry_run:
            _print_plan(study, kept, executor, as_json, retry=retry)
            return
        if retry:
            kept.forget_failures()
        if not as_json:
            click.echo(f"{_heading(study, _counted(study, kept))}\nOn {executor.name}, {executor.slots} at once")
        announce_engines({point.engine for point in study.points})
        with stoppable("Runs", resumes=True) as progress:
            done = perform(study, kept, executor, progress)
        write(done, folder)
        if as_json:
            click.echo(json.dumps(grids.as_json(done, folder), indent=2))
        else:
            grids.print_sweep(terminal(), done, folder)
    if done.aside:
        ctx.exit(SET_ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """What a study asks of its store, in runs."""

    different: int
    """Points, those of equal scenarios once."""
    wanted: int
    stored: int
    aside: int
    """Failed before, and left alone."""

    @property
    def todo(self) -> int:
        return self.wanted - self.stored - self.aside


def _counted(study: Study, kept: Store, *, retry: bool = False) -> _Counts:
    """The counts; where it is tried again, nothing is aside."""
    digests = {point.digest for point in study.points}
    aside = sum(failure.replication < study.replications for failure in kept.failures_of(digests))
    wanted = len(digests) * study.replications
    todo = sum(len(points) for _, points in missing(study, kept))
    return _Counts(different=len(digests), wanted=wanted, stored=wanted - todo - aside, aside=0 if retry else aside)


def _heading(study: Study, counts: _Counts) -> str:
    points = _many(len(study.points), "point")
    if counts.different < len(study.points):
        points += f", {counts.different} of them different,"
    aside = f"{counts.aside} set aside, " if counts.aside else ""
    runs = f"{points} × {_many(study.replications, 'replication')} = {_many(counts.wanted, 'run')}"
    have = f"{counts.stored} stored, {aside}{counts.todo} to do"
    return f"{study.base.scenario.name} ({study.base.digest[:8]})  {runs}; {have}; seed {study.seed}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _print_plan(study: Study, kept: Store, executor: Executor, as_json: bool, *, retry: bool) -> None:
    """What a sweep would run, and how long that would take here by a run that is timed."""
    counts = _counted(study, kept, retry=retry)
    wanted, todo = counts.wanted, counts.todo
    each_s = seconds_each(study, kept) if todo else 0.0
    simulations = len({point.simulation for point in study.points})
    slots, where = executor.slots, executor.name
    takes_s = todo * each_s / slots
    if as_json:
        said = {"points": len(study.points), "different_points": counts.different, "replications": study.replications,
                "runs": wanted, "to_do": todo,
                "simulations_per_replication": simulations, "seconds_each": each_s, "on": where, "at_once": slots,
                "seconds": takes_s}  # fmt: skip
        click.echo(json.dumps(said, indent=2))
        return
    click.echo(_heading(study, counts))
    for key in study.factors:
        levels = list(dict.fromkeys(in_words(point.levels.get(key, "as it is")) for point in study.points))
        shown = ", ".join(levels) if len(levels) <= 8 else f"{', '.join(levels[:3])} … {levels[-1]} ({len(levels)} levels)"
        click.echo(f"  {key}: {shown}")
    if simulations < counts.different:
        each, after = _many(simulations, "simulation"), "it" if simulations == 1 else "them"
        click.echo(f"{each} a replication: the other points differ only in what is settled after {after}")
    click.echo(f"About {duration(takes_s)} on {where}: {each_s:.3g} s a run, {slots} at once")


@click.group()
def store() -> None:
    """Work with the stores that sweeps leave: results/sweeps/…/sweep.sqlite."""


@store.command("merge")
@click.argument("into", type=click.Path(path_type=Path))
@click.argument("others", nargs=-1, required=True, type=click.Path(path_type=Path))
def merge_(into: Path, others: tuple[Path, ...]) -> None:
    """Put the runs of OTHERS, such as those of another machine, into the store INTO, which may be new.

    What both have must be equal; where it is not, nothing is changed.
    """
    gained = merge(into, others)
    click.echo(f"{into}: {_many(gained, 'run')} gained")


@store.command("dump")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def dump(path: Path) -> None:
    """Print everything a store holds, one line each in a fixed order, but for where, when and how fast it was made.

    Stores of equal results have equal dumps, whatever ran them in which order.
    """
    with closing(Store(path, model_version(), 0)) as kept:
        for line in kept.dump():
            click.echo(line)
