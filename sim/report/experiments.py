"""The Python door to experiments: comparisons, sweeps and analyses as objects that show themselves and give tidy frames.

Thin: every method calls what stands below. Tables are pandas frames, made when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import CaspianError, nearest
from sim.experiment.analyses import bottlenecks as buying
from sim.experiment.analyses import optimising, ranking, sensitivity
from sim.experiment.comparisons import comparing
from sim.experiment.executors import executor_of
from sim.experiment.model import model_version
from sim.experiment.precision import Interval
from sim.experiment.replication import check_pairs
from sim.experiment.sweeps import asking
from sim.experiment.sweeps.asking import Study
from sim.experiment.sweeps.database import Store
from sim.experiment.sweeps.designs import Design
from sim.experiment.sweeps.factors import Level, in_words, size_of
from sim.experiment.sweeps.finding import Sweep, folder_name, perform, write
from sim.kpis import kpi_of
from sim.report import cards, deciding, differing
from sim.report.console import as_text, progress_bar
from sim.report.figures.heat import heat_map
from sim.report.figures.parallel import parallel_coordinates
from sim.report.figures.response import Line, response_lines
from sim.report.known import check_kpi
from sim.report.notebook import Base, Picture, frame, resolved_of, whole
from sim.report.summary import HEADLINES, MAIN
from sim.scenario import Resolved
from sim.scenario.differing import differences

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Bottlenecks", "ComparisonPlots", "ComparisonResults", "Optimum", "Ranking", "Sensitivity", "SweepPlots", "SweepResults",
    "bottlenecks", "compare", "judge", "optimise", "rank", "sweep",
]  # fmt: skip


MOST_CHANGES = 2
"""Changes of a scenario by which it can be called."""
MOST_TICKS = 10
"""Levels of a factor that are all named on an axis."""


@dataclass(frozen=True, slots=True)
class ComparisonPlots:
    """The figures of a comparison."""

    of: comparing.Comparison

    def forest(self) -> Picture:
        """Every difference from the base with its interval."""
        return Picture(differing.forest_figure(self.of))

    def waterfall(self, other: int = 1, kind: str = "hours") -> Picture:
        """The steps from the base's mean to that of scenario `other`, by cause in ``hours`` or by category in ``cost``."""
        drawn = differing.waterfall_figure(self.of, other, kind)
        if drawn is None:
            raise CaspianError(f"Nothing differs between {self.of.names[0]} and {self.of.names[other]} in {kind}.")
        return Picture(drawn)


@dataclass(frozen=True, slots=True)
class ComparisonResults:
    """What a comparison found; in a notebook it shows as the table of its verdicts."""

    comparison: comparing.Comparison

    def to_frame(self) -> pd.DataFrame:
        """One row for each KPI and scenario: its difference from the base, interval, verdict and what would be needed."""
        names = self.comparison.names
        return frame(
            [
                {
                    "kpi": kpi, "scenario": name, "base": names[0], "mean": finding.mean, "lo": finding.lo, "hi": finding.hi,
                    "level": finding.level, "p": finding.p, "pairs": finding.n, "verdict": finding.verdict,
                    "is_small": finding.is_small, "needs": finding.needs,
                }
                for kpi, each in self.comparison.findings().items()
                for name, finding in zip(names[1:], each, strict=True)
            ]
        )  # fmt: skip

    @property
    def kpis(self) -> pd.DataFrame:
        """One row for each replication of each scenario, one column for each KPI."""
        return frame(
            [
                {"scenario": name, "replication": each.number, **each.kpis[number]}
                for number, name in enumerate(self.comparison.names)
                for each in self.comparison.replications
            ]
        )

    def why(self, other: int = 1) -> pd.DataFrame:
        """The steps from the base's mean to that of scenario `other`, in hours by cause and in USD per tonne by category."""
        told = differing.steps_of(self.comparison, other)
        return frame(
            [
                {"in": differing.UNITS[kind], "step": name, "mean": float(step)}
                for kind, steps in told.items()
                for name, step in [("start", steps.start), *steps.steps.items(), ("end", steps.end)]
            ]
        )

    @property
    def plot(self) -> ComparisonPlots:
        """Forest and waterfall."""
        return ComparisonPlots(self.comparison)

    def save(self, folder: str | Path = "results") -> Path:
        """Write everything, figures too, below `folder` as `caspian compare` does; gives the new folder."""
        return differing.write(self.comparison, Path(folder))

    def __repr__(self) -> str:
        warning = differing.window_warning(self.comparison.windows_differ)
        return "\n".join(filter(None, (cards.comparison_text(self.comparison), warning)))

    def _repr_html_(self) -> str:
        warning = differing.window_warning(self.comparison.windows_differ)
        return cards.comparison_table(self.comparison) + (f"<p>{warning}</p>" if warning else "")


