"""A scenario ready to run, with its origins: how names, overlays and changes become one.

Here the parts of this package meet: files are found and read, layers merged, values validated, tables checked against
each other, and every problem of it all raised together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import Origin, Problem, ScenarioError
from sim.scenario import checks, locating, writing
from sim.scenario.layers import Layer, in_words, parse, stack
from sim.scenario.layers import read as read_layer
from sim.scenario.merging import Merged, merged
from sim.scenario.schema import Scenario
from sim.scenario.setting import change, parse_set
from sim.scenario.validating import sound_part

__all__ = ["Resolved", "load", "loads"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A valid scenario with everything that led to it."""

    scenario: Scenario
    """The frozen nouns."""
    document: dict[str, object]
    """Plain data after all layers are merged, before it is read into nouns. Not to be changed; see `replace`."""
    origins: Mapping[str, Origin]
    """Where each value, table and list element was written, by dotted key; elements go by id: `services.sea.vehicles`."""
    layers: tuple[Layer, ...]
    """Files and single changes, lowest first."""
    digest: str
    """SHA-256, in hex, of what decides the course of a run; see `writing.digest`."""

    @property
    def simulation_digest(self) -> str:
        """SHA-256, in hex, of what decides the events of a run; scenarios that differ in money alone share it."""
        return writing.simulation_digest(self.document)

    def laid_over(self, files: Sequence[Path]) -> Resolved:
        """The scenario with whole files laid over it, in order. Raises `ScenarioError` with every problem."""
        return _changed(_with_files(list(self.layers), files), [], self.scenario.name)

    def replace(self, changes: Mapping[str, object]) -> Resolved:
        """The scenario with other values at some dotted keys, such as ``{"services.sea.vehicles": 5}``; tables merge.

        Values are what a file may say: ``"36 h"``, 5, a table, a list. Raises `ScenarioError` with every problem.
        """
        return _changed(self.layers, [(key, value, f"replace {key}") for key, value in changes.items()], self.scenario.name)

    def to_toml(self) -> str:
        """The whole scenario as one TOML file, which loads to the same digest."""
        return writing.to_toml(self.document)


def load(name: str, sets: Sequence[str] = (), overlays: Sequence[Path] = ()) -> Resolved:
    """The scenario of a path or a name, with further files laid over it, then changes such as ``services.sea.vehicles=5``.

    Raises `UnknownScenario` or `ScenarioError` with every problem of it.
    """
    return _resolved(read_layer(locating.find(name)), sets, overlays)


def loads(text: str, name: str = "inline", base: Path | None = None, sets: Sequence[str] = ()) -> Resolved:
    """The scenario that a TOML text says; `base` is the folder from which it names other files."""
    return _resolved(parse(text, name, base / f"{name}.toml" if base is not None else None), sets, ())


def _resolved(top: Layer, sets: Sequence[str], overlays: Sequence[Path]) -> Resolved:
    layers = _with_files(stack(top), overlays)
    changes = [(*parse_set(text), f"--set {text}") for text in sets]
    stem = Path(top.name).stem
    return _changed(layers, changes, str(top.data.get("name", stem)))


def _with_files(layers: list[Layer], files: Sequence[Path]) -> list[Layer]:
    """The layers with those of further files on top, each once."""
    for path in files:
        layers += [layer for layer in stack(read_layer(path)) if layer.name not in {known.name for known in layers}]
    return layers


def _changed(layers: Iterable[Layer], changes: Iterable[tuple[str, object, str]], name: str) -> Resolved:
    """`layers` merged, each change (key, value, words) laid over them, all of it checked."""
    applied = list(layers)
    whole = merged(applied)
    problems: list[Problem] = []
    for key, value, words in changes:
        try:
            layer = change(whole.data, key, value, words)
        except ScenarioError as error:
            problems += error.problems
            continue
        applied.append(layer)
        whole = merged([layer], whole)
    return _checked(whole, applied, name, problems)


def _checked(whole: Merged, layers: Sequence[Layer], name: str, problems: Sequence[Problem]) -> Resolved:
    whole = Merged(data={**whole.data, "name": name}, values=whole.values, keys=whole.keys, problems=whole.problems)
    sound = sound_part(whole)
    found = [*problems, *whole.problems, *sound.problems, *checks.problems(sound, whole)]
    if found:
        raise ScenarioError(sorted(dict.fromkeys(found), key=_place(layers)), _described(layers))
    return Resolved(
        scenario=sound.scenario,
        document=whole.data,
        origins=whole.values,
        layers=tuple(layers),
        digest=writing.digest(whole.data),
    )


def _place(layers: Sequence[Layer]) -> Callable[[Problem], tuple[int, int, int]]:
    """Sorts problems by file, the topmost first, and by place within it."""
    rank = {layer.name: -number for number, layer in enumerate(layers)}

    def place(problem: Problem) -> tuple[int, int, int]:
        origin = problem.origin or Origin("")
        return rank.get(origin.file, 1), origin.line, origin.column

    return place


def _described(layers: Sequence[Layer]) -> str:
    """``bad.toml (extends baseline)``: the topmost file and what it says that it builds on."""
    top = [layer for layer in layers if not layer.name.startswith(("--set ", "replace "))][-1]
    return f"{top.name} (extends {in_words(top.extends)})" if top.extends else top.name
