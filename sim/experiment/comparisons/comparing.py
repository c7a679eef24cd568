"""Comparing: scenarios run under one seed, replication by replication side by side, and what was found of them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from sim.draws import streams_of
from sim.engine import prepare
from sim.errors import CaspianError, nearest
from sim.experiment.comparisons.explaining import Shift, added, shift_of
from sim.experiment.comparisons.verdicts import Finding, findings
from sim.experiment.comparisons.windows import window_keys
from sim.experiment.precision import Interval, intervals, pair_means
from sim.experiment.replication import check_pairs, engine_of, least_seconds, replicate
from sim.experiment.runs import Progress
from sim.experiment.workers import ordered
from sim.kpis import checks, measure
from sim.scenario import Resolved, Scenario

__all__ = ["MATTERS", "Comparison", "Replication", "check_asked", "compare", "unique_names"]


MATTERS = 0.02
"""Share of the base's mean from which a difference matters, unless the analyst says otherwise."""
LEAST_ANTITHETIC = 4
"""Replications that a comparison of antithetic ones needs: one pair is a single value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worlds:
    """One replication of every scenario, to be run somewhere."""

    scenarios: tuple[Scenario, ...]
    engines: tuple[str, ...]
    seeds: tuple[int, ...]
    replication: int
    explains: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """One replication of every scenario: KPIs and checks of each, and how each but the first shifts what the first does."""

    number: int
    kpis: tuple[Mapping[str, float], ...]
    checks_off: int
    """What is missing in seconds, kilograms and cents, over all of them: zero, unless the program is wrong."""
    shifts: tuple[Shift, ...]
    """One for each scenario but the first; none where they do not share their chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Scenarios run side by side; the first is the base with which the others are compared."""

    scenarios: tuple[Resolved, ...]
    names: tuple[str, ...]
    """What to call them, each name once."""
    seeds: tuple[int, ...]
    """The seed of each: one for all, unless they were to be independent."""
    engines: tuple[str, ...]
    replications: tuple[Replication, ...]
    kpis: tuple[str, ...]
    """What was asked, all of it together."""
    matters: float
    """Share of the base's mean from which a difference matters."""
    began: datetime
    took_s: float

    @property
    def is_paired(self) -> bool:
        """Whether they share their chance."""
        return len(set(self.seeds)) == 1

    @property
    def windows_differ(self) -> tuple[str, ...]:
        """Keys of the measured window in which the scenarios differ, so that totals are not of like times."""
        return window_keys([each.scenario for each in self.scenarios])

    def intervals(self, number: int) -> dict[str, Interval]:
        """Each KPI's mean over the replications of one scenario, with its 95 % interval."""
        return intervals([each.kpis[number] for each in self.replications], antithetic=self._is_antithetic)

    @property
    def _is_antithetic(self) -> bool:
        return self.scenarios[0].scenario.run.antithetic

    def findings(self) -> dict[str, list[Finding]]:
        """Of each KPI asked: a finding on each scenario but the base, in order."""
        base = self.intervals(0)
        matters = {kpi: abs(self.matters * base[kpi].mean) for kpi in self.kpis if base[kpi].n}
        others = range(1, len(self.scenarios))
        nothing = float("nan")
        taken = pair_means if self._is_antithetic else list
        return findings(
            {
                kpi: [
                    taken(
                        [each.kpis[other].get(kpi, nothing) - each.kpis[0].get(kpi, nothing) for each in self.replications]
                    )
                    for other in others
                ]
                for kpi in self.kpis
            },
            matters,
        )

    def shift(self, number: int) -> Shift | None:
        """What scenario `number`, from 1, shifts, over all replications; None where that was not noted."""
        return added(each.shifts[number - 1] for each in self.replications) if self.replications[0].shifts else None

    @property
    def checks_off(self) -> int:
        """What is missing over all runs: zero, unless the program is wrong."""
        return sum(each.checks_off for each in self.replications)


