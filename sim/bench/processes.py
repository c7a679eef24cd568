"""Processes: what a fresh one takes to start, cold and warm, and what a run of a hundred times the size takes in one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sim.bench.checkout import corridor
from sim.bench.turns import Contender
from sim.errors import CaspianError
from sim.scenario import Resolved, load
from sim.units import YEAR_S

__all__ = ["WHATS", "bare_starts", "engine_starts", "long_run", "wide_run", "widened"]

_CACHES = ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")
"""Variables that say where compiled code is kept."""
WHATS = ("kernel", "pipeline")


def _child(*words: str, caches: str | None = None) -> str:
    """What a fresh interpreter prints; its compiled code is kept in the folder `caches`, if one is given."""
    environment = {**os.environ, **(dict.fromkeys(_CACHES, caches) if caches else {})}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise CaspianError(f"A process of the benchmark ended with {done.returncode}: {last or 'no word'}")
    return done.stdout


def _wall_s(*words: str, caches: str | None = None) -> float:
    began = time.perf_counter()
    _child(*words, caches=caches)
    return time.perf_counter() - began


def bare_starts(turns: int) -> Contender:
    """An interpreter that does nothing, and what ``import sim`` and ``caspian --help`` take beyond that."""

    def take(_turn: int) -> Mapping[str, float]:
        bare_s = _wall_s("-c", "pass")
        return {
            "bare_start_s": bare_s,
            "import_start_s": _wall_s("-c", "import sim") - bare_s,
            "help_start_s": _wall_s("-m", "sim", "--help") - bare_s,
        }

    return Contender(take=take, turns=turns)


def engine_starts(engine: str, turns: int) -> Contender:
    """A fresh process that reads the corridor and runs three days of it: with an empty cache, and with the one this left."""

    def take(_turn: int) -> Mapping[str, float]:
        words = "-m", "sim.bench.child", "start", engine, str(corridor())
        with _empty_folder() as caches:
            return {
                f"{engine}_cold_start_s": _wall_s(*words, caches=caches),
                f"{engine}_warm_start_s": _wall_s(*words, caches=caches),
            }

    return Contender(take=take, turns=turns)


@contextmanager
def _empty_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield folder


def long_run(size: int, engine: str, what: str, turns: int) -> Contender:
    """A run so long that it releases about `size` consignments: the corridor as it is, for months or for decades."""
    scenario = load(str(corridor())).scenario
    per_s = sum(stream.volume / stream.lot.mean() for stream in scenario.demand if stream.lot) / YEAR_S
    length_s = max(size / per_s - scenario.run.warm_up, 1.0)
    return _run(f"long_{size}", (f"run.run_length={length_s:.0f} s",), engine, what, turns)


def wide_run(factor: int, engine: str, what: str, turns: int) -> Contender:
    """A year of the corridor made `factor` times as wide: cargo, fleets, berths, cranes, lanes and servers alike."""
    return _run(f"wide_{factor}", tuple(widened(load(str(corridor())), factor)), engine, what, turns)


def widened(resolved: Resolved, factor: int) -> Iterator[str]:
    """What is to be set to make the corridor `factor` times as wide."""
    scenario = resolved.scenario
    yield f"scale.throughput={factor}"
    for service in scenario.services:
        yield f"services.{service.id}.vehicles={factor * service.vehicles}"
    for terminal in scenario.terminals:
        yield f"terminals.{terminal.id}.berths={factor * terminal.berths}"
        if terminal.cranes is not None:
            yield f"terminals.{terminal.id}.cranes={factor * terminal.cranes}"
        if terminal.gate is not None:
            yield f"terminals.{terminal.id}.gate.lanes={factor * terminal.gate.lanes}"
    for post in scenario.posts:
        yield f"posts.{post.id}.servers={factor * post.servers}"


def _run(name: str, sets: tuple[str, ...], engine: str, what: str, turns: int) -> Contender:
    def take(_turn: int) -> Mapping[str, float]:
        found = json.loads(_child("-m", "sim.bench.child", what, engine, str(corridor()), *sets))
        return {
            f"{what}_{name}_us_each": 1e6 * found["took_s"] / found["consignments"],
            f"{what}_{name}_consignments": found["consignments"],
            f"{what}_{name}_peak_mb": found["peak_bytes"] / 1e6,
        }

    return Contender(take=take, turns=turns)
