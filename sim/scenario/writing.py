"""Resolved scenarios as text: TOML that loads again, and the digest by which two runs know that they ran the same world."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, time

__all__ = ["digest", "inline", "simulation_digest", "to_toml"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NOT_THE_WORLD = ("name", "title", "unit_costs")
_NOT_THE_WORLD_OF_RUN = ("replications", "engine", "stationary")
_SETTLED_OF = {
    "run": ("capital_cost",),
    "commodities": ("title", "value", "storage_life", "storage_temperature", "carriage_temperature", "q10"),
    "services": ("title", "emission"),
    "demand": ("due",),
}
"""Keys of some tables that are read only after the run: by the ledger and the KPIs."""


def digest(document: Mapping[str, object]) -> str:
    """SHA-256, in hex, of what decides the course of a run: all but name, title, unit costs, and of `run` how often, by
    which engine and whether it is declared stationary.

    The order of keys does not count, the order of lists does.
    """
    return _hashed(_world(document))


def simulation_digest(document: Mapping[str, object]) -> str:
    """SHA-256, in hex, of what decides the events of a run: all of the above but what is read after it.

    Money, ageing and emissions are settled after a run. Scenarios that share this digest under one seed are simulated once
    and settled many times.
    """
    world = {key: value for key, value in _world(document).items() if key not in ("tariffs", "exchange")}
    for table, keys in _SETTLED_OF.items():
        world[table] = _without(world.get(table), keys)
    world["scale"] = _without_tariffs(world.get("scale"))
    return _hashed(world)


def _without_tariffs(knobs: object) -> object:
    """The knobs of a scale but those of money; a table that holds no others is none."""
    if not isinstance(knobs, Mapping):
        return knobs
    kept = {key: _without_tariffs(value) for key, value in knobs.items() if key != "tariffs"}
    return {key: value for key, value in kept.items() if value is not None} or None


def _without(table: object, keys: tuple[str, ...]) -> object:
    """A table, or a list of tables, without some keys; anything else as it is."""
    if isinstance(table, list):
        return [_without(element, keys) for element in table]
    return {key: value for key, value in table.items() if key not in keys} if isinstance(table, Mapping) else table


def _world(document: Mapping[str, object]) -> dict[str, object]:
    """What decides the course of a run."""
    world = {key: value for key, value in document.items() if key not in _NOT_THE_WORLD}
    run = world.get("run")
    if isinstance(run, Mapping):
        world["run"] = {key: value for key, value in run.items() if key not in _NOT_THE_WORLD_OF_RUN}
    if not world.get("run"):
        world.pop("run", None)
    return world


def _hashed(world: Mapping[str, object]) -> str:
    text = json.dumps(world, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_moment)
    return hashlib.sha256(text.encode()).hexdigest()


def to_toml(document: Mapping[str, object]) -> str:
    """`document` as a TOML text, which reads back to the same data; tables and lists of tables stand as blocks."""
    plain = {key: value for key, value in document.items() if not _is_block(value)}
    blocks = {key: value for key, value in document.items() if _is_block(value)}
    parts = ["".join(_lines(plain))]
    for key, value in blocks.items():
        tables, brackets = ([value], "[{}]") if isinstance(value, Mapping) else (value, "[[{}]]")
        assert isinstance(tables, list)
        parts += [brackets.format(_key(key)) + "\n" + "".join(_lines(table)) for table in tables]
    return "\n".join(part for part in parts if part)


def _is_block(value: object) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and all(isinstance(element, Mapping) for element in value)
    )


def _lines(table: Mapping[str, object]) -> Iterator[str]:
    return (f"{_key(key)} = {inline(value)}\n" for key, value in table.items())


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def inline(value: object) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case int() | float():
            return repr(value)
        case date() | time():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {inline(part)}" for key, part in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(inline, value))}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _moment(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"TOML has no {type(value).__name__}")
