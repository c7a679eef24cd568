"""The Caspian corridor simulator: the public door.

``sim.load`` reads a scenario, ``sim.run`` repeats it and measures, ``sim.compare`` tells scenarios apart, ``sim.sweep`` runs
one at many points; ``sim.judge``, ``sim.rank``, ``sim.optimise`` and ``sim.bottlenecks`` help to decide. Everything is
fetched when it is first asked for, so that ``import sim`` costs next to nothing; `_HOMES` says from where.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.errors import CaspianError, ScenarioError
    from sim.report.experiments import (
        ComparisonResults,
        SweepResults,
        bottlenecks,
        compare,
        judge,
        optimise,
        rank,
        sweep,
    )
    from sim.report.notebook import Base, Results, load, run

    __version__: str

__all__ = [
    "Base", "CaspianError", "ComparisonResults", "Results", "ScenarioError", "SweepResults", "__version__", "bottlenecks",
    "compare", "judge", "load", "optimise", "rank", "run", "sweep",
]  # fmt: skip

_HOMES = {
    **dict.fromkeys(("CaspianError", "ScenarioError"), "sim.errors"),
    **dict.fromkeys(("Base", "Results", "load", "run"), "sim.report.notebook"),
    **dict.fromkeys(
        ("ComparisonResults", "SweepResults", "bottlenecks", "compare", "judge", "optimise", "rank", "sweep"),
        "sim.report.experiments",
    ),
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("caspian-route-sim")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
