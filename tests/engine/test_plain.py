"""The compiled functions as plain Python, in a process of their own with compilation off: that is what coverage sees."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = {
    "stories": ["tests/stories"],
    "room": ["tests/agreement", "-k", "too_little_room"],
    "corridors": ["tests/properties", "-k", "every_audit"],
    "accounts": ["tests/kpis", "tests/causes", "tests/ledger"],
}


@pytest.mark.parametrize("case", CASES)
def test_uncompiled_the_kernel_and_the_passes_do_the_same(case: str) -> None:
    """Stories, random corridors and accounts hold with compilation off, in agreement with the reference engine."""
    words = ("PYTEST_", "NUMBA_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(words)}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *CASES[case]]
    done = subprocess.run(
        command, cwd=ROOT, env=environment | {"NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
