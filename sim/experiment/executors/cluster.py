"""Workers of many machines, through the scheduler of a Dask cluster.

The cluster is the user's: it is started, grown and ended with Dask's own tools. Here it is only asked whether it has workers
and whether they have the same model, and given tasks. A worker that dies has its tasks done by another, which the scheduler
sees to.
"""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from sim.errors import CaspianError
from sim.experiment import model
from sim.experiment.executors.promise import Outcome
from sim.experiment.executors.serial import attempted
from sim.experiment.model import model_version

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Cluster", "cluster"]

T = TypeVar("T")
R = TypeVar("R")

_ANSWER_S = 10
"""How long a scheduler may take to answer."""
_WORKERS_S = 30
"""How long a scheduler without workers is given to get one."""
_AHEAD = 2
"""Tasks handed out for each thread of the cluster."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a scheduler, as many as it has at the time."""

    name: str
    client: Client

    @property
    def slots(self) -> int:
        """Threads of all workers."""
        return max(1, sum(map(int, self.client.nthreads().values())))

    def perform(self, work: Callable[[T], R], tasks: Iterable[T]) -> Generator[Outcome[T, R]]:
        """Each task on one of the workers, in the order in which they end; workers that join later are used too."""
        from distributed import as_completed

        rest, running = iter(tasks), dict[object, T]()
        done = as_completed(loop=self.client.loop)

        def hand_out() -> None:
            for task in islice(rest, max(0, _AHEAD * self.slots - len(running))):
                future = self.client.submit(functools.partial(_told, work, model_version()), task, pure=False)
                running[future.key] = task
                done.add(future)

        try:
            hand_out()
            while running:
                future = next(done)
                task = running.pop(future.key)
                yield _outcome(task, future)
                future.release()
                del future
                hand_out()
        finally:
            if running:
                self.client.cancel(list(done.futures), force=True)

    def close(self) -> None:
        """Leave the scheduler; it and its workers go on."""
        self.client.close()


def cluster(address: str) -> Cluster:
    """The cluster at a scheduler's address. Raises `CaspianError` where none answers, has workers, or has this model."""
    if find_spec("distributed") is None:
        raise CaspianError("A Dask cluster needs the extra: pip install 'caspian-route-sim[cluster]'.")
    from distributed import Client

    try:
        client = Client(address, timeout=_ANSWER_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as fault:
        raise CaspianError(f"No scheduler answers at {address}: {fault}") from None
    try:
        client.wait_for_workers(1, timeout=_WORKERS_S)
        _same_model(client, address)
    except TimeoutError:
        client.close()
        raise CaspianError(f"The scheduler at {address} has no workers (dask worker {address}).") from None
    except CaspianError:
        client.close()
        raise
    return Cluster(address, client)


def _same_model(client: Client, address: str) -> None:
    """Raises `CaspianError` where a worker would give other results than this process."""
    here = model_version()
    try:
        there = client.run(model.model_version)
    except ModuleNotFoundError:
        raise CaspianError(f"Workers of {address} cannot import sim: install caspian-route-sim {here} there.") from None
    other = {worker: version for worker, version in there.items() if version != here}
    if other:
        said = ", ".join(f"{worker} has {version}" for worker, version in other.items())
        raise CaspianError(f"Workers of {address} have another model than this process, which has {here}: {said}.")


def _told(work: Callable[[T], R], version: str, task: T) -> tuple[R | None, str, str]:
    """What came of a task on a worker, and on which machine; a worker that joined later with another model does none."""
    if model_version() != version:
        return None, f"this worker has another model, {model_version()}, not {version}", platform.node()
    return (*attempted(work, task), platform.node())


def _outcome(task: T, future: object) -> Outcome[T, R]:
    try:
        result, error, host = future.result()  # type: ignore[attr-defined]
    except Exception as fault:  # noqa: BLE001 - a worker that died again and again, or what cannot be sent, is an outcome too
        result, error, host = None, f"{type(fault).__name__}: {fault}", ""
    return Outcome(task=task, result=result, error=error, host=host)