@dataclass(frozen=True, slots=True)
class SweepPlots:
    """The figures of a sweep."""

    of: Sweep

    def lines(self, kpi: str = MAIN[0], x: str | None = None, by: str | None = None) -> Picture:
        """A KPI over the levels of a factor (the first if none is named), a line for each level of another, with 95 % bands.

        Points that share their levels of both are taken together.
        """
        factors = self.of.study.factors
        across = self._known(x or factors[0])
        apart = self._known(by) if by else next((factor for factor in factors if factor != across), "")
        groups: dict[str, dict[Level, list[Interval]]] = {}
        for number in range(len(self.of.study.points)):
            levels = self.of.levels(number)
            name = in_words(levels[apart]) if apart else ""
            groups.setdefault(name, {}).setdefault(levels[across], []).append(self.of.intervals(number, [kpi])[kpi])
        is_number = not any(np.isnan(size_of(level)) for line in groups.values() for level in line)
        order = list(dict.fromkeys(level for line in groups.values() for level in line))
        lines = []
        for name, line in groups.items():
            at = {level: size_of(level) if is_number else float(order.index(level)) for level in line}
            ordered = sorted(line, key=at.__getitem__)
            mean, lo, hi = (
                [float(np.mean([getattr(interval, end) for interval in line[level]])) for level in ordered]
                for end in ("mean", "lo", "hi")
            )
            lines.append(Line(name=name, x=[at[level] for level in ordered], mean=mean, lo=lo, hi=hi))
        if is_number:
            order.sort(key=size_of)
        ticks = list(map(in_words, order)) if not is_number or len(order) <= MOST_TICKS else None
        title = f"{kpi_of(kpi).title} over {across}" + (f", by {apart}" if apart else "")
        return Picture(response_lines(lines, axes=(across, _axis(kpi)), title=title, ticks=ticks))

    def heat(self, kpi: str = MAIN[0], x: str | None = None, y: str | None = None) -> Picture:
        """The mean of a KPI over the levels of two factors, the first two if none are named; the mean of all points that
        share both.
        """
        factors = self.of.study.factors
        if len(factors) < 2:
            raise CaspianError("A heat map needs two factors; draw plot.lines() of this sweep.")
        across = self._known(x or factors[0])
        up = self._known(y or next(factor for factor in factors if factor != across))
        means, levels = self.of.means(kpi), [self.of.levels(number) for number in range(len(self.of.study.points))]
        columns, rows = (sorted(dict.fromkeys(each[key] for each in levels), key=_by_size) for key in (across, up))
        values = np.full((len(rows), len(columns)), np.nan)
        for row, there in enumerate(rows):
            for column, here in enumerate(columns):
                mine = [mean for mean, each in zip(means, levels, strict=True) if (each[across], each[up]) == (here, there)]
                values[row, column] = np.mean(mine) if mine else np.nan
        title = f"{kpi_of(kpi).title} over {across} and {up}"
        wide, high = (list(map(in_words, each)) for each in (columns, rows))
        return Picture(heat_map(wide, high, values, axes=(across, up), title=title, unit=kpi_of(kpi).unit))

    def parallel(self, kpis: Sequence[str] = MAIN) -> Picture:
        """Every point as a line through its levels and the means of some KPIs, coloured by the last of them."""
        columns: dict[str, list[float]] = {}
        labels: dict[str, list[str]] = {}
        for factor in self.of.study.factors:
            levels = [self.of.levels(number)[factor] for number in range(len(self.of.study.points))]
            sizes = [size_of(level) for level in levels]
            if any(np.isnan(size) for size in sizes):
                labels[factor] = list(dict.fromkeys(map(in_words, levels)))
                sizes = [float(labels[factor].index(in_words(level))) for level in levels]
            columns[factor] = sizes
        for kpi in kpis:
            columns[_axis(kpi)] = self.of.means(kpi).tolist()
        title = f"{len(self.of.study.points)} points of {self.of.study.base.scenario.name}"
        return Picture(parallel_coordinates(columns, _axis(kpis[-1]), title=title, labels=labels))

    def _known(self, factor: str) -> str:
        if factor not in self.of.study.factors:
            raise CaspianError(f"'{factor}' is no factor of the sweep (there are {', '.join(self.of.study.factors)}).")
        return factor


