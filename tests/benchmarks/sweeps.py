"""Whether a sweep comes out the same however it is run, what it costs, and what its driver holds.

``python -m tests.benchmarks.sweeps same --points 256 --replications 20``: one sweep of the baseline, uninterrupted in
processes of this machine; killed with SIGKILL again and again and resumed; in one process; and on a Dask scheduler with two
workers, one of which is killed in the middle. The ordered dumps of the four stores must be equal.

``… pace``: runs per second of a sweep of the benchmark's corridor, beside the plain SimPy model in a process pool; and the
driver's share of the time. ``… memory``: the most that the driver holds over a thousand and over a hundred thousand runs,
and a worker over twenty and over two hundred batches.

Not tests of the suite, since they take long; small forms of them are. What they gave last stands in `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sim.experiment.executors import executor_of
from sim.experiment.executors.serial import Serial
from sim.experiment.model import model_version
from sim.experiment.sweeps.asking import ask, read, study
from sim.experiment.sweeps.database import Made, Store
from sim.experiment.sweeps.designs import Design
from sim.experiment.sweeps.driving import Batch, Done, drive, perform_batch
from sim.experiment.sweeps.finding import folder_name
from sim.scenario import load
from tests.benchmarks.yardstick import CORRIDOR, Numbers, numbers, simulate

__all__ = ["Ways", "cluster", "dumped", "main"]

ROOT = Path(__file__).parents[2]
BASELINE = """\
scenario = "baseline"
design = "sobol"
[factors]
services.vessels.vehicles = "2..5"
services.vessels.fill = "50..90 %"
scale.throughput = "0.8..1.4"
scale.transit_time = "0.9..1.2"
terminals.aktau-quay.berths = "2..4"
"""


class Ways:
    """One sweep, run by the command in several ways, each into a folder of its own."""

    def __init__(self, folder: Path, text: str, replications: int):
        self.folder, self.replications = folder, replications
        self.file = folder / "sweep.toml"
        self.file.write_text(text)
        self.name = folder_name(read(self.file))

    def words(self, into: str, on: str) -> list[str]:
        """The command."""
        return [sys.executable, "-m", "sim", "sweep", str(self.file), "-n", str(self.replications), "--on", on,
                "--results", str(self.folder / into), "--json"]  # fmt: skip

    def run(self, into: str, on: str) -> Path:
        """Run it to its end; gives the store."""
        subprocess.run(self.words(into, on), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        return self.store(into)

    def store(self, into: str) -> Path:
        """Where its runs are kept."""
        return self.folder / into / "sweeps" / self.name / "sweep.sqlite"

    def killed(self, into: str, on: str, gained: int) -> int:
        """Run it, killing the driver with SIGKILL whenever it has stored so many runs more, until it ends; how often."""
        kills = 0
        while True:
            before = self.stored(into)
            with subprocess.Popen(self.words(into, on), stdout=subprocess.DEVNULL, cwd=ROOT) as driver:
                while driver.poll() is None and self.stored(into) < before + gained:
                    time.sleep(0.02)
                if driver.poll() is None:
                    driver.send_signal(signal.SIGKILL)
                    kills += 1
                    continue
            if driver.returncode:
                raise SystemExit(f"the sweep ended with {driver.returncode}")
            return kills

    def stored(self, into: str) -> int:
        """Runs that are kept so far."""
        if not self.store(into).is_file():
            return 0
        with closing(Store(self.store(into), model_version(), 0)) as kept:
            return kept.count()


def dumped(store: Path) -> tuple[str, int]:
    """A digest of the ordered dump of a store, and the number of runs in it."""
    digest = hashlib.sha256()
    with closing(Store(store, model_version(), 0)) as kept:
        for line in kept.dump():
            digest.update(f"{line}\n".encode())
        runs = kept.count()
    return digest.hexdigest(), runs


@contextmanager
def cluster(workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler on loopback and some workers with a thread each: its address, and the workers' processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> None:
        started.append(
            subprocess.Popen([sys.executable, "-m", "dask", *words, "--no-dashboard"], env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )  # fmt: skip

    start("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
    for _ in range(workers):
        start("worker", address, "--nthreads", "1", "--no-nanny")
    try:
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _same(points: int, replications: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ways = Ways(Path(folder), f"points = {points}\n{BASELINE}", replications)
        found: dict[str, tuple[str, int]] = {}

        def told(way: str, store: Path, began: float, more: str = "") -> None:
            found[way] = dumped(store)
            digest, runs = found[way]
            took_s = time.perf_counter() - began
            _say(f"{way:<20} {runs:>6} runs  {took_s:8.1f} s  {runs / took_s:6.2f}/s  {digest[:16]}  {more}")

        began = time.perf_counter()
        told("local:2", ways.run("local", "local:2"), began)
        began = time.perf_counter()
        kills = ways.killed("killed", "local:2", max(1, points * replications // 8))
        told("killed and resumed", ways.store("killed"), began, f"{kills} times killed")
        began = time.perf_counter()
        with cluster() as (address, workers):
            driver = subprocess.Popen(ways.words("dask", address), stdout=subprocess.DEVNULL, cwd=ROOT)
            time.sleep(60 if points * replications > 1000 else 5)
            workers[0].kill()
            driver.wait()
        told("dask, one killed", ways.store("dask"), began)
        began = time.perf_counter()
        told("serial", ways.run("serial", "serial"), began)
        if len({digest for digest, _ in found.values()}) > 1:
            raise SystemExit("the stores differ")
        _say("all stores are equal")


def _pace(turns: int) -> None:
    """Runs per second of both in two processes on one model, and what the driver itself takes."""
    resolved, read_numbers = load(str(CORRIDOR)), numbers(CORRIDOR)
    factors = {"services.trucks.vehicles": [58, 59, 60, 61, 62, 63, 64, 65]}
    replications, plain = 16 * turns, 6 * turns
    asked = ask(resolved, factors, replications=replications)
    with closing(executor_of("local:2")) as executor, tempfile.TemporaryDirectory() as folder:
        began, driver_s = time.perf_counter(), time.process_time()
        points = study(asked)
        drive(points, Store(Path(folder) / "sweep.sqlite", model_version(), asked.seed), executor)
        took_s, driver_s = time.perf_counter() - began, time.process_time() - driver_s
    ours = len(points.points) * replications / took_s
    began = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        for future in [pool.submit(_plain, read_numbers, number) for number in range(plain)]:
            future.result()
    theirs = plain / (time.perf_counter() - began)
    _say(f"sweep            {ours:8.2f} runs/s in two processes, start-up, store and checks included")
    _say(f"plain SimPy      {theirs:8.2f} runs/s in two processes, its loop alone")
    _say(f"ratio            {ours / theirs:8.1f}")
    _say(f"driver's share   {driver_s / (2 * took_s):8.2%} of the time of two cores ({driver_s:.1f} s in {took_s:.1f} s)")


def _plain(read_numbers: Numbers, replication: int) -> int:
    """One replication of the plain SimPy model, and how many lots moved; what else it saw stays in the worker."""
    return len(simulate(read_numbers, 1, replication).lots)


class _Made(Serial):
    """Hands over runs that are made up, so that only the driver is measured."""

    def perform(self, _work: Any, tasks: Any) -> Any:
        return Serial.perform(self, _made_up, tasks)


def _made_up(batch: Batch) -> Done:
    kpis = {f"kpi_{number}": batch.replication / 7 + number for number in range(216)}
    return Done(
        made=tuple(Made(digest=point.digest, replication=batch.replication, kpis=kpis, checks_off=0, draws="0" * 32,
                        engine="compiled", host=platform.node(), took_s=0.1) for point in batch.points),
        failed=(),
    )  # fmt: skip


def _memory() -> None:
    tiny = load(str(ROOT / "tests" / "tiny.toml"))
    with tempfile.TemporaryDirectory() as folder:
        for runs in (1_000, 100_000):
            asked = study(
                ask(tiny, {"scale.tariffs": "0.5..1.5"}, Design(kind="sobol", points=100), replications=runs // 100)
            )
            kept = Store(Path(folder) / f"{runs}.sqlite", model_version(), asked.seed)
            began = time.perf_counter()
            drive(asked, kept, _Made())
            each_ms = 1e3 * (time.perf_counter() - began) / runs
            _say(f"driver, {runs:>7,} runs: {_peak_mb():6.0f} MB at most, {each_ms:.2f} ms a run")
    baseline = study(ask(load("baseline"), {"scale.throughput": [1.0, 1.1]}, replications=1))
    for done in range(1, 201):
        perform_batch(Batch(seed=1, replication=done, points=baseline.points))
        if done in (20, 200):
            _say(f"worker, {2 * done:>7,} runs: {_peak_mb():6.0f} MB at most")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="what", required=True)
    same = commands.add_parser("same")
    same.add_argument("--points", type=int, default=256)
    same.add_argument("--replications", type=int, default=20)
    pace = commands.add_parser("pace")
    pace.add_argument("--turns", type=int, default=3)
    commands.add_parser("memory")
    asked = parser.parse_args()
    if asked.what == "same":
        _same(asked.points, asked.replications)
    elif asked.what == "pace":
        _pace(asked.turns)
    else:
        _memory()


if __name__ == "__main__":
    main()
