"""Broken scenarios: `broken/NAME.toml`, each with the whole message that its author gets, `broken/NAME.txt`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load

FOLDER = Path(__file__).parent / "broken"
MESSAGES = {path.stem: path.read_text(encoding="utf-8").rstrip("\n") for path in sorted(FOLDER.glob("*.txt"))}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_broken_scenario_says_everything_that_is_needed_to_mend_it(name: str) -> None:
    """Every problem has its place, its dotted key, what was expected and, where there is one, the nearest right word."""
    with pytest.raises(ScenarioError) as caught:
        load(f"{name}.toml")
    assert str(caught.value) == MESSAGES[name]


def test_what_the_broken_scenarios_extend_is_sound() -> None:
    """Nothing of what is reported comes from the file below."""
    assert load("good.toml").scenario.title == "Sound"


def test_every_broken_file_has_its_message() -> None:
    """No file lies in the folder whose message nobody looks at; the two other files of the circle belong to it."""
    files = {path.stem for path in FOLDER.glob("*.toml")}
    assert files == {*MESSAGES, "good", "circle-2", "circle-3"}
    assert len(MESSAGES) >= 10


def test_the_command_prints_the_message_and_exits_with_2() -> None:
    """`caspian check` ends with what to read next; sound files beside the broken one are still shown."""
    command = [sys.executable, "-m", "sim", "check", "good.toml", "unknown-node.toml"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stdout.startswith("good.toml: valid (")
    said = MESSAGES["unknown-node"]
    assert ended.stderr == f"{said} `caspian explain services.stops` shows meaning, unit, range, default.\n"