def compare(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    scenarios: Sequence[Resolved], kpis: Sequence[str], replications: int, *, seed: int | None = None,
    matters: float = MATTERS, independent: bool = False, explains: bool = True, engine: str | None = None,
    names: Sequence[str] | None = None, jobs: int | None = None, progress: Progress | None = None,
) -> Comparison:  # fmt: skip
    """Run scenarios side by side under one seed, the base's if none is given, and ask how `kpis` differ from the first's.

    `matters`: the share of the base's mean from which a difference matters. `independent`: each under a seed of its own
    instead, as other programs do; differences are then blunter, and cannot be explained. `explains`: also note where each
    difference comes from. Raises `CaspianError`.
    """
    check_asked(scenarios, replications)
    if not 0 <= matters <= 1:
        raise CaspianError(f"matters={matters} is no share of the base's mean: expected 0 to 1, such as 0.02 for 2 %.")
    if names is not None and len(names) != len(scenarios):
        raise CaspianError(f"Names must be one for each scenario: {len(scenarios)} scenarios have {len(names)} names.")
    first = scenarios[0].scenario.run.seed if seed is None else seed
    seeds = tuple(first + number if independent else first for number in range(len(scenarios)))
    worlds = tuple(each.scenario for each in scenarios)
    called = unique_names([world.name for world in worlds] if names is None else names)
    engines = tuple(engine_of(world, engine).name for world in worlds)
    tasks = [
        _Worlds(scenarios=worlds, engines=engines, seeds=seeds, replication=number, explains=explains and not independent)
        for number in range(replications)
    ]
    began, started = datetime.now(UTC), time.perf_counter()
    if progress:
        progress(0, replications)
    for name in set(engines):
        prepare(name)
    each_s = sum(least_seconds(world, name) for world, name in zip(worlds, engines, strict=True))
    done: list[Replication] = []
    with closing(ordered(_played, tasks, replications, jobs, each_s)) as played:
        for row in played:
            done.append(row)
            _all_known(kpis, row.kpis[0])
            if progress:
                progress(len(done), replications)
    return Comparison(
        scenarios=tuple(scenarios), names=called, seeds=seeds,
        engines=engines, replications=tuple(done), kpis=tuple(kpis), matters=matters, began=began,
        took_s=time.perf_counter() - started,
    )  # fmt: skip


def check_asked(scenarios: Sequence[Resolved], replications: int) -> None:
    """Raises `CaspianError` where scenarios cannot be compared over so many replications; nothing is run for it."""
    if len(scenarios) < 2:
        raise CaspianError("A comparison needs a base and at least one other scenario.")
    if replications < 2:
        raise CaspianError("A comparison needs at least two replications to tell luck from a difference.")
    if len({each.scenario.run.antithetic for each in scenarios}) > 1:
        raise CaspianError("`run.antithetic` must be the same in all scenarios of a comparison.")
    check_pairs(scenarios[0].scenario, replications)
    if scenarios[0].scenario.run.antithetic and replications < LEAST_ANTITHETIC:
        raise CaspianError("A comparison of antithetic replications needs two pairs to tell luck from a difference: "
                           f"{LEAST_ANTITHETIC} replications.")  # fmt: skip


def _all_known(kpis: Sequence[str], row: Mapping[str, float]) -> None:
    for kpi in kpis:
        if kpi not in row:
            near = nearest(kpi, row)
            raise CaspianError(f"The base has no KPI '{kpi}'" + (f"; did you mean '{near}'?" if near else "."))


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with a number after those that are there already."""
    found: list[str] = []
    for name in names:
        again = sum(other == name or other.startswith(f"{name} #") for other in found)
        found.append(f"{name} #{again + 1}" if again else name)
    return tuple(found)


def _played(worlds: _Worlds) -> Replication:
    """One replication of every scenario; only the base's events are held while the others run."""
    kpis, off, shifts, base = [], 0, [], None
    is_paired = len(set(worlds.seeds)) == 1
    uniforms = streams_of(worlds.scenarios[0], worlds.seeds[0], worlds.replication) if is_paired else None
    for scenario, engine, seed in zip(worlds.scenarios, worlds.engines, worlds.seeds, strict=True):
        evidence = replicate(scenario, seed, worlds.replication, engine, uniforms, keeps_log=False)
        kpis.append(measure(evidence))
        off += sum(map(abs, checks(evidence).values()))
        if base is None:
            base = evidence
        elif worlds.explains:
            shifts.append(shift_of(base, evidence))
    return Replication(number=worlds.replication, kpis=tuple(kpis), checks_off=off, shifts=tuple(shifts))
