"""The family of notices: what a valid scenario leaves out though it says it elsewhere, or says in unlikely measure.

A scenario stays valid with all of them. A new notice is one function of a `Scenario`, and a name in a table below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sim.errors import Origin, Problem
from sim.scenario.notices import customs, distances, money, surroundings
from sim.scenario.notices.cases import Case, gaps
from sim.scenario.resolved import Resolved
from sim.scenario.schema import Scenario
from sim.scenario.wording import origin_of

__all__ = ["CASES", "REMARKS", "notices"]

CASES: tuple[Callable[[Scenario], Iterator[Case]], ...] = (
    money.freight, money.handling, money.stays, money.calls,
    customs.posts, customs.fees, customs.duties,
    surroundings.weather, surroundings.water, surroundings.draughts, surroundings.emissions,
)  # fmt: skip
"""What is met in one place and not in another of its group."""

REMARKS: tuple[Callable[[Scenario], Iterator[tuple[str, str]]], ...] = (distances.distances,)
"""What is unlikely in itself: dotted keys and what is to be said."""


def notices(resolved: Resolved) -> list[Problem]:
    """Everything of a valid scenario that was perhaps not meant, in the order of the functions above."""
    scenario = resolved.scenario
    found = [remark for cases in CASES for remark in gaps(cases(scenario))]
    found += [remark for remarks in REMARKS for remark in remarks(scenario)]
    return [_placed(key, message, resolved.origins) for key, message in found]


def _placed(key: str, message: str, origins: Mapping[str, Origin]) -> Problem:
    return Problem(key, message, origin=origin_of(origins, key))
