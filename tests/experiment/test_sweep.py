import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.draws import draw, fingerprint
from sim.errors import CaspianError, ScenarioError
from sim.experiment import replication
from sim.experiment.executors import executor_of
from sim.experiment.executors.serial import Serial
from sim.experiment.model import model_version
from sim.experiment.replication import Row, Series, Task
from sim.experiment.runs import Plan, run
from sim.experiment.sweeps.asking import ask, find, read, scenario_of, study
from sim.experiment.sweeps.database import Store
from sim.experiment.sweeps.designs import Design, from_csv, points_of
from sim.experiment.sweeps.driving import Batch, Done, drive, missing, perform_batch
from sim.experiment.sweeps.finding import Sweep, folder_name, perform, write
from sim.kpis import Evidence
from sim.scenario import Resolved, loads
from sim.scenario.wiring import network_of

TINY = (Path(__file__).parents[1] / "tiny.toml").read_text(encoding="utf-8")
SHIPPED = Path(__file__).parents[2] / "scenarios" / "sweeps"
FACTORS = {"services.ship.vehicles": (1, 2), "legs.road.transit": ("5 h", "8 h")}


@pytest.fixture(scope="module")
def tiny() -> Resolved:
    """A month of a tiny corridor."""
    return loads(TINY, "tiny")


def swept(base: Resolved, factors: Mapping[str, object], replications: int) -> Sweep:
    """A sweep over a grid, in this process and in memory."""
    asked = study(ask(base, factors, replications=replications))
    return perform(asked, Store(None, model_version(), asked.seed), executor_of("serial"))


def test_a_point_has_the_rows_of_its_own_run(tiny: Resolved) -> None:
    """Each point's rows equal those of a run of that point alone: a sweep adds nothing and shares its chance."""
    done = swept(tiny, FACTORS, 2)
    assert [tuple(point.levels.values()) for point in done.study.points] == [(1, "5 h"), (1, "8 h"), (2, "5 h"), (2, "8 h")]
    for number, point in enumerate(done.study.points):
        alone = run(tiny.replace(dict(point.levels)), Plan(replications=2), jobs=1)
        assert str(done.rows(number, done.kpis).tolist()) == str(
            [[row.kpis[kpi] for kpi in done.kpis] for row in alone.rows]
        )


