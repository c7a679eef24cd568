"""The shape of a scenario: which keys a table may have, read off the types of the nouns.

Messages, `--set` and `explain` ask here what stands at a dotted key. No value is read or checked here.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from typing import Any

from sim.scenario.schema import Scenario
from sim.units import Reads

__all__ = [
    "TOP", "Hint", "alternatives", "base", "choices", "element", "form", "has_ids", "marker", "members", "nouns", "owner_of",
    "step",
]  # fmt: skip

Hint = Any
"""A type as it is written in a noun: a class, `Annotated[…]`, a union, `tuple[X, ...]`, `dict[K, V]` or `Literal[…]`."""

TOP: Hint = Scenario


@functools.cache
def _hints(noun: type) -> dict[str, Hint]:
    hints = typing.get_type_hints(noun, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(noun)}


def form(hint: Hint) -> Hint:
    """What a parametrised type is made of: `tuple`, `dict`, `Literal`, a union, `Annotated`; None for a plain class."""
    return typing.get_origin(hint)


def marker(hint: Hint) -> Reads | None:
    """The marker that reads the value, where the type has one."""
    for part in alternatives(hint):
        for extra in getattr(part, "__metadata__", ()):
            if isinstance(extra, Reads):
                return extra
    return None


def base(hint: Hint) -> Hint:
    """The type without `Annotated` and without `| None`; a union of several nouns stays one."""
    parts = alternatives(hint)
    return _bare(parts[0]) if len(parts) == 1 else hint


def alternatives(hint: Hint) -> list[Hint]:
    """The members of a union other than None, unions within it laid flat; the type itself where it is none."""
    inner = _bare(hint) if form(_bare(hint)) in (typing.Union, types.UnionType) else hint
    if form(inner) in (typing.Union, types.UnionType):
        return [part for member in typing.get_args(inner) if member is not type(None) for part in alternatives(member)]
    return [inner]


def _bare(hint: Hint) -> Hint:
    return hint.__origin__ if form(hint) is typing.Annotated else hint


def nouns(hint: Hint) -> list[type]:
    """The nouns (dataclasses) that a table of this type may be."""
    if marker(hint) is not None:
        return []
    return [noun for part in alternatives(hint) if dataclasses.is_dataclass(noun := _bare(part)) and isinstance(noun, type)]


def owner_of(hint: Hint, table: object) -> type | None:
    """The noun that `table` is: of several, that whose `kind` it names."""
    candidates = nouns(hint)
    if len(candidates) > 1 and isinstance(table, Mapping):
        named = [noun for noun in candidates if table.get("kind") in choices(_hints(noun).get("kind"))]
        candidates = named or candidates
    return candidates[0] if candidates else None


def members(hint: Hint, table: object = None) -> dict[str, Hint]:
    """The keys of a table of this type and the type of each; empty where it is no table of a noun."""
    noun = owner_of(hint, table)
    return dict(_hints(noun)) if noun is not None else {}


def element(hint: Hint) -> Hint | None:
    """The type of a list's elements or of a free table's values; None where it is neither."""
    if marker(hint) is not None:
        return None
    inner = base(hint)
    arguments = typing.get_args(inner)
    if form(inner) is tuple and arguments:
        return arguments[0]
    if form(inner) is dict:
        return arguments[1]
    return None


def has_ids(hint: Hint) -> bool:
    """True of a list whose elements are named by `id`."""
    inner = element(hint)
    return inner is not None and form(base(hint)) is tuple and "id" in members(inner)


def step(hint: Hint, word: str, below: object = None) -> Hint | None:
    """The type of what `word` names in something of type `hint`: a key of a table, an element of a list."""
    known = members(hint, below)
    return known[word] if word in known else element(hint)


def choices(hint: Hint) -> tuple[Any, ...]:
    """The words of a `Literal`; empty for any other type."""
    inner = base(hint)
    return typing.get_args(inner) if form(inner) is typing.Literal else ()
