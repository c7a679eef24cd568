"""Mishaps around a command: what the system refuses is said in a line and exits with 2, never with a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import main

QUICK = ("--set", "run.run_length=1 d", "--set", "run.warm_up=0 s", "--set", "run.drain=1 s", "-n", "1")


def _caspian(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_results_that_cannot_be_written_are_said_in_a_line(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("", encoding="utf-8")

    result = _caspian("run", "baseline", *QUICK, "--results", str(tmp_path / "taken"))

    assert result.exit_code == 2
    taken = tmp_path / "taken"
    assert result.stderr == f"--results {taken}: {taken} is a file; expected a folder, there or to be made.\n"


@pytest.mark.parametrize("command", [("run", "baseline", *QUICK), ("trace", "baseline", *QUICK[:-2], "-c", "0")])
def test_a_terminal_that_knows_only_ascii_gets_question_marks(command: tuple[str, ...], tmp_path: Path) -> None:
    """Signs such as · and → are not worth a failure."""
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run([sys.executable, "-m", "sim", *command], capture_output=True, check=False, cwd=tmp_path, env=env)

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"?" in ended.stdout


def test_an_empty_precision_is_none() -> None:
    """It is not taken for one that was not asked for."""
    result = _caspian("run", "baseline", "--precision", "")

    assert result.exit_code == 2
    assert "--precision : is not a share" in result.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_run_that_is_ended_takes_its_workers_along(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    """Nothing is left, however it ends: no process that holds the pipe open, and no results."""
    long = ("run", "baseline", "-n", "500", "-j", "2", "--set", "run.run_length=30 d", "--set", "run.drain=1 d")
    running = subprocess.Popen(
        [sys.executable, "-m", "sim", *long], stdout=subprocess.PIPE, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    if not children.exists():
        running.kill()
        pytest.skip("the system does not tell of the children of a process")
    deadline = time.monotonic() + 60
    while len(children.read_text(encoding="ascii").split()) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)

    running.send_signal(sent)
    try:
        running.communicate(timeout=20)
    finally:
        running.kill()

    assert running.returncode == code
    assert not (tmp_path / "results").exists()