def test_points_that_differ_in_money_alone_are_simulated_once(tiny: Resolved, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four tariffs and two fleets are two simulations a replication, and every row is that of the point's own run."""
    simulated = []
    own = replication.replicate

    def counted(*words: Any, **more: Any) -> Evidence:
        simulated.append(1)
        return own(*words, **more)

    monkeypatch.setattr(replication, "replicate", counted)
    done = swept(tiny, {"scale.tariffs": [0.5, 1.0, 1.5, 2.0], "services.ship.vehicles": [1, 2]}, 2)
    assert len(simulated) == 2 * 2
    for number in (0, 3, 7):
        alone = run(tiny.replace(dict(done.study.points[number].levels)), Plan(replications=2), jobs=1)
        assert str(done.rows(number, done.kpis).tolist()) == str(
            [[row.kpis[kpi] for kpi in done.kpis] for row in alone.rows]
        )
    cost = done.means("cost_usd_per_t")
    assert cost[0] < cost[2] < cost[4] < cost[6]


SETTLED = {
    "scale.tariffs": 0.5, "scale.by_direction.export.tariffs": 2.0, "run.capital_cost": "20 %/yr",
    "commodities.steel.value": "700 USD/t", "commodities.steel.storage_life": "20 d",
    "services.trucks.emission": "0.2 kg/t-km",
    "demand.steel-in.due": "9 d", "tariffs.sea-freight.payer": "consignee",
}  # fmt: skip


@pytest.mark.parametrize("key", SETTLED)
def test_what_is_settled_after_a_run_changes_nothing_before_it(tiny: Resolved, key: str) -> None:
    """Keys that the simulation's digest leaves out change neither the network nor a single number that is drawn."""
    other = tiny.replace({key: SETTLED[key]})
    assert other.digest != tiny.digest
    assert other.simulation_digest == tiny.simulation_digest
    assert network_of(other.scenario) == network_of(tiny.scenario)
    both = [fingerprint(draw(each.scenario, network_of(each.scenario), 7, 0)) for each in (tiny, other)]
    assert both[0] == both[1]


@pytest.mark.parametrize("change", [{"services.ship.vehicles": 3}, {"scale.transit_time": 1.1}, {"run.seed": 8}])
def test_what_decides_events_has_a_simulation_of_its_own(tiny: Resolved, change: dict[str, object]) -> None:
    """A fleet, a pace or a seed makes another simulation."""
    assert tiny.replace(change).simulation_digest != tiny.simulation_digest


def test_differences_are_paired(tiny: Resolved) -> None:
    """Less the first point, replication by replication: nothing for itself, and sharper than the points' own intervals."""
    done = swept(tiny, {"legs.road.transit": ("5 h", "6 h")}, 4)
    nothing, more = (done.differences(number)["lead_time_d"] for number in (0, 1))
    assert (nothing.mean, nothing.lo, nothing.hi) == (0, 0, 0)
    here, there = (done.intervals(number)["lead_time_d"] for number in (0, 1))
    assert more.mean == pytest.approx(there.mean - here.mean)
    assert more.half_width < there.half_width


def test_a_sweep_is_written_as_one_table(tiny: Resolved, tmp_path: Path) -> None:
    """sweep.csv has a row for each replication of each point; written again it is the same, and nothing else is left."""
    done = swept(tiny, FACTORS, 1)
    write(done, tmp_path)
    before = (tmp_path / "sweep.csv").read_bytes()
    rows = list(csv.DictReader(before.decode().splitlines()))
    assert [(row["point"], row["services.ship.vehicles"], row["legs.road.transit"]) for row in rows] == [
        ("0", "1", "5 h"), ("1", "1", "8 h"), ("2", "2", "5 h"), ("3", "2", "8 h"),
    ]  # fmt: skip
    write(done, tmp_path)
    assert (tmp_path / "sweep.csv").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"sweep.csv", "base.toml", "manifest.json"}
    assert folder_name(done.study) == f"sweep-{tiny.digest[:8]}"


def test_nothing_is_run_twice(tiny: Resolved) -> None:
    """More replications, other levels, or a stop in between: only what is missing is run."""
    first = study(ask(tiny, {"services.ship.vehicles": [1, 2]}, replications=2))
    kept = Store(None, model_version(), first.seed)
    drive(first, kept, executor_of("serial"))
    more = study(ask(tiny, {"services.ship.vehicles": [1, 2, 3]}, replications=3))
    left = [(number, [point.levels["services.ship.vehicles"] for point in points]) for number, points in missing(more, kept)]
    assert [(number, set(levels)) for number, levels in left] == [(0, {3}), (1, {3}), (2, {1, 2, 3})]
    told: list[tuple[int, int]] = []
    drive(more, kept, executor_of("serial"), lambda done, total: told.append((done, total)))
    assert told[0] == (4, 9)
    assert told[-1] == (9, 9)
    assert not list(missing(more, kept))


