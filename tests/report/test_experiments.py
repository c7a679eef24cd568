from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.text import Text

import sim
from sim.errors import CaspianError

TINY = str(Path(__file__).parents[1] / "tiny.toml")
FLEETS: dict[str, object] = {"services.ship.vehicles": [1, 2]}


@pytest.fixture(scope="module")
def compared() -> "sim.ComparisonResults":
    """The tiny corridor with more ships and with cheaper tariffs."""
    base = sim.load(TINY)
    others = [base.replace({"services.ship.vehicles": 3}), base.replace({"scale.tariffs": 0.5})]
    return sim.compare(base, *others, replications=4, jobs=1)


@pytest.fixture(scope="module")
def swept() -> "sim.SweepResults":
    """A grid of ships and tariffs."""
    factors = {"services.ship.vehicles": [1, 2, 3], "scale.tariffs": {"range": "0.5..1.5", "levels": 3}}
    return sim.sweep(TINY, factors, replications=2, on="serial")


def test_a_comparison_is_tidy(compared: "sim.ComparisonResults") -> None:
    """One row for each KPI and scenario, one for each replication of each, and steps that add up; changes give names."""
    frame = compared.to_frame()
    assert set(frame["scenario"]) == {"services.ship.vehicles=3", "scale.tariffs=0.5"}
    assert frame.query("kpi == 'lead_time_d' and scenario == 'scale.tariffs=0.5'")["verdict"].tolist() == ["identical"]
    assert len(compared.kpis) == 3 * 4
    why = compared.why(1)
    hours = why[why["in"] == "h"].set_index("step")["mean"]
    assert hours.drop("end").sum() == pytest.approx(hours["end"])


def test_a_comparison_shows_itself(compared: "sim.ComparisonResults", tmp_path: Path) -> None:
    """As text, as a table in a notebook, as figures and as files."""
    assert "identical" in str(compared)
    assert max(map(len, str(compared).splitlines())) <= 120
    assert "<table" in compared._repr_html_()
    for picture in (compared.plot.forest(), compared.plot.waterfall(1), compared.plot.waterfall(2, "cost")):
        assert "<svg" in picture._repr_svg_()
    with pytest.raises(CaspianError, match="Nothing differs"):
        compared.plot.waterfall(2, "hours")
    assert (compared.save(tmp_path) / "why.csv").is_file()


def test_a_sweep_is_tidy(swept: "sim.SweepResults") -> None:
    """Rows by replication, means with intervals by point, and the share of the variance that each factor makes."""
    assert len(swept.to_frame()) == 9 * 2
    means = swept.means(["cost_usd_per_t"])
    assert list(means.columns) == ["point", "services.ship.vehicles", "scale.tariffs", "cost_usd_per_t",
                                   "cost_usd_per_t_lo", "cost_usd_per_t_hi"]  # fmt: skip
    shares = swept.sensitivity("cost_usd_per_t")
    assert shares.index[0] == "scale.tariffs"
    assert shares.iloc[0] > 0.9


def test_a_sweep_is_drawn(swept: "sim.SweepResults") -> None:
    """Lines with bands, a heat map, parallel coordinates; an unknown factor is answered with those there are."""
    plots = swept.plot
    for picture in (plots.lines(), plots.lines("cost_usd_per_t", x="scale.tariffs"), plots.heat(), plots.parallel()):
        assert "<svg" in picture._repr_svg_()
    with pytest.raises(CaspianError, match=r"there are services\.ship\.vehicles, scale\.tariffs"):
        plots.lines(x="ships")
    one = sim.sweep(TINY, {"services.ship.vehicles": [1, 2]}, replications=1, on="serial")
    with pytest.raises(CaspianError, match="needs two factors"):
        one.plot.heat()
    assert "<svg" in one.plot.lines()._repr_svg_()


