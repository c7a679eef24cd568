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
        return local(int(rest) if rest else cores())
    if kind in ("tcp", "tls") and rest.startswith("//") and len(rest) > 2:
        module = import_module("sim.experiment.executors.cluster")
        executor: Executor = module.cluster(on)
        return executor
    near = nearest(kind, _WORDS)
    raise CaspianError(f"Nothing can run on '{on}' (expected {_FORMS})" + (f"; did you mean '{near}'?" if near else "."))
