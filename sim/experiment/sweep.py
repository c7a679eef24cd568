"""Sweeps: a scenario run at every point of a grid over some of its values.

All points use the same seed, and chance is drawn by name, so that points differ by what was varied and not by luck.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sim.engine import chosen_engine, prepare
from sim.errors import CaspianError, Origin, Problem, ScenarioError, nearest
from sim.experiment import store
from sim.experiment.precision import Interval, intervals
from sim.experiment.replication import Row, Task, least_seconds, perform_all
from sim.experiment.runs import Plan, Progress
from sim.experiment.workers import cores, ordered
from sim.scenario import Resolved
from sim.scenario.locating import folders
from sim.scenario.wiring import network_of

__all__ = ["Point", "Sweep", "SweepFile", "digest", "find", "manifest", "read", "sweep", "write"]

Level = object
"""What a factor is set to: anything a scenario file may say at its key."""
_MOST_AT_ONCE = 16
"""Points that one task runs of a replication at most: what is lost at most when it is stopped."""
_ROUNDS = 4
"""Tasks for each process at least, so that none is idle for long at the end."""
KEYS = ("scenario", "replications", "seed", "factors")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepFile:
    """A sweep as a file says it: levels by dotted key; replications and seed are None where the scenario is to say them."""

    name: str
    scenario: str
    factors: Mapping[str, tuple[Level, ...]]
    replications: int | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the grid: its levels by dotted key, the scenario they make, and its replications."""

    levels: Mapping[str, Level]
    resolved: Resolved
    engine: str
    """The engine that ran it."""
    rows: tuple[Row, ...]

    @property
    def kpis(self) -> dict[str, Interval]:
        """Each KPI's mean over the replications of the point, with its 95 % interval."""
        return intervals([row.kpis for row in self.rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """All points of a grid, in order: the last factor varies fastest."""

    base: Resolved
    seed: int
    points: tuple[Point, ...]

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that ran, each once."""
        return tuple(dict.fromkeys(point.engine for point in self.points))

    def differences(self) -> list[dict[str, Interval]]:
        """Of each point: the KPIs less those of the first point, paired by replication, with their 95 % intervals.

        Both have the same chance, so that most of what luck does cancels: these intervals tell points apart where those of
        the points themselves overlap.
        """
        first = self.points[0].rows
        return [
            intervals(
                [
                    {name: value - there.kpis[name] for name, value in here.kpis.items() if name in there.kpis}
                    for here, there in zip(point.rows, first, strict=True)
                ]
            )
            for point in self.points
        ]

    def columns(self) -> tuple[list[str], list[list[object]]]:
        """Header and rows: one row for each replication of each point, with its levels and its KPIs."""
        factors, kpis = list(self.points[0].levels), list(self.points[0].rows[0].kpis)
        rows = [
            [number, *point.levels.values(), row.replication, *row.kpis.values()]
            for number, point in enumerate(self.points)
            for row in point.rows
        ]
        return ["point", *factors, "replication", *kpis], rows


def find(name: str) -> Path:
    """The file that a name means: a path, or the name of a file in the folder sweeps/ beside the scenarios.

    Raises `CaspianError` with the nearest name where there is none.
    """
    if Path(name).is_file():
        return Path(name)
    known = {path.stem: path for folder in reversed(folders()) for path in (folder / "sweeps").glob("*.toml")}
    if name not in known:
        near = nearest(name, known)
        raise CaspianError(f"There is no sweep '{name}'" + (f"; did you mean '{near}'?" if near else "."))
    return known[name]


def read(path: Path) -> SweepFile:
    """The sweep that a TOML file says; raises `ScenarioError` with every problem of it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ScenarioError([Problem("sweep", f"cannot be read: {fault}", origin=Origin(str(path)))], str(path)) from None
    problems = [
        Problem(key, "unknown key", expected=", ".join(KEYS), suggestion=nearest(key, KEYS))
        for key in data
        if key not in KEYS
    ]
    problems += [
        Problem(key, "is not a whole number", repr(data[key]), f"{least} or more")
        for key, least in (("replications", 1), ("seed", 0))
        if key in data and (type(data[key]) is not int or data[key] < least)
    ]
    if not isinstance(data.get("scenario"), str):
        problems.append(Problem("scenario", "is missing", expected='the name of a scenario, such as "baseline"'))
    factors = _flat(data.get("factors", {}))
    problems += [
        Problem(f"factors.{key}", "has no levels", repr(levels), "a list with at least one value")
        for key, levels in factors.items()
        if not isinstance(levels, list) or not levels
    ]
    if not factors:
        problems.append(
            Problem("factors", "is missing", expected='levels by key, such as "services.sea.vehicles" = [3, 4, 5]')
        )
    if problems:
        raise ScenarioError(problems, str(path))
    return SweepFile(
        name=path.stem, scenario=data["scenario"], replications=data.get("replications"), seed=data.get("seed"),
        factors={key: tuple(levels) for key, levels in factors.items() if isinstance(levels, list)},
    )  # fmt: skip


def sweep(
    base: Resolved,
    factors: Mapping[str, Sequence[Level]],
    plan: Plan | None = None,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run `base` at every combination of levels. Every point is checked before the first is run. Raises `CaspianError`.

    A point's rows are those of a run of that point alone under the same seed.
    """
    plan = plan or Plan()
    grid = [dict(zip(factors, levels, strict=True)) for levels in itertools.product(*factors.values())]
    scenarios = _resolved(base, grid)
    settings = base.scenario.run
    seed = settings.seed if plan.seed is None else plan.seed
    count = plan.replications or settings.replications
    engines = [chosen_engine(plan.engine or settings.engine, network_of(resolved.scenario)) for resolved in scenarios]
    tasks = [
        [
            Task(scenario=resolved.scenario, seed=seed, replication=number, engine=engine.name)
            for resolved, engine in zip(scenarios, engines, strict=True)
        ]
        for number in range(count)
    ]
    chunks = [chunk for of_one in tasks for chunk in _chunks(of_one, jobs or cores(), count)]
    rows: list[Row] = []
    total = len(scenarios) * count
    if progress:
        progress(0, total)
    for name in {engine.name for engine in engines}:
        prepare(name)
    pairs = zip(scenarios, engines, strict=True)
    each_s = min(least_seconds(resolved.scenario, engine.name) for resolved, engine in pairs) * len(chunks[0])
    with closing(ordered(perform_all, chunks, len(chunks), jobs, each_s)) as done:
        for some in done:
            rows += some
            if progress:
                progress(len(rows), total)
    points = [
        Point(levels=levels, resolved=resolved, engine=engine.name, rows=tuple(rows[index :: len(scenarios)]))
        for index, (levels, resolved, engine) in enumerate(zip(grid, scenarios, engines, strict=True))
    ]
    return Sweep(base=base, seed=seed, points=tuple(points))


def _chunks(tasks: Sequence[Task], jobs: int, replications: int) -> Iterator[Sequence[Task]]:
    """The points of one replication in parts: large enough to share their uniforms, small enough to keep all `jobs` busy."""
    size = max(1, min(_MOST_AT_ONCE, len(tasks) * replications // (_ROUNDS * jobs)))
    for first in range(0, len(tasks), size):
        yield tasks[first : first + size]


def write(done: Sweep, name: str, root: Path) -> Path:
    """Write the table of a sweep below ``root/sweeps``; the same sweep's earlier table makes way. Gives the folder."""

    def fill(folder: Path) -> None:
        (folder / "sweep.csv").write_text(store.csv_text(*done.columns()), encoding="utf-8")
        (folder / "base.toml").write_text(done.base.to_toml(), encoding="utf-8")
        (folder / "manifest.json").write_text(json.dumps(manifest(done), indent=2) + "\n", encoding="utf-8")

    return store.write_whole(root / "sweeps", f"{store.file_name(name)}-{digest(done)[:8]}", fill, afresh=True)


def manifest(done: Sweep) -> dict[str, object]:
    """Where the rows come from: enough to make them again."""
    return {
        "scenario": done.base.scenario.name,
        "digest": done.base.digest,
        "points": [point.resolved.digest for point in done.points],
        "seed": done.seed,
        "replications": len(done.points[0].rows),
        "engines": list(done.engines),
        **store.made_with(),
    }


def digest(done: Sweep) -> str:
    """SHA-256, in hex, of what decides a sweep's rows: its points, the seed and the number of replications."""
    words = [*(point.resolved.digest for point in done.points), str(done.seed), str(len(done.points[0].rows))]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _resolved(base: Resolved, grid: Sequence[Mapping[str, Level]]) -> list[Resolved]:
    """Every point's scenario; what is wrong with any of them is said together."""
    scenarios, problems = [], dict[Problem, None]()
    for levels in grid:
        try:
            scenarios.append(base.replace(levels))
        except ScenarioError as error:
            problems.update(dict.fromkeys(error.problems))
    if problems:
        raise ScenarioError(list(problems), f"a sweep of {base.scenario.name}")
    return scenarios


def _flat(table: object, prefix: str = "") -> dict[str, object]:
    """Nested tables as dotted keys: TOML reads an unquoted ``a.b = […]`` as tables within tables."""
    if not isinstance(table, dict):
        return {prefix: table} if prefix else {}
    flat: dict[str, object] = {}
    for key, value in table.items():
        dotted = f"{prefix}.{key}" if prefix else key
        flat.update(_flat(value, dotted) if isinstance(value, dict) else {dotted: value})
    return flat