def test_words_are_levels_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Overlays on an axis are named in their order, not placed by size."""
    (tmp_path / "more.toml").write_text('[[services]]\nid = "ship"\nvehicles = 4\n')
    monkeypatch.chdir(tmp_path)
    factors = {"world": {"overlays": ["as-is", "more"]}, "scale.tariffs": [1.0, 2.0]}
    swept = sim.sweep(TINY, factors, replications=1, on="serial")
    for picture in (swept.plot.lines(), swept.plot.heat(), swept.plot.parallel()):
        said = "".join(text.get_text() for text in picture.figure.findobj(Text))
        assert "as-is" in said.replace("\n", "")


def test_a_sweep_kept_in_a_file_is_not_run_again(tmp_path: Path) -> None:
    """The same call with a store finds there what it has run."""
    store = tmp_path / "mine.sqlite"
    first, again = (
        sim.sweep(TINY, {"services.ship.vehicles": [1, 2]}, points=2, replications=1, on="serial", store=store)
        for _ in range(2)
    )
    assert str(first.rows) == str(again.rows)
    assert list(again.sweep.store.dump()) == list(first.sweep.store.dump())


def test_analyses_show_themselves() -> None:
    """Sensitivity, ranking, search and bottlenecks print a table and give a frame."""
    factors = {"services.ship.vehicles": "1..3", "scale.tariffs": "0.5..2"}
    judged = sim.judge(TINY, factors, replications=2, on="serial")
    assert judged.to_frame()["factor"].tolist() == ["services.ship.vehicles", "scale.tariffs"]
    assert "<svg" in judged.plot()._repr_svg_()
    assert "<table" in judged._repr_html_()
    screened = sim.judge(TINY, factors, "cost_usd_per_t", method="morris", size=3, replications=1, on="serial")
    assert "size μ*" in str(screened)
    with pytest.raises(CaspianError, match="tornado"):
        screened.plot()
    base = sim.load(TINY)
    ranked = sim.rank(base.replace({"services.ship.vehicles": 1}), base, indifference=0.3, most=60, jobs=1)
    assert ranked.best == "services.ship.vehicles=2"
    assert "Chosen" in str(ranked)
    best = sim.optimise(TINY, factors, budget=8, replications=1, on="serial", at_most={"lead_time_d": 9.0})
    assert len(best.to_frame()) == 8
    assert set(best.levels) == set(factors)
    assert "of 8 points tried" in str(best)
    bought = sim.bottlenecks(TINY, replications=3, jobs=1)
    assert "ship: fleet" in str(bought)
    assert len(bought.to_frame()) == 12


def test_quantiles_over_replications_have_intervals() -> None:
    """The median over ten replications with its distribution-free interval; of fewer than six there is none at 95 %."""
    run = sim.run(TINY, replications=10, jobs=1)
    estimate, lo, hi = run.quantile("lead_time_d", 0.5)
    assert lo <= estimate <= hi
    assert str(sim.run(TINY, replications=3, jobs=1).quantile("lead_time_d", 0.5)[1:]) == "(nan, nan)"


def test_unlike_windows_are_told() -> None:
    """Scenarios measured over unlike times are compared and ranked, and what is shown of it names the keys; like ones are
    not warned of.
    """
    base = sim.load(TINY)
    longer = base.replace({"run.run_length": "40 d", "run.drain": "10 d"})
    done = sim.compare(base, longer, kpis=["throughput_kt"], replications=2, jobs=1)
    said = "run.run_length and run.drain differ"
    assert said in str(done)
    assert said in done._repr_html_()
    assert said in str(sim.rank(base, longer, indifference=5, most=20, jobs=1))
    like = sim.compare(base, base.replace({"scale.tariffs": 2.0}), kpis=["throughput_kt"], replications=2, jobs=1)
    assert "differ:" not in str(like)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: sim.run(TINY, replications=0), "replications=0 cannot be used: expected a whole number, 1 or more"),
        (lambda: sim.run(TINY, jobs=0), "jobs=0"),
        (lambda: sim.run(TINY, seed=-1), "seed=-1"),
        (lambda: sim.sweep(TINY, FLEETS, replications=0), "replications=0"),
        (lambda: sim.sweep(TINY, FLEETS, points=0), "points=0"),
        (lambda: sim.judge(TINY, FLEETS, size=0), "size=0"),
        (lambda: sim.rank(TINY, TINY, indifference=1, jobs=0), "jobs=0"),
        (lambda: sim.rank(TINY, indifference=1), "two scenarios"),
        (lambda: sim.optimise(TINY, FLEETS, budget=0), "budget=0"),
        (lambda: sim.bottlenecks(TINY, replications=0), "replications=0"),
        (lambda: sim.compare(TINY, TINY, replications=0), "replications=0"),
        (lambda: sim.compare(TINY, TINY, jobs=1.5), "jobs=1.5"),  # type: ignore[arg-type]
        (lambda: sim.compare(TINY, TINY, matters=2), "expected 0 to 1, such as 0.02"),
        (lambda: sim.compare(TINY, TINY, names=["a"]), "2 scenarios have 1 names"),
        (lambda: sim.judge(TINY, FLEETS, method="moris"), "method='moris' is none (there are morris, sobol, tornado)"),
        (lambda: sim.judge(TINY, FLEETS, kpi="lead_time"), "kpi='lead_time': there is no such KPI; did you mean"),
        (lambda: sim.rank(TINY, TINY, kpi="cost", indifference=1), "kpi='cost': there is no such KPI"),
        (lambda: sim.bottlenecks(TINY, kpi="cost"), "There are lead_time_d, "),
        (lambda: sim.optimise(TINY, FLEETS, at_least={"on_time": 0.9}), "at_least='on_time': there is no such KPI"),
        (lambda: sim.compare(TINY, TINY, kpis="lead"), "kpis='lead': there is no such KPI"),
        (lambda: sim.sweep(TINY, FLEETS, store=Path(TINY).parent), "is a folder: expected a file"),
        (lambda: sim.optimise(TINY, FLEETS, store=Path(TINY).parent), "is a folder: expected a file"),
        (lambda: sim.compare(TINY, TINY, names=[]), "2 scenarios have 0 names"),
    ],
)  # fmt: skip
def test_arguments_that_mean_nothing_are_refused(asked: Callable[[], object], said: str) -> None:
    """Nought is not what is usual, and nothing is taken that cannot be run: the argument is named, and nothing runs."""
    with pytest.raises(CaspianError) as refused:
        asked()
    assert said in str(refused.value)


def test_one_kpi_may_be_named_alone(swept: "sim.SweepResults") -> None:
    """A word is one KPI, not its letters."""
    done = sim.compare(TINY, TINY, kpis="lead_time_d", replications=2, jobs=1)
    assert done.comparison.kpis == ("lead_time_d",)
    assert "lead_time_d_lo" in swept.means("lead_time_d").columns
