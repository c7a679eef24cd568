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
from sim.experiment.replication import Row, Series, Task

TINY = str(Path(__file__).parents[1] / "tiny.toml")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def caspian(*words: str) -> Result:
    """The command as a user types it, in this process."""
    return CliRunner().invoke(main, words)


@pytest.fixture
def fleet(tmp_path: Path) -> str:
    """A sweep over the fleet and the tariffs."""
    file = tmp_path / "fleet.toml"
    file.write_text(
        f'scenario = "{TINY}"\nreplications = 2\n[factors]\nservices.ship.vehicles = [1, 2]\nscale.tariffs = "1..2"\n'
    )
    return str(file)


def test_a_sweep_from_a_file(fleet: str) -> None:
    """A sweep prints a row for each point and keeps runs and table below results/sweeps; run again it has nothing to do."""
    result = caspian("sweep", fleet, "--on", "serial")
    assert result.exit_code == 0, result.output
    assert "6 points × 2 replications = 12 runs; 0 stored, 12 to do; seed 7" in result.output
    for part in ("services.ship.vehicles", "0 off in all", "less point 0", "results/sweeps/fleet-"):
        assert part in result.output
    again = caspian("sweep", fleet, "--on", "serial", "--json")
    found = json.loads(again.output)
    assert [point["levels"]["services.ship.vehicles"] for point in found["points"]] == [1, 1, 1, 2, 2, 2]
    folder = Path(found["results"])
    assert len((folder / "sweep.csv").read_text().splitlines()) == 13
    assert "12 stored, 0 to do" in caspian("sweep", fleet, "--on", "serial").output


def test_a_dry_run_says_what_would_run_and_runs_nothing(fleet: str, tmp_path: Path) -> None:
    """Points, replications, levels, time: and no folder is left."""
    result = caspian("sweep", fleet, "--dry-run", "--on", "local:2")
    assert result.exit_code == 0, result.output
    for part in ("12 runs; 0 stored, 12 to do", "scale.tariffs: 1, 1.5, 2", "2 simulations a replication", "on local:2"):
        assert part in result.output, part
    said = json.loads(caspian("sweep", fleet, "--dry-run", "--json", "--on", "serial").output)
    assert (said["to_do"], said["simulations_per_replication"]) == (12, 2)
    assert not (tmp_path / "results").exists()


def test_a_sweep_that_is_not_there(tmp_path: Path) -> None:
    """A name that no sweep has is answered with the nearest one."""
    (tmp_path / "scenarios" / "sweeps").mkdir(parents=True)
    (tmp_path / "scenarios" / "sweeps" / "fleet.toml").write_text("")
    result = caspian("sweep", "flet")
    assert result.exit_code == 2
    assert "did you mean 'fleet'" in result.output


