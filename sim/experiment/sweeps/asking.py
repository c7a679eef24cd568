"""What a sweep is asked to do: a file or a Python table read into a study, every point of it a checked scenario.

Nothing is run here. All faults are found before anything is, and told together with their places.
"""

from __future__ import annotations

import pickle
import tomllib
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sim.errors import CaspianError, Origin, Problem, ScenarioError, ValueFault, nearest
from sim.experiment.replication import engine_of
from sim.experiment.sweeps import factors as reading
from sim.experiment.sweeps.designs import DESIGNS, Design, Points, Table, from_csv, points_of
from sim.experiment.sweeps.factors import AS_IS, Factor, Level, Overlays, Range
from sim.scenario import Resolved, Scenario, load
from sim.scenario.layers import Layer
from sim.scenario.locating import folders
from sim.scenario.positions import Path as Keys
from sim.scenario.positions import positions
from sim.scenario.setting import hint_at

__all__ = ["Asked", "Point", "Study", "ask", "find", "read", "scenario_of", "study"]

KEYS = ("scenario", "replications", "seed", "design", "points", "design_seed", "factors")
"""Keys of a sweep file."""
SPREAD = ("latin-hypercube", "sobol")
"""Designs that have as many points as they are told."""
FIXED = ("name", "title", "run.seed", "run.replications", "run.engine")
"""Keys that are the sweep's own, or decide nothing."""
Told = Callable[[int, int], None]
"""Told how many points are checked, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A design point, its scenario checked."""

    levels: Mapping[str, Level]
    """By the factor's key; what is left as the base has it is left out."""
    digest: str
    """Of its scenario: what decides the course of a run."""
    simulation: str
    """Digest of what decides its events; points that share it differ in money alone."""
    engine: str
    """The engine that can run it."""
    packed: bytes = field(repr=False)
    """Its scenario, as `scenario_of` reads it; a thousandth of a second to unpack, a tenth of the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a sweep is asked to do: which scenario is varied, in what, at which points, how often."""

    name: str
    base: Resolved
    factors: tuple[Factor, ...]
    design: Design
    table: Path | None = None
    """A table of points of the user's own, instead of a design."""
    replications: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A sweep ready to be run: every point of it is sound."""

    name: str
    base: Resolved
    factors: tuple[str, ...]
    """Keys of what is varied, in the order of tables."""
    points: tuple[Point, ...]
    seed: int
    replications: int


def scenario_of(point: Point) -> Scenario:
    """The scenario of a point."""
    scenario: Scenario = pickle.loads(zlib.decompress(point.packed))
    return scenario


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


@dataclass(frozen=True, slots=True)
class _File:
    """A sweep file as TOML gives it, and where each of its keys stands."""

    path: Path
    data: Mapping[str, object]
    spots: Mapping[Keys, tuple[int, int]]

    def origin(self, keys: Keys) -> Origin:
        return Origin(str(self.path), *self.spots.get(keys, (0, 0)))


def read(path: Path, *, replications: int | None = None, seed: int | None = None) -> Asked:
    """What a TOML file asks for; what is given here goes before what it says. Raises `ScenarioError` with every problem."""
    file = _opened(path)
    problems = [_unknown(file, key) for key in file.data if key not in KEYS]
    problems += list(_not_whole(file))
    if not isinstance(file.data.get("scenario"), str):
        problems.append(Problem("scenario", "is missing", "", 'the name of a scenario, such as "baseline"',
                                origin=file.origin(())))  # fmt: skip
    design, table = _design(file, problems)
    if problems:
        raise ScenarioError(problems, str(path))
    base = load(str(file.data["scenario"]))
    found, problems = _factors(file, base, may_be_none=table is not None)
    if problems:
        raise ScenarioError(problems, str(path))
    told = {key: file.data.get(key) if given is None else given for key, given in
            (("replications", replications), ("seed", seed))}  # fmt: skip
    return _asked(path.stem, base, found, design, told, path.parent / table if table is not None else None)


def ask(base: Resolved, said: Mapping[str, object], design: Design | None = None, *, name: str = "sweep",
        replications: int | None = None, seed: int | None = None) -> Asked:  # fmt: skip
    """What a Python table of factors asks for: levels, ranges or overlays by key. Raises `ScenarioError` with every
    problem.
    """
    design = design or Design()
    if design.kind not in DESIGNS:
        near = nearest(design.kind, DESIGNS)
        raise CaspianError(f"There is no design '{design.kind}' (there are {', '.join(DESIGNS)})"
                           + (f"; did you mean '{near}'?" if near else "."))  # fmt: skip
    found, problems = list[Factor](), list[Problem]()
    for key, value in said.items():
        _read_factor(key, value, base, Path(), None, found, problems)
    if not said:
        problems.append(Problem("factors", "is empty", expected="levels or a range by dotted key"))
    if problems:
        raise ScenarioError(problems, f"a sweep of {base.scenario.name}")
    return _asked(name, base, found, design, {"replications": replications, "seed": seed})


def _asked(name: str, base: Resolved, factors: Sequence[Factor], design: Design, told: Mapping[str, object],
           table: Path | None = None) -> Asked:  # fmt: skip
    settings = base.scenario.run
    replications, seed = told["replications"], told["seed"]
    return Asked(
        name=name, base=base, factors=tuple(factors), design=design, table=table,
        seed=seed if isinstance(seed, int) else settings.seed,
        replications=replications if isinstance(replications, int) else settings.replications,
    )  # fmt: skip


def study(asked: Asked, points: Points | None = None, *, engine: str | None = None, told: Told | None = None) -> Study:
    """The study of what is asked, at the points of its design or at these, each point's scenario checked.

    What is wrong with any of them is said together, once: raises `ScenarioError`.
    """
    table = from_csv(asked.table) if points is None and asked.table is not None else None
    if points is None:
        points = table.points if table is not None else points_of(asked.design, asked.factors)
    overlays = {factor.key: factor for factor in asked.factors if isinstance(factor, Overlays)}
    sound, problems = list[Point](), dict[Problem, None]()
    if table is not None and (wrong := list(_no_columns(table, asked.base, overlays))):
        raise ScenarioError(wrong, str(table.path))
    for number, levels in enumerate(points, start=1):
        try:
            sound.append(_point(asked.base, levels, overlays, engine))
        except ScenarioError as error:
            found = error.problems if table is None else _placed(error.problems, table, table.lines[number - 1])
            problems.update(dict.fromkeys(found))
        if told:
            told(number, len(points))
    if problems:
        raise ScenarioError(list(problems), f"a sweep of {asked.base.scenario.name}")
    factors = tuple(dict.fromkeys(key for levels in points for key in levels))
    return Study(name=asked.name, base=asked.base, factors=factors, points=tuple(sound), seed=asked.seed,
                 replications=asked.replications)  # fmt: skip


def _no_columns(table: Table, base: Resolved, overlays: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the keys at the head of a table."""
    for number, key in enumerate(table.columns, start=1):
        origin = Origin(str(table.path), 1, number)
        if key in FIXED:
            yield replace(_fixed(key), origin=origin)
        elif key not in overlays and hint_at(base.document, key) is None:
            yield Problem(key, "is no key of a scenario", "", "a dotted key such as services.vessels.vehicles",
                          nearest(key, overlays) or reading.nearest_key(base.document, key), origin)  # fmt: skip


