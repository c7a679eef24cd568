"""Ranking and selection: which of some scenarios is best in a KPI, with a stated probability of having chosen rightly.

Scenarios are played under the same chance, replication by replication, and those that cannot be the best are left out as
soon as that is sure. The rule is that of Kim and Nelson; it stands in `statistics`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from sim.draws import streams_of
from sim.engine import prepare
from sim.errors import CaspianError
from sim.experiment.comparisons.windows import window_keys
from sim.experiment.precision import Interval, t_interval
from sim.experiment.replication import engine_of, least_seconds, replicate
from sim.experiment.runs import Progress
from sim.experiment.statistics.selection import Chosen, select
from sim.experiment.workers import ordered
from sim.kpis import better_of, measure, unknown_kpi
from sim.scenario import Resolved, Scenario

__all__ = ["Ranked", "rank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What was chosen, and what was seen of each alternative as long as it was in play."""

    kpi: str
    delta: float
    """Indifference zone in the KPI's unit: a difference that nobody would mind."""
    confidence: float
    """Probability of choosing the best, where it is better than every other by `delta` at least."""
    chosen: Chosen
    seen: tuple[Interval, ...]
    """Of each alternative: its mean over the replications in which it was in play."""
    windows_differ: tuple[str, ...] = ()
    """Keys of the measured window in which the alternatives differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One replication of the alternatives still in play, to be run somewhere."""

    scenarios: Mapping[int, Scenario]
    engines: Mapping[int, str]
    seed: int
    replication: int
    kpi: str


def rank(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    scenarios: Sequence[Resolved], kpi: str, delta: float, *, confidence: float = 0.95, most: int = 500,
    seed: int | None = None, engine: str | None = None, jobs: int | None = None, progress: Progress | None = None,
) -> Ranked:  # fmt: skip
    """The best of some scenarios in a KPI, lower or higher as the KPI is better.

    `delta`: indifference zone, in the KPI's unit. `most`: replications after which it ends undecided. Raises `CaspianError`.
    """
    better = better_of(kpi)
    if any(each.scenario.run.antithetic for each in scenarios):
        raise CaspianError("Ranking needs independent replications: set run.antithetic = false.")
    settings = scenarios[0].scenario.run
    engines = [engine_of(each.scenario, engine).name for each in scenarios]
    for name in set(engines):
        prepare(name)
    play = _Play([each.scenario for each in scenarios], engines, settings.seed if seed is None else seed, kpi, most)
    each_s = sum(least_seconds(each.scenario, name) for each, name in zip(scenarios, engines, strict=True))
    with closing(ordered(_played, play.rounds(), most, jobs, each_s)) as played:

        def observe(alternatives: Sequence[int], replication: int) -> Mapping[int, float]:
            play.goes_on_with(alternatives)
            values = next(played)
            for number in alternatives:
                play.seen[number].append(values[number])
            if progress:
                progress(replication + 1, most)
            return values

        chosen = select(observe, len(scenarios), delta=delta, confidence=confidence,
                        better=better, most=most)  # fmt: skip
    return Ranked(kpi=kpi, delta=delta, confidence=confidence, chosen=chosen, seen=tuple(map(t_interval, play.seen)),
                  windows_differ=window_keys([each.scenario for each in scenarios]))  # fmt: skip


class _Play:
    """Which alternatives are still in play, and what was seen of all."""

    def __init__(self, scenarios: Sequence[Scenario], engines: Sequence[str], seed: int, kpi: str, most: int):
        self.scenarios, self.engines = dict(enumerate(scenarios)), dict(enumerate(engines))
        self.seed, self.kpi, self.most = seed, kpi, most
        self.alternatives: Sequence[int] = range(len(scenarios))
        self.seen: list[list[float]] = [[] for _ in scenarios]

    def goes_on_with(self, alternatives: Sequence[int]) -> None:
        self.alternatives = alternatives

    def rounds(self) -> Iterator[_Round]:
        """The replications, each with the alternatives that are in play when it is asked for."""
        for replication in range(self.most):
            yield _Round(
                scenarios={number: self.scenarios[number] for number in self.alternatives},
                engines={number: self.engines[number] for number in self.alternatives},
                seed=self.seed, replication=replication, kpi=self.kpi,
            )  # fmt: skip


def _played(task: _Round) -> dict[int, float]:
    """The KPI of each alternative in one replication."""
    uniforms, values = None, dict[int, float]()
    for number, scenario in task.scenarios.items():
        uniforms = uniforms or streams_of(scenario, task.seed, task.replication)
        row = measure(replicate(scenario, task.seed, task.replication, task.engines[number], uniforms, keeps_log=False))
        if task.kpi not in row:
            raise unknown_kpi(task.kpi, row)
        values[number] = row[task.kpi]
    return values
