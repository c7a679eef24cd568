"""The checkout: where the frozen corridor and the yardstick are, and how they are fetched."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

from sim.errors import CaspianError

__all__ = ["Model", "Yardstick", "cimba_model", "corridor", "yardstick"]

_FOLDER = Path("tests", "benchmarks")


class Model(Protocol):
    """The corridor as users of another simulator would write it."""

    def simulate(self, numbers: object, seed: int, replication: int) -> object:
        """One replication: the model is built, runs, and draws its chance meanwhile."""
        ...


class Yardstick(Model, Protocol):
    """The corridor as plain SimPy."""

    def numbers(self, file: Path, sets: Sequence[str]) -> object:
        """What the models read of a scenario before they are built."""
        ...


def _folder() -> Path:
    """The folder of the benchmark; raises `CaspianError` where this is no checkout."""
    for root in (Path(__file__).parents[2], Path.cwd()):
        if (root / _FOLDER / "yardstick.py").is_file():
            return root / _FOLDER
    raise CaspianError(
        f"There is no benchmark here: {_FOLDER.as_posix()} comes with the source, not with the installed program. "
        "Run `caspian bench` in a checkout."
    )


def corridor() -> Path:
    """The scenario file that speeds are compared on."""
    return _folder() / "corridor.toml"


def yardstick() -> Yardstick:
    """The yardstick."""
    return cast(Yardstick, _fetched("yardstick"))


def cimba_model() -> Model | None:
    """The corridor's core for Cimba, on the yardstick's `numbers`; None where its package is not installed."""
    try:
        return cast(Model, _fetched("cimba_model"))
    except ImportError:
        return None


def _fetched(name: str) -> ModuleType:
    spec = spec_from_file_location(f"benchmarks_{name}", _folder() / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
