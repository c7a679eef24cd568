"""Processes of this machine. Where one dies, they are started anew, and only a task that kills them by itself is blamed."""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sim.experiment.executors.promise import Outcome
from sim.experiment.executors.serial import attempted
from sim.experiment.workers import workers

__all__ = ["Local", "local"]

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Tasks handed out for each process: one that runs and one that waits, so that none is idle."""
_ALONE = 2
"""Deaths in a row that a task must meet by itself to be blamed: one may have been somebody else's doing."""
_DIED = "the worker process died: it was killed, or ran out of memory (fewer processes need less: --on local:1)"


@dataclass(frozen=True, slots=True)
class Local:
    """So many processes of this machine, started when there is something to do."""

    name: str
    slots: int

    def perform(self, work: Callable[[T], R], tasks: Iterable[T]) -> Generator[Outcome[T, R]]:
        """Each task in one of the processes, in the order in which they end."""
        rest = iter(tasks)
        suspects = yield from _until_one_dies(work, rest, self.slots)
        while suspects:
            for suspect in suspects:
                yield from _by_itself(work, suspect)
            suspects = yield from _until_one_dies(work, rest, self.slots)

    def close(self) -> None:
        """Processes end with the work they were started for."""


def local(slots: int) -> Local:
    """So many processes of this machine."""
    return Local(f"local:{slots}", slots)


def _until_one_dies(
    work: Callable[[T], R], rest: Iterator[T], slots: int
) -> Generator[Outcome[T, R], None, list[T]]:  # fmt: skip
    """Perform tasks until there are no more, or until a process dies; gives the tasks that were under way then, if any."""
    pending: dict[Future[tuple[R | None, str]], T] = {}
    taken: list[T] = []
    try:
        with workers(slots) as submit:
            while True:
                while len(pending) < _AHEAD * slots and (taken := _next(rest)):
                    pending[submit(functools.partial(attempted, work), taken[0])] = taken[0]
                    taken = []
                if not pending:
                    return []
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    yield _outcome(pending[future], future)
                    del pending[future]
    except BrokenProcessPool:
        ended = {future for future in pending if future.done() and not isinstance(future.exception(), BrokenProcessPool)}
        for future in ended:
            yield _outcome(pending[future], future)
        return [task for future, task in pending.items() if future not in ended] + taken


def _next(rest: Iterator[T]) -> list[T]:
    """The next task, or nothing where there is none."""
    return list(islice(rest, 1))


def _outcome(task: T, future: Future[tuple[R | None, str]]) -> Outcome[T, R]:
    """What became of a task whose process lives; raises `BrokenProcessPool` where it died."""
    try:
        result, error = future.result()
    except BrokenProcessPool:
        raise
    except Exception as fault:  # noqa: BLE001 - what cannot be handed to a process, or back, is an outcome too
        result, error = None, f"{type(fault).__name__}: {fault}"
    return Outcome(task=task, result=result, error=error, host=platform.node())


def _by_itself(work: Callable[[T], R], task: T) -> Generator[Outcome[T, R]]:
    """Perform one task with no other beside it; where its process dies again and again, that is its outcome."""
    for _ in range(_ALONE):
        if not (yield from _until_one_dies(work, iter([task]), 1)):
            return
    yield Outcome(task=task, result=None, error=_DIED, host=platform.node())
