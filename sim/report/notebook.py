"""The Python door: scenarios and results as objects that show themselves, in a notebook and when printed.

Thin: every method calls what stands below. Tables are pandas frames, made when asked for.
"""

from __future__ import annotations

import io
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex

from sim.errors import CaspianError
from sim.experiment import runs, store
from sim.experiment.precision import Interval
from sim.experiment.statistics.quantiles import quantile_interval
from sim.report import cards, figures
from sim.report.console import progress_bar
from sim.report.figures.canvas import svg
from sim.scenario import Resolved, Scenario
from sim.scenario import load as read

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Base", "Picture", "Plots", "Results", "frame", "load", "resolved_of", "run", "whole"]


@dataclass(frozen=True, slots=True)
class Base:
    """A scenario to run or to vary; in a notebook it shows as a card with map, legs and provenance."""

    resolved: Resolved

    @property
    def name(self) -> str:
        """Its name."""
        return self.resolved.scenario.name

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of what decides the course of a run."""
        return self.resolved.digest

    @property
    def scenario(self) -> Scenario:
        """Its frozen nouns."""
        return self.resolved.scenario

    def replace(self, changes: Mapping[str, object]) -> Base:
        """The scenario with other values at some dotted keys, such as ``{"services.sea.vehicles": 5}``.

        Values are what a file may say. Raises `ScenarioError` with every problem.
        """
        return Base(self.resolved.replace(changes))

    def __repr__(self) -> str:
        return cards.scenario_text(self.resolved)

    def _repr_html_(self) -> str:
        return cards.scenario_card(self.resolved)


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that a notebook shows as SVG; `figure` is matplotlib's, to be changed or saved in another form."""

    figure: Figure

    def _repr_svg_(self) -> str:
        return svg(self.figure).decode()


@dataclass(frozen=True, slots=True)
class Plots:
    """The figures of the first replication of a run."""

    of: runs.Run

    def map(self) -> Picture:
        """The corridor with the tonnes that went each way."""
        return Picture(figures.FIGURES["map"](self.of.evidence))

    def causes(self) -> Picture:
        """Lead time split by cause."""
        return Picture(figures.FIGURES["causes"](self.of.evidence))

    def yards(self) -> Picture:
        """Yards and queues over time."""
        return Picture(figures.FIGURES["yards"](self.of.evidence))

    def gantt(self) -> Picture:
        """What each vessel did, and when its ports were closed."""
        return Picture(figures.FIGURES["gantt"](self.of.evidence))


@dataclass(frozen=True, slots=True)
class Results:
    """What a run found; in a notebook it shows as the table of its KPIs."""

    run: runs.Run

    @property
    def intervals(self) -> dict[str, Interval]:
        """Each KPI's mean with its 95 % interval."""
        return self.run.kpis

    @property
    def checks(self) -> dict[str, int]:
        """What is missing in seconds, kilograms and cents: zero, unless the program is wrong."""
        return self.run.checks

    @property
    def kpis(self) -> pd.DataFrame:
        """One row for each replication, one column for each KPI."""
        rows = [{"replication": row.replication, **row.kpis} for row in self.run.rows]
        return frame(rows).set_index("replication")

    @property
    def consignments(self) -> pd.DataFrame:
        """One row for each consignment of the replications kept: what it is, its seconds by cause, its cost by category.

        KPIs are of those that are `measured`; the others were released in the warm-up or in the drain.
        """
        return self._kept("consignments.csv.gz", ["released_utc", "delivered_utc"])

    @property
    def ledger(self) -> pd.DataFrame:
        """One row for each charge of the replications kept; `measured` is that of its consignment, if it has one."""
        return self._kept("ledger.csv.gz", ["utc"])

    @property
    def events(self) -> pd.DataFrame:
        """One row for each event of the replications kept, in order."""
        return self._kept("events.csv.gz", ["utc"])

    @property
    def plot(self) -> Plots:
        """Figures of the first replication."""
        return Plots(self.run)

    def quantile(self, kpi: str, p: float) -> tuple[float, float, float]:
        """The p-quantile of a KPI over replications, with the ends of its 95 % interval, which no distribution is assumed
        for.

        Ends are nan where there are too few replications for them; see `sim.experiment.statistics.quantiles`.
        """
        values = [row.kpis[kpi] for row in self.run.rows]
        return quantile_interval([value for value in values if value == value], p)  # noqa: PLR0124 - nan is not itself

    def save(self, folder: str | Path = "results") -> Path:
        """Write everything, figures too, below `folder` as `caspian run` does; gives the new folder."""
        return store.write(self.run, Path(folder), figures.figure_files(self.run.evidence))

    def _kept(self, file: str, moments: list[str]) -> pd.DataFrame:
        _need_pandas()
        import pandas as pd

        content = io.BytesIO(store.kept_tables(self.run.rows)[file])
        kinds = {"measured": "boolean"}
        return pd.read_csv(content, compression="gzip", parse_dates=moments, dtype=kinds, low_memory=False)

    def __repr__(self) -> str:
        return cards.run_text(self.run)

    def _repr_html_(self) -> str:
        return cards.kpi_table(self.run)


def load(name: str, overlays: Sequence[str | Path] = ()) -> Base:
    """The scenario of this name or path, with further files laid over it. Raises `CaspianError` with every problem."""
    return Base(read(name, overlays=[Path(path) for path in overlays]))


def run(base: Base | str, plan: runs.Plan | None = None, *, replications: int | None = None, seed: int | None = None,
        engine: str | None = None, jobs: int | None = None) -> Results:  # fmt: skip
    """Run a scenario: `replications` times under `seed`, or as it says itself; a whole `plan` may be given instead.

    `engine`: auto, reference or compiled; all give the same. `jobs`: processes to use, all cores if None.
    """
    plan = plan or runs.Plan(replications=replications, seed=seed, engine=engine)
    whole("replications", plan.replications, least=1)
    whole("seed", plan.seed, least=0)
    whole("jobs", jobs, least=1)
    resolved = resolved_of(base)
    with progress_bar("Replications") as progress:
        return Results(runs.run(resolved, plan, jobs=jobs, progress=progress))


def resolved_of(base: Base | str) -> Resolved:
    """The scenario of a card or of a name."""
    return load(base).resolved if isinstance(base, str) else base.resolved


def whole(name: str, value: object, *, least: int) -> int | None:
    """An argument as a whole number, numpy's too, or None, which stands for what is usual.

    Raises `CaspianError` where it is neither, or too small.
    """
    if value is None:
        return None
    number = operator.index(value) if isinstance(value, SupportsIndex) and not isinstance(value, bool) else None
    if number is None or number < least:
        raise CaspianError(f"{name}={value!r} cannot be used: expected a whole number, {least} or more (or None: as usual).")
    return number


def frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as a pandas frame; raises `CaspianError` where pandas is not there."""
    _need_pandas()
    import pandas as pd

    return pd.DataFrame(list(rows))


def _need_pandas() -> None:
    if find_spec("pandas") is None:
        raise CaspianError("Frames need pandas: pip install 'caspian-route-sim[notebook]'.")
