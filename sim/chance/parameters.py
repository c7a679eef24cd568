"""The parameters of distributions as a scenario writes them: what may stand at each key, and columns of CSV files.

How parameters make a distribution stands in `sim.chance.distributions`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ValueFault, nearest
from sim.units import Dimension

__all__ = ["KEYS", "Key", "read_column", "read_key"]


_MOST = 1e300
"""Greatest plain number: a float still holds it, and its sums."""


@dataclass(frozen=True, slots=True)
class Key:
    """How the value of one key is read and what its JSON Schema is; both depend on the dimension of the distribution."""

    read: Callable[[object, Dimension], Any]
    schema: Callable[[Dimension], dict[str, object]]


def _quantity(raw: object, dimension: Dimension) -> float:
    return dimension.parse(raw)


def _positive_quantity(raw: object, dimension: Dimension) -> float:
    value = dimension.parse(raw)
    if value <= 0:
        raise ValueFault("must be above zero", expected=f"a {dimension.name} above 0 {dimension.unit}")
    return value


def _positive_number(raw: object, _dimension: Dimension) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= _MOST:
        raise ValueFault("is not a number above zero", expected="a number above 0, without a unit")
    return float(raw)


def _positive_whole(raw: object, _dimension: Dimension) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= _MOST:
        raise ValueFault("is not a whole number above zero", expected="a whole number of at least 1")
    return raw


def _weight(raw: object, _dimension: Dimension) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= _MOST:
        raise ValueFault("is not a weight", expected="a number of at least 0")
    return float(raw)


def _text(raw: object, _dimension: Dimension) -> str:
    if not isinstance(raw, str) or not raw:
        raise ValueFault("is not a text", expected="a text between quotes")
    return raw


def _unit(raw: object, dimension: Dimension) -> str:
    if raw not in dimension.units:
        near = nearest(str(raw), dimension.units)
        raise ValueFault(f"unknown unit for a {dimension.name}", expected=", ".join(dimension.units), suggestion=near)
    return str(raw)


def _list_of(read: Callable[[object, Dimension], Any]) -> Callable[[object, Dimension], list[Any]]:
    def read_all(raw: object, dimension: Dimension) -> list[Any]:
        if not isinstance(raw, list | tuple) or not raw:
            raise ValueFault("is not a list of values", expected="a list of at least one")
        return [_below(index, read, element, dimension) for index, element in enumerate(raw)]

    return read_all


def _list_schema(items: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": items, "minItems": 1}


def _below(at: str | int, read: Callable[[object, Dimension], Any], raw: object, dimension: Dimension) -> Any:
    try:
        return read(raw, dimension)
    except ValueFault as fault:
        raise fault.below(at) from None


def read_key(key: str, raw: object, dimension: Dimension) -> Any:
    """The parameter that stands at `key`, canonical; a fault names the key."""
    return _below(key, KEYS[key].read, raw, dimension)


def read_column(parameters: Mapping[str, Any], dimension: Dimension) -> list[float]:
    """The values of one column of a CSV file with a heading line."""
    path, column, unit = Path(parameters["file"]), parameters["column"], parameters["unit"]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file)
            heading = [name.strip() for name in lines.fieldnames or ()]
            lines.fieldnames = heading
            if column not in heading:
                near = nearest(column, heading)
                raise ValueFault("is not a column of the file", expected=", ".join(heading), suggestion=near, at=("column",))
            cells = [(lines.line_num, line[column]) for line in lines]
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ValueFault(f"cannot be read: {reason}", expected="a CSV file in UTF-8", at=("file",)) from None
    if not cells:
        raise ValueFault("holds no lines below its heading", expected="at least one value", at=("file",))
    return [_read_cell(cell, unit, number, dimension) for number, cell in cells]


def _read_cell(cell: str | None, unit: str, line: int, dimension: Dimension) -> float:
    try:
        return dimension.parse(f"{cell or ''} {unit}")
    except ValueFault as fault:
        message = f"line {line} of the file holds '{cell or ''}', which {fault.message}"
        raise ValueFault(message, expected=f"a plain number of {unit} in every line", at=("column",)) from None


_POSITIVE = Key(_positive_quantity, lambda dimension: dimension.json_schema())
_ANY = Key(_quantity, lambda dimension: dimension.json_schema())
_NUMBER = Key(_positive_number, lambda _: {"type": "number", "exclusiveMinimum": 0})
_TEXT = Key(_text, lambda _: {"type": "string", "minLength": 1})

KEYS: Mapping[str, Key] = {
    "value": _ANY,
    "low": _ANY,
    "mode": _ANY,
    "high": _ANY,
    "mean": _POSITIVE,
    "median": _POSITIVE,
    "p95": _POSITIVE,
    "scale": _POSITIVE,
    "cv": _NUMBER,
    "shape": _NUMBER,
    "k": Key(_positive_whole, lambda _: {"type": "integer", "minimum": 1}),
    "values": Key(_list_of(_quantity), lambda dimension: _list_schema(dimension.json_schema())),
    "weights": Key(_list_of(_weight), lambda _: _list_schema({"type": "number", "minimum": 0})),
    "file": _TEXT,
    "column": _TEXT,
    "unit": Key(_unit, lambda dimension: {"enum": list(dimension.units)}),
}
"""Every key that describes a distribution; it means the same wherever it stands."""
