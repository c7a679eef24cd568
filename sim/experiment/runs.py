"""Runs: replications of one scenario, as many as were asked for or as a precision needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from sim.engine import prepare
from sim.experiment.precision import Goal, Interval, antithetic_gain, enough, intervals
from sim.experiment.replication import Row, Task, check_pairs, engine_of, least_seconds, perform
from sim.experiment.tables import measured
from sim.experiment.workers import ordered
from sim.kpis import Evidence
from sim.scenario import Resolved

__all__ = ["Plan", "Progress", "Run", "run"]

Progress = Callable[[int, int], None]
"""Told how many replications are done and how many there will be (at most, where a precision is aimed at).

It is told before the first one, and after each.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a scenario is to be run; what is not said stands in the scenario."""

    replications: int | None = None
    """How many; they are numbered from 0."""
    only: int | None = None
    """One replication alone, by its number: its row is the one it has in a whole run."""
    goal: Goal | None = None
    """A precision to be reached, instead of a number of replications."""
    seed: int | None = None
    """Seed of every draw."""
    engine: str | None = None
    """Engine that simulates, or auto."""
    keep: Literal["first", "all"] = "first"
    """Which replications leave their events, consignments and charges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Replications of one scenario under one seed, in order, and how they came about."""

    resolved: Resolved
    seed: int
    engine: str
    """The engine that ran."""
    engine_note: str
    """Why it ran where a quicker one could not; "" where none is quicker."""
    goal: Goal | None
    rows: tuple[Row, ...]
    began: datetime
    """When the run began, UTC."""
    took_s: float
    """How long it took by the clock on the wall."""

    @property
    def kpis(self) -> dict[str, Interval]:
        """Each KPI's mean over the replications, with its 95 % interval."""
        return intervals([row.kpis for row in self.rows], antithetic=self.is_antithetic)

    @property
    def is_antithetic(self) -> bool:
        """Whether its replications are antithetic pairs; intervals are then taken over the means of pairs."""
        return self.resolved.scenario.run.antithetic and len(self.rows) > 1

    def antithetic_gain(self, kpi: str) -> float:
        """How many times as many independent replications would give as short an interval of a KPI."""
        return antithetic_gain([row.kpis[kpi] for row in self.rows])

    @property
    def checks(self) -> dict[str, int]:
        """What is missing in seconds, kilograms and cents over all replications: zero, unless the program is wrong."""
        return {name: sum(abs(row.checks[name]) for row in self.rows) for name in self.rows[0].checks}

    @property
    def evidence(self) -> Evidence:
        """All that happened in the first replication."""
        evidence = self.rows[0].evidence
        assert evidence is not None
        return evidence

    @property
    def example(self) -> int | None:
        """A consignment worth following: of those measured and delivered in the first replication, the one in the middle."""
        evidence = self.evidence
        found = np.flatnonzero(measured(evidence) & evidence.hours.is_delivered)
        return int(found[len(found) // 2]) if len(found) else None


def run(resolved: Resolved, plan: Plan | None = None, *, jobs: int | None = None, progress: Progress | None = None) -> Run:
    """Run a scenario as planned, or as it says itself, over `jobs` processes (all cores if None).

    The rows do not depend on the number of processes, nor on the order in which they finish. Raises `CaspianError`.
    """
    plan = plan or Plan()
    settings = resolved.scenario.run
    seed = settings.seed if plan.seed is None else plan.seed
    engine = engine_of(resolved.scenario, plan.engine)
    numbers = _numbers(plan, settings.replications)
    if plan.only is None:
        check_pairs(resolved.scenario, len(numbers))
    tasks = [
        Task(
            scenario=resolved.scenario, seed=seed, replication=number, engine=engine.name,
            keep=index == 0 or plan.keep == "all", remember=index == 0,
        )
        for index, number in enumerate(numbers)
    ]  # fmt: skip
    began, started = datetime.now(UTC), time.perf_counter()
    rows: list[Row] = []
    if progress:
        progress(0, len(tasks))
    prepare(engine.name)
    with closing(ordered(perform, tasks, len(tasks), jobs, least_seconds(resolved.scenario, engine.name))) as done:
        for row in done:
            rows.append(row)
            if progress:
                progress(len(rows), len(tasks))
            if plan.goal and enough([each.kpis for each in rows], plan.goal, antithetic=settings.antithetic) is not None:
                break
    return Run(
        resolved=resolved, seed=seed, engine=engine.name, engine_note=engine.why, goal=plan.goal, rows=tuple(rows),
        began=began, took_s=time.perf_counter() - started,
    )  # fmt: skip


def _numbers(plan: Plan, usual: int) -> range:
    if plan.only is not None:
        return range(plan.only, plan.only + 1)
    return range(plan.goal.most if plan.goal else plan.replications or usual)
