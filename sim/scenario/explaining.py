"""What a key of the scenario language means, read off the nouns: their docstrings, types and defaults; and the JSON Schema.

Nothing of a scenario is decided here; where one is given, its value and where that was written are shown too.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import CaspianError, nearest
from sim.scenario import shape
from sim.scenario.checks import references
from sim.scenario.layers import step_name
from sim.scenario.resolved import Resolved
from sim.scenario.validating import model
from sim.scenario.wording import described, origin_of
from sim.units import Dimension, ExchangeRate, PricePer, WholeNumber

__all__ = ["Explanation", "explain", "json_schema"]

_SINGLE = (Dimension, ExchangeRate, WholeNumber, PricePer)
"""Markers of values without parts; those of others, such as a distribution, explain their parts too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All there is to say about a key; '' where there is nothing."""

    key: str
    meaning: str
    takes: str
    """What a value looks like, with its units or words."""
    range: str
    default: str
    keys: Mapping[str, str]
    """Keys of a table, each with its meaning."""
    general: str
    """The key with ids and numbers of elements left out."""
    value: object = None
    """What the scenario says, as written; None where it says nothing."""
    origin: str = ""
    """Where it says so."""
    known: tuple[str, ...] = ()
    """Names of the scenario that the key may hold, where it holds any."""
    by_element: Mapping[str, object] = dataclasses.field(default_factory=dict)
    """Where the key names no element of a list: what each says, by id; None where it says nothing."""


@functools.cache
def _meanings(noun: type) -> dict[str, str]:
    """The docstring of each field of a noun, on one line."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(noun))).body
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, str] = {}
    for before, after in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name) and isinstance(after, ast.Expr):
            said = getattr(after.value, "value", "")
            found[before.target.id] = " ".join(str(said).split())
    return found


def explain(key: str, resolved: Resolved | None = None) -> Explanation:
    """What the dotted `key` means; elements of lists may be named by their id or left out (`services.vehicles`).

    With a scenario, also its value there. Raises `CaspianError` with the nearest key where there is none of that name.
    """
    noun: type | None = None
    field = ""
    hint: shape.Hint = shape.TOP
    data: object = resolved.document if resolved else None
    rest, general = key, ""
    while rest:
        word, data, inner = _step(hint, data, rest, key)
        general += f".{word}" if _owner(hint, word, data) else ""
        if inner is None and shape.marker(hint) is not None and not isinstance(shape.marker(hint), _SINGLE):
            data = functools.reduce(_inside, rest.split("."), data)
            break
        if inner is None:
            raise CaspianError(f"'{key}' lies below a single value, which has no parts")
        owner = _owner(hint, word, data)
        noun, field = (owner, word) if owner is not None else (noun, field)
        hint, data = inner, _inside(data, word)
        rest = rest[len(word) + 1 :]
        if shape.has_ids(hint) and rest:
            word, data, rest = _element(hint, data, rest, key)
            hint = shape.element(hint)
            noun, field = (None, "") if not rest else (noun, field)
    said = _said(key, hint, data, (noun, field), resolved)
    return _among_others(dataclasses.replace(said, general=general[1:]), resolved)


def _among_others(said: Explanation, resolved: Resolved | None) -> Explanation:
    """With the names that the scenario offers for the key, and what its elements say there."""
    section, _, rest = said.general.partition(".")
    if resolved is None or not rest:
        return said
    document = resolved.document
    elements = document.get(section)
    by_element: dict[str, object] = {}
    if said.key == said.general and not said.keys and isinstance(elements, list):
        for element in elements:
            by_element[str(element.get("id", ""))] = functools.reduce(_inside, rest.split("."), element)
    targets = references.REFERENCES.get(section, {}).get(rest, ())
    known = {element.id for target in targets for element in getattr(resolved.scenario, target)}
    if rest in ("regime", "regimes"):
        known = references.known_regimes(resolved.scenario)
    return dataclasses.replace(said, known=tuple(sorted(known)), by_element=by_element)


def _owner(hint: shape.Hint, word: str, table: object) -> type | None:
    """The noun in whose fields `word` is; of a union's members the first that has it."""
    own = shape.owner_of(hint, table)
    candidates = [own, *shape.nouns(hint)] if own else shape.nouns(hint)
    return next((noun for noun in candidates if word in shape.members(noun)), None)


def _step(hint: shape.Hint, data: object, rest: str, key: str) -> tuple[str, object, shape.Hint | None]:
    """The next word of `rest`, the data it is looked up in, and the type of what it names."""
    word = rest.split(".", maxsplit=1)[0]
    owner = _owner(hint, word, data)
    if owner is not None:
        return word, data, shape.members(owner)[word]
    known = [name for noun in shape.nouns(hint) for name in shape.members(noun)]
    if known:
        raise _unknown(key, rest, word, known)
    return word, data, shape.element(hint)


