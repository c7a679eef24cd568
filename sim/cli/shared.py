"""What commands that simulate have in common: their options, how a scenario is taken in, and how Ctrl-C ends them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from sim.engine import ENGINES, is_prepared
from sim.errors import CaspianError, ValueFault, nearest
from sim.experiment.replication import engine_of
from sim.experiment.runs import Progress
from sim.report.console import progress_bar, terminal
from sim.report.known import check_kpi
from sim.scenario import Resolved, load
from sim.scenario.differing import differences
from sim.units import SHARE

__all__ = [
    "Command", "announce", "announce_engines", "engine_option", "jobs_option", "known_kpi", "loaded", "results_option",
    "share", "stoppable", "world",
]  # fmt: skip

Command = TypeVar("Command", bound=Callable[..., object])
STOPPED = 130
"""Exit code of what Ctrl-C ended, as shells have it."""
SHARE_DIGITS = 12
"""Decimals of a share that are meant; what lies behind them came of dividing by a hundred."""


def _known_engine(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001 - click's
    """The engine's name, refused before anything is said or run where there is none of that name."""
    known = ("auto", *ENGINES)
    if value is not None and value not in known:
        near = nearest(value, known)
        raise CaspianError(f"--engine {value}: there is no such engine (there are {', '.join(known)})"
                           + (f"; did you mean '{near}'?" if near else "."))  # fmt: skip
    return value


engine_option = click.option(
    "--engine", metavar="NAME", callback=_known_engine,
    help="Engine that simulates: auto, reference or compiled (default: as the scenario says).",
)  # fmt: skip


def world(command: Command) -> Command:
    """The options of every command that simulates one scenario."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables."),
        engine_option,
        click.option("--seed", type=click.IntRange(min=0), help="Seed of every draw (default: as the scenario says)."),
        click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Change a value; may be repeated."),
        click.argument("name"),
    ):
        command = option(command)
    return command


jobs_option = click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes to use (default: all cores).")


def _folder(ctx: click.Context, param: click.Parameter, value: Path) -> Path:  # noqa: ARG001 - click's signature
    """The folder of results, refused before anything runs where nothing could be written to it."""
    there = next(path for path in (value, *value.absolute().parents) if path.exists())
    if not there.is_dir():
        raise CaspianError(f"--results {value}: {there} is a file; expected a folder, there or to be made.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise CaspianError(f"--results {value}: nothing may be written to {there}.")
    return value


results_option = click.option(
    "--results", default="results", show_default=True, type=click.Path(path_type=Path), callback=_folder,
    help="Folder to write to.",
)  # fmt: skip


@contextmanager
def stoppable(what: str, *, resumes: bool = False) -> Iterator[Progress]:
    """A bar while the block runs and writes; Ctrl-C ends the command with how far it came, and exit code 130.

    `resumes`: what is done is stored as it comes, and the same command goes on from there.
    """
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
        said = f"Stopped after {reached[0]} of {reached[1]} {what.lower()}; nothing was written."
        click.echo(f"{reached[0]} of {reached[1]} kept. The same command resumes." if resumes else said, err=True)
        raise click.exceptions.Exit(STOPPED) from None


def loaded(name: str, sets: tuple[str, ...], as_json: bool) -> Resolved:
    """The scenario with its changes, whose differences are printed first."""
    resolved = load(name, sets)
    if sets and not as_json:
        for difference in differences(load(name), resolved):
            click.echo(f"{difference.key}: {_value(difference.left)} → {_value(difference.right)}")
    return resolved


def announce(resolved: Resolved, engine: str | None) -> None:
    """Say on a terminal that the engine has to be compiled first, where it has: nothing moves meanwhile."""
    announce_engines({engine_of(resolved.scenario, engine).name})


def announce_engines(names: Collection[str]) -> None:
    """The same of engines that are chosen already."""
    console = terminal(errors=True)
    if console.is_terminal and not all(map(is_prepared, names)):
        console.print("The engine is being compiled, this once: about half a minute.")


def _value(value: object) -> str:
    return "nothing" if value is None else str(value)


def share(text: str, option: str) -> float:
    """The share that ``2%`` says after an option; raises `CaspianError`."""
    try:
        return round(SHARE.parse(text), SHARE_DIGITS)
    except ValueFault as fault:
        raise CaspianError(f"{option} {text}: {fault.message}; expected a share such as 2%.") from None


def known_kpi(kpi: str, option: str = "--kpi") -> None:
    """Raises `CaspianError` with the nearest name, and some of those there are, where `option` names no KPI."""
    check_kpi(kpi, f"{option} {kpi}")
