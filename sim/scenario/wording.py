"""Faults in the analyst's words: a finding of the validator becomes a `Problem` with key, place and the nearest right word.

Here too stands how a type is described to a reader. Nothing is read or decided here.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.errors import Origin, Problem, ValueFault, nearest
from sim.scenario import shape
from sim.scenario.layers import dotted
from sim.scenario.merging import Merged
from sim.scenario.positions import Path

__all__ = ["Fault", "described", "fault", "origin_of", "problem", "shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One finding of the validator: where in the data, of which kind, and what it said."""

    path: Path
    type: str
    message: str
    """What the validator says itself."""
    cause: ValueFault | None = None
    """What a marker of ours said."""
    of_key: bool = False
    """True where a table's free key is at fault, not its value."""

    @property
    def is_unknown_key(self) -> bool:
        """True where a key stands that the table does not have."""
        return self.type in {"unexpected_keyword_argument", "extra_forbidden"} or self.of_key


_MISSING = {"missing", "missing_argument", "missing_keyword_only_argument"}
_WRONG_SORT = {
    "dataclass_type": "is not a table",
    "dict_type": "is not a table",
    "tuple_type": "is not a list",
    "string_type": "is not text",
    "string_too_short": "is empty",
    "too_short": "is too short",
    "too_long": "is too long",
}


def fault(details: Mapping[str, Any], data: Mapping[str, object]) -> Fault:
    """The finding that the validator describes in `details`, its location put into keys and indices of `data`."""
    location = list(details["loc"])[1:]
    of_key = bool(location) and location[-1] == "[key]"
    cause = details.get("ctx", {}).get("error")
    cause = cause if isinstance(cause, ValueFault) else None
    path = _path([*location[: -1 if of_key else None], *(cause.at if cause else ())], data, details["type"])
    return Fault(path=path, type=details["type"], message=details["msg"], cause=cause, of_key=of_key)


def _path(location: list[str | int], data: object, sort: str) -> Path:
    """`location` without the words that name the kind of a union's member instead of a key."""
    path: list[str | int] = []
    for number, word in enumerate(location, start=1):
        if isinstance(data, list) and isinstance(word, int) and word < len(data):
            path.append(word)
            data = data[word]
        elif isinstance(data, Mapping) and len(path) == 2 and data.get("kind") == word and number < len(location):
            continue
        elif isinstance(data, Mapping) and (word in data or (number == len(location) and sort in _MISSING)):
            path.append(word)
            data = data.get(word)
    return tuple(path)


def problem(found: Fault, merged: Merged) -> Problem:
    """The finding as the analyst reads it."""
    owner, last = (found.path[:-1], str(found.path[-1])) if found.path else ((), "")
    hint, inside = _hint_at(owner, merged.data)
    key = dotted(merged.data, found.path)
    if found.is_unknown_key:
        known = shape.members(hint, inside) or dict.fromkeys(_free_keys(hint))
        return Problem(key, "unknown key", expected=f"one of {', '.join(known)}", suggestion=nearest(last, known),
                       origin=origin_of(merged.keys, key))  # fmt: skip
    if found.type in _MISSING:
        above = dotted(merged.data, owner)
        return Problem(above, f"'{last}' is missing", expected=described(shape.step(hint, last, inside)),
                       origin=origin_of(merged.values, above))  # fmt: skip
    target, value = _hint_at(found.path, merged.data)
    origin = origin_of(merged.values, key)
    if found.cause is not None:
        return Problem(key, found.cause.message, shown(value), found.cause.expected, found.cause.suggestion, origin)
    if found.type.startswith("union_tag"):
        return _wrong_kind(key, target, value, merged)
    words = shape.choices(target)
    if words:
        return Problem(key, "unknown word", shown(value), described(target), nearest(str(value), map(str, words)), origin)
    message = _WRONG_SORT.get(found.type, "cannot be read")
    expected = found.message.partition("should be ")[2] or found.message
    return Problem(key, message, shown(value), described(target) or expected, origin=origin)


def _wrong_kind(key: str, hint: shape.Hint, value: object, merged: Merged) -> Problem:
    kinds = [str(word) for noun in shape.nouns(hint) for word in shape.choices(shape.members(noun)["kind"])]
    expected = f"one of {', '.join(kinds)}"
    if not isinstance(value, Mapping) or "kind" not in value:
        return Problem(key, "'kind' is missing", expected=expected, origin=origin_of(merged.values, key))
    word, at = str(value["kind"]), f"{key}.kind"
    return Problem(at, "unknown word", shown(word), expected, nearest(word, kinds), origin_of(merged.values, at))


def _hint_at(path: Path, data: object) -> tuple[shape.Hint | None, object]:
    """The type and the value at `path`."""
    hint: shape.Hint | None = shape.TOP
    for word in path:
        hint = shape.step(hint, str(word), data) if hint is not None else None
        if isinstance(data, Mapping):
            data = data.get(word)
        elif isinstance(data, list) and isinstance(word, int):
            data = data[word] if word < len(data) else None
    return hint, data


def _free_keys(hint: shape.Hint | None) -> tuple[str, ...]:
    inner = shape.base(hint)
    return shape.choices(typing.get_args(inner)[0]) if shape.form(inner) is dict else ()


def origin_of(origins: Mapping[str, Origin], key: str) -> Origin | None:
    """Where `key` stands, or the nearest table above it that stands somewhere."""
    while key not in origins and "." in key:
        key = key.rpartition(".")[0]
    return origins.get(key)


def shown(value: object) -> str:
    """A single value as a message shows it; '' for tables and lists, which are too long."""
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | date) else ""


def described(hint: shape.Hint | None) -> str:
    """What a value of this type looks like: ``a duration in s, min, h, d or weeks``."""
    reads = shape.marker(hint)
    if reads is not None:
        return reads.example()
    words = shape.choices(hint)
    if words:
        return f"one of {', '.join(map(str, words))}"
    if shape.members(hint):
        return f"a table with {', '.join(shape.members(hint))}"
    inner = shape.element(hint)
    if inner is not None:
        many = "table" if shape.form(shape.base(hint)) is dict else "list"
        return f"a {many}, each {described(inner)}"
    plain = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false",
             date: "a date such as 2026-01-01"}  # fmt: skip
    return plain.get(shape.base(hint), "")