def _axis(kpi: str) -> str:
    unit = kpi_of(kpi).unit
    part = kpi.partition(".")[2]
    return " ".join(filter(None, (kpi_of(kpi).title, part))) + (f", {unit}" if unit else "")


def _by_size(level: Level) -> tuple[bool, float, str]:
    size = size_of(level)
    return bool(np.isnan(size)), float(np.nan_to_num(size)), str(level)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a method says of the factors of a sweep; in a notebook it shows as its table."""

    judged: deciding.Judged
    store: Path | None

    def to_frame(self) -> pd.DataFrame:
        """One row for each factor."""
        return frame(deciding.judged_rows(self.judged))

    def plot(self) -> Picture:
        """The tornado; of one factor at a time only."""
        drawn = deciding.tornado_figure(self.judged)
        if drawn is None:
            raise CaspianError("Only one factor at a time (method='tornado') has a tornado.")
        return Picture(drawn)

    def __repr__(self) -> str:
        return as_text(lambda console: deciding.print_judged(console, self.judged, self.store))

    def _repr_html_(self) -> str:
        return cards.rows_table(deciding.judged_rows(self.judged))


@dataclass(frozen=True, slots=True)
class SweepResults:
    """What a sweep found: its points in order, and all their replications as rows."""

    sweep: Sweep

    @property
    def rows(self) -> list[dict[str, object]]:
        """One row for each replication of each point: its number, its levels and its KPIs."""
        header = self.sweep.header()
        return [dict(zip(header, row, strict=True)) for row in self.sweep.table()]

    def to_frame(self) -> pd.DataFrame:
        """The rows as a frame."""
        return frame(self.rows)

    def means(self, kpis: Sequence[str] | str = HEADLINES) -> pd.DataFrame:
        """One row for each point: its levels, and of each KPI the mean and the ends of its 95 % interval."""
        rows = []
        for number in range(len(self.sweep.study.points)):
            row: dict[str, object] = {"point": number, **self.sweep.levels(number)}
            for kpi, interval in self.sweep.intervals(number, _kpis(kpis)).items():
                row |= {kpi: interval.mean, f"{kpi}_lo": interval.lo, f"{kpi}_hi": interval.hi}
            rows.append(row)
        return frame(rows)

    def sensitivity(self, kpi: str = MAIN[0]) -> pd.Series[float]:
        """The share of a KPI's variance between points that each factor makes alone, the largest first."""
        table = frame([sensitivity.shares(self.sweep, kpi)])
        return table.iloc[0].sort_values(ascending=False).rename(kpi)

    @property
    def plot(self) -> SweepPlots:
        """Response lines, heat map and parallel coordinates."""
        return SweepPlots(self.sweep)

    def save(self, folder: str | Path = "results") -> Path:
        """Write the table of the sweep below `folder` as `caspian sweep` does; gives the folder."""
        there = Path(folder) / "sweeps" / folder_name(self.sweep.study)
        there.mkdir(parents=True, exist_ok=True)
        write(self.sweep, there)
        return there

    def __repr__(self) -> str:
        return cards.sweep_text(self.sweep)

    def _repr_html_(self) -> str:
        return cards.sweep_table(self.sweep)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Which of some scenarios is best."""

    ranked: ranking.Ranked
    names: tuple[str, ...]

    @property
    def best(self) -> str:
        """Its name."""
        return self.names[self.ranked.chosen.best]

    def __repr__(self) -> str:
        return as_text(lambda console: deciding.print_ranked(console, self.ranked, self.names))


@dataclass(frozen=True, slots=True)
class Optimum:
    """What a search found."""

    found: optimising.Best
    store: Path | None

    def to_frame(self) -> pd.DataFrame:
        """One row for each point tried, in the order in which they were."""
        return frame(
            [{**trial.levels, self.found.kpi: trial.mean, "is_allowed": trial.is_allowed} for trial in self.found.trials]
        )

    @property
    def levels(self) -> dict[str, Level]:
        """The best levels; empty where none keeps to all limits. Ready for `Base.replace`, overlays excepted."""
        return {} if self.found.best is None else dict(self.found.best.levels)

    def __repr__(self) -> str:
        return as_text(lambda console: deciding.print_best(console, self.found, self.store))


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """What one more of each resource buys."""

    tried: buying.Tried

    def to_frame(self) -> pd.DataFrame:
        """One row for each resource, best first."""
        return frame(
            [
                {"resource": each.resource.key, "now": each.resource.now, "then": each.resource.then,
                 "mean": each.finding.mean, "lo": each.finding.lo, "hi": each.finding.hi, "verdict": each.finding.verdict,
                 "gain": each.gain, "usd_per_day": each.usd_per_day, "gain_per_1000_usd": each.per_1000_usd}
                for each in self.tried.bought
            ]
        )  # fmt: skip

    def __repr__(self) -> str:
        return as_text(lambda console: deciding.print_bought(console, self.tried))


def compare(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    *bases: Base | str, kpis: Sequence[str] | str = HEADLINES, replications: int | None = None, seed: int | None = None,
    matters: float = comparing.MATTERS, independent: bool = False, names: Sequence[str] | None = None,
    engine: str | None = None, jobs: int | None = None,
) -> ComparisonResults:  # fmt: skip
    """Run scenarios under the same chance; how each but the first differs from it, how surely, and why.

    `kpis`: what is asked, one or several. `matters`: share of the base's mean from which a difference matters.
    `independent`: each under a seed of its own. `names`: what to call them; if None, a change of the first is called by it.
    `engine` and `jobs` as for `run`.
    """
    replications, seed = _counts(replications, seed, jobs)
    asked = _kpis(kpis)
    for kpi in asked:
        check_kpi(kpi, f"kpis={kpi!r}")
    scenarios = [resolved_of(base) for base in bases]
    usual = scenarios[0].scenario.run.replications if scenarios else 2
    with progress_bar("Replications") as progress:
        return ComparisonResults(
            comparing.compare(scenarios, asked, usual if replications is None else replications, seed=seed, matters=matters,
                              independent=independent, engine=engine, names=_names(scenarios) if names is None else names,
                              jobs=jobs, progress=progress)
        )  # fmt: skip


def _names(scenarios: Sequence[Resolved]) -> list[str]:
    """The names of scenarios; one that has the first's is called by what it says differently, if that is short."""
    names = []
    for number, resolved in enumerate(scenarios):
        name = resolved.scenario.name
        said = differences(scenarios[0], resolved) if number and name == scenarios[0].scenario.name else []
        short = 0 < len(said) <= MOST_CHANGES
        names.append(", ".join(_change(change.key, change.right) for change in said) if short else name)
    return names


