"""Designs: at which points of its factors a sweep is run.

A point says the level of some factors; a factor of which it says nothing is left as the base has it. A new design is a
function and a line in the table at the end.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.chance import quasi
from sim.errors import CaspianError
from sim.experiment.sweeps.factors import Factor, Level, at, ends, several
from sim.scenario.setting import parse_set

__all__ = ["DESIGNS", "Design", "Points", "Table", "from_csv", "points_of"]

Points = list[dict[str, Level]]
"""Levels by the factor's key, point by point."""
MOST_POINTS = 1_000_000
"""More points than this are a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Which points a sweep is run at."""

    kind: str = "grid"
    """A name of `DESIGNS`."""
    points: int | None = None
    """How many, where the design is one that spreads points."""
    seed: int = 0
    """Seed of a design that is drawn."""


def points_of(design: Design, factors: Sequence[Factor]) -> Points:
    """The points of a design, in the order in which they are run and shown. Raises `CaspianError`."""
    points = DESIGNS[design.kind](design, factors)
    if len(points) > MOST_POINTS:
        raise CaspianError(f"The {design.kind} design has {len(points):,} points; at most {MOST_POINTS:,} can be run.")
    return points


def _grid(_design: Design, factors: Sequence[Factor]) -> Points:
    """Every combination of levels; the last factor varies fastest."""
    return _crossed({factor.key: several(factor) for factor in factors})


def _factorial(_design: Design, factors: Sequence[Factor]) -> Points:
    """Every combination of the two ends of each factor (Box, Hunter and Hunter, Statistics for Experimenters, ch. 5)."""
    return _crossed({factor.key: ends(factor) for factor in factors})


def _crossed(levels: Mapping[str, Sequence[Level]]) -> Points:
    total = 1
    for some in levels.values():
        total *= len(some)
    if total > MOST_POINTS:
        raise CaspianError(f"A design of every combination has {total:,} points here; at most {MOST_POINTS:,} can be run.")
    return [dict(zip(levels, chosen, strict=True)) for chosen in itertools.product(*levels.values())]


def _one_at_a_time(_design: Design, factors: Sequence[Factor]) -> Points:
    """The base as it is, then each factor alone at each of its levels (of a range: at those a grid takes)."""
    return [{}, *({factor.key: level} for factor in factors for level in several(factor))]


def _latin_hypercube(design: Design, factors: Sequence[Factor]) -> Points:
    """So many points that each part of each factor's range is tried as often."""
    return _spread(quasi.latin_hypercube(_number(design), len(factors), design.seed).tolist(), factors)


def _sobol(design: Design, factors: Sequence[Factor]) -> Points:
    """The first so many points of a scrambled Sobol sequence: more points keep those there were."""
    return _spread(quasi.sobol(_number(design), len(factors), design.seed).tolist(), factors)


def _spread(shares: Sequence[Sequence[float]], factors: Sequence[Factor]) -> Points:
    return [{factor.key: at(factor, share) for factor, share in zip(factors, row, strict=True)} for row in shares]


def _number(design: Design) -> int:
    if design.points is None:
        raise CaspianError(f"A {design.kind} design needs to know how many points: say points = 64, for example.")
    return design.points


DESIGNS: Mapping[str, Callable[[Design, Sequence[Factor]], Points]] = {
    "grid": _grid,
    "one-at-a-time": _one_at_a_time,
    "factorial": _factorial,
    "latin-hypercube": _latin_hypercube,
    "sobol": _sobol,
}
"""Every design by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Points of the user's own, and where each was written."""

    path: Path
    columns: tuple[str, ...]
    """Dotted keys, in order."""
    lines: tuple[int, ...]
    """The line of each point, from 1."""
    points: Points


def from_csv(path: Path) -> Table:
    """The points of a table of the user's own: a column for each dotted key, a row for each point, an empty cell for as it
    is. A row of empty cells is the base; a line with nothing on it is no row.

    Raises `CaspianError` with the row and column of what is wrong.
    """
    try:
        reader = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
        rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise CaspianError(f"{path} cannot be read: {fault}") from None
    header = [name.strip() for name in rows[0][1]] if rows else []
    faults = [f"{path}:1: column {column} has no name" for column, name in enumerate(header, 1) if not name]
    faults += [f"{path}:1: '{name}' names two columns" for name in dict.fromkeys(header) if name and header.count(name) > 1]
    body = [(line, row) for line, row in rows[1:] if len(row) > 1 or any(cell.strip() for cell in row)]
    faults += [
        f"{path}:{line}: has {len(row)} cells (expected {len(header)}, one for each column)"
        for line, row in body
        if len(row) != len(header)
    ]
    if not header or not body:
        faults.append(f"{path}: has no points (expected a header of dotted keys and a row for each point)")
    if faults:
        raise CaspianError("\n".join(faults))
    points = [
        {key: parse_set(f"{key}={cell.strip()}")[1] for key, cell in zip(header, row, strict=True) if cell.strip()}
        for _, row in body
    ]
    return Table(path=path, columns=tuple(header), lines=tuple(line for line, _ in body), points=points)
