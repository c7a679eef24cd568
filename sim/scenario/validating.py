"""From plain data to the frozen scenario: every value read, every faulty one found.

The validator (pydantic) works on the nouns themselves. What it faults is left out and the rest is read again, so that
the checks that look across tables still see all that is sound. How a fault is put into words stands in `wording`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from sim.errors import Problem
from sim.scenario import wording
from sim.scenario.merging import Merged
from sim.scenario.positions import Path
from sim.scenario.schema import Scenario

__all__ = ["Sound", "model", "sound_part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What could be read: the scenario without its faulty parts, and those faults."""

    scenario: Scenario
    problems: tuple[Problem, ...]
    ids: Mapping[str, frozenset[str]]
    """Ids of every list at the top of the file, those of faulty elements too."""


@functools.cache
def model(*, documented: bool = False) -> type[BaseModel]:
    """The validator of a whole scenario, made once; `documented` costs time and adds the nouns' docstrings to its schema."""
    config = ConfigDict(extra="forbid", use_attribute_docstrings=documented)
    return create_model("Whole", __config__=config, scenario=(Scenario, ...))


def sound_part(merged: Merged) -> Sound:
    """Reads what layers say together; faults are collected, never raised."""
    scenario, faults = _validated(merged.data)
    problems = [wording.problem(fault, merged) for fault in faults]
    data: dict[str, object] = merged.data
    while scenario is None:
        data = _without(data, {_to_leave_out(fault, data) for fault in faults})
        scenario, faults = _validated(data)
    return Sound(scenario=scenario, problems=tuple(problems), ids=_ids(merged.data))


def _validated(data: Mapping[str, object]) -> tuple[Scenario | None, list[wording.Fault]]:
    """The scenario, or None and what is wrong with it."""
    try:
        whole = model().model_validate({"scenario": data})
    except ValidationError as error:
        return None, [wording.fault(details, data) for details in error.errors(include_url=False)]
    scenario = getattr(whole, "scenario", None)
    assert isinstance(scenario, Scenario)
    return scenario, []


def _to_leave_out(fault: wording.Fault, data: Mapping[str, object]) -> Path:
    """An unknown key goes alone; any other fault takes the element of a list, or the key of a table, that it stands in."""
    if fault.is_unknown_key:
        return fault.path
    return fault.path[:2] if isinstance(data.get(str(fault.path[0])), list) else fault.path[:1]


def _without(data: object, paths: set[Path]) -> dict[str, object]:
    pruned = _pruned(data, (), paths)
    assert isinstance(pruned, dict)
    return pruned


def _pruned(data: object, at: Path, paths: set[Path]) -> object:
    if isinstance(data, dict):
        return {key: _pruned(value, (*at, key), paths) for key, value in data.items() if (*at, key) not in paths}
    if isinstance(data, list):
        return [_pruned(value, (*at, index), paths) for index, value in enumerate(data) if (*at, index) not in paths]
    return data


def _ids(data: Mapping[str, object]) -> dict[str, frozenset[str]]:
    def of(elements: Iterable[object]) -> frozenset[str]:
        return frozenset(str(element["id"]) for element in elements if isinstance(element, dict) and "id" in element)

    return {key: of(value) for key, value in data.items() if isinstance(value, list)}