def _change(key: str, value: object) -> str:
    """A change as ``key=value``, down to the single value that it sets."""
    while isinstance(value, Mapping) and len(value) == 1:
        ((inner, value),) = value.items()
        key = f"{key}.{inner}"
    return f"{key}={value}"


def sweep(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    base: Base | str, factors: Mapping[str, object], *, design: str | None = None, points: int | None = None,
          replications: int | None = None, seed: int | None = None, on: str = "local", engine: str | None = None,
          store: str | Path | None = None) -> SweepResults:  # fmt: skip
    """Run a scenario at the points of a design over some factors, all under one seed.

    `factors`: by dotted key, levels (``[3, 4, 5]``), a range (``"30..60 h"``), or ``{"overlays": [...]}`` for whole files.
    `design`: grid, one-at-a-time, factorial, latin-hypercube or sobol; a grid if none is named, but latin-hypercube where a
    number of `points` is. `on`: serial, local, local:N or the address of a Dask scheduler. `store`: a file in which runs are
    kept, so that the same call resumes; in memory if None.
    """
    replications, seed = _counts(replications, seed)
    whole("points", points, least=1)
    kind = design or ("grid" if points is None else "latin-hypercube")
    asked = asking.ask(resolved_of(base), factors, Design(kind=kind, points=points), replications=replications, seed=seed)
    return SweepResults(_performed(asking.study(asked, engine=engine), on, store))


def judge(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    base: Base | str, factors: Mapping[str, object], kpi: str = MAIN[0], *, method: str = "tornado", size: int | None = None,
          replications: int | None = None, seed: int | None = None, on: str = "local", engine: str | None = None,
          store: str | Path | None = None) -> Sensitivity:  # fmt: skip
    """Which factors a KPI answers to, by ``tornado``, ``morris`` (`size`: trajectories) or ``sobol`` (`size`: base sample).

    Other arguments as for `sweep`.
    """
    replications, seed = _counts(replications, seed)
    whole("size", size, least=1)
    check_kpi(kpi, f"kpi={kpi!r}")
    if method not in sensitivity.METHODS:
        near = nearest(method, sensitivity.METHODS)
        raise CaspianError(f"method={method!r} is none (there are {', '.join(sensitivity.METHODS)})"
                           + (f"; did you mean '{near}'?" if near else "."))  # fmt: skip
    asked = asking.ask(resolved_of(base), factors, replications=replications, seed=seed)
    check_pairs(asked.base.scenario, asked.replications)
    planned = sensitivity.plan(asked, method, size=sensitivity.SIZES[method] if size is None else size, engine=engine)
    done = _performed(planned.study, on, store)
    return Sensitivity(deciding.judged(planned, done, kpi), Path(store) if store else None)


