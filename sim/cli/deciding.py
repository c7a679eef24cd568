"""The commands that help to decide: `caspian sensitivity`, `rank`, `optimise`, `bottlenecks` and `steady`.

Here words from the command line become a plan, and what comes of it is printed. What is reckoned stands below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from sim.cli.shared import (
    Command,
    announce,
    engine_option,
    jobs_option,
    known_kpi,
    loaded,
    results_option,
    share,
    stoppable,
    world,
)
from sim.cli.sweeping import on_option
from sim.errors import CaspianError
from sim.experiment.analyses import sensitivity as judging
from sim.experiment.analyses.bottlenecks import try_each
from sim.experiment.analyses.optimising import Limit
from sim.experiment.analyses.optimising import optimise as search
from sim.experiment.analyses.ranking import rank as rank_scenarios
from sim.experiment.analyses.steadiness import judge_steady
from sim.experiment.comparisons.comparing import unique_names
from sim.experiment.executors import executor_of
from sim.experiment.model import model_version
from sim.experiment.replication import check_pairs
from sim.experiment.sweeps import asking
from sim.experiment.sweeps.asking import Asked, Study
from sim.experiment.sweeps.database import Store
from sim.experiment.sweeps.finding import Sweep, folder_name, perform, write
from sim.report import deciding
from sim.report.console import terminal
from sim.scenario import load

__all__ = ["bottlenecks", "optimise", "rank", "sensitivity", "steady"]

_kpi = click.option("--kpi", default="lead_time_d", show_default=True, help="KPI that is asked about.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
_seed = click.option("--seed", type=click.IntRange(min=0), help="Seed of every draw (default: as the scenario says).")


def _of_a_sweep(command: Command) -> Command:
    """The options of every command that runs points of a sweep."""
    for option in (
        results_option, _json, on_option, engine_option, _seed,
        click.option("--replications", "-n", type=click.IntRange(min=1),
                     help="How many of each point (default: as FILE says)."),
    ):  # fmt: skip
        command = option(command)
    return command


@contextmanager
def _performed(asked: Asked, on: str, results: Path) -> Iterator[tuple[Callable[[Study], Sweep], Path]]:
    """What runs studies of what is asked, kept in the store of its sweep, and the folder of that."""
    folder = results / "sweeps" / folder_name(asked)
    with closing(executor_of(on)) as executor, closing(Store(folder / "sweep.sqlite", model_version(), asked.seed)) as kept:

        def run(study: Study) -> Sweep:
            with stoppable("Runs", resumes=True) as progress:
                return perform(study, kept, executor, progress)

        yield run, folder


@click.command()
@click.argument("file")
@click.option("--method", type=click.Choice(judging.METHODS), default="tornado", show_default=True,
              help="One factor at a time; Morris's screening; Sobol's indices.")  # fmt: skip
@click.option("--size", type=click.IntRange(min=1), help="Trajectories of morris (10), base sample of sobol (64).")
@_kpi
@_of_a_sweep
def sensitivity(  # noqa: PLR0913, PLR0917 - one argument for each option
    file: str, method: str, size: int | None, kpi: str, replications: int | None, seed: int | None, engine: str | None,
    on: str, as_json: bool, results: Path,
) -> None:  # fmt: skip
    """Say which factors of the sweep FILE a KPI answers to.

    Points are kept in the store of the sweep: what was run for one method, KPI or sweep is not run again for another.
    """
    known_kpi(kpi)
    asked = asking.read(asking.find(file), replications=replications, seed=seed)
    check_pairs(asked.base.scenario, asked.replications)
    with stoppable("Points checked") as progress:
        planned = judging.plan(asked, method, size=size or judging.SIZES[method], engine=engine, told=progress)
    announce(asked.base, engine)
    with _performed(asked, on, results) as (run, folder):
        said = deciding.judged(planned, run(planned.study), kpi)
        figure = deciding.save_tornado(said, folder)
        if as_json:
            click.echo(json.dumps(deciding.judged_as_json(said, folder), indent=2))
        else:
            deciding.print_judged(terminal(), said, folder / "sweep.sqlite", figure)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="A B [C]...")
@click.option("--kpi", default="lead_time_d", show_default=True, help="KPI in which the best is looked for.")
@click.option("--indifference", type=click.FloatRange(min=0, min_open=True), required=True, metavar="NUMBER",
              help="Difference in the KPI that nobody would mind, in its unit.")  # fmt: skip
@click.option("--confidence", default="95%", show_default=True, metavar="SHARE", help="Probability of choosing rightly.")
@click.option("--most", type=click.IntRange(min=10), default=500, show_default=True, help="Replications at most.")
@_seed
@engine_option
@_json
@jobs_option
def rank(  # noqa: PLR0913, PLR0917 - one argument for each option
    names: tuple[str, ...], kpi: str, indifference: float, confidence: str, most: int, seed: int | None, engine: str | None,
    as_json: bool, jobs: int | None,
) -> None:  # fmt: skip
    """Choose the best of some scenarios in a KPI, with a stated probability of having chosen rightly.

    Replications are added until only one can be the best; scenarios that cannot are left out as soon as that is sure.
    """
    known_kpi(kpi)
    sure = share(confidence, "--confidence")
    scenarios = [load(name) for name in names]
    announce(scenarios[0], engine)
    with stoppable("Replications") as progress:
        found = rank_scenarios(scenarios, kpi, indifference, confidence=sure, most=most, seed=seed,
                               engine=engine, jobs=jobs, progress=progress)  # fmt: skip
    called = unique_names(names)
    if as_json:
        click.echo(json.dumps(deciding.ranked_as_json(found, called), indent=2))
    else:
        deciding.print_ranked(terminal(), found, called)


@click.command()
@click.argument("file")
@click.option("--kpi", default="cost_usd_per_t", show_default=True, help="KPI to make best.")
@click.option("--budget", type=click.IntRange(min=2), default=64, show_default=True, help="Points to try.")
@click.option("--at-least", "least", multiple=True, metavar="KPI=NUMBER", help="Limit that must be kept; may be repeated.")
@click.option("--at-most", "greatest", multiple=True, metavar="KPI=NUMBER", help="Limit that must be kept; may be repeated.")
@_of_a_sweep
def optimise(  # noqa: PLR0913, PLR0917 - one argument for each option
    file: str, kpi: str, budget: int, least: tuple[str, ...], greatest: tuple[str, ...], replications: int | None,
    seed: int | None, engine: str | None, on: str, as_json: bool, results: Path,
) -> None:  # fmt: skip
    """Search the factors of the sweep FILE for the levels that make a KPI best, within a budget of points."""
    known_kpi(kpi)
    limits = [Limit(kpi=name, least=number) for name, number in (_limit(text, "--at-least") for text in least)]
    limits += [Limit(kpi=name, most=number) for name, number in (_limit(text, "--at-most") for text in greatest)]
    asked = asking.read(asking.find(file), replications=replications, seed=seed)
    announce(asked.base, engine)
    with _performed(asked, on, results) as (run, folder):
        found = search(asked, kpi, budget, run, limits=limits, engine=engine)
        write(found.sweep, folder)
        if as_json:
            click.echo(json.dumps(deciding.best_as_json(found, folder), indent=2))
        else:
            deciding.print_best(terminal(), found, folder)


def _limit(text: str, option: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    known_kpi(name.strip(), option)
    try:
        return name.strip(), float(number)
    except ValueError:
        raise CaspianError(f"{option} {text}: is no limit; expected KPI=NUMBER, such as on_time_share=0.9.") from None


@click.command()
@world
@_kpi
@click.option("--replications", "-n", type=click.IntRange(min=2), help="How many of each step (default: as NAME says).")
@jobs_option
def bottlenecks(  # noqa: PLR0913, PLR0917 - one argument for each option
    name: str, sets: tuple[str, ...], seed: int | None, engine: str | None, as_json: bool, kpi: str,
    replications: int | None, jobs: int | None,
) -> None:  # fmt: skip
    """Try one more of each resource of scenario NAME (of rates and room, a tenth more) and rank what each buys per dollar.

    Costs are those of `unit_costs` in the scenario; what has none is ranked by what it buys.
    """
    known_kpi(kpi)
    resolved = loaded(name, sets, as_json)
    announce(resolved, engine)
    with stoppable("Replications") as progress:
        count = replications or resolved.scenario.run.replications
        found = try_each(resolved, kpi, count, seed=seed, engine=engine, jobs=jobs, progress=progress)
    if as_json:
        click.echo(json.dumps(deciding.bought_as_json(found), indent=2))
    else:
        deciding.print_bought(terminal(), found)


@click.command()
@world
@click.option("--replication", "-r", default=0, show_default=True, type=click.IntRange(min=0), help="Which one is judged.")
def steady(
    name: str, sets: tuple[str, ...], seed: int | None, engine: str | None, as_json: bool, replication: int
) -> None:  # fmt: skip
    """Judge the warm-up of a stationary scenario NAME by one long run, and take the mean lead time from it.

    Only for scenarios that declare `run.stationary = true`: the corridor's own have seasons, and are judged by
    `caspian run NAME --judge-warm-up`.
    """
    resolved = loaded(name, sets, as_json)
    announce(resolved, engine)
    found = judge_steady(resolved, replication, seed=seed, engine=engine)
    if as_json:
        click.echo(json.dumps(deciding.steady_as_json(resolved, found), indent=2))
    else:
        deciding.print_steady(terminal(), resolved, found)
