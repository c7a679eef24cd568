"""Single changes over a scenario: ``--set services.sea.vehicles=5`` and ``replace({"services.sea.vehicles": 5})``.

A change becomes a layer like any file, so that it merges, is checked and is named in messages by the same rules.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping

from sim.errors import Origin, Problem, ScenarioError, nearest
from sim.scenario import shape
from sim.scenario.layers import Layer, step_name
from sim.scenario.merging import walk

__all__ = ["change", "hint_at", "parse_set"]


def parse_set(text: str) -> tuple[str, object]:
    """Key and value of ``key=value``; the value is TOML where it can be read as such, else text (``12 USD/t``).

    Raises `ScenarioError` where there is no key or no ``=``.
    """
    key, equals, raw = text.partition("=")
    if not equals or not key.strip():
        problem = Problem(f"--set {text}", "is not of the form KEY=VALUE", expected="such as --set services.sea.vehicles=5")
        raise ScenarioError([problem])
    try:
        table = tomllib.loads(f"value = {raw}")
    except (ValueError, RecursionError):
        return key.strip(), raw.strip()
    return key.strip(), table["value"] if len(table) == 1 else raw.strip()


def change(document: Mapping[str, object], key: str, value: object, name: str) -> Layer:
    """The layer that sets the dotted `key` of `document` to `value` and is called `name` in messages.

    Elements of lists go by their id, of lists without ids by number. Raises `ScenarioError` for unknown ids and keys.
    """
    fault = Problem(key, "", origin=Origin(name))
    data = _nested(document, shape.TOP, key, _plain(value), fault)
    if not isinstance(data, dict):
        raise ScenarioError([Problem("--set", "names no key", origin=Origin(name))], name)
    origins = {inner: Origin(name) for inner in walk(data, "")}
    return Layer(name=name, data=data, values=origins, keys=origins)


def hint_at(document: Mapping[str, object], key: str) -> shape.Hint | None:
    """The type of what stands at the dotted `key` of `document`; None where there is no such key."""
    below: object = document
    hint: shape.Hint | None = shape.TOP
    while key and hint is not None:
        if isinstance(below, list):
            elements = {step_name(inner, index): inner for index, inner in enumerate(below)}
            word = _word(key, elements)
            hint, below = shape.element(hint) if word in elements else None, elements.get(word)
        else:
            table = below if isinstance(below, Mapping) else {}
            word = _word(key, [*table, *shape.members(hint, table)])
            hint, below = shape.step(hint, word, table), table.get(word)
        key = key[len(word) + 1 :]
    return hint


def _plain(value: object) -> object:
    """`value` as TOML would give it: tuples become lists, NumPy scalars numbers."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def _nested(below: object, hint: shape.Hint, rest: str, value: object, fault: Problem) -> object:
    """What must lie over `below`, which has the type `hint`, so that `value` stands at the dotted key `rest` in it."""
    if not rest:
        return value
    if shape.has_ids(hint):
        return _in_ids(below, hint, rest, value, fault)
    if isinstance(below, list):
        return _in_list(below, hint, rest, value, fault)
    if below is not None and not isinstance(below, Mapping):
        raise _refused(fault, "lies below a single value, which has no parts", str(below))
    table = below if isinstance(below, Mapping) else {}
    known = shape.members(hint, table)
    word = rest if _is_flat(hint) else _word(rest, [*table, *known])
    allowed = word in known or word in table or not known or word == "remove"
    if not allowed:
        raise _unknown(fault, "key", word, known)
    inner = shape.step(hint, word, table) if hint is not None else None
    return {word: _nested(table.get(word), inner, rest[len(word) + 1 :], value, fault)}


def _is_flat(hint: shape.Hint) -> bool:
    """Whether it is a free table of single values, whose keys may hold dots: ``unit_costs.services.ship.vehicles``."""
    inner = shape.element(hint) if hint is not None else None
    return inner is not None and shape.form(shape.base(hint)) is dict and not shape.members(inner)


def _in_ids(below: object, hint: shape.Hint, rest: str, value: object, fault: Problem) -> object:
    elements = {step_name(inner, index): inner for index, inner in enumerate(below)} if isinstance(below, list) else {}
    word = _word(rest, elements)
    is_new = word not in elements and word == rest and isinstance(value, dict)
    if word not in elements and not is_new:
        raise _unknown(fault, "id", word, elements)
    changed = _nested(elements.get(word), shape.element(hint), rest[len(word) + 1 :], value, fault)
    if not isinstance(changed, dict):
        raise _refused(fault, "is a table and cannot be set to a single value", str(value))
    return [{"id": word, **changed}]


def _in_list(below: list[object], hint: shape.Hint, rest: str, value: object, fault: Problem) -> object:
    word = rest.split(".", maxsplit=1)[0]
    if not word.isdecimal() or int(word) >= len(below):
        raise _refused(fault, f"has no element '{word}'", expected=f"a number from 0 to {len(below) - 1}")
    changed = _nested(below[int(word)], shape.element(hint), rest[len(word) + 1 :], value, fault)
    old = below[int(word)]
    whole = {**old, **changed} if isinstance(old, dict) and isinstance(changed, dict) else changed
    return [*below[: int(word)], whole, *below[int(word) + 1 :]]


def _word(rest: str, known: Collection[str]) -> str:
    """The longest of the `known` words with which `rest` begins, else its part up to the first dot."""
    fitting = [word for word in known if rest == word or rest.startswith(f"{word}.")]
    return max(fitting, key=len) if fitting else rest.split(".", maxsplit=1)[0]


def _refused(fault: Problem, message: str, found: str = "", expected: str = "") -> ScenarioError:
    problem = Problem(fault.key, message, found, expected, origin=fault.origin)
    return ScenarioError([problem], str(fault.origin))


def _unknown(fault: Problem, sort: str, word: str, known: Collection[str]) -> ScenarioError:
    expected = f"one of {', '.join(known)}" if known else "nothing: there are none"
    problem = Problem(fault.key, f"unknown {sort} '{word}'", "", expected, nearest(word, known), fault.origin)
    return ScenarioError([problem], str(fault.origin))
