"""Driving a sweep: what is missing in the store becomes batches of runs, an executor performs them, the store takes them in.

The driver holds no finished run and makes batches as they are asked for, so that its memory does not grow with the number of
runs. What fails is tried again by itself; what fails for the third time is set aside with its error, and the sweep goes on.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sim.engine import prepare
from sim.experiment.executors import Executor, Outcome
from sim.experiment.replication import Series, Task
from sim.experiment.sweeps.asking import Point, Study, scenario_of
from sim.experiment.sweeps.database import Failure, Made, Store

__all__ = ["MOST_ATTEMPTS", "Batch", "Done", "Progress", "drive", "missing", "perform_batch", "seconds_each"]

MOST_ATTEMPTS = 3
"""Times that a run is tried before it is set aside."""
MOST_AT_ONCE = 16
"""Runs of a batch at most; they share their uniforms, and are lost together when they are stopped."""
_ROUNDS = 4
"""Batches for each worker at least, so that none is idle for long at the end."""

Progress = Callable[[int, int], None]
"""Told how many runs are stored of those that are wanted, before the first one and after each batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Runs of one replication of some points, to be made together somewhere."""

    seed: int
    replication: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a batch: its runs in order, and of those that failed the digest and the error."""

    made: tuple[Made, ...]
    failed: tuple[tuple[str, str], ...]


def perform_batch(batch: Batch) -> Done:
    """Make the runs of a batch; one that fails leaves the others alone."""
    series = Series()
    made, failed = list[Made](), list[tuple[str, str]]()
    for point in batch.points:
        began = time.perf_counter()
        task = Task(scenario=scenario_of(point), seed=batch.seed, replication=batch.replication, engine=point.engine,
                    simulation=point.simulation)  # fmt: skip
        try:
            row = series.perform(task)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is told, tried again and set aside
            failed.append((point.digest, f"{type(fault).__name__}: {fault}"))
            continue
        made.append(
            Made(
                digest=point.digest, replication=batch.replication, kpis=row.kpis, draws=row.draws, engine=point.engine,
                checks_off=sum(map(abs, row.checks.values())), host=platform.node(), took_s=time.perf_counter() - began,
            )
        )  # fmt: skip
    return Done(made=tuple(made), failed=tuple(failed))


def missing(study: Study, store: Store) -> Iterator[tuple[int, list[Point]]]:
    """Of each replication: the points that are not stored and not set aside, those that share a simulation side by side.

    Points whose scenarios are equal are run once.
    """
    points = sorted({point.digest: point for point in study.points}.values(), key=lambda point: point.simulation)
    aside = {(failure.digest, failure.replication) for failure in store.failures()}
    for replication in range(study.replications):
        stored = store.stored(replication)
        wanted = [point for point in points if point.digest not in stored and (point.digest, replication) not in aside]
        if wanted:
            yield replication, wanted


def seconds_each(study: Study, store: Store) -> float:
    """What a run takes, by those stored; where there are none, by one that is made now and not kept."""
    known = store.mean_took_s()
    if known is not None:
        return known
    prepare(study.points[0].engine)
    batch = Batch(seed=study.seed, replication=0, points=(study.points[0],))
    perform_batch(batch)
    began = time.perf_counter()
    perform_batch(batch)
    return time.perf_counter() - began


def drive(study: Study, store: Store, executor: Executor, progress: Progress | None = None) -> list[Failure]:
    """Make and store every run of the study that is missing; gives what was set aside in the course of it.

    Where it is stopped, what was stored stays, and the next call goes on from there.
    """
    store.name_points({point.digest: point.levels for point in study.points})
    total = len({point.digest for point in study.points}) * study.replications
    todo = sum(len(points) for _, points in missing(study, store))
    told = _Told(total - todo, total, progress)
    size = max(1, min(MOST_AT_ONCE, todo // (_ROUNDS * executor.slots)))
    for engine in {point.engine for point in study.points} if todo else ():
        prepare(engine)
    again: list[Batch] = []
    aside: list[Failure] = []
    batches: Iterable[Batch] = _batches(study, store, size)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with closing(executor.perform(perform_batch, batches)) as outcomes:
            for outcome in outcomes:
                failed = _taken(outcome, store, attempt, again, aside)
                told(len(outcome.task.points) - failed)
        batches, again = again, []
    told(len(aside))
    return aside


def _taken(outcome: Outcome[Batch, Done], store: Store, attempt: int, again: list[Batch], aside: list[Failure]) -> int:
    """Store what a batch made, and put what failed down for another attempt, each run by itself, or aside; how many
    failed.
    """
    batch, done = outcome.task, outcome.result
    failed = done.failed if done is not None else tuple((point.digest, outcome.error) for point in batch.points)
    errors = dict(failed)
    lost: list[Failure] = []
    for point in batch.points:
        if point.digest not in errors:
            continue
        if attempt < MOST_ATTEMPTS:
            again.append(Batch(seed=batch.seed, replication=batch.replication, points=(point,)))
        else:
            lost.append(Failure(digest=point.digest, replication=batch.replication, attempts=attempt,
                                error=errors[point.digest], host=outcome.host))  # fmt: skip
    store.put(done.made if done is not None else (), lost)
    aside += lost
    return len(errors)


def _batches(study: Study, store: Store, size: int) -> Iterator[Batch]:
    for replication, points in missing(study, store):
        for some in _parts(points, size):
            yield Batch(seed=study.seed, replication=replication, points=tuple(some))


def _parts(points: Sequence[Point], size: int) -> Iterator[list[Point]]:
    """Points in parts of about this size; those that share a simulation stay together where that fits twice over."""
    part: list[Point] = []
    for point in points:
        if len(part) >= size and (point.simulation != part[-1].simulation or len(part) >= 2 * size):
            yield part
            part = []
        part.append(point)
    if part:
        yield part


@dataclass(slots=True)
class _Told:
    """Counts what is stored, and tells it."""

    done: int
    total: int
    progress: Progress | None

    def __post_init__(self) -> None:
        self(0)

    def __call__(self, more: int) -> None:
        self.done += more
        if self.progress:
            self.progress(self.done, self.total)
