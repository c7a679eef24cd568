"""What a child process of the benchmark does: ``python -m sim.bench.child start|kernel|pipeline ENGINE FILE [KEY=VALUE …]``.

It prints one JSON object. Alone in its process, a run pays for its own start and its own memory.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.draws import Draws, draw
from sim.engine import simulate
from sim.experiment.replication import Task, perform
from sim.scenario import Resolved, load
from sim.scenario.wiring import network_of
from sim.world.network import Network

__all__ = ["main", "peak_bytes"]

_BRIEF = {"run.warm_up": "1 d", "run.run_length": "3 d", "run.drain": "30 d", "scale.throughput": 1.0}


def peak_bytes() -> int:
    """The most memory that this process has held since its program began.

    Linux's own counter of the process is asked where there is one: `ru_maxrss` counts what the parent held, too.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return 1024 * int(line.split()[1])
    import resource  # noqa: PLC0415 - not there on every system

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _started(resolved: Resolved, engine: str) -> dict[str, float]:
    """A brief replication twice: the first pays for compiling, or for what is read from the cache."""
    brief = resolved.replace(_BRIEF)
    network = network_of(brief.scenario)
    draws = draw(brief.scenario, network, 1, 0)
    first, second = (_took_s(lambda: simulate(network, draws, engine)) for _ in range(2))
    return {"first_s": first, "second_s": second}


def _kernel(resolved: Resolved, engine: str) -> dict[str, float]:
    """Draws, and the engine's loop on them."""
    network = network_of(resolved.scenario)
    draws = draw(resolved.scenario, network, resolved.scenario.run.seed, 0)
    took_s = _took_s(lambda: simulate(network, draws, engine))
    return {"consignments": _released(network, draws), "took_s": took_s}


def _pipeline(resolved: Resolved, engine: str) -> dict[str, float]:
    """A whole replication; only its figures are kept."""
    task = Task(scenario=resolved.scenario, seed=resolved.scenario.run.seed, replication=0, engine=engine)
    took_s = _took_s(lambda: perform(task))
    network = network_of(resolved.scenario)
    return {"consignments": _released(network, draw(resolved.scenario, network, task.seed, 0)), "took_s": took_s}


def _released(network: Network, draws: Draws) -> int:
    """Consignments released by the end of the measured window, warm-up included; the drain is left out."""
    return int(np.count_nonzero(draws.release_s < network.window_to_s))


def _took_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main(words: list[str]) -> None:
    """Do what the words say and print what was found."""
    what, engine, file, *sets = words
    resolved = load(file, sets)
    if what != "start":
        perform(Task(scenario=resolved.replace(_BRIEF).scenario, seed=1, replication=0, engine=engine))
    found = {"start": _started, "kernel": _kernel, "pipeline": _pipeline}[what](resolved, engine)
    sys.stdout.write(json.dumps({**found, "peak_bytes": peak_bytes()}))


if __name__ == "__main__":
    main(sys.argv[1:])
