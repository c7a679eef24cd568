"""Layers: scenario files as read, each with the place of every key, in the order in which they lie on one another.

A file names what it builds on with ``extends = "other"`` or a list of such names. The layers of a scenario are all files
reached that way, each once, what is built on before what builds on it: two overlays that extend the same base combine.
Values are plain data here; their meaning is known elsewhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Origin, Problem, ScenarioError, UnknownScenario, ValueFault
from sim.scenario import locating
from sim.scenario.columns import put_in_place
from sim.scenario.positions import Path as Keys
from sim.scenario.positions import Spot, positions

__all__ = ["Layer", "dotted", "in_words", "parse", "stack", "step_name"]

_UNQUOTED = re.compile(r"=\s*[\w.+-]*\s*[A-Za-z%]")
"""A value that looks like text without quotes."""
_MOST_NAMES = 3
_DEEPEST = 50
"""Levels of tables and lists within one another; no scenario has ten."""
_LONGEST_CHAIN = 100
"""Files of which each builds on the next."""
_OWN_ONLY = ("name", "title")
"""Keys that a file does not hand on to those that extend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One file, or one change made over files."""

    name: str
    """File as messages call it, or the words of the change."""
    data: Mapping[str, object]
    """What it says, without `extends`."""
    extends: tuple[str, ...] = ()
    """What it builds on, as written."""
    values: Mapping[str, Origin]
    """Where each value, table and list element stands, by dotted key."""
    keys: Mapping[str, Origin]
    """Where each key stands, by dotted key."""
    path: Path | None = None
    """File it was read from, if any."""


def in_words(extends: Sequence[str]) -> str:
    """What a file builds on: the names, or how many where they are many."""
    return ", ".join(extends) if len(extends) <= _MOST_NAMES else f"{len(extends)} files"


def step_name(element: object, index: int) -> str:
    """How a dotted key names an element of a list: by its `id`, or by its number where it has none."""
    if isinstance(element, dict) and isinstance(element.get("id"), str):
        return str(element["id"])
    return str(index)


def dotted(data: object, keys: Keys) -> str:
    """The dotted key of `keys`, a path of keys and list indices into `data`."""
    words: list[str] = []
    for key in keys:
        inside = None
        if isinstance(data, list | tuple) and isinstance(key, int) and key < len(data):
            words.append(step_name(data[key], key))
            inside = data[key]
        else:
            words.append(str(key))
            inside = data.get(key) if isinstance(data, Mapping) else None
        data = inside
    return ".".join(words)


def parse(text: str, name: str, path: Path | None = None) -> Layer:
    """The layer that a TOML text says. Raises `ScenarioError` where it is no TOML, or where `extends` is no name."""
    data, spots = _decoded(text, name)
    by_name = {dotted(data, keys): spot for keys, spot in reversed(spots.items())}
    values = {key: Origin(name, *spot.value) for key, spot in by_name.items()}
    keys = {key: Origin(name, *spot.key) for key, spot in by_name.items()}
    problems = list(_repeated_ids(data, (), name, spots))
    extends = data.pop("extends", [])
    listed = [extends] if isinstance(extends, str) else extends
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        problems.append(Problem("extends", "is not a name", repr(extends), "a name or a list of names",
                                origin=values.get("extends")))  # fmt: skip
    whole: object = data
    try:
        whole = put_in_place(data, path.parent if path else None)
    except ValueFault as fault:
        key = dotted(data, fault.at)
        problems.append(Problem(key, fault.message, "", fault.expected, fault.suggestion, values.get(key)))
    if problems or not isinstance(whole, dict):
        raise ScenarioError(problems, name)
    return Layer(name=name, data=whole, extends=tuple(listed), values=values, keys=keys, path=path)


def _decoded(text: str, name: str) -> tuple[dict[str, Any], dict[Keys, Spot]]:
    """What the text says and where; refused too are numbers and depths that are beyond the reader."""
    try:
        data = tomllib.loads(text)
        if _depth(data) > _DEEPEST:
            raise RecursionError
    except tomllib.TOMLDecodeError as fault:
        raise ScenarioError([_syntax_problem(str(fault), text, name)], name) from None
    except RecursionError:
        problem = Problem("TOML", "has too many levels", expected=f"at most {_DEEPEST}", origin=Origin(name))
        raise ScenarioError([problem], name) from None
    except ValueError as fault:
        problem = Problem("TOML", "holds a number that cannot be read", str(fault), "fewer digits", origin=Origin(name))
        raise ScenarioError([problem], name) from None
    return data, positions(text)


def _depth(data: object) -> int:
    """How many tables and lists lie within one another, counted until it is too many."""
    level, depth = [data], 0
    while level and depth <= _DEEPEST:
        tables = [list(part.values()) if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        level = [inner for part in tables for inner in part]
        depth += bool(tables)
    return depth


def _syntax_problem(message: str, text: str, name: str) -> Problem:
    found = re.search(r"\s*\((?:at line (\d+), column (\d+)|at end of document)\)$", message)
    lines = text.splitlines() or [""]
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), len(lines[-1]) + 1)
    said = message[: found.start()] if found else message
    shown = lines[line - 1].strip() if line <= len(lines) else ""
    expected = 'text, and numbers with a unit, in quotes: "36 h"' if _UNQUOTED.search(shown) else ""
    return Problem("TOML", said[:1].lower() + said[1:], f"'{shown}'", expected, origin=Origin(name, line, column))


def _repeated_ids(data: object, keys: Keys, name: str, spots: Mapping[Keys, object]) -> list[Problem]:
    """A problem for every list element whose `id` an earlier one of the same list has."""
    problems: list[Problem] = []
    if isinstance(data, dict):
        for key, value in data.items():
            problems += _repeated_ids(value, (*keys, key), name, spots)
    if isinstance(data, list):
        seen: set[str] = set()
        for index, element in enumerate(data):
            problems += _repeated_ids(element, (*keys, index), name, spots)
            word = element.get("id") if isinstance(element, dict) else None
            if isinstance(word, str) and word in seen:
                spot = spots[(*keys, index, "id")].value  # type: ignore[attr-defined]
                problems.append(Problem(".".join(map(str, (*keys, word))), "stands here a second time", f"id '{word}'",
                                        "ids that are unique in their list", origin=Origin(name, *spot)))  # fmt: skip
            elif isinstance(word, str):
                seen.add(word)
    return problems


def stack(top: Layer, reads: Callable[[Path], Layer] | None = None) -> list[Layer]:
    """`top` and all it builds on, lowest first. Raises `ScenarioError` for unknown names and for circles.

    `reads` reads a file, where something else than `read` is to: what remembers the files of many scenarios.
    """
    found: dict[str, Layer] = {}
    problems: list[Problem] = []
    _visit(top, (), _Visit(reads=reads or read, found=found, problems=problems))
    if problems:
        raise ScenarioError(problems, top.name)
    return [layer if layer is top else _handed_on(layer) for layer in found.values()]


def _handed_on(layer: Layer) -> Layer:
    data = {key: value for key, value in layer.data.items() if key not in _OWN_ONLY}
    return Layer(name=layer.name, data=data, extends=layer.extends, values=layer.values, keys=layer.keys, path=layer.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """What is being found: how files are read, the layers so far, and what is wrong with them."""

    reads: Callable[[Path], Layer]
    found: dict[str, Layer]
    problems: list[Problem]


def _visit(layer: Layer, above: tuple[str, ...], on: _Visit) -> None:
    """Depth first: what `layer` builds on, then `layer`. `above` is the chain of names that led here."""
    chain = (*above, layer.name)
    for word in layer.extends:
        origin = layer.values.get("extends")
        try:
            path = locating.find(word, layer.path.parent if layer.path else None)
        except UnknownScenario as unknown:
            on.problems.append(Problem("extends", "no scenario of that name", f"'{word}'",
                                       "a path or a name of `caspian list`", unknown.near, origin))  # fmt: skip
            continue
        name = locating.label(path)
        if len(chain) > _LONGEST_CHAIN:
            on.problems.append(Problem("extends", f"is the end of a chain of {len(chain)} files", f"'{word}'",
                                       f"at most {_LONGEST_CHAIN}", origin=origin))  # fmt: skip
        elif name in chain:
            circle = " → ".join([*chain[chain.index(name) :], name])
            on.problems.append(Problem("extends", f"runs in a circle: {circle}", origin=origin))
        elif name not in on.found:
            try:
                _visit(on.reads(path), chain, on)
            except ScenarioError as error:
                on.problems.extend(error.problems)
    on.found.setdefault(layer.name, layer)


def read(path: Path) -> Layer:
    """The layer that a file says. Raises `ScenarioError` where it cannot be read as TOML in UTF-8."""
    name = locating.label(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        problem = Problem("file", f"cannot be read: {fault.strerror}", origin=Origin(name))
        raise ScenarioError([problem], name) from None
    except UnicodeDecodeError as fault:
        line = path.read_bytes()[: fault.start].count(b"\n") + 1
        problem = Problem("TOML", "is not text in UTF-8", expected="a file saved as UTF-8", origin=Origin(name, line, 1))
        raise ScenarioError([problem], name) from None
    return parse(text, name, path)
