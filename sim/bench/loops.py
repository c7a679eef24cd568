"""Loops: the yardstick's loop, each engine's, and the whole pipeline, alone and per point of a sweep.

Loop against loop: a turn begins when everything is imported, read and, for an engine, drawn. The yardstick builds its
model and draws its chance as it goes, because plain idiom does; an engine builds its model. The pipeline is all that a
replication takes when no tables are kept: network, draws, engine, hours, ledger, figures and checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress

from sim.bench.checkout import cimba_model, corridor, yardstick
from sim.bench.turns import Contender, cpu_s
from sim.draws import draw
from sim.engine import ENGINES, simulate
from sim.errors import CaspianError
from sim.experiment.executors import executor_of
from sim.experiment.model import model_version
from sim.experiment.replication import Task, perform
from sim.experiment.sweeps.asking import ask, study
from sim.experiment.sweeps.database import Store
from sim.experiment.sweeps.driving import drive
from sim.scenario import Resolved, load
from sim.scenario.wiring import network_of

__all__ = ["engine_loop", "engines", "others_loops", "pipeline", "sweep_point", "warmed_up"]

_FACTOR: Mapping[str, list[int]] = {"services.trucks.vehicles": [58, 59, 61, 62]}
"""What the sweep varies: it changes what happens and not how much, since the corridor has 60."""
_REPLICATIONS = 2
"""Of each point."""
_BRIEF = {"run.warm_up": "1 d", "run.run_length": "3 d", "run.drain": "30 d"}
_BRIEF_SETS = tuple(f"{key}={value}" for key, value in _BRIEF.items())
PIPELINE_SEED, SWEEP_SEED = 1000, 2000
"""Seeds of their own, so that nobody finds ready what another has drawn."""


def engines(resolved: Resolved) -> list[str]:
    """The engines that can run the corridor here: one whose library is not installed is left out."""
    there = []
    for engine in ENGINES:
        with suppress(ImportError, CaspianError):
            warmed_up(resolved, engine)
            there.append(engine)
    return there


def warmed_up(resolved: Resolved, engine: str) -> None:
    """Run a few days, so that what is compiled or imported at first use is ready."""
    brief = resolved.replace(_BRIEF)
    perform(Task(scenario=brief.scenario, seed=1, replication=0, engine=engine))


def others_loops(sets: tuple[str, ...], turns: int) -> Iterator[Contender]:
    """The plain SimPy model and, where its package is installed, that for Cimba: a replication each turn.

    To be asked for before an engine compiles anything: Cimba's types are not found by a numba that is at work already.
    """
    model, cimba = yardstick(), cimba_model()
    seed = load(str(corridor()), sets).scenario.run.seed
    numbers, brief = (model.numbers(corridor(), words) for words in (sets, _BRIEF_SETS))
    yield Contender(take=lambda turn: {"yardstick_s": cpu_s(lambda: model.simulate(numbers, seed, turn))}, turns=turns)
    if cimba is not None:
        cimba.simulate(brief, seed, 0)
        yield Contender(take=lambda turn: {"cimba_s": cpu_s(lambda: cimba.simulate(numbers, seed, turn))}, turns=turns)


def engine_loop(resolved: Resolved, engine: str, turns: int) -> Contender:
    """An engine on draws that are there already."""
    scenario = resolved.scenario
    network = network_of(scenario)
    warmed_up(resolved, engine)

    def take(turn: int) -> dict[str, float]:
        draws = draw(scenario, network, scenario.run.seed, turn)
        return {f"{engine}_s": cpu_s(lambda: simulate(network, draws, engine))}

    return Contender(take=take, turns=turns)


def pipeline(resolved: Resolved, engine: str, turns: int) -> Contender:
    """A replication from the scenario to its figures and checks."""
    warmed_up(resolved, engine)

    def take(turn: int) -> dict[str, float]:
        task = Task(scenario=resolved.scenario, seed=PIPELINE_SEED, replication=turn, engine=engine)
        return {"pipeline_s": cpu_s(lambda: perform(task))}

    return Contender(take=take, turns=turns)


def sweep_point(resolved: Resolved, engine: str, turns: int) -> Contender:
    """A sweep in one process, over its points and replications: what each costs, the reading of the points included."""
    warmed_up(resolved, engine)
    runs = _REPLICATIONS * sum(map(len, _FACTOR.values()))

    def take(turn: int) -> dict[str, float]:
        seed = SWEEP_SEED + turn

        def sweep() -> None:
            asked = ask(resolved, _FACTOR, replications=_REPLICATIONS, seed=seed)
            with closing(Store(None, model_version(), seed)) as store:
                drive(study(asked, engine=engine), store, executor_of("serial"))

        return {"sweep_point_s": cpu_s(sweep) / runs}

    return Contender(take=take, turns=turns)
