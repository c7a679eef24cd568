"""Rows: how the kernel reaches a record of a table, compiled and in plain Python, in the same words.

A table is a NumPy array of records, one noun a row; all its fields are int64. The kernel is handed one number, the address of
the record of the run, which holds the addresses of all tables. A row is then a pointer, so that functions take few arguments
and read like the reference engine: ``ship.kg += cargo.kg``. Whoever calls the kernel keeps the tables alive meanwhile.
Nothing is known here of what the tables say.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, TypeVar
from zlib import crc32

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["IS_COMPILED", "Row", "compiled", "record_of", "rows_at", "rows_of", "table_of"]

IS_COMPILED = not numba.config.DISABLE_JIT
"""False where NUMBA_DISABLE_JIT is set: then the same functions run as plain Python, slowly, for tests and debuggers."""

Row = Any
"""A record: its fields are attributes."""

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """A function of the kernel, compiled together with whatever calls it."""
    made: F = numba.njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function) if IS_COMPILED else function
    return made


def record_of(*fields: str) -> np.dtype[np.void]:
    """The layout of a table whose rows have these fields."""
    return np.dtype([(field, np.int64) for field in fields])


def table_of(layout: np.dtype[np.void], rows: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """A table of zeros; of no rows it still has one, so that it has an address."""
    return np.zeros(max(1, rows), dtype=layout)


def _record(layout: np.dtype[np.void]) -> Any:
    """The compiler's type of a layout, under a short name: its own would spell every field in every symbol."""
    record = numba.from_dtype(layout)
    record.name = f"row_{crc32(repr(layout).encode()):x}"
    return record


def rows_at(layout: np.dtype[np.void]) -> Callable[[int], Row]:
    """The function that gives the record of this layout at an address."""
    if not IS_COMPILED:
        return lambda address: _plain(layout, address, 0)
    record = _record(layout)

    @intrinsic  # type: ignore[misc]
    def row(_typing: Any, _address: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(record))

        return record(types.int64), code

    found: Callable[[int], Row] = row
    return found


def rows_of(of: np.dtype[np.void], name: str, layout: np.dtype[np.void]) -> Callable[[Row, int], Row]:
    """The function that gives a row, by its index, of the table whose address a record of layout `of` holds as `name`."""
    if not IS_COMPILED:
        return lambda run, index: _plain(layout, int(run[name]), int(index))
    holder, record = _record(of), _record(layout)
    offset, size = of.fields[name][1], layout.itemsize  # type: ignore[index]

    @intrinsic  # type: ignore[misc]
    def row(_typing: Any, _run: Any, _index: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            run, index = arguments
            begins = builder.load(cgutils.get_record_member(builder, run, offset, context.get_data_type(types.int64)))
            distance = builder.mul(index, context.get_constant(types.int64, size))
            return builder.inttoptr(builder.add(begins, distance), context.get_value_type(record))

        return record(holder, types.int64), code

    found: Callable[[Row, int], Row] = row
    return found


def _plain(layout: np.dtype[np.void], address: int, index: int) -> Row:
    there = (ctypes.c_char * layout.itemsize).from_address(address + index * layout.itemsize)
    return np.frombuffer(there, dtype=np.dtype((np.record, layout)))[0]