def test_what_fails_three_times_is_set_aside(tiny: Resolved) -> None:
    """A run that fails is tried twice more by itself; then it is set aside with its error and the sweep goes on."""
    asked = study(ask(tiny, {"services.ship.vehicles": [1, 2, 3]}, replications=1))
    kept = Store(None, model_version(), asked.seed)
    tried: list[int] = []

    def work(batch: Batch) -> Done:
        levels = [int(str(point.levels["services.ship.vehicles"])) for point in batch.points]
        tried.extend(levels)
        if 2 in levels:
            raise RuntimeError("no such ship")
        if 3 in levels and tried.count(3) == 1:
            raise RuntimeError("bad luck")
        return perform_batch(batch)

    class Unlucky(Serial):
        def perform(self, _work: Any, tasks: Any) -> Any:
            return Serial.perform(self, work, tasks)

    aside = drive(asked, kept, Unlucky())
    assert [(failure.attempts, failure.error) for failure in aside] == [(3, "RuntimeError: no such ship")]
    assert tried.count(2) == 3
    assert len(kept.stored(0)) == 2
    assert not list(missing(asked, kept))
    kept.forget_failures()
    assert drive(asked, kept, executor_of("serial")) == []
    assert len(kept.stored(0)) == 3
    assert kept.failures() == []


