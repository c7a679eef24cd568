"""Cores: how many replications a second one process makes, and how many two."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing

from sim.bench.loops import PIPELINE_SEED, warmed_up
from sim.bench.turns import Contender
from sim.experiment.replication import Task, perform
from sim.experiment.workers import ordered
from sim.scenario import Resolved

__all__ = ["throughput"]

_LASTS_S = 6.0
"""How long a turn of one process should last, at least."""
_LEAST, _MOST = 6, 200
"""Replications of a turn, besides the first of each process."""
_SURELY_A_POOL_S = 1000.0
"""What a task is said to take, so that workers are started however brief it is."""


def throughput(resolved: Resolved, engine: str, jobs: int, turns: int) -> Contender:
    """Replications a second of the whole pipeline over `jobs` processes, by the clock on the wall, once they are warm.

    The clock starts when each process has had time for its first task, which pays for imports and compiled code.
    """
    warmed_up(resolved, engine)
    began = time.perf_counter()
    perform(_task(resolved, engine, 0))
    measured = 2 * round(min(max(_LEAST, _LASTS_S / (time.perf_counter() - began)), _MOST) / 2)
    tasks = [_task(resolved, engine, number) for number in range(jobs + measured)]
    name = {1: "one_process_per_s", 2: "two_processes_per_s"}[jobs]

    def take(_turn: int) -> Mapping[str, float]:
        with closing(ordered(perform, tasks, len(tasks), jobs, _SURELY_A_POOL_S)) as done:
            for _ in range(jobs):
                next(done)
            started = time.perf_counter()
            for _ in done:
                pass
            return {name: measured / (time.perf_counter() - started)}

    return Contender(take=take, turns=turns)


def _task(resolved: Resolved, engine: str, number: int) -> Task:
    return Task(scenario=resolved.scenario, seed=PIPELINE_SEED, replication=number, engine=engine)
