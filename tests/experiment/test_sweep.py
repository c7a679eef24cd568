import csv
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.experiment import sweep as sweeping
from sim.experiment.runs import Plan, run
from sim.scenario import Resolved, load, loads

TINY = (Path(__file__).parents[1] / "tiny.toml").read_text(encoding="utf-8")
SHIPPED = Path(__file__).parents[2] / "scenarios" / "sweeps"
FACTORS = {"services.ship.vehicles": (1, 2), "legs.road.transit": ("5 h", "8 h")}


@pytest.fixture(scope="module")
def tiny() -> Resolved:
    """A month of a tiny corridor."""
    return loads(TINY, "tiny")


def test_a_point_has_the_rows_of_its_own_run(tiny: Resolved) -> None:
    """Each point's rows equal those of a run of that point alone: a sweep adds nothing and shares its chance."""
    done = sweeping.sweep(tiny, FACTORS, Plan(replications=2), jobs=1)
    assert [tuple(point.levels.values()) for point in done.points] == [(1, "5 h"), (1, "8 h"), (2, "5 h"), (2, "8 h")]
    for point in done.points:
        alone = run(tiny.replace(dict(point.levels)), Plan(replications=2), jobs=1)
        assert [str(row.kpis) for row in point.rows] == [str(row.kpis) for row in alone.rows]


def test_points_share_their_chance(tiny: Resolved) -> None:
    """More ships leave the draws of everything else where they were: lead times differ, tonnes released do not."""
    done = sweeping.sweep(tiny, {"services.ship.vehicles": (1, 2)}, Plan(replications=1), jobs=1)
    few, many = (point.rows[0].kpis for point in done.points)
    assert few["lead_time_d"] != many["lead_time_d"]
    assert few["co2e_by_leg_kg_per_t.road"] == many["co2e_by_leg_kg_per_t.road"]


def test_differences_are_paired(tiny: Resolved) -> None:
    """Less the first point, replication by replication: nothing for itself, and sharper than the points' own intervals."""
    done = sweeping.sweep(tiny, {"legs.road.transit": ("5 h", "6 h")}, Plan(replications=4), jobs=1)
    nothing, more = (differences["lead_time_d"] for differences in done.differences())
    assert (nothing.mean, nothing.lo, nothing.hi) == (0, 0, 0)
    here, there = (point.kpis["lead_time_d"] for point in done.points)
    assert more.mean == pytest.approx(there.mean - here.mean)
    assert more.half_width < there.half_width


def test_a_sweep_is_written_as_one_table(tiny: Resolved, tmp_path: Path) -> None:
    """sweep.csv has a row for each replication of each point; the same sweep run again takes the same place."""
    done = sweeping.sweep(tiny, FACTORS, Plan(replications=1), jobs=1)
    folder = sweeping.write(done, "fleet and road", tmp_path)
    assert folder == tmp_path / "sweeps" / f"fleet-and-road-{sweeping.digest(done)[:8]}"
    rows = list(csv.DictReader((folder / "sweep.csv").read_text().splitlines()))
    assert [(row["point"], row["services.ship.vehicles"], row["legs.road.transit"]) for row in rows] == [
        ("0", "1", "5 h"), ("1", "1", "8 h"), ("2", "2", "5 h"), ("3", "2", "8 h"),
    ]  # fmt: skip
    before = (folder / "sweep.csv").read_bytes()
    again = sweeping.write(sweeping.sweep(tiny, FACTORS, Plan(replications=1), jobs=1), "fleet and road", tmp_path)
    assert again == folder
    assert (again / "sweep.csv").read_bytes() == before


def test_all_points_are_checked_before_the_first_is_run(tiny: Resolved) -> None:
    """A level that cannot be is told at once, and only once, however many points have it."""
    with pytest.raises(ScenarioError) as fault:
        sweeping.sweep(tiny, {"services.ship.vehicles": (-1, 2), "legs.road.transit": ("5 h", "8 hh", "9 h")})
    keys = [problem.key for problem in fault.value.problems]
    assert len([key for key in keys if "vehicles" in key]) == 1
    assert len([key for key in keys if "transit" in key]) == 1


def test_a_file_says_a_sweep(tmp_path: Path) -> None:
    """Keys may be quoted or not; what is not said is left to the scenario."""
    file = tmp_path / "fleet.toml"
    file.write_text(
        'scenario = "baseline"\nreplications = 4\n[factors]\n"services.ship.vehicles" = [1, 2]\nscale.tariffs = [0.8]\n'
    )
    asked = sweeping.read(file)
    assert (asked.name, asked.scenario, asked.replications, asked.seed) == ("fleet", "baseline", 4, None)
    assert asked.factors == {"services.ship.vehicles": (1, 2), "scale.tariffs": (0.8,)}


def test_every_fault_of_a_sweep_file_is_told_at_once(tmp_path: Path) -> None:
    """Unknown keys with the nearest right word, wrong numbers, missing scenario and empty levels: all in one message."""
    file = tmp_path / "bad.toml"
    file.write_text('replication = 3\nreplications = 0\nseed = "x"\n[factors]\na.b = []\n')
    with pytest.raises(ScenarioError) as fault:
        sweeping.read(file)
    said = str(fault.value)
    for part in ("did you mean 'replications'", "replications: is not a whole number", "seed:", "scenario:", "factors.a.b:"):
        assert part in said
    assert f"5 problems in {file}" in said


def test_a_sweep_file_without_factors_or_without_a_file(tmp_path: Path) -> None:
    """A file that varies nothing, that is no TOML or that is not there is refused in words."""
    file = tmp_path / "none.toml"
    file.write_text('scenario = "baseline"\n')
    with pytest.raises(ScenarioError, match="levels by key"):
        sweeping.read(file)
    file.write_text("scenario = ")
    with pytest.raises(ScenarioError, match="cannot be read"):
        sweeping.read(file)
    with pytest.raises(ScenarioError, match="cannot be read"):
        sweeping.read(tmp_path / "missing.toml")


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_sweep_can_be_run(file: Path) -> None:
    """Each sweep that is shipped reads, is found by its name, and every level of each factor makes a sound scenario."""
    assert sweeping.find(file.stem).resolve() == file
    asked = sweeping.read(file)
    base = load(asked.scenario)
    for key, levels in asked.factors.items():
        digests = {base.replace({key: level}).digest for level in levels}
        assert len(digests) == len(levels)
