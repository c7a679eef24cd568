import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.errors import CaspianError
from sim.experiment.runs import Plan

TINY = str(Path(__file__).parents[1] / "tiny.toml")


@pytest.fixture(scope="module")
def results() -> sim.Results:
    """Two replications of a tiny corridor through the Python door."""
    return sim.run(TINY, replications=2, jobs=1)


def test_the_door_is_what_it_says() -> None:
    """All that `sim` lists is there, has a docstring, and nothing else answers."""
    assert set(sim.__all__) <= set(dir(sim))
    for name in sim.__all__:
        assert getattr(sim, name).__doc__
    assert sim.__version__[0].isdigit()
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        sim.lode  # noqa: B018 - asking is the test


def test_importing_the_door_is_quick() -> None:
    """`import sim` loads nothing heavy: not NumPy, pandas, matplotlib, pydantic, SciPy or rich."""
    heavy = "numpy pandas matplotlib pydantic scipy rich simpy click"
    code = f"import sys, sim; print(*sorted(set('{heavy}'.split()) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""


def test_a_scenario_shows_as_a_card() -> None:
    """The card has the map, the demand, the fleets and where it comes from; no script, no address to fetch."""
    base = sim.load(TINY)
    card = base._repr_html_()
    for part in ("A tiny corridor", base.digest[:8], "<svg", "cement-out", "trucks", "tiny.toml"):
        assert part in card
    assert "<script" not in card
    assert 'src="http' not in card


def test_a_change_makes_another_scenario() -> None:
    """`replace` leaves the base as it was; a wrong key is told with the nearest right one."""
    base = sim.load(TINY)
    more = base.replace({"services.ship.vehicles": 3})
    assert (base.scenario.services[1].vehicles, more.scenario.services[1].vehicles) == (2, 3)
    assert base.digest != more.digest
    assert more.name == "tiny"
    with pytest.raises(sim.ScenarioError, match="did you mean 'vehicles'"):
        base.replace({"services.ship.vehicle": 3})


def test_results_are_frames(results: sim.Results) -> None:
    """KPIs by replication; consignments, ledger and events of replication 0 with moments as moments; all of them agree."""
    assert list(results.kpis.index) == [0, 1]
    assert results.kpis["lead_time_d"].mean() == pytest.approx(results.intervals["lead_time_d"].mean)
    cargo, ledger, events = results.consignments, results.ledger, results.events
    assert str(cargo["released_utc"].dtype).startswith("datetime64")
    assert cargo["released_utc"].dt.tz is not None
    assert len(events[events["event"] == "released"]) == len(cargo)
    assert 0 < len(cargo[cargo["measured"]]) < len(cargo)
    assert set(ledger[ledger["measured"]]["consignment"]) <= set(cargo[cargo["measured"]]["consignment"])
    paid = ledger[(ledger["payer"] != "carrier")]["usd"].sum()
    assert paid == pytest.approx(cargo["landed_cost_usd"].sum(), abs=0.005)
    assert set(results.checks.values()) == {0}


def test_results_show_as_a_table(results: sim.Results) -> None:
    """In a notebook a run is its KPI table with intervals, bottleneck and checks; a lone replication has no interval."""
    html = results._repr_html_()
    for part in ("Lead time", "95 % interval", "Bottleneck", "(0 kg off)", "2 replications"):
        assert part in html
    assert "Lead time" in sim.run(sim.load(TINY), Plan(only=1))._repr_html_()


def test_what_is_printed_is_short(results: sim.Results) -> None:
    """`print` shows a scenario, a run and a sweep as lines that fit a screen, not as all that they hold."""
    base = sim.load(TINY)
    swept = sim.sweep(base, {"services.ship.vehicles": [1, 2]}, replications=1, on="serial")
    for shown, part in (base, "A tiny corridor"), (results, "Bottleneck: "), (swept, "services.ship.vehicles"):
        lines = str(shown).splitlines()
        assert any(part in line for line in lines)
        assert len(lines) < 30
        assert max(map(len, lines)) <= 120


def test_every_figure_can_be_asked_for(results: sim.Results) -> None:
    """`run.plot` has a method for each figure, which gives a figure that the notebook can show."""
    for draw in (results.plot.map, results.plot.causes, results.plot.yards, results.plot.gantt):
        picture = draw()
        assert picture.figure.axes
        assert "<svg" in picture._repr_svg_()


def test_results_can_be_saved(results: sim.Results, tmp_path: Path) -> None:
    """`save` leaves the folder that `caspian run` leaves."""
    folder = results.save(tmp_path)
    assert (folder / "manifest.json").is_file()
    assert (folder / "figures" / "gantt.svg").is_file()


def test_a_sweep_is_rows_and_a_frame(tmp_path: Path) -> None:
    """One row for each replication of each point, as dicts, as a frame, as a table in the notebook and as CSV."""
    swept = sim.sweep(TINY, {"services.ship.vehicles": [1, 2]}, replications=2, on="serial")
    assert [(row["point"], row["services.ship.vehicles"], row["replication"]) for row in swept.rows] == [
        (0, 1, 0), (0, 1, 1), (1, 2, 0), (1, 2, 1),
    ]  # fmt: skip
    assert swept.to_frame().groupby("point")["lead_time_d"].mean().notna().all()
    assert "services.ship.vehicles" in swept._repr_html_()
    assert (swept.save(tmp_path) / "sweep.csv").is_file()


def test_without_pandas_the_user_is_told_what_to_install(results: sim.Results, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames need an extra; asking for one without it says which."""
    monkeypatch.setattr("sim.report.notebook.find_spec", lambda _: None)
    with pytest.raises(CaspianError, match=r"\[notebook\]"):
        _ = results.kpis
    with pytest.raises(CaspianError, match=r"\[notebook\]"):
        _ = results.events
