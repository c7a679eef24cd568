"""Optimising: the best levels of mixed factors that a budget of points finds, by optuna's tree-structured Parzen estimator.

Each trial is a point of a sweep and is kept in its store, so that nothing is run twice and a search that was stopped goes
on. All points share their chance: the search compares worlds, not luck. What it finds is the best seen, not a proof that
nothing is better; compare it with the base under other seeds before you build on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import CaspianError
from sim.experiment.replication import check_pairs
from sim.experiment.sweeps.asking import Asked, Study, study
from sim.experiment.sweeps.factors import Factor, Level, Range, at
from sim.experiment.sweeps.finding import Sweep
from sim.kpis import better_of

if TYPE_CHECKING:
    import optuna

__all__ = ["Best", "Limit", "Trial", "optimise"]

AT_ONCE = 8
"""Points that are tried together before the search learns from them: as many, however many processes there are."""
Performed = Callable[[Study], Sweep]
"""Runs a study and gives what it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What the mean of a KPI must keep to."""

    kpi: str
    least: float | None = None
    most: float | None = None

    def missed_by(self, mean: float) -> float:
        """By how much a mean misses it; 0 or less where it keeps to it, infinite where there is no mean."""
        if np.isnan(mean):
            return float("inf")
        short = -np.inf if self.least is None else self.least - mean
        return float(max(short, -np.inf if self.most is None else mean - self.most))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A point that was tried."""

    levels: dict[str, Level]
    mean: float
    """Of the KPI over the replications."""
    is_allowed: bool
    """Whether it keeps to every limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """What a search found."""

    kpi: str
    trials: tuple[Trial, ...]
    """In the order in which they were tried."""
    best: Trial | None
    """The best that keeps to every limit; None where none does."""
    sweep: Sweep
    """All points tried, the best first where there is one."""


def optimise(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    asked: Asked, kpi: str, budget: int, perform: Performed, *, limits: Sequence[Limit] = (), engine: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Best:  # fmt: skip
    """Search for the levels that make a KPI best, trying `budget` points, eight at a time.

    The same request tries the same points. Raises `CaspianError`.
    """
    if find_spec("optuna") is None:
        raise CaspianError("Optimising needs the extra: pip install 'caspian-route-sim[analysis]'.")
    better = better_of(kpi)
    if not asked.factors:
        raise CaspianError("A search needs factors with levels or a range; a table of points has none.")
    check_pairs(asked.base.scenario, asked.replications)
    search = _search(asked.seed, better)
    trials: list[Trial] = []
    while len(trials) < budget:
        if progress:
            progress(len(trials), budget)
        asking = [search.ask() for _ in range(min(AT_ONCE, budget - len(trials)))]
        tried = [{factor.key: _suggested(trial, factor) for factor in asked.factors} for trial in asking]
        done = perform(study(asked, tried, engine=engine))
        means = done.means(kpi).tolist()
        missed = [list(map(limit.missed_by, done.means(limit.kpi).tolist())) for limit in limits]
        for number, (trial, mean) in enumerate(zip(asking, means, strict=True)):
            short = [of_limit[number] for of_limit in missed]
            for limit, part in zip(limits, short, strict=True):
                trial.set_constraint(f"{limit.kpi} {limit.least} {limit.most}", part)
            search.tell(trial, None if np.isnan(mean) else mean, state=_state(mean))
            is_allowed = not np.isnan(mean) and all(part <= 0 for part in short)
            trials.append(Trial(levels=tried[number], mean=mean, is_allowed=is_allowed))
    if progress:
        progress(budget, budget)
    sign = 1 if better == "lower" else -1
    allowed = sorted((each for each in trials if each.is_allowed), key=lambda each: sign * each.mean)
    points = [each.levels for each in ([*allowed[:1], *trials])]
    return Best(kpi=kpi, trials=tuple(trials), best=allowed[0] if allowed else None,
                sweep=perform(study(asked, points, engine=engine)))  # fmt: skip


def _search(seed: int, better: str) -> optuna.Study:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(seed=seed % 2**32, multivariate=True)
    return optuna.create_study(direction="minimize" if better == "lower" else "maximize", sampler=sampler)


def _state(mean: float) -> optuna.trial.TrialState:
    import optuna

    return optuna.trial.TrialState.FAIL if np.isnan(mean) else optuna.trial.TrialState.COMPLETE


def _suggested(trial: optuna.Trial, factor: Factor) -> Level:
    """The level that the search wants to try: whole numbers and days as such, lists as categories, ranges as shares."""
    if isinstance(factor, Range):
        if factor.is_whole or factor.is_date:
            steps = int(factor.high - factor.low)
            return at(factor, (trial.suggest_int(factor.key, 0, steps) + 0.5) / (steps + 1))
        return at(factor, trial.suggest_float(factor.key, 0.0, 1.0))
    return factor.levels[trial.suggest_categorical(factor.key, range(len(factor.levels)))]
