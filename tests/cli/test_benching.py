import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.bench import checkout, loops
from sim.cli import main

BRIEF = "bench", "--quick", "--repeats", "1"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def caspian(*words: str) -> Result:
    """The command as a user types it, in this process."""
    return CliRunner().invoke(main, words)


def test_ratios_and_medians_go_by_name() -> None:
    """Every ratio that is promised has its name, and is the ratio of the two medians beside it; a pipe sees no progress."""
    result = caspian(*BRIEF, "--json", "--part", "kernel", "--part", "pipeline", "--part", "cores")
    assert result.exit_code == 0, result.output
    assert not result.stderr
    said = json.loads(result.stdout)
    medians, ratios = said["medians"], said["ratios"]
    promised = {"kernel_vs_simpy", "pipeline_vs_simpy", "sweep_point_vs_simpy", "two_cores_vs_one"}
    assert ratios.keys() >= promised | {"compiled_vs_reference", "reference_vs_simpy"}
    assert ratios["kernel_vs_simpy"] == medians["yardstick_s"] / medians[f"{said['engine']}_s"]
    assert ratios["pipeline_vs_simpy"] == medians["yardstick_s"] / medians["pipeline_s"]
    assert ratios["sweep_point_vs_simpy"] == medians["yardstick_s"] / medians["sweep_point_s"]
    assert ratios["two_cores_vs_one"] == medians["two_processes_per_s"] / medians["one_process_per_s"]
    assert ratios["reference_vs_simpy"] == medians["yardstick_s"] / medians["reference_s"]
    assert said["spreads"]["yardstick_s"] == {"low": medians["yardstick_s"], "high": medians["yardstick_s"], "n": 1}


def test_an_engine_that_cannot_run_here_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reference engine alone the table has a row for the compiled one, which says so, and no ratio of it."""
    monkeypatch.setattr(loops, "ENGINES", {"reference": "sim.engine.reference"})
    result = caspian(*BRIEF, "--part", "kernel")
    assert result.exit_code == 0, result.output
    lines = {line[:15]: line.split() for line in result.stdout.splitlines()}
    assert lines["compiled engine"][-2:] == ["not", "there"]
    assert "plain SimPy, th" in lines
    assert "reference engine × yardstick" in result.stdout
    assert "compiled × reference" not in result.stdout


def test_starts_and_sizes_are_measured_in_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh process takes longer the more it is asked; runs of two sizes say what a consignment costs, and the memory."""
    monkeypatch.setattr(loops, "ENGINES", {"reference": "sim.engine.reference"})
    result = caspian(*BRIEF, "--json", "--part", "start", "--part", "scale")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    medians = said["medians"]
    assert medians["reference_warm_start_s"] > medians["bare_start_s"] > 0
    for size in (2_000, 4_000):
        assert medians[f"kernel_long_{size}_consignments"] == pytest.approx(size, rel=0.1)
        assert medians[f"pipeline_long_{size}_peak_mb"] >= medians[f"kernel_long_{size}_peak_mb"] > 20
    costs = [medians[f"kernel_long_{size}_us_each"] for size in (2_000, 4_000)]
    assert said["ratios"]["kernel_growth"] == max(costs) / min(costs)
    assert said["ratios"]["kernel_vs_simpy"] is None


def test_an_installed_program_has_no_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tests/benchmarks is missing the command says what it wants and where to run it; exit code 2."""
    monkeypatch.setattr(checkout, "_FOLDER", Path("no", "such", "folder"))
    result = caspian("bench")
    assert result.exit_code == 2
    assert "no/such/folder comes with the source" in result.stderr
    assert "in a checkout" in result.stderr