def _inside(data: object, word: str) -> object:
    if isinstance(data, Mapping):
        return data.get(word)
    if isinstance(data, list) and word.isdigit() and int(word) < len(data):
        return data[int(word)]
    return None


def _element(hint: shape.Hint, data: object, rest: str, key: str) -> tuple[str, object, str]:
    """Of a list's elements the one that `rest` names, and what is left of `rest`; no element where it goes on with a key."""
    elements = {step_name(inner, index): inner for index, inner in enumerate(data)} if isinstance(data, list) else {}
    named = [word for word in elements if rest == word or rest.startswith(f"{word}.")]
    if named:
        word = max(named, key=len)
        return word, elements[word], rest[len(word) + 1 :]
    word, _, after = rest.partition(".")
    known = [name for noun in shape.nouns(shape.element(hint)) for name in shape.members(noun)]
    if word in known:
        return "", None, rest
    if not elements and after:
        return word, None, after
    raise _unknown(key, rest, word, [*elements, *known])


def _unknown(key: str, rest: str, word: str, known: list[str]) -> CaspianError:
    near = nearest(word, known)
    whole = f"{key[: len(key) - len(rest)]}{near}{rest[len(word) :]}"
    hint = f"did you mean '{whole}'?" if near else f"there are {', '.join(dict.fromkeys(known))}"
    return CaspianError(f"unknown key '{key}'; {hint}")


def _said(
    key: str, hint: shape.Hint, data: object, place: tuple[type | None, str], resolved: Resolved | None
) -> Explanation:
    noun, field = place
    inner = shape.element(hint) if shape.has_ids(hint) else hint
    parts = {name: _meanings(part).get(name, "") for part in shape.nouns(inner) for name in shape.members(part)}
    own = " ".join((inspect.getdoc(next(iter(shape.nouns(inner)), object)) or "").split())
    meaning = own if noun is None else _meanings(noun).get(field, "")
    origin = origin_of(resolved.origins, key) if resolved and data is not None and key in resolved.origins else None
    return Explanation(
        key=key,
        general="",
        meaning=meaning,
        takes="" if parts else described(hint),
        range="" if parts else _range(hint),
        default=_default(noun, field),
        keys=parts,
        value=data,
        origin=str(origin) if origin else "",
    )


def _range(hint: shape.Hint) -> str:
    reads = shape.marker(hint)
    if not isinstance(reads, Dimension):
        return ""
    low = f"above 0 {reads.unit}" if reads.positive else f"from {reads.low:g} {reads.unit}"
    return low.strip() + (f" to {reads.high:g} {reads.unit}".rstrip() if reads.high < float("inf") else "")


def _default(noun: type | None, field: str) -> str:
    if noun is None:
        return ""
    of = next(part for part in dataclasses.fields(noun) if part.name == field)
    if of.default is dataclasses.MISSING:
        return "none, it must be given" if of.default_factory is dataclasses.MISSING else "empty"
    reads = shape.marker(shape.members(noun)[field])
    if of.default is None:
        return "absent"
    if isinstance(reads, Dimension):
        return reads.text(of.default)
    return str(of.default) if of.default not in ("", ()) else "empty"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors. A file may be an overlay, so an element need only have its `id`."""
    whole = model(documented=True).model_json_schema()
    definitions = whole["$defs"]
    for name, table in definitions.items():
        properties = table.get("properties", {})
        required = table.pop("required", [])
        if "id" in properties:
            table["required"] = ["id"]
            properties["remove"] = {"const": True, "description": "Takes the element of this id away."}
        elif required and name != "Scenario":
            table["required"] = required
    top = definitions.pop("Scenario")
    names = {"type": "string"}
    top["properties"]["extends"] = {
        "anyOf": [names, {"type": "array", "items": names}],
        "description": "Scenarios that this one builds on, by name or relative path; later ones lie over earlier ones.",
    }
    top = _any_for_one(top)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **top, "$defs": _any_for_one(definitions)}


def _any_for_one(schema: Any) -> Any:
    """`schema` with `anyOf` for `oneOf`: an overlay's element may leave out the `kind` that tells the members apart."""
    if isinstance(schema, dict):
        kept = {key: _any_for_one(value) for key, value in schema.items() if key != "discriminator"}
        return {("anyOf" if key == "oneOf" else key): value for key, value in kept.items()}
    return [_any_for_one(part) for part in schema] if isinstance(schema, list) else schema
