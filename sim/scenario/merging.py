"""How layers lie over one another.

Tables merge key by key. Lists of tables merge by `id`: an element whose id is known below changes that element, a new id
is added at the end, ``remove = true`` takes the element away. All other lists and values are replaced, and so is a table
by one that says `distribution`: that is a whole value. Nothing here knows what a key means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.errors import Origin, Problem, nearest
from sim.scenario.layers import Layer, step_name

__all__ = ["Merged", "laid_over", "merged", "walk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What layers say together, and where each part of it stands; see `Layer` for the two maps."""

    data: dict[str, object]
    values: Mapping[str, Origin]
    keys: Mapping[str, Origin]
    problems: tuple[Problem, ...] = ()


NOTHING = Merged(data={}, values={}, keys={})


def merged(layers: Iterable[Layer], below: Merged = NOTHING) -> Merged:
    """All of `layers` over `below`, lowest first. Never raises; what cannot be done is in `problems`."""
    for layer in layers:
        gone: list[str] = []
        problems: list[Problem] = []
        data = laid_over(below.data, layer.data, "", gone, problems)
        problems = [_placed(problem, layer) for problem in problems]
        below = Merged(
            data=data,
            values=_origins_over(below.values, layer.values, gone),
            keys=_origins_over(below.keys, layer.keys, gone),
            problems=(*below.problems, *problems),
        )
    present = set(walk(below.data, ""))
    return Merged(
        data=below.data,
        values={key: origin for key, origin in below.values.items() if key in present},
        keys={key: origin for key, origin in below.keys.items() if key in present},
        problems=below.problems,
    )


def laid_over(
    below: Mapping[str, object], above: Mapping[str, object], at: str, gone: list[str], problems: list[Problem]
) -> dict[str, object]:
    """The table `above` over the table `below`, which both stand at the dotted key `at`.

    Dotted keys whose former contents are replaced or removed are added to `gone`.
    """
    result = dict(below)
    for key, value in above.items():
        if key == "id" and below.get(key) == value:
            continue
        inner = f"{at}.{key}" if at else key
        result[key] = _one_over(below[key], value, inner, gone, problems) if key in below else _alone(value, inner, problems)
    return result


def _one_over(below: object, above: object, at: str, gone: list[str], problems: list[Problem]) -> object:
    if isinstance(below, dict) and isinstance(above, dict) and "distribution" not in above:
        return laid_over(below, above, at, gone, problems)
    if _by_id(below) and isinstance(below, list) and isinstance(above, list) and above and _tables(above):
        return _elements_over(below, above, at, gone, problems)
    gone.append(at)
    return _alone(above, at, problems)


def _elements_over(
    below: list[dict[str, object]], above: list[dict[str, object]], at: str, gone: list[str], problems: list[Problem]
) -> list[object]:
    result: dict[str, object] = {str(element["id"]): element for element in below}
    for index, element in enumerate(above):
        name = step_name(element, index)
        inner = f"{at}.{name}"
        if "id" not in element:
            known = ", ".join(result)
            problems.append(Problem(inner, "has no 'id', so it is unclear which element it changes",
                                    expected=f"id = one of {known}, or a new one"))  # fmt: skip
        elif element.get("remove") is True:
            if name not in result:
                problems.append(Problem(inner, "is to be removed, but there is none", suggestion=nearest(name, result)))
            result.pop(name, None)
            gone.append(inner)
        elif name in result:
            result[name] = _one_over(result[name], element, inner, gone, problems)
        else:
            result[name] = _alone(element, inner, problems)
    return list(result.values())


def _alone(value: object, at: str, problems: list[Problem]) -> object:
    """`value` where nothing lies below it: what it says to remove is a mistake."""
    if isinstance(value, dict):
        return {key: _alone(inner, f"{at}.{key}", problems) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    kept: list[object] = []
    for index, element in enumerate(value):
        inner = f"{at}.{step_name(element, index)}"
        if isinstance(element, dict) and element.get("remove") is True:
            problems.append(Problem(inner, "is to be removed, but there is none"))
        else:
            kept.append(_alone(element, inner, problems))
    return kept


def _tables(value: list[object]) -> bool:
    return all(isinstance(element, dict) for element in value)


def _by_id(value: object) -> bool:
    return (
        isinstance(value, list) and bool(value)
        and all(isinstance(element, dict) and isinstance(element.get("id"), str) for element in value)
    )  # fmt: skip


def _placed(problem: Problem, layer: Layer) -> Problem:
    return Problem(problem.key, problem.message, problem.value, problem.expected, problem.suggestion,
                   layer.values.get(problem.key))  # fmt: skip


def _origins_over(below: Mapping[str, Origin], above: Mapping[str, Origin], gone: list[str]) -> dict[str, Origin]:
    """`above` over `below` less the keys of `gone` and all under them; an element's `id` stays where it was first said."""
    exact, prefixes = set(gone), tuple(f"{key}." for key in gone)
    kept = {key: origin for key, origin in below.items() if key not in exact and not key.startswith(prefixes)}
    return kept | {key: origin for key, origin in above.items() if not (key in kept and key.endswith(".id"))}


def walk(data: object, at: str) -> Iterable[str]:
    """The dotted key of every table, list, element and value of `data`."""
    if at:
        yield at
    prefix = f"{at}." if at else ""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from walk(value, f"{prefix}{key}")
    elif isinstance(data, list):
        for index, element in enumerate(data):
            yield from walk(element, f"{prefix}{step_name(element, index)}")
