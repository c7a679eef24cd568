"""The command that tells scenarios apart: `caspian compare`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sim.cli.shared import announce, engine_option, jobs_option, known_kpi, results_option, share, stoppable
from sim.errors import CaspianError
from sim.experiment.comparisons.comparing import check_asked
from sim.experiment.comparisons.comparing import compare as compare_scenarios
from sim.report import differing
from sim.report.console import terminal
from sim.report.summary import HEADLINES
from sim.scenario import Resolved, load
from sim.scenario.setting import parse_set

__all__ = ["compare"]


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="BASE [OTHER]...")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Change a value in all of them; may be repeated.")
@click.option(
    "--with", "withs", multiple=True, metavar="KEY=VALUE", help="Also compare BASE with this one change; may be repeated."
)
@click.option("--replications", "-n", type=click.IntRange(min=2), help="How many of each (default: as BASE says).")
@click.option("--kpi", "kpis", multiple=True, help="KPI to compare, instead of the headlines; may be repeated.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of every draw (default: as BASE says).")
@click.option("--matters", default="2%", show_default=True, metavar="SHARE", help="Difference that matters, of BASE's mean.")
@click.option("--independent", is_flag=True, help="Give each scenario a seed of its own; blunter, and not explained.")
@engine_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@jobs_option
@results_option
@click.pass_context
def compare(  # noqa: PLR0913, PLR0917 - one argument for each option
    ctx: click.Context, names: tuple[str, ...], sets: tuple[str, ...], withs: tuple[str, ...], replications: int | None,
    kpis: tuple[str, ...], seed: int | None, matters: str, independent: bool, engine: str | None, as_json: bool,
    jobs: int | None, results: Path,
) -> None:  # fmt: skip
    """Run scenarios under the same chance and say how each OTHER differs from BASE, how surely, and why.

    Intervals and verdicts are corrected for all that is asked together. The difference is explained by the same consignments
    in both worlds: their hours cause by cause, their cost category by category.
    """
    for kpi in kpis:
        known_kpi(kpi)
    size = share(matters, "--matters")
    scenarios = [load(name, sets) for name in names]
    scenarios += [_changed(scenarios[0], words) for words in withs]
    called = [each.scenario.name for each in scenarios[: len(names)]] + [words.replace(" ", "") for words in withs]
    if len(scenarios) < 2:
        raise CaspianError("Name a second scenario, or give a change: --with services.vessels.vehicles=5.")
    settings = scenarios[0].scenario.run
    runs = settings.replications if replications is None else replications
    check_asked(scenarios, runs)
    announce(scenarios[0], engine)
    if not as_json:
        click.echo(f"{' · '.join(f'{name} ({each.digest[:8]})' for name, each in zip(called, scenarios, strict=True))}  "
                   f"{runs} replications, seed {settings.seed if seed is None else seed}")  # fmt: skip
    with stoppable("Replications") as progress:
        done = compare_scenarios(
            scenarios, kpis or HEADLINES, runs, seed=seed, matters=size,
            independent=independent, engine=engine, names=called, jobs=jobs, progress=progress,
        )  # fmt: skip
        folder = differing.write(done, results)
    if as_json:
        click.echo(json.dumps(differing.as_json(done, folder), indent=2))
    else:
        differing.print_comparison(terminal(), done, folder)
    if done.checks_off:
        ctx.exit(1)


def _changed(base: Resolved, words: str) -> Resolved:
    key, value = parse_set(words)
    return base.replace({key: value})
