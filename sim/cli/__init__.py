"""The command line: `caspian` and its commands.

Here stands the table of commands and what happens to errors. What a command does stands in a sibling module, fetched when
the command is asked for, so that `caspian --help` is quick.
"""

from __future__ import annotations

import io
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click

from sim.errors import CaspianError, nearest

__all__ = ["COMMANDS", "Entry", "main"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: where it is, as "module:function", and what it does in a line."""

    home: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "run": Entry("sim.cli.running:run", "Simulate a scenario and measure it."),
    "trace": Entry("sim.cli.running:trace", "Tell the story of one consignment, hour by hour."),
    "compare": Entry("sim.cli.comparing:compare", "Compare scenarios under the same chance, and explain the difference."),
    "sweep": Entry("sim.cli.sweeping:sweep", "Run a scenario at every point of a design; resumes by itself."),
    "sensitivity": Entry("sim.cli.deciding:sensitivity", "Say which factors of a sweep a KPI answers to."),
    "bottlenecks": Entry("sim.cli.deciding:bottlenecks", "Try one more of each resource, and rank what it buys per dollar."),
    "rank": Entry("sim.cli.deciding:rank", "Choose the best of some scenarios, with a stated probability."),
    "optimise": Entry("sim.cli.deciding:optimise", "Search a sweep's factors for the best levels within a budget."),
    "steady": Entry("sim.cli.deciding:steady", "Judge a stationary scenario by one long run."),
    "store": Entry("sim.cli.sweeping:store", "Merge and dump the stores of sweeps."),
    "list": Entry("sim.cli.scenarios:list_", "List the scenarios there are."),
    "check": Entry("sim.cli.scenarios:check", "Check scenario files and show the load they offer."),
    "explain": Entry("sim.cli.scenarios:explain", "Say what a key of a scenario means."),
    "diff": Entry("sim.cli.scenarios:diff", "Show what two scenarios say differently."),
    "schema": Entry("sim.cli.scenarios:schema", "Print the JSON Schema of scenario files, for editors."),
    "bench": Entry("sim.cli.benching:bench", "Measure how fast this is beside plain SimPy."),
}
"""Every command, in the order in which help shows them."""


class _Commands(click.Group):
    """A group that fetches a command when it is used, and prints the user's mistakes without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].home.partition(":")
        command = getattr(import_module(module), function)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], COMMANDS)
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near}'?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        _print_what_can_be_printed()
        _end_in_order()
        try:
            return super().invoke(ctx)
        except CaspianError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            ctx.exit(130)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(f"{where}{error.strerror or error}", err=True)
            ctx.exit(2)


def _end_in_order() -> None:
    """Who is told to end (by `kill`, by a scheduler) ends his workers too, and leaves no half-written folder."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def _print_what_can_be_printed() -> None:
    """A terminal that cannot show a character gets a question mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="caspian-route-sim", prog_name="caspian")
def main() -> None:
    """Simulate cargo between Qazvin, the Iranian Caspian ports and the free-zone hub at Aktau."""