def test_a_point_that_cannot_be_simulated_leaves_its_batch_alone(tiny: Resolved, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a batch each run stands for itself: the failed one is told with its error, the others are made."""
    asked = study(ask(tiny, {"services.ship.vehicles": [1, 2]}, replications=1))
    own = Series.perform

    def perform_or_fail(series: Series, task: Task) -> Row:
        if task.simulation == asked.points[0].simulation:
            raise MemoryError("full")
        return own(series, task)

    monkeypatch.setattr(Series, "perform", perform_or_fail)
    done = perform_batch(Batch(seed=7, replication=0, points=asked.points))
    assert [made.digest for made in done.made] == [asked.points[1].digest]
    assert done.failed == ((asked.points[0].digest, "MemoryError: full"),)


def test_all_points_are_checked_before_the_first_is_run(tiny: Resolved) -> None:
    """A level that cannot be is told at once, and only once, however many points have it."""
    with pytest.raises(ScenarioError) as fault:
        study(ask(tiny, {"services.ship.vehicles": (-1, 2), "legs.road.transit": ("5 h", "8 hh", "9 h")}))
    keys = [problem.key for problem in fault.value.problems]
    assert len([key for key in keys if "vehicles" in key]) == 1
    assert len([key for key in keys if "transit" in key]) == 1


def test_a_file_says_a_sweep(tmp_path: Path) -> None:
    """Keys may be quoted or not; what is not said is left to the scenario; what the command says goes first."""
    file = tmp_path / "fleet.toml"
    (tmp_path / "tiny.toml").write_text(TINY)
    file.write_text(
        f'scenario = "{tmp_path / "tiny.toml"}"\nreplications = 4\n[factors]\n"services.ship.vehicles" = [1, 2]\n'
        'scale.tariffs = { range = "0.8..1.2", levels = 5 }\nlegs.road.transit = "5..6 h"\n'
    )
    asked = read(file)
    assert (asked.name, asked.replications, asked.seed) == ("fleet", 4, 7)
    assert [factor.key for factor in asked.factors] == ["services.ship.vehicles", "scale.tariffs", "legs.road.transit"]
    assert len(study(asked).points) == 2 * 5 * 3
    assert (read(file, replications=2, seed=3).replications, read(file, seed=3).seed) == (2, 3)


def test_a_number_of_points_asks_for_a_design_that_has_one(tmp_path: Path) -> None:
    """Points without a design are a latin hypercube, as in Python; beside a design that does not ask for them they are
    refused.
    """
    file = tmp_path / "many.toml"
    (tmp_path / "tiny.toml").write_text(TINY)
    file.write_text(f'scenario = "{tmp_path / "tiny.toml"}"\npoints = 12\n[factors]\nscale.tariffs = "0.8..1.2"\n')
    assert read(file).design == Design(kind="latin-hypercube", points=12)
    for design in ("grid", "factorial", "mine.csv"):
        text = file.read_text()
        (tmp_path / "both.toml").write_text(f'design = "{design}"\n{text}')
        with pytest.raises(ScenarioError, match="points: means nothing"):
            read(tmp_path / "both.toml")


def test_a_table_of_the_users_own_is_a_design(tmp_path: Path) -> None:
    """Columns are dotted keys, rows are points, an empty cell leaves the base; faults are told with their line."""
    (tmp_path / "tiny.toml").write_text(TINY)
    (tmp_path / "mine.csv").write_text("services.ship.vehicles,legs.road.transit\n1,5 h\n3,\n")
    file = tmp_path / "mine.toml"
    file.write_text(f'scenario = "{tmp_path / "tiny.toml"}"\ndesign = "mine.csv"\n')
    assert [dict(point.levels) for point in study(read(file)).points] == [
        {"services.ship.vehicles": 1, "legs.road.transit": "5 h"}, {"services.ship.vehicles": 3},
    ]  # fmt: skip
    (tmp_path / "mine.csv").write_text("services.ship.vehicles,,services.ship.vehicles\n1,5 h\n")
    with pytest.raises(CaspianError) as fault:
        study(read(file))
    for part in ("mine.csv:1: column 2 has no name", "names two columns", "mine.csv:2: has 2 cells (expected 3"):
        assert part in str(fault.value)


def test_a_row_of_empty_cells_is_the_base(tmp_path: Path) -> None:
    """Separators alone are a point at the base's levels; a line with nothing on it is none."""
    (tmp_path / "mine.csv").write_text("services.ship.vehicles,legs.road.transit\n1,5 h\n,\n\n3,\n")
    table = from_csv(tmp_path / "mine.csv")
    assert [len(point) for point in table.points] == [2, 0, 1]
    assert table.lines == (2, 3, 5)


def test_every_fault_of_a_table_is_told_with_its_cell(tmp_path: Path) -> None:
    """Unknown columns come first, with the nearest right key; then cells, by line and column; overlays that are none too."""
    (tmp_path / "tiny.toml").write_text(TINY)
    (tmp_path / "slow.toml").write_text('[[legs]]\nid = "road"\ntransit = "9 h"\n')
    file = tmp_path / "mine.toml"
    file.write_text(
        f'scenario = "{tmp_path / "tiny.toml"}"\ndesign = "mine.csv"\n[factors]\nworld = {{ overlays = ["slow"] }}\n'
    )
    (tmp_path / "mine.csv").write_text("services.shop.vehicles,run.seed,wrld,scale.tarifs\n1,2,slow,1\n2,2,slow,1\n")
    with pytest.raises(ScenarioError) as fault:
        study(read(file))
    assert [problem.origin and (problem.origin.line, problem.origin.column) for problem in fault.value.problems] == [
        (1, 1), (1, 2), (1, 3), (1, 4),
    ]  # fmt: skip
    assert [problem.suggestion for problem in fault.value.problems] == [
        "services.ship.vehicles",
        "",
        "world",
        "scale.tariffs",
    ]
    (tmp_path / "mine.csv").write_text("services.ship.vehicles,world,scale.tariffs\n1,slow,1\n2.5,slow,dear\n1,slwo,1\n")
    with pytest.raises(ScenarioError) as fault:
        study(read(file))
    said = str(fault.value)
    for part in ("mine.csv:3:1", "mine.csv:3:3", "mine.csv:4:2", "did you mean 'slow'"):
        assert part in said, said


def test_every_fault_of_a_sweep_file_is_told_at_once(tmp_path: Path) -> None:
    """Unknown keys with the nearest right word, wrong numbers, missing scenario, unknown design: all in one message,
    placed.
    """
    file = tmp_path / "bad.toml"
    file.write_text('replication = 3\nreplications = 0\nseed = "x"\ndesign = "gird"\n[factors]\na.b = []\n')
    with pytest.raises(ScenarioError) as fault:
        read(file)
    said = str(fault.value)
    for part in ("bad.toml:1:1", "did you mean 'replications'", "replications: is not a whole number", "seed:", "scenario:",
                 "did you mean 'grid'"):  # fmt: skip
        assert part in said
    assert f"5 problems in {file}" in said


def test_every_fault_of_factors_is_told_at_once(tmp_path: Path) -> None:
    """Unknown keys, empty lists, ranges that are none and units that nobody knows stand with line and column."""
    (tmp_path / "tiny.toml").write_text(TINY)
    file = tmp_path / "bad.toml"
    file.write_text(
        f'scenario = "{tmp_path / "tiny.toml"}"\n[factors]\nservices.ship.vehicles = "1..2.5"\n'
        'services.boat.vehicles = [1]\nservices.ship.vehicels = [1]\nscale.througput = "1..2"\n'
        'legs.road.transit = "5..8 hh"\nscale.tariffs = []\nscale.throughput = "2..1"\n'
        'season = { overlays = ["no-such"] }\nscale.transit_time = { range = "1..2", steps = 3 }\n'
    )
    with pytest.raises(ScenarioError) as fault:
        read(file)
    said = str(fault.value)
    for part in (
        "no whole numbers", "factors.services.boat.vehicles: is no key", "unknown unit 'hh'", "has no levels",
        "ends before it begins", "no-such", "does not know 'steps'", "bad.toml:5:",
        "did you mean 'services.ship.vehicles'", "did you mean 'scale.throughput'",
    ):  # fmt: skip
        assert part in said, part


def test_a_count_has_no_unit(tiny: Resolved) -> None:
    """A unit on a range of whole numbers is refused, not dropped."""
    for said in ("2..4 d", "2 d..4 d", {"range": "2..4 h", "levels": 2}):
        with pytest.raises(ScenarioError, match="counts have none"):
            ask(tiny, {"services.ship.vehicles": said})


def test_overlays_are_levels_too(tmp_path: Path) -> None:
    """Whole files laid over the base are levels of one factor; as-is lays nothing over."""
    (tmp_path / "tiny.toml").write_text(TINY)
    (tmp_path / "more-ships.toml").write_text('[[services]]\nid = "ship"\nvehicles = 4\n')
    file = tmp_path / "worlds.toml"
    file.write_text(
        f'scenario = "{tmp_path / "tiny.toml"}"\n[factors]\nworld = {{ overlays = ["as-is", "more-ships"] }}\n'
        "scale.tariffs = [1.0, 2.0]\n"
    )
    points = study(read(file)).points
    fleets = [next(each.vehicles for each in scenario_of(point).services if each.id == "ship") for point in points]
    assert fleets == [2, 2, 4, 4]
    assert [point.levels["world"] for point in points] == ["as-is", "as-is", "more-ships", "more-ships"]


@pytest.mark.parametrize(
    ("factor", "overlay", "words"),
    [
        ("transit", 'transit = "6 h"', "both set it"),
        ("transit", 'transit = { p95 = "12 h" }', "the overlay sets legs.road.transit.p95"),
    ],
)
def test_a_factor_does_not_undo_an_overlay(tmp_path: Path, factor: str, overlay: str, words: str) -> None:
    """What a factor and an overlay both set is refused with the factor, the overlay's file and line and the key, once."""
    (tmp_path / "tiny.toml").write_text(TINY)
    (tmp_path / "other.toml").write_text(f'[[legs]]\nid = "road"\n{overlay}\n')
    file = tmp_path / "worlds.toml"
    file.write_text(
        f'scenario = "{tmp_path / "tiny.toml"}"\n[factors]\nworld = {{ overlays = ["as-is", "other"] }}\n'
        f'legs.road.{factor} = ["5 h", "7 h"]\n'
    )
    with pytest.raises(ScenarioError) as fault:
        study(read(file))
    (problem,) = fault.value.problems
    assert problem.key == f"factors.legs.road.{factor}"
    assert problem.message.endswith(words)
    assert problem.origin is not None
    assert (Path(problem.origin.file).name, problem.origin.line) == ("other.toml", 3)


def test_a_factor_beside_an_overlay_that_is_never_laid_with_it(tmp_path: Path) -> None:
    """One factor at a time lays the overlay where the other factor is as it is: nothing is undone."""
    (tmp_path / "tiny.toml").write_text(TINY)
    (tmp_path / "more-ships.toml").write_text('[[services]]\nid = "ship"\nvehicles = 4\n')
    file = tmp_path / "worlds.toml"
    file.write_text(
        f'scenario = "{tmp_path / "tiny.toml"}"\ndesign = "one-at-a-time"\n[factors]\n'
        'world = { overlays = ["more-ships"] }\nservices.ship.vehicles = [1]\n'
    )
    assert len(study(read(file)).points) == 3


def test_the_sweep_of_the_handbook_can_be_run(tmp_path: Path) -> None:
    """The example in docs/experiments.md reads, and its points are sound."""
    text = (SHIPPED.parents[1] / "docs" / "experiments.md").read_text(encoding="utf-8")
    (tmp_path / "example.toml").write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    asked = read(tmp_path / "example.toml")
    assert len(study(asked, points_of(replace(asked.design, points=4), asked.factors)).points) == 4


def test_a_sweep_file_without_factors_or_without_a_file(tmp_path: Path) -> None:
    """A file that varies nothing, that is no TOML or that is not there is refused in words."""
    file = tmp_path / "none.toml"
    file.write_text('scenario = "baseline"\n')
    with pytest.raises(ScenarioError, match="levels by key"):
        read(file)
    file.write_text("scenario = ")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read(file)
    with pytest.raises(ScenarioError, match="cannot be read"):
        read(tmp_path / "missing.toml")


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_sweep_can_be_run(file: Path) -> None:
    """Each sweep that is shipped reads, is found by its name, and its points are sound and differ."""
    assert find(file.stem).resolve() == file
    points = study(read(file)).points
    assert len({point.digest for point in points}) == len(points)


def test_a_design_that_needs_points_says_so(tiny: Resolved) -> None:
    """A design that spreads points must know how many; an unknown design is answered with the nearest."""
    with pytest.raises(CaspianError, match="points = 64"):
        study(ask(tiny, {"scale.tariffs": "1..2"}, Design(kind="sobol")))
    with pytest.raises(CaspianError, match="did you mean 'sobol'"):
        ask(tiny, {"scale.tariffs": "1..2"}, Design(kind="sobl"))


def test_a_kpi_that_is_not_there_is_answered_with_the_nearest(tiny: Resolved) -> None:
    """Asking a sweep for an unknown KPI names the nearest right one."""
    done = swept(tiny, {"scale.tariffs": [1.0]}, 1)
    with pytest.raises(CaspianError, match="did you mean 'lead_time_d'"):
        done.means("lead_time")


def test_the_driver_gives_outcomes_no_home(tiny: Resolved) -> None:
    """What a batch made is stored before the next outcome is asked for: the driver holds no finished run."""
    asked = study(ask(tiny, {"services.ship.vehicles": [1, 2]}, replications=3))
    kept = Store(None, model_version(), asked.seed)
    seen: list[int] = []

    class Watching(Serial):
        def perform(self, work: Any, tasks: Any) -> Any:
            for outcome in Serial.perform(self, work, tasks):
                yield outcome
                seen.append(sum(len(kept.stored(number)) for number in range(3)))

    drive(asked, kept, Watching())
    assert seen == sorted(seen)
    assert seen[-1] == 6


def test_the_seed_is_no_factor(tiny: Resolved) -> None:
    """What belongs to the sweep, or decides nothing, cannot be varied: not in a table of factors, and not in a point."""
    for key, levels in (("run.seed", [1, 2]), ("run.engine", ["reference"]), ("run.replications", [3])):
        with pytest.raises(CaspianError, match=f"{key}: cannot be varied"):
            study(ask(tiny, {key: levels}))
