"""What a sweep found: a study and its store, read point by point. Nothing of a run is held.

Points are compared with the first one replication by replication: both have the same chance, so that most of what luck does
cancels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.experiment import store as folders
from sim.experiment.executors import Executor
from sim.experiment.precision import Interval, pair_means, t_interval
from sim.experiment.sweeps.asking import Asked, Study
from sim.experiment.sweeps.database import Failure, Store
from sim.experiment.sweeps.driving import Progress, drive
from sim.experiment.sweeps.factors import Level, plain
from sim.kpis import unknown_kpi

__all__ = ["Sweep", "folder_name", "perform", "write"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The points of a study, in order, and their runs in the store."""

    study: Study
    store: Store
    aside: tuple[Failure, ...] = ()
    """What was set aside: runs that failed each time they were tried."""

    @property
    def kpis(self) -> tuple[str, ...]:
        """Every KPI, in the order of tables."""
        return self.store.kpis

    def levels(self, point: int) -> dict[str, Level]:
        """What each factor is set to at a point; None where it is as the base has it."""
        return {factor: self.study.points[point].levels.get(factor) for factor in self.study.factors}

    def rows(self, point: int, kpis: Sequence[str]) -> Floats:
        """(replications, KPIs) of the stored runs of a point, by replication; nan where there is nothing to measure."""
        return self.store.rows(self.study.points[point].digest, self.study.replications, kpis)

    def values(self, kpi: str) -> Floats:
        """(points, replications) of one KPI; nan where a run is missing or has nothing to measure. Raises `CaspianError`."""
        if kpi not in self.kpis:
            raise unknown_kpi(kpi, self.kpis)
        table = np.full((len(self.study.points), self.study.replications), np.nan)
        for number, point in enumerate(self.study.points):
            numbers = self.store.numbers(point.digest, self.study.replications)
            table[number, numbers] = self.rows(number, [kpi])[:, 0]
        return table

    def means(self, kpi: str) -> Floats:
        """(points,) mean of one KPI over the replications of each point that have it."""
        values = self.values(kpi)
        known = ~np.isnan(values)
        count = known.sum(axis=1)
        total = np.where(known, values, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def intervals(self, point: int, kpis: Sequence[str] | None = None) -> dict[str, Interval]:
        """Each KPI's mean over the replications of a point, with its 95 % interval."""
        names = self.kpis if kpis is None else kpis
        return {name: self._interval(column) for name, column in zip(names, self.rows(point, names).T, strict=True)}

    def differences(self, point: int, kpis: Sequence[str] | None = None, less: int = 0) -> dict[str, Interval]:
        """The KPIs of a point less those of another, the first if none is named, paired by replication, with 95 % intervals.

        Both have the same chance, so these tell points apart where the points' own intervals overlap.
        """
        names = self.kpis if kpis is None else kpis
        count = self.study.replications
        here, there = (self.study.points[number].digest for number in (point, less))
        both, in_here, in_there = np.intersect1d(
            self.store.numbers(here, count), self.store.numbers(there, count), return_indices=True
        )
        table = self.store.rows(here, count, names)[in_here] - self.store.rows(there, count, names)[in_there]
        return {name: self._interval(table[:, column] if len(both) else []) for column, name in enumerate(names)}

    def _interval(self, values: Floats | Sequence[float]) -> Interval:
        """Over replications, or over pairs of them where they are antithetic."""
        column = list(values)
        return t_interval(pair_means(column) if self.study.base.scenario.run.antithetic else column)

    def checks_off(self) -> int:
        """What is missing in seconds, kilograms and cents over all runs: zero, unless the program is wrong."""
        return sum(self.store.about(digest, self.study.replications)[0] for digest in self._digests())

    def engines(self) -> tuple[str, ...]:
        """The engines that ran, each once."""
        names = (name for digest in self._digests() for name in self.store.about(digest, self.study.replications)[1])
        return tuple(dict.fromkeys(names))

    def _digests(self) -> dict[str, None]:
        return dict.fromkeys(point.digest for point in self.study.points)

    def header(self) -> list[str]:
        """Names of the columns of `table`."""
        return ["point", *self.study.factors, "replication", *self.kpis]

    def table(self) -> Iterator[list[object]]:
        """One row for each stored replication of each point: its number, its levels and its KPIs."""
        for number, point in enumerate(self.study.points):
            numbers = self.store.numbers(point.digest, self.study.replications)
            levels = ["" if level is None else plain(level) for level in self.levels(number).values()]
            for replication, row in zip(numbers, self.rows(number, self.kpis).tolist(), strict=True):
                yield [number, *levels, replication, *row]


def perform(study: Study, store: Store, executor: Executor, progress: Progress | None = None) -> Sweep:
    """Make and store what is missing of a study, and give what it found."""
    drive(study, store, executor, progress)
    return Sweep(study=study, store=store, aside=tuple(store.failures_of({point.digest for point in study.points})))


def folder_name(study: Study | Asked) -> str:
    """Where a study's results stand below ``results/sweeps``: by its name and its base, whatever is varied how often."""
    return f"{folders.file_name(study.name)}-{study.base.digest[:8]}"


def write(sweep: Sweep, folder: Path) -> None:
    """Write the table of a sweep, its base and its manifest beside its store; each file is whole or the older one."""
    folders.replace_text(folder / "sweep.csv", folders.csv_lines(sweep.header(), sweep.table()))
    folders.replace_text(folder / "base.toml", [sweep.study.base.to_toml()])
    folders.replace_text(folder / "manifest.json", [json.dumps(manifest(sweep), indent=2), "\n"])


def manifest(sweep: Sweep) -> dict[str, object]:
    """Where the rows come from: enough to make them again."""
    study = sweep.study
    return {
        "scenario": study.base.scenario.name,
        "digest": study.base.digest,
        "model": sweep.store.model,
        "points": [point.digest for point in study.points],
        "seed": study.seed,
        "replications": study.replications,
        "engines": list(sweep.engines()),
        "set_aside": [{"digest": each.digest, "replication": each.replication, "error": each.error} for each in sweep.aside],
        **folders.made_with(),
    }