def rank(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    *bases: Base | str, kpi: str = MAIN[0], indifference: float, confidence: float = 0.95, most: int = 500,
         seed: int | None = None, engine: str | None = None, jobs: int | None = None) -> Ranking:  # fmt: skip
    """The best of some scenarios in a KPI, with a stated probability; `indifference` in the KPI's unit.

    A change of the first is called by it, as in `compare`.
    """
    _, seed = _counts(None, seed, jobs)
    check_kpi(kpi, f"kpi={kpi!r}")
    if len(bases) < 2:
        raise CaspianError("A ranking needs two scenarios at least.")
    scenarios = [resolved_of(base) for base in bases]
    with progress_bar("Replications") as progress:
        found = ranking.rank(scenarios, kpi, indifference, confidence=confidence, most=most, seed=seed, engine=engine,
                             jobs=jobs, progress=progress)  # fmt: skip
    return Ranking(found, comparing.unique_names(_names(scenarios)))


def optimise(  # noqa: PLR0913 - named arguments, most of them with a use of their own
    base: Base | str, factors: Mapping[str, object], kpi: str = "cost_usd_per_t", *, budget: int = 64,
             at_least: Mapping[str, float] | None = None, at_most: Mapping[str, float] | None = None,
             replications: int | None = None, seed: int | None = None, on: str = "local", engine: str | None = None,
             store: str | Path | None = None) -> Optimum:  # fmt: skip
    """The levels that make a KPI best, of `budget` points that are tried; limits are means that other KPIs must keep to."""
    replications, seed = _counts(replications, seed)
    whole("budget", budget, least=2)
    check_kpi(kpi, f"kpi={kpi!r}")
    for where, named in (("at_least", at_least), ("at_most", at_most)):
        for name in named or {}:
            check_kpi(name, f"{where}={name!r}")
    asked = asking.ask(resolved_of(base), factors, replications=replications, seed=seed)
    limits = [optimising.Limit(kpi=name, least=number) for name, number in (at_least or {}).items()]
    limits += [optimising.Limit(kpi=name, most=number) for name, number in (at_most or {}).items()]
    kept = _store(store, asked.seed)
    with closing(executor_of(on)) as executor, progress_bar("Points") as progress:
        found = optimising.optimise(asked, kpi, budget, lambda study: perform(study, kept, executor), limits=limits,
                                    engine=engine, progress=progress)  # fmt: skip
    return Optimum(found, Path(store) if store else None)


def bottlenecks(base: Base | str, kpi: str = MAIN[0], *, replications: int | None = None, seed: int | None = None,
                engine: str | None = None, jobs: int | None = None) -> Bottlenecks:  # fmt: skip
    """What one more of each resource (of rates and room, a tenth more) buys in a KPI, best for a dollar first."""
    replications, seed = _counts(replications, seed, jobs)
    check_kpi(kpi, f"kpi={kpi!r}")
    resolved = resolved_of(base)
    count = resolved.scenario.run.replications if replications is None else replications
    with progress_bar("Replications") as progress:
        return Bottlenecks(
            buying.try_each(resolved, kpi, count, seed=seed, engine=engine, jobs=jobs, progress=progress)
        )  # fmt: skip


def _counts(replications: int | None, seed: int | None, jobs: int | None = None) -> tuple[int | None, int | None]:
    """Replications and seed, where all three can be used."""
    whole("jobs", jobs, least=1)
    return whole("replications", replications, least=1), whole("seed", seed, least=0)


def _kpis(named: Sequence[str] | str) -> tuple[str, ...]:
    return (named,) if isinstance(named, str) else tuple(named)


def _store(path: str | Path | None, seed: int) -> Store:
    if path and Path(path).is_dir():
        raise CaspianError(
            f"store={str(path)!r} is a folder: expected a file, such as {str(Path(path) / 'sweep.sqlite')!r}."
        )
    return Store(Path(path) if path else None, model_version(), seed)


def _performed(study: Study, on: str, store: str | Path | None) -> Sweep:
    kept = _store(store, study.seed)
    with closing(executor_of(on)) as executor, progress_bar("Runs") as progress:
        return perform(study, kept, executor, progress)
