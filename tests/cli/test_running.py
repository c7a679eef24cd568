import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import main

TINY = str(Path(__file__).parents[1] / "tiny.toml")
BRIEF = "--set", "run.run_length=8 d", "--set", "run.warm_up=2 d", "-j", "1"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def caspian(*words: str) -> Result:
    """The command as a user types it, in this process."""
    return CliRunner().invoke(main, words)


def shell(*words: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, its output in a pipe."""
    return subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, text=True, check=False, timeout=120)


def test_a_run_says_what_it_found_and_where_it_is() -> None:
    """Heading, table, bottleneck, checks of exactly zero, the folder, and what to do next; exit code 0."""
    result = caspian("run", TINY, "-n", "2", "-j", "1")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("Scenario tiny (")
    assert "30 d after 10 d warm-up  seed 7" in lines[0]
    for word in ("Lead time", "Throughput", "Landed cost add-on", "Bottleneck", "Results", "Next"):
        assert any(line.startswith(word) for line in lines), word
    checks = next(line for line in lines if line.startswith("Checks"))
    assert "(0 kg off)" in checks
    assert "(0 s, 0.00 USD off)" in checks
    folder = Path(next(line for line in lines if line.startswith("Results")).split()[1])
    assert (folder / "kpis.csv").is_file()
    assert sorted(path.name for path in (folder / "figures").iterdir()) == [
        "causes.svg",
        "gantt.svg",
        "map.svg",
        "yards.svg",
    ]


def test_a_pipe_gets_plain_lines() -> None:
    """In a pipe there is no colour, no progress bar and no line that comes back on itself, on either stream."""
    done = shell("run", TINY, "-n", "2")
    assert done.returncode == 0, done.stderr
    assert "Lead time" in done.stdout
    assert not set("\x1b\r\b") & set(done.stdout + done.stderr)
    assert done.stderr == ""


def test_json_is_one_object() -> None:
    """With --json standard output is one object: what was run, its KPIs with intervals, its checks and its folder."""
    found = json.loads(caspian("run", TINY, "-n", "2", "--json", "--set", "services.ship.vehicles=3").output)
    assert list(found) == [
        "scenario", "digest", "engine", "engine_note", "seed", "replications", "kpis", "interval", "bottleneck", "checks",
        "results",
    ]  # fmt: skip
    assert found["interval"] == 0.95
    assert set(found["bottleneck"]) == {"what", "id", "cargo_wait_h", "utilisation", "says"}
    assert found["kpis"]["on_time_share"]["unit"] == "share"
    assert (found["scenario"], found["seed"], found["replications"], found["engine"]) == ("tiny", 7, 2, "compiled")
    lead_time = found["kpis"]["lead_time_d"]
    assert list(lead_time) == ["mean", "lo", "hi", "unit"]
    assert lead_time["lo"] < lead_time["mean"] < lead_time["hi"]
    assert lead_time["unit"] == "d"
    assert found["kpis"]["spoilage_share"]["mean"] is None
    assert set(found["checks"].values()) == {0}
    assert Path(found["results"], "manifest.json").is_file()


def test_one_replication_alone_equals_that_of_a_whole_run() -> None:
    """The row of `--replication 2` is the row 2 of the whole run, byte for byte; it has no interval."""
    whole, alone = caspian("run", TINY, "--json"), caspian("run", TINY, "--json", "--replication", "2")
    rows = [(Path(json.loads(result.output)["results"]) / "kpis.csv").read_text().splitlines() for result in (whole, alone)]
    assert rows[0][0] == rows[1][0]
    assert rows[0][3] == rows[1][1]
    assert json.loads(alone.output)["kpis"]["lead_time_d"]["lo"] is None


def test_changes_are_printed_first() -> None:
    """--set prints what it changes, from what to what, before anything else."""
    result = caspian("run", TINY, "-n", "1", "--set", "services.ship.vehicles=3", "--set", "run.drain=30 d")
    assert sorted(result.output.splitlines()[:2]) == ["run.drain: 20 d → 30 d", "services.ship.vehicles: 2 → 3"]
    assert result.output.splitlines()[2].startswith("Scenario tiny")


def test_a_precision_runs_until_it_is_met() -> None:
    """--precision with a KPI named runs ten replications at least and says what was reached."""
    result = caspian("run", TINY, *BRIEF, "--precision", "10%", "--kpi", "co2e_kg_per_t", "--most", "12")
    assert result.exit_code == 0, result.output
    line = next(line for line in result.output.splitlines() if line.startswith("Precision"))
    assert "co2e_kg_per_t" in line
    assert "after 10 replications" in line


def test_a_precision_that_is_not_met_is_said_so() -> None:
    """Where the most is reached first, the run ends and says that the precision was not reached."""
    result = caspian("run", TINY, *BRIEF, "--precision", "0.1 %", "--kpi", "lead_time_d", "--most", "10")
    assert "was not reached" in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--precision", "50%"), "precision"),
        (("--precision", "two"), "such as 2%"),
        (("--kpi", "lead_tim_d", "--precision", "2%"), "did you mean 'lead_time_d'"),
        (("--engine", "referense"), "did you mean 'reference'"),
        (("-n", "3", "--replication", "1"), "exclude one another"),
        (("--set", "services.ship.vehicle=3"), "did you mean 'vehicles'"),
    ],
)
def test_a_mistake_is_answered_in_words(words: tuple[str, ...], says: str) -> None:
    """What the user got wrong ends with exit code 2, a sentence and no traceback; nothing is written."""
    result = caspian("run", TINY, *words)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output
    assert not Path("results").exists()


def test_a_check_that_fails_is_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cent that went missing turns the line of the checks into an alarm and the exit code into 1."""
    monkeypatch.setattr(
        "sim.experiment.replication.checks", lambda _: {"kg_off": 0, "seconds_off": 0, "cents_off": 1, "events_unlawful": 0}
    )
    result = caspian("run", TINY, "-n", "1")
    assert result.exit_code == 1
    assert "CHECKS FAILED" in result.output
    assert "0.01 USD off" in result.output


def test_the_warm_up_is_judged() -> None:
    """--judge-warm-up compares the warm-up with one twice as long and gives a verdict for each main KPI; no files."""
    result = caspian("run", TINY, "--judge-warm-up", "-n", "2", "-j", "1")
    assert result.exit_code == 0, result.output
    assert "Warm-up of 10 d against 20 d, 2 pairs" in result.output
    assert "lead_time_d" in result.output
    assert not Path("results").exists()
    found = json.loads(caspian("run", TINY, "--judge-warm-up", "-n", "2", "-j", "1", "--json").output)
    assert set(found["verdicts"]) == {"lead_time_d", "throughput_kt"}


def test_a_consignment_tells_its_story() -> None:
    """The hours of a trace add up to the lead time and its charges to the landed cost; both are said to be 0 off."""
    result = caspian("trace", TINY, "--consignment", "5")
    assert result.exit_code == 0, result.output
    assert "Consignment 5 of tiny, seed 7, replication 0" in result.output
    assert "0 s off" in result.output
    assert "0.00 USD off" in result.output
    assert "under way to anzali-quay" in result.output
    assert "Local time: anzali Asia/Tehran." in result.output


def test_a_story_as_json() -> None:
    """With --json the steps and charges come as one object whose checks are zero and whose steps follow one another."""
    found = json.loads(caspian("trace", TINY, "-c", "5", "-r", "1", "--json").output)
    assert found["checks"] == {"off_s": 0, "off_cents": 0}
    assert sum(step["seconds"] for step in found["steps"]) == found["lead_s"]
    assert sum(charge["cents"] for charge in found["charges"] if charge["payer"] != "carrier") == found["landed_cents"]


def test_a_consignment_that_is_not_there() -> None:
    """A number too high is answered with the numbers there are."""
    result = caspian("trace", TINY, "-c", "9999")
    assert result.exit_code == 2
    assert "the numbers 0 to" in result.output


def test_ctrl_c_is_answered_with_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops a run is told how many replications were done and that nothing is left of them; exit code 130."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.experiment.store.write", stopped)
    result = caspian("run", TINY, "-n", "2", "-j", "1")
    assert result.exit_code == 130
    assert result.output.splitlines()[-1] == "Stopped after 2 of 2 replications; nothing was written."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another Ctrl-C")
@pytest.mark.parametrize("after_s", [2.0, 2.7, 4.0])
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, after_s: float) -> None:
    """Ctrl-C in the middle of a run ends all of it soon, without a traceback and without a folder; even as workers start."""
    words = [sys.executable, "-m", "sim", "run", TINY, "-n", "5000", "-j", "2", "--set", "run.run_length=300 d"]
    process = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(after_s)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors.startswith("Stopped")
    assert "Traceback" not in errors
    assert not (tmp_path / "results").exists()
