import functools
import math
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sim.errors import CaspianError
from sim.experiment.executors import Executor, executor_of
from sim.experiment.executors import cluster as dask_cluster

ROOT = Path(__file__).parents[2]


def results(executor: Executor, work: object, tasks: object) -> dict[object, tuple[object, str]]:
    """Result and error of every task."""
    with closing(executor):
        return {outcome.task: (outcome.result, outcome.error) for outcome in executor.perform(work, tasks)}  # type: ignore[arg-type, var-annotated]


def slow_root(n: float) -> float:
    """A root that takes a moment."""
    time.sleep(0.05)
    return math.sqrt(n)


def dies_at_7(n: int) -> int:
    """Kills its own process at one task, whoever does it."""
    time.sleep(0.02)
    if n == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A Dask scheduler of its own on loopback; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with started(words):
        yield f"tcp://127.0.0.1:{port}"


class started:  # noqa: N801 - it reads as a verb
    """A Dask process while the block runs."""

    def __init__(self, words: list[str]):
        self.words = words

    def __enter__(self) -> "subprocess.Popen[bytes]":
        path = os.pathsep.join([str(ROOT), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dask", *self.words], env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def worker(address: str) -> started:
    """A worker with one thread."""
    return started(["worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--death-timeout", "30"])


@pytest.mark.parametrize("on", ["serial", "local:2"])
def test_every_task_has_one_outcome(on: str) -> None:
    """Results and errors come back with their tasks; an exception is an outcome like any other."""
    found = results(executor_of(on), math.sqrt, [1.0, 4.0, -1.0, 9.0])
    assert {task: result for task, (result, _) in found.items()} == {1.0: 1.0, 4.0: 2.0, -1.0: None, 9.0: 3.0}
    assert [error for _, error in found.values() if error] == [found[-1.0][1]]
    assert found[-1.0][1].startswith("ValueError: ")


@pytest.mark.parametrize("on", ["serial", "local:2"])
def test_tasks_are_taken_as_slots_come_free(on: str) -> None:
    """An endless iterable is not read ahead of what two tasks to a slot need; who stops early leaves no process behind."""
    taken: list[int] = []

    def endless() -> Iterator[float]:
        while True:
            taken.append(1)
            yield float(len(taken))

    executor = executor_of(on)
    with closing(executor.perform(slow_root, endless())) as outcomes:
        for _ in range(5):
            next(outcomes)
    assert len(taken) <= 5 + 2 * executor.slots
    assert not multiprocessing.active_children()


def test_a_task_that_kills_its_process_is_blamed_alone() -> None:
    """The poison task is told to have killed its worker; all its neighbours are done, whatever died with it."""
    found = results(executor_of("local:2"), dies_at_7, range(14))
    assert {task for task, (_, error) in found.items() if error} == {7}
    assert "worker process died" in found[7][1]
    assert {task for task, (result, _) in found.items() if result is not None} == set(range(14)) - {7}


def test_a_worker_killed_from_outside_loses_nothing() -> None:
    """`kill -9` of a process of the pool: its tasks are done by another."""
    killed: list[int] = []

    def kill_one() -> None:
        for _ in range(200):
            if children := multiprocessing.active_children():
                time.sleep(0.7)
                os.kill(children[0].pid or 0, signal.SIGKILL)
                killed.append(1)
                return
            time.sleep(0.05)

    killer = threading.Thread(target=kill_one)
    killer.start()
    found = results(executor_of("local:2"), functools.partial(time.sleep), [0.1 + n / 1e6 for n in range(40)])
    killer.join()
    assert killed
    assert len(found) == 40
    assert not any(error for _, error in found.values())


@pytest.mark.parametrize("on", ["", "serial:2", "local:0", "local:two", "tcp:", "thread", "loca"])
def test_where_nothing_can_run_is_refused(on: str) -> None:
    """Words that name no place are answered with what may be said, and the nearest right word."""
    with pytest.raises(CaspianError, match=r"expected serial, local \(all cores\)") as fault:
        executor_of(on)
    assert ("did you mean 'local'" in str(fault.value)) == (on.startswith("loca"))


def test_more_processes_than_a_machine_can_use_are_refused() -> None:
    """A slip of the finger does not fill the memory."""
    with pytest.raises(CaspianError, match="99999 processes are more than this machine can use"):
        executor_of("local:99999")


def test_a_cluster_does_what_a_process_does(scheduler: str) -> None:
    """The same outcomes from Dask workers, exceptions included; a worker killed in the middle loses nothing."""
    with worker(scheduler) as first, worker(scheduler):
        executor = executor_of(scheduler)
        for _ in range(100):
            if executor.slots == 2:
                break
            time.sleep(0.1)
        assert executor.name == scheduler
        with closing(executor):
            found = {each.task: (each.result, each.error) for each in executor.perform(math.sqrt, [4.0, -1.0, 9.0])}
            assert found[4.0] == (2.0, "")
            assert found[9.0] == (3.0, "")
            assert found[-1.0][1].startswith("ValueError: ")
            ended = []
            for outcome in executor.perform(time.sleep, [0.1 + n / 1e6 for n in range(30)]):
                ended.append(outcome.error)
                if len(ended) == 5:
                    first.kill()
            assert ended == [""] * 30


def test_a_scheduler_without_workers_or_none_at_all(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are told in words, with the address, and soon."""
    monkeypatch.setattr(dask_cluster, "_WORKERS_S", 1)
    monkeypatch.setattr(dask_cluster, "_ANSWER_S", 1)
    with pytest.raises(CaspianError, match="has no workers"):
        executor_of(scheduler)
    with pytest.raises(CaspianError, match=r"No scheduler answers at tcp://127.0.0.1:9"):
        executor_of("tcp://127.0.0.1:9")


def test_workers_of_another_model_are_refused(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose program would give other rows is told by name with its version."""
    with worker(scheduler):
        monkeypatch.setattr(dask_cluster, "model_version", lambda: "0.0.0+other")
        with pytest.raises(CaspianError, match=r"another model than this process, which has 0\.0\.0\+other"):
            executor_of(scheduler)


def test_without_dask_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster needs an extra; asking for one without it says which."""
    monkeypatch.setattr(dask_cluster, "find_spec", lambda _: None)
    with pytest.raises(CaspianError, match=r"\[cluster\]"):
        executor_of("tcp://127.0.0.1:8786")
