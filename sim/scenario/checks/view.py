"""What a check sees: the sound part of a scenario, every id there is, and where each value stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sim.errors import Problem, nearest
from sim.scenario.merging import Merged
from sim.scenario.schema import Scenario
from sim.scenario.wording import origin_of

__all__ = ["View", "listed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A scenario as checks look at it. Elements that are faulty in themselves are not in `scenario`, but in `ids`."""

    scenario: Scenario
    ids: Mapping[str, frozenset[str]]
    merged: Merged

    def known(self, section: str) -> frozenset[str]:
        """The ids of a list of the file."""
        return self.ids.get(section, frozenset())

    def problem(
        self, key: str, message: str, *, found: object = "", expected: str = "", near: Collection[str] = (), hint: str = ""
    ) -> Problem:
        """A problem at the dotted `key`; suggested is `hint`, or the nearest to `found` among the words `near`."""
        value = f"'{found}'" if isinstance(found, str) and found else str(found)
        suggestion = hint or nearest(str(found), near)
        return Problem(key, message, value, expected, suggestion, origin_of(self.merged.values, key))


def listed(words: Collection[str], most: int = 12) -> str:
    """``one of a, b, c``, cut after `most` words."""
    if not words:
        return "nothing: there are none"
    shown = sorted(words)[:most]
    return f"one of {', '.join(shown)}" + (", …" if len(words) > most else "")