def _placed(problems: Sequence[Problem], table: Table, line: int) -> list[Problem]:
    """The problems of a point at its line and at the cell that they tell of; of the whole line where it is none."""
    return [replace(fault, origin=Origin(str(table.path), line, _cell(fault.key, table.columns))) for fault in problems]


def _cell(key: str, columns: Sequence[str]) -> int:
    cells = (cell for cell, column in enumerate(columns, start=1) if key == column or key.startswith(f"{column}."))
    return next(cells, 1)


def _opened(path: Path) -> _File:
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as fault:
        raise ScenarioError([Problem("sweep", f"cannot be read: {fault}", origin=Origin(str(path)))], str(path)) from None
    return _File(path, data, {keys: spot.key for keys, spot in positions(text).items()})


def _unknown(file: _File, key: str) -> Problem:
    return Problem(key, "unknown key", "", ", ".join(KEYS), nearest(key, KEYS), file.origin((key,)))


def _not_whole(file: _File) -> Iterator[Problem]:
    for key, least in (("replications", 1), ("seed", 0), ("points", 1), ("design_seed", 0)):
        value = file.data.get(key, least)
        if type(value) is not int or value < least:
            yield Problem(key, "is not a whole number", repr(value), f"{least} or more", origin=file.origin((key,)))


def _design(file: _File, problems: list[Problem]) -> tuple[Design, str | None]:
    """The design, and the table of the user's own where that is named instead."""
    kind = file.data.get("design", "latin-hypercube" if "points" in file.data else "grid")
    is_table = isinstance(kind, str) and kind.endswith(".csv")
    if "points" in file.data and (is_table or kind in DESIGNS) and kind not in SPREAD:
        problems.append(Problem("points", f"means nothing where the design is {kind}", "",
                                f"no points, or a design that spreads them: {' or '.join(SPREAD)}",
                                origin=file.origin(("points",))))  # fmt: skip
    if is_table:
        return Design(), str(kind)
    if kind not in DESIGNS:
        near = nearest(str(kind), DESIGNS)
        problems.append(Problem("design", "is none that is known", repr(kind), f"{', '.join(DESIGNS)} or a .csv file", near,
                                file.origin(("design",))))  # fmt: skip
        return Design(), None
    points, seed = file.data.get("points"), file.data.get("design_seed", 0)
    if kind in SPREAD and points is None:
        problems.append(Problem("points", "is missing", "", f"how many points the {kind} design has, such as points = 64",
                                origin=file.origin(("design",))))  # fmt: skip
    return Design(kind=str(kind), points=points if isinstance(points, int) else None,
                  seed=seed if isinstance(seed, int) else 0), None  # fmt: skip


