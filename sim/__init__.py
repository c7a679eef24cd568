"""The Caspian corridor simulator: the public door.

``sim.load`` reads a scenario, ``sim.run`` repeats it and measures, ``sim.sweep`` does so over a grid. Everything is fetched
when it is first asked for, so that ``import sim`` costs next to nothing; `_HOMES` says from where.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.errors import CaspianError, ScenarioError
    from sim.report.notebook import Base, Results, SweepResults, load, run, sweep

    __version__: str

__all__ = ["Base", "CaspianError", "Results", "ScenarioError", "SweepResults", "__version__", "load", "run", "sweep"]

_HOMES = {
    "Base": "sim.report.notebook",
    "CaspianError": "sim.errors",
    "Results": "sim.report.notebook",
    "ScenarioError": "sim.errors",
    "SweepResults": "sim.report.notebook",
    "load": "sim.report.notebook",
    "run": "sim.report.notebook",
    "sweep": "sim.report.notebook",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("caspian-route-sim")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
