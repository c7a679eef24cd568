"""Compiling: the one place where functions of whole numbers become machine code, and where that code is kept.

What is to be compiled runs uncompiled just the same, number for number, where NUMBA_DISABLE_JIT=1 is set: slower by a factor
of a hundred. No loop stands here, and no noun.

Machine code is kept on disk, since making it takes seconds: in a folder named by a digest of the sources that went into it,
so that no change of them, of a constant or of a release can meet the code of another. Within it, numba tells versions of
itself, of Python and kinds of processor apart. Code of other sources is thrown away when new code is made.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import ParamSpec, TypeVar

__all__ = ["compiled", "is_kept", "kept_in"]

_In = ParamSpec("_In")
_Out = TypeVar("_Out")

_HERE = Path(__file__).parent
_BAKED_IN = ("compiling.py", "events.py", "world/network.py")
"""Sources whose constants are compiled in wherever the function stands; those of its own folder count besides."""
_PREFIX = "machine-code-"
_one_at_a_time = threading.RLock()


@cache
def compiled(function: Callable[_In, _Out], signature: str = "") -> Callable[_In, _Out]:
    """The same function as machine code, which lets other threads run meanwhile.

    `signature` gives the types of its arguments and of its result in numba's words, such as ``"int64(int32[::1])"``: then it
    is made now, or taken from disk. Where none is given, it is made for the types that it is called with, when it is.
    """
    import numba

    if numba.config.DISABLE_JIT:
        return function
    types = (signature,) if signature else ()
    folder = kept_in(function)
    with _one_at_a_time, _keeping(folder):
        machine_code: Callable[_In, _Out] = numba.njit(*types, nogil=True, cache=folder is not None)(function)
    return machine_code


def kept_in(function: Callable[..., object]) -> Path | None:
    """The folder where the machine code of a function is kept; None where nothing can be written."""
    source = Path(sys.modules[function.__module__].__file__ or "")
    name = f"{_PREFIX}{source.parent.name}-{_digest(source.parent)}"
    for place in _places(source.parent):
        folder = place / name
        if _can_be_written(folder):
            return folder
    return None


def is_kept(function: Callable[..., object]) -> bool:
    """Whether machine code of the function, or of one of its neighbours, is on disk: else it takes seconds to make."""
    folder = kept_in(function)
    return folder is not None and any(folder.rglob("*.nbc"))


def _places(package: Path) -> Iterator[Path]:
    """Where to keep code, the best first: where the user says, beside the sources, in the user's cache."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(os.environ["NUMBA_CACHE_DIR"])
    yield package / "__pycache__"
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "caspian-route-sim"


@cache
def _digest(package: Path) -> str:
    digest = blake2b(digest_size=8)
    for source in (*sorted(package.glob("*.py")), *(_HERE / name for name in _BAKED_IN)):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _can_be_written(folder: Path) -> bool:
    """Whether files can be made there. A new folder's neighbours of other sources are thrown away; so are damaged files."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            for other in folder.parent.glob(f"{folder.name.rpartition('-')[0]}-*"):
                if other != folder:
                    shutil.rmtree(other, ignore_errors=True)
        tempfile.TemporaryFile(dir=folder).close()
        for file in folder.rglob("*.nb?"):
            if file.read_bytes()[-1:] != pickle.STOP:
                file.unlink()
    except OSError:
        return False
    return True


@contextmanager
def _keeping(folder: Path | None) -> Iterator[None]:
    """Within the block, numba keeps what it makes in this folder."""
    import numba

    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder or "")
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