def test_what_is_set_aside_ends_with_three(fleet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep goes on past what fails each time, says so in the end and exits with 3; --retry tries it again."""
    own = Series.perform

    def perform_or_fail(series: Series, task: Task) -> Row:
        if task.replication == 1:
            raise MemoryError("full")
        return own(series, task)

    with monkeypatch.context() as patched:
        patched.setattr(Series, "perform", perform_or_fail)
        result = caspian("sweep", fleet, "--on", "serial")
    assert result.exit_code == 3
    assert "6 runs failed 3 times; the first with: MemoryError: full" in result.output
    assert caspian("sweep", fleet, "--on", "serial").exit_code == 3
    assert caspian("sweep", fleet, "--on", "serial", "--retry").exit_code == 0


def test_stores_are_merged_and_dumped(fleet: str, tmp_path: Path) -> None:
    """What two machines have run becomes one store, whose dump is that of a machine that ran it all."""
    one, other = ("--results", "one"), ("--results", "other")
    assert caspian("sweep", fleet, "--on", "serial", "-n", "1", *one).exit_code == 0
    assert caspian("sweep", fleet, "--on", "serial", *other).exit_code == 0
    stores = sorted(map(str, tmp_path.glob("*/sweeps/*/sweep.sqlite")))
    assert len(stores) == 2
    assert caspian("store", "merge", "both.sqlite", *stores).output == "both.sqlite: 12 runs gained\n"
    assert caspian("store", "dump", "both.sqlite").output == caspian("store", "dump", stores[1]).output
    refused = caspian("store", "merge", "both.sqlite", fleet)
    assert refused.exit_code == 2
    assert "is no store of a sweep" in refused.output


def test_ctrl_c_keeps_what_was_run_and_the_same_command_resumes(tmp_path: Path, fleet: str) -> None:
    """A sweep that is stopped says how many runs are kept, exits with 130 and leaves no process; then it goes on from
    there.
    """
    words = [sys.executable, "-m", "sim", "sweep", fleet, "-n", "300", "--on", "local:2"]
    with subprocess.Popen(
        words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    ) as driver:
        while not list(tmp_path.glob("results/sweeps/*/sweep.sqlite")):
            time.sleep(0.05)
        time.sleep(3)
        os.killpg(driver.pid, signal.SIGINT)
        _, said = driver.communicate(timeout=60)
    assert driver.returncode == 130, said
    assert "of 1800 kept. The same command resumes." in said
    kept = int(said.split()[0])
    assert (
        f"{kept} stored, {1800 - kept} to do" in caspian("sweep", fleet, "-n", "300", "--dry-run", "--on", "serial").output
    )


def test_a_comparison_says_how_scenarios_differ_and_why(tmp_path: Path) -> None:
    """Verdicts, the steps by cause, files and figures; --with makes a scenario of one change."""
    result = caspian(
        "compare", TINY, "--with", "services.ship.vehicles=3", "--with", "scale.tariffs=0.5", "-n", "6", "-j", "1"
    )
    assert result.exit_code == 0, result.output
    for part in ("identical", "Why services.ship.vehicles=3", "vehicle", "freight", "6 pairs under the same chance",
                 "0 off in all"):  # fmt: skip
        assert part in result.output, part
    (folder,) = (tmp_path / "results" / "comparisons").iterdir()
    assert {"manifest.json", "kpis.csv", "differences.csv", "why.csv", "figures", "tiny.toml"} <= {
        path.name for path in folder.iterdir()
    }
    figures = {path.stem for path in (folder / "figures").glob("*.svg")}
    assert figures == {"forest", "hours-services.ship.vehicles-3", "cost-services.ship.vehicles-3", "cost-scale.tariffs-0.5"}


def test_half_a_pair_is_refused_before_anything_runs(tmp_path: Path) -> None:
    """Comparison, bottlenecks, sensitivity and search refuse an odd number of antithetic replications, as a run does."""
    file = tmp_path / "paired.toml"
    file.write_text(f'extends = "{TINY}"\nrun.antithetic = true\n')
    sweep = tmp_path / "sweep.toml"
    sweep.write_text(f'scenario = "{file}"\n[factors]\nservices.ship.vehicles = [1, 2]\n')
    for words in (("compare", str(file), "--with", "services.ship.vehicles=3"), ("bottlenecks", str(file)),
                  ("sensitivity", str(sweep), "--on", "serial"), ("optimise", str(sweep), "--on", "serial")):  # fmt: skip
        result = caspian(*words, "-n", "3")
        assert result.exit_code == 2, words
        assert "3 is odd" in result.output
        assert "replications, seed" not in result.output


def test_results_that_cannot_be_written_are_refused_before_anything_runs(fleet: str, tmp_path: Path) -> None:
    """A file where the folder of results should be, or above it, is named with its option, and nothing is simulated."""
    (tmp_path / "afile").write_text("")
    for where in ("afile", "afile/below"):
        for words in (("compare", TINY, TINY), ("sensitivity", fleet), ("optimise", fleet), ("sweep", fleet), ("run", TINY)):
            result = caspian(*words, "--results", where)
            assert result.exit_code == 2, words
            assert f"--results {where}: " in result.output
            assert "seed" not in result.output


def test_what_an_option_says_wrongly_is_told_with_its_name_first(fleet: str) -> None:
    """The option that is wrong is named, with what would be right, before the scenarios are headed."""
    compare = ("compare", TINY, TINY)
    for words, parts in (
        ((*compare, "--matters", "2x"), ("--matters 2x: ",)),
        ((*compare, "--engine", "compild"), ("--engine compild: ", "auto, reference, compiled", "did you mean 'compiled'?")),
        ((*compare, "--kpi", "lead_time"), ("--kpi lead_time: ", "did you mean 'lead_time_d'?", "throughput_kt")),
        (("optimise", fleet, "--at-least", "on_time=0.9"), ("--at-least on_time: ", "did you mean 'on_time_share'?")),
        (("optimise", fleet, "--at-most", "lead_time_d"), ("--at-most lead_time_d: ", "KPI=NUMBER")),
        (("optimise", fleet, "--engine", "fast"), ("--engine fast: ",)),
        (("rank", TINY, TINY, "--indifference", "1", "--confidence", "x"), ("--confidence x: ",)),
    ):
        result = caspian(*words)
        assert result.exit_code == 2, words
        for part in parts:
            assert part in result.output.replace("\n", " "), part
        assert "replications, seed" not in result.output


def test_a_comparison_as_json() -> None:
    """One object: findings with level and verdict, steps that add up, no NaN; many scenarios stand below one another."""
    words = [word for ships in (1, 3, 4, 5) for word in ("--with", f"services.ship.vehicles={ships}")]
    found = json.loads(caspian("compare", TINY, *words, "-n", "3", "-j", "1", "--kpi", "lead_time_d", "--json").output)
    said = found["kpis"]["lead_time_d"]["services.ship.vehicles=1"]
    assert said["verdict"] in ("better", "worse", "no clear difference")
    why = found["why"]["services.ship.vehicles=1"]["hours"]
    assert why["start"] + sum(why["steps"].values()) == pytest.approx(why["end"])
    below = caspian("compare", TINY, *words, "-n", "3", "-j", "1", "--kpi", "lead_time_d").output
    assert "mean of tiny, and what the others differ by" in below
    assert caspian("compare", TINY).exit_code == 2
    assert "Name a second scenario" in caspian("compare", TINY).output
    assert "there is no such KPI" in caspian("compare", TINY, TINY, "--kpi", "lead").output


def test_a_comparison_of_unlike_windows_is_warned_of() -> None:
    """The screen and the object name what differs of when and how long is measured; it is no refusal."""
    words = ("compare", TINY, "--with", "run.start=2026-04-01", "-n", "2", "-j", "1", "--kpi", "throughput_kt")
    result = caspian(*words)
    assert result.exit_code == 0, result.output
    assert "WINDOWS     run.start differs" in result.output
    assert json.loads(caspian(*words, "--json").output)["windows_differ"] == ["run.start"]
    longer = caspian("compare", TINY, "--with", "run.run_length=40 d", "-n", "2", "-j", "1", "--kpi", "throughput_kt")
    assert "run.run_length differs" in longer.output


@pytest.mark.parametrize("method", ["tornado", "morris", "sobol"])
def test_a_sensitivity_names_the_factors(fleet: str, method: str) -> None:
    """Each method prints a row for each factor and can be had as JSON; its runs are kept with those of the sweep."""
    words = ("sensitivity", fleet, "--method", method, "--size", "4", "--on", "serial")
    result = caspian(*words)
    assert result.exit_code == 0, result.output
    assert result.output.index("services.ship.vehicles") > 0
    assert "sweep.sqlite" in result.output
    found = json.loads(caspian(*words, "--json").output)
    assert set(found["factors"]) == {"services.ship.vehicles", "scale.tariffs"}
    assert "0 stored" not in caspian("sweep", fleet, "--on", "serial", "--dry-run").output or method != "tornado"


def test_the_best_of_some_scenarios(tmp_path: Path) -> None:
    """The choice with its probability, as a table and as JSON."""
    many = tmp_path / "many.toml"
    many.write_text(f'extends = "{TINY}"\n[[services]]\nid = "ship"\nvehicles = 3\n')
    words = ("rank", TINY, str(many), "--indifference", "0.3", "--most", "60", "-j", "1")
    result = caspian(*words)
    assert result.exit_code == 0, result.output
    assert "probability of 95%" in result.output
    found = json.loads(caspian(*words, "--json").output)
    assert (found["best"], found["is_decided"], found["confidence"]) == (str(many), True, 0.95)


def test_a_search_within_a_budget(fleet: str) -> None:
    """The best points tried, best first; limits are kept or said to be missed."""
    words = ("optimise", fleet, "--budget", "10", "--on", "serial", "--at-most", "lead_time_d=6.5")
    result = caspian(*words)
    assert result.exit_code == 0, result.output
    assert "of 10 points tried" in result.output
    found = json.loads(caspian(*words, "--json").output)
    best = found["best"]
    assert best["is_allowed"]
    assert best["levels"]["services.ship.vehicles"] in (1, 2)
    assert 1 <= best["levels"]["scale.tariffs"] <= 2
    assert all(trial["lo"] < trial["mean"] < trial["hi"] for trial in found["trials"])
    assert (
        "none of 2 points keeps"
        in caspian(*words[:2], "--budget", "2", "--on", "serial", "--at-most", "lead_time_d=1").output
    )
    assert caspian(*words[:-1], "lead_time_d").exit_code == 2


def test_bottlenecks_are_ranked() -> None:
    """Every resource with what a step of it changes; costs come from the scenario."""
    words = ("bottlenecks", TINY, "-n", "8", "-j", "1", "--set", "unit_costs.services.ship.vehicles=3000 USD/d")
    result = caspian(*words)
    assert result.exit_code == 0, result.output
    for part in ("ship: fleet", "2 → 3", "3,000", "unit_costs"):
        assert part in result.output, part
    found = json.loads(caspian(*words, "--json").output)
    assert len(found["steps"]) == 12


@pytest.mark.parametrize(
    ("count", "cost", "said"),
    [
        ("2", "unit_costs.services.ship.vehicles=3000 USD/d", "clearly better, and none is"),
        ("8", "unit_costs.yards.anzali-shed.capacity=10 USD/d", "the cost is known, and it is of no step"),
        ("8", "unit_costs.services.ship.vehicles=3000 USD/d", ""),
    ],
)  # fmt: skip
def test_an_empty_column_says_why(count: str, cost: str, said: str) -> None:
    """Where nothing can be said for a dollar, the foot of the table says whether nothing is clear or nothing is priced."""
    output = caspian("bottlenecks", TINY, "-n", count, "-j", "1", "--set", cost).output
    assert "USD/d" in output
    assert said in output
    assert ("Per dollar" in output) is bool(said)


def test_a_steady_run_is_judged() -> None:
    """A stationary scenario gets its cut and its mean; one that does not say so is refused with what to do instead."""
    still = ("--set", "run.stationary=true", "--set", "run.run_length=360 d", "--set", "disruptions.storm.remove=true")
    result = caspian("steady", TINY, *still)
    assert result.exit_code == 0, result.output
    assert "MSER-5" in result.output
    assert json.loads(caspian("steady", TINY, *still, "--json").output)["deliveries"] > 500
    refused = caspian("steady", TINY)
    assert refused.exit_code == 2
    assert "--judge-warm-up" in refused.output