def _factors(file: _File, base: Resolved, *, may_be_none: bool) -> tuple[list[Factor], list[Problem]]:
    found, problems = list[Factor](), list[Problem]()
    for keys, value in _flat(file.data.get("factors", {}), ("factors",)):
        key = ".".join(str(word) for word in keys[1:])
        _read_factor(key, value, base, file.path.parent, file.origin(keys), found, problems)
    if not found and not problems and not may_be_none:
        problems.append(Problem("factors", "is missing", "", 'levels by key, such as "services.vessels.vehicles" = [3, 4]',
                                origin=file.origin(())))  # fmt: skip
    return found, problems


def _read_factor(  # noqa: PLR0913, PLR0917 - where it is said, and where it goes
    key: str,
    value: object,
    base: Resolved,
    folder: Path,
    origin: Origin | None,
    found: list[Factor],
    problems: list[Problem],
) -> None:
    """Read a factor and try its levels one by one on the base: a level that nobody can read is told where it is said."""
    where = f"factors.{key}"
    try:
        factor = reading.read(key, value, base, folder)
    except ValueFault as fault:
        problems.append(Problem(where, fault.message, repr(value), fault.expected, fault.suggestion, origin))
        return
    except CaspianError as fault:
        problems.append(Problem(where, str(fault), repr(value), origin=origin))
        return
    found.append(factor)
    tried = reading.ends(factor) if isinstance(factor, Range) else factor.levels
    for level in () if isinstance(factor, Overlays) else tried:
        problems += [replace(fault, key=where, value=repr(level), origin=origin) for fault in _unreadable(base, key, level)]


def _unreadable(base: Resolved, key: str, level: Level) -> list[Problem]:
    """What is wrong with a level by itself; that it does not go with something else may be mended by another factor."""
    try:
        base.replace({key: level})
    except ScenarioError as error:
        return [fault for fault in error.problems if fault.key == key or fault.key.startswith(f"{key}.")]
    return []


def _flat(table: object, keys: Keys) -> Iterator[tuple[Keys, object]]:
    """Nested tables as paths of keys: TOML reads an unquoted ``a.b = […]`` as tables within tables."""
    if isinstance(table, dict) and not table.keys() & {"overlays", "range"}:
        for key, value in table.items():
            yield from _flat(value, (*keys, key))
    elif len(keys) > 1:
        yield keys, table


def _point(base: Resolved, levels: Mapping[str, Level], overlays: Mapping[str, Overlays], engine: str | None) -> Point:
    if fixed := [key for key in levels if key in FIXED]:
        raise ScenarioError([_fixed(fixed[0])])
    if strange := [_no_overlay(overlays[key], level) for key, level in levels.items()
                   if key in overlays and level not in overlays[key].levels]:  # fmt: skip
        raise ScenarioError(strange)
    files = [overlays[key].files[str(level)] for key, level in levels.items() if key in overlays and level != AS_IS]
    resolved = base.laid_over(files) if files else base
    values = {key: level for key, level in levels.items() if key not in overlays}
    if undone := list(_undone(values, resolved.layers[len(base.layers) :])):
        raise ScenarioError(undone)
    resolved = resolved.replace(values) if values else resolved
    chosen = engine_of(resolved.scenario, engine)
    packed = zlib.compress(pickle.dumps(resolved.scenario, pickle.HIGHEST_PROTOCOL), 1)
    return Point(levels=dict(levels), digest=resolved.digest, simulation=resolved.simulation_digest, engine=chosen.name,
                 packed=packed)  # fmt: skip


def _fixed(key: str) -> Problem:
    return Problem(key, "cannot be varied", "", "a key that decides the course of a run; the seed is one for all points")


def _no_overlay(factor: Overlays, level: Level) -> Problem:
    return Problem(factor.key, "is none of its overlays", repr(level), f"one of {', '.join(factor.levels)}",
                   nearest(str(level), factor.levels))  # fmt: skip


def _undone(values: Collection[str], laid: Sequence[Layer]) -> Iterator[Problem]:
    """What overlays set and factors would set again: a factor lies over an overlay, and the overlay's part would be lost."""
    for layer in laid if values else ():
        for said in _said(layer.data, ""):
            for key in values:
                if key == said or key.startswith(f"{said}.") or said.startswith(f"{key}."):
                    both = "both set it" if key == said else f"the overlay sets {said}"
                    yield Problem(
                        f"factors.{key}", f"would undo a part of the overlay {layer.name}: {both}",
                        expected="a factor and an overlay that leave each other alone", origin=layer.keys.get(said),
                    )  # fmt: skip


def _said(data: object, at: str) -> Iterator[str]:
    """The dotted keys of the whole values that a layer says: ids name elements and say nothing."""
    if isinstance(data, Mapping) and "distribution" not in data:
        for word, inner in data.items():
            if word != "id":
                yield from _said(inner, f"{at}.{word}" if at else word)
    elif isinstance(data, list) and data and all(isinstance(inner, Mapping) and "id" in inner for inner in data):
        for inner in data:
            yield from _said(inner, f"{at}.{inner['id']}")
    else:
        yield at
