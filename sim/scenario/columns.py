"""Columns of CSV files in the place of lists: measured times for an empirical distribution, real shipments for a stream.

A file is named relative to the scenario file that names it. What it says is put where it was named, so that a resolved
scenario needs no other file and its digest knows the numbers. What the numbers mean is read elsewhere.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from sim.errors import ValueFault, nearest

__all__ = ["SHIPMENTS", "put_in_place"]

SHIPMENTS = {"at": "release, such as '12.5 h'", "mass": "size, such as '24 t'"}
"""Columns of a file of shipments; every cell has its unit."""


def put_in_place(data: object, folder: Path | None) -> object:
    """`data` with every table that names a CSV file replaced by what the file says.

    Two tables do: ``{ distribution = "empirical", file = …, column = …, unit = … }`` and ``{ file = … }`` as `shipments`.
    Raises `ValueFault`, its `at` being the path from `data` to the table's `file` or `column`.
    """
    if isinstance(data, Mapping):
        if isinstance(data.get("file"), str) and set(data) == {"distribution", "file", "column", "unit"}:
            return _distribution(data, folder)
        return {key: _below(key, value, folder) for key, value in data.items()}
    if isinstance(data, list):
        return [_below(index, value, folder) for index, value in enumerate(data)]
    return data


def _below(key: str | int, value: object, folder: Path | None) -> object:
    try:
        if key == "shipments" and isinstance(value, Mapping) and set(value) == {"file"}:
            return _shipments(_lines(str(value["file"]), folder, list(SHIPMENTS)))
        return put_in_place(value, folder)
    except ValueFault as fault:
        raise fault.below(key) from None


def _distribution(table: Mapping[str, object], folder: Path | None) -> dict[str, object]:
    column, unit = str(table["column"]), str(table["unit"])
    lines = _lines(str(table["file"]), folder, [column])
    return {"distribution": table["distribution"], "values": [f"{line[column]} {unit}" for line in lines]}


def _shipments(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{key: line[key] for key in SHIPMENTS} for line in lines]


def _lines(name: str, folder: Path | None, columns: list[str]) -> list[dict[str, str]]:
    """The lines of a CSV file, by the names in its heading, which must hold `columns`."""
    path = (folder or Path()) / name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise ValueFault(f"cannot be read: {reason}", expected="a CSV file in UTF-8", at=("file",)) from None
    heading = rows[0] if rows else []
    for column in columns:
        if column not in heading:
            at = "column" if len(columns) == 1 else "file"
            raise ValueFault(f"has no column '{column}'", expected=f"one of {', '.join(heading)}",
                             suggestion=nearest(column, heading), at=(at,))  # fmt: skip
    if len(rows) < 2:
        raise ValueFault("holds no lines below its heading", expected="at least one", at=("file",))
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(heading):
            raise ValueFault(
                f"has {len(row)} cells in line {number}", expected=f"{len(heading)}, as in its heading", at=("file",)
            )
    return [dict(zip(heading, row, strict=True)) for row in rows[1:]]
