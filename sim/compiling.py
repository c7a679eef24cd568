"""Compiling: the one place where plain loops over arrays become machine code. No loop stands here, and no noun.

A loop that is to be compiled is written as a function of arrays of whole numbers and of nothing else. It runs uncompiled
just the same, number for number, where NUMBA_DISABLE_JIT=1 is set: slower by a factor of a hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import ParamSpec, TypeVar

__all__ = ["compiled"]

_In = ParamSpec("_In")
_Out = TypeVar("_Out")


@cache
def compiled(loop: Callable[_In, _Out]) -> Callable[_In, _Out]:
    """The same function as machine code, made when it is first called; it lets other threads run meanwhile."""
    import numba

    machine_code: Callable[_In, _Out] = numba.njit(nogil=True, cache=True)(loop)
    return machine_code
