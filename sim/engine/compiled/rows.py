"""Rows: how the kernel reaches a record of a table, compiled and in plain Python, in the same words.

A table is a NumPy array of records, one noun a row; all its fields are int64. The kernel is handed one number, the address
of the record of the run, which holds the addresses of all tables. A row is then a pointer, so that functions take few
arguments and read like the reference engine: ``ship.kg += cargo.kg``. Whoever calls the kernel keeps the tables alive
meanwhile. Nothing is known here of what the tables say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
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
    if not IS_COMPILED:
        return function
    made: F = numba.njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
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


def _structure(layout: np.dtype[np.void]) -> Any:
    """The same record for plain Python: its fields are attributes, and writing them writes the table."""
    return np.ctypeslib.as_ctypes_type(layout)  # type: ignore[arg-type]


def rows_at(layout: np.dtype[np.void]) -> Callable[[int], Row]:
    """The function that gives the record of this layout at an address."""
    if not IS_COMPILED:
        return _structure(layout).from_address
    record = _record(layout)

    @intrinsic  # type: ignore[untyped-decorator]
    def row(_typing: Any, _address: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(record))

        return record(types.int64), code

    return cast("Callable[[int], Row]", row)


def rows_of(of: np.dtype[np.void], name: str, layout: np.dtype[np.void]) -> Callable[[Row, int], Row]:
    """The function that gives a row, by its index, of the table whose address a record of layout `of` holds as `name`."""
    if not IS_COMPILED:
        there, size = _structure(layout).from_address, layout.itemsize
        return lambda run, index: there(getattr(run, name) + index * size)
    holder, record, size = _record(of), _record(layout), layout.itemsize
    offset = of.fields[name][1] if of.fields else 0

    @intrinsic  # type: ignore[untyped-decorator]
    def row(_typing: Any, _run: Any, _index: Any) -> Any:
        def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            run, index = arguments
            field = cgutils.get_record_member(builder, run, offset, context.get_data_type(types.int64))
            begins = builder.load(field)
            distance = builder.mul(index, context.get_constant(types.int64, size))
            return builder.inttoptr(builder.add(begins, distance), context.get_value_type(record))

        return record(holder, types.int64), code

    return cast("Callable[[Row, int], Row]", row)
