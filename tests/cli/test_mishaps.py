"""Mishaps around a command: what the system refuses is said in a line and exits with 2, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
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
    assert result.stderr == f"{tmp_path / 'taken' / 'baseline'}: Not a directory\n"


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
