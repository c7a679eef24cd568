"""Many tasks on many cores: results in the order of the tasks, whatever the order in which they finish.

Here live the process pool and what Ctrl-C does to it. What a task is, is not known here; a task is a pure function of
its argument, so running it twice or elsewhere changes nothing. It lives in a module that can be imported, never in the
script that is being run: workers do not see that script, so that it needs no `if __name__ == "__main__":`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from sim.errors import CaspianError

__all__ = ["cores", "ordered", "workers"]

T = TypeVar("T")
R = TypeVar("R")

WORTH_A_POOL_S = 2.0
"""Work expected to take less than this stays in this process: starting workers would take as long."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered(
    work: Callable[[T], R], tasks: Iterable[T], expected: int, jobs: int | None = None, each_s: float = 0.0
) -> Generator[R]:
    """``work(task)`` for each task, in order, over `jobs` processes (all cores if None).

    Where the `expected` number of tasks would take about as long as starting workers does, all stay in this process. A task
    surely takes `each_s`; if that does not decide, the first task runs here and is timed. `work` and the tasks must be
    picklable without the script. A consumer that stops early wastes at most two tasks for each worker. On Ctrl-C, or when
    the consumer stops, workers are ended at once; a worker that dies raises `CaspianError`.
    """
    jobs = jobs or cores()
    rest = iter(tasks)
    if jobs > 1 and expected > 1 and each_s * (expected - 1) >= WORTH_A_POOL_S:
        yield from _pooled(work, rest, min(jobs, expected))
        return
    began = time.perf_counter()
    first = [work(task) for task in islice(rest, 1)]
    took_s = time.perf_counter() - began
    yield from first
    if jobs == 1 or took_s * (expected - 1) < WORTH_A_POOL_S:
        yield from map(work, rest)
    else:
        yield from _pooled(work, rest, min(jobs, expected - 1))


def _pooled(work: Callable[[T], R], tasks: Iterator[T], jobs: int) -> Iterator[R]:
    pending: deque[Future[R]] = deque()
    try:
        with workers(jobs) as submit:
            while True:
                pending.extend(submit(work, task) for task in islice(tasks, 2 * jobs - len(pending)))
                if not pending:
                    break
                result = pending[0].result()
                pending.popleft()
                yield result
    except BrokenProcessPool:
        raise CaspianError("A worker process died. If memory is short, use fewer jobs (`--jobs 1`).") from None


@contextmanager
def workers(jobs: int) -> Iterator[Callable[[Callable[[T], R], T], Future[R]]]:
    """So many processes while the block runs; gives the function that hands one of them a task.

    Whoever leaves the block by its end has waited for all tasks; whoever leaves it otherwise ends the processes at once.
    """
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)

    def submit(work: Callable[[T], R], task: T) -> Future[R]:
        with _interrupts_held(), _script_hidden():
            return pool.submit(work, task)

    is_over = False
    try:
        yield submit
        is_over = True
    finally:
        for worker in () if is_over else set(multiprocessing.active_children()) - others:
            worker.kill()
        pool.shutdown(wait=True, cancel_futures=True)


def _end_with_parent() -> None:
    """A worker ends when the process that started it does, however that comes to its end."""

    def watch(parent: multiprocessing.process.BaseProcess) -> None:
        parent.join()
        os._exit(1)

    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=watch, args=(parent,), daemon=True).start()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C, and SIGTERM, may reach every process of a group. Workers started in the block see neither; we do, after it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _script_hidden() -> Iterator[None]:
    """Workers started in the block do not run the user's script again.

    `multiprocessing` tells a new process to import what `__main__` was made from. In a script without a guard that would
    start the run once more in each worker; an empty `__main__` gives it nothing to import.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
