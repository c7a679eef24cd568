"""Executors: where the tasks of a sweep run. In this process, in processes of this machine, or on workers of many machines.

All three keep one promise, said in `promise`: tasks are taken as slots come free, what ends is handed over and forgotten,
and a worker that dies takes no other task with it. A new executor is a module here and a line below. What a task does, and
what happens to one that fails, is not known here.
"""

from __future__ import annotations

from importlib import import_module

from sim.errors import CaspianError, nearest
from sim.experiment.executors.local import local
from sim.experiment.executors.promise import Executor, Outcome
from sim.experiment.executors.serial import Serial
from sim.experiment.workers import cores

__all__ = ["Executor", "Outcome", "executor_of"]

MOST_LOCAL = 16
"""Processes that may be asked of a machine of whatever size; beyond them, four for each core."""
_FORMS = "serial, local (all cores), local:N, or tcp://HOST:PORT of a Dask scheduler"
_WORDS = ("serial", "local", "tcp", "tls")


def executor_of(on: str) -> Executor:
    """The executor that words such as ``local:4`` name: ``serial``, ``local``, ``local:N``, ``tcp://…`` or ``tls://…``.

    Raises `CaspianError` where they name none, or where no scheduler answers there.
    """
    kind, _, rest = on.partition(":")
    if on == "serial":
        return Serial()
    if kind == "local" and (on == "local" or (rest.isdecimal() and int(rest) > 0)):
        slots, most = int(rest) if rest else cores(), max(MOST_LOCAL, 4 * cores())
        if slots > most:
            raise CaspianError(f"{slots} processes are more than this machine can use (expected {most} at most; it has "
                               f"{cores()} cores): they would wait for each other and fill the memory.")  # fmt: skip
        return local(slots)
    if kind in ("tcp", "tls") and rest.startswith("//") and len(rest) > 2:
        module = import_module("sim.experiment.executors.cluster")
        executor: Executor = module.cluster(on)
        return executor
    near = nearest(kind, _WORDS)
    raise CaspianError(f"Nothing can run on '{on}' (expected {_FORMS})" + (f"; did you mean '{near}'?" if near else "."))
