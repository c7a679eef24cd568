import multiprocessing
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from sim.errors import CaspianError
from sim.experiment.workers import cores, ordered


def slow_square(n: int) -> int:
    """Takes longer for the earlier tasks, so that they finish last."""
    time.sleep(0.3 if n == 1 else 0.05)
    return n * n


def where(n: int) -> tuple[int, int]:
    """Says which process did it."""
    time.sleep(0.2)
    return n, os.getpid()


def dies(n: int) -> int:
    """Ends its process at the third task."""
    time.sleep(0.2)
    if n == 3:
        os._exit(1)
    return n


def test_small_work_stays_in_this_process() -> None:
    """Work that would end before a worker has started is done here."""
    assert list(ordered(square, range(50), expected=50, jobs=2)) == [n * n for n in range(50)]
    assert not multiprocessing.active_children()


def square(n: int) -> int:
    """Takes no time."""
    return n * n


def test_results_come_in_the_order_of_the_tasks() -> None:
    """A task that takes longer than its successors is waited for."""
    assert list(ordered(slow_square, range(6), expected=1000, jobs=2)) == [0, 1, 4, 9, 16, 25]


def test_more_work_goes_to_other_processes() -> None:
    """The first task is done here, to learn how long one takes; the rest are done elsewhere."""
    done = list(ordered(where, range(5), expected=1000, jobs=2))
    assert [n for n, _ in done] == [0, 1, 2, 3, 4]
    assert done[0][1] == os.getpid()
    assert os.getpid() not in {process for _, process in done[1:]}


def test_one_job_means_no_other_process() -> None:
    """With one job all work is done here, however much there is."""
    assert {process for _, process in ordered(where, range(3), expected=1000, jobs=1)} == {os.getpid()}


def test_a_consumer_that_stops_ends_the_workers() -> None:
    """Leaving early ends the workers at once, busy or not."""
    with closing(ordered(where, range(1000), expected=1000, jobs=2)) as results:
        assert [next(results)[0], next(results)[0]] == [0, 1]
    assert not multiprocessing.active_children()


def test_a_worker_that_dies_is_said_so() -> None:
    """A worker that is killed ends the run with an error that the user can act on."""
    with pytest.raises(CaspianError, match="worker process died"):
        list(ordered(dies, range(6), expected=1000, jobs=2))
    assert not multiprocessing.active_children()


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    """A script that runs at its top level, without `if __name__ == "__main__":`, is run once, not again by workers."""
    script = tmp_path / "mine.py"
    script.write_text(
        """
import os, sys
from test_workers import where
from sim.experiment.workers import ordered
print("begun", flush=True)
found = list(ordered(where, range(5), expected=1000, jobs=2))
print([n for n, _ in found], os.getpid() in {process for _, process in found[1:]}, sys.modules["__main__"].__file__)
"""
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])},
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["begun", f"[0, 1, 2, 3, 4] False {script}"]


def test_a_machine_has_cores() -> None:
    """At least one core is there to work."""
    assert cores() >= 1
