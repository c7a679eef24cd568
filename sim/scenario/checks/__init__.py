"""The family of checks: what must hold between the tables of a scenario. Each is a small function in a file beside this.

A new check is one function from a `View` to problems, and a name in `CHECKS`. Single values are checked where they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.errors import Problem
from sim.scenario.checks import cargo, costs, references, rounds, sizes, surroundings, transport, water
from sim.scenario.checks.view import View
from sim.scenario.merging import Merged
from sim.scenario.validating import Sound

__all__ = ["CHECKS", "View", "problems"]

CHECKS: tuple[Callable[[View], Iterator[Problem]], ...] = (
    references.references, references.clashes, references.regimes,
    transport.stops, transport.stages, transport.timetables, transport.draughts, transport.payloads,
    rounds.rounds,
    cargo.routes, cargo.carriage, cargo.shares, cargo.volumes, cargo.seasons,
    water.water,
    sizes.fleets, sizes.consignments, sizes.calls, sizes.breakdowns,
    surroundings.rules, surroundings.currencies, surroundings.dates, surroundings.holidays, surroundings.closures,
    surroundings.losses,
    costs.unit_costs,
)  # fmt: skip
"""Every check, in the order in which its problems are found."""


def problems(sound: Sound, merged: Merged) -> list[Problem]:
    """What the checks find in the sound part of a scenario; each sees all of it, whatever the others find."""
    view = View(scenario=sound.scenario, ids=sound.ids, merged=merged)
    return [problem for check in CHECKS for problem in check(view)]
