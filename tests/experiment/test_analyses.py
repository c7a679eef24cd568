import math
from datetime import date
from pathlib import Path

import pytest

from sim.errors import CaspianError
from sim.experiment.analyses import sensitivity
from sim.experiment.analyses.bottlenecks import try_each
from sim.experiment.analyses.optimising import Limit, optimise
from sim.experiment.analyses.ranking import rank
from sim.experiment.analyses.steadiness import judge_steady
from sim.experiment.executors import executor_of
from sim.experiment.model import model_version
from sim.experiment.sweeps.asking import Asked, Study, ask, study
from sim.experiment.sweeps.database import Store
from sim.experiment.sweeps.designs import Design
from sim.experiment.sweeps.finding import Sweep, perform
from sim.scenario import Resolved, load
from sim.scenario.resources import resources

TINY = str(Path(__file__).parents[1] / "tiny.toml")
FACTORS = {"services.ship.vehicles": "1..3", "scale.tariffs": "0.5..2", "demand.cement-out.due": ["9 d", "10 d"]}
"""The first decides the lead time and nothing of the tariffs, the second the cost, the third neither."""


@pytest.fixture(scope="module")
def tiny() -> Resolved:
    """A month of a tiny corridor."""
    return load(TINY)


@pytest.fixture(scope="module")
def asked(tiny: Resolved) -> Asked:
    """What is varied of it."""
    return ask(tiny, FACTORS, replications=2)


@pytest.fixture(scope="module")
def kept(asked: Asked) -> Store:
    """One store for all."""
    return Store(None, model_version(), asked.seed)


def run(planned: Study, kept: Store) -> Sweep:
    """The study, in this process."""
    return perform(planned, kept, executor_of("serial"))


def test_a_tornado_finds_what_each_factor_does_alone(asked: Asked, kept: Store) -> None:
    """Differences at both ends from the base as it is, paired; the widest first, and nothing of what has no influence."""
    planned = sensitivity.plan(asked, "tornado", size=1)
    done = run(planned.study, kept)
    lead, cost = (sensitivity.tornado(planned, done, kpi) for kpi in ("lead_time_d", "cost_usd_per_t"))
    assert lead[0].factor == "services.ship.vehicles"
    assert (lead[0].low_level, lead[0].high_level) == (1, 3)
    assert lead[0].low.mean > 0 > lead[0].high.mean
    assert [swing.high.mean for swing in lead[1:]] == [0, 0]
    assert cost[0].factor == "scale.tariffs"
    assert cost[0].low.mean < 0 < cost[0].high.mean


def test_a_tornado_takes_the_least_and_the_greatest(tiny: Resolved, kept: Store) -> None:
    """However levels are written: counts by number, quantities by what they are worth, days by date."""
    levels = {"services.ship.vehicles": [2, 3, 1], "demand.cement-out.due": ["2 d", "36 h", "3 d", "50 h"],
              "run.start": [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 1)]}  # fmt: skip
    planned = sensitivity.plan(ask(tiny, levels, replications=1), "tornado", size=1)
    swings = sensitivity.tornado(planned, run(planned.study, kept), "lead_time_d")
    assert {swing.factor: (swing.low_level, swing.high_level) for swing in swings} == {
        "services.ship.vehicles": (1, 3), "demand.cement-out.due": ("36 h", "3 d"),
        "run.start": (date(2026, 3, 1), date(2026, 3, 3)),
    }  # fmt: skip


def test_a_tornado_tries_every_level_that_has_no_order(tiny: Resolved, kept: Store, tmp_path: Path) -> None:
    """Of whole files the two farthest apart in the KPI count, not the first and the last."""
    for fleet in (1, 2, 3):
        (tmp_path / f"fleet-{fleet}.toml").write_text(f'[[services]]\nid = "ship"\nvehicles = {fleet}\n')
    files = [str(tmp_path / f"fleet-{fleet}.toml") for fleet in (2, 1, 3)]
    asked = ask(tiny, {"world": {"overlays": [*files, "as-is"]}}, replications=2)
    planned = sensitivity.plan(asked, "tornado", size=1)
    (swing,) = sensitivity.tornado(planned, run(planned.study, kept), "lead_time_d")
    assert (swing.low_level, swing.high_level) == (files[2], files[1])
    assert swing.low.mean < 0 < swing.high.mean


def test_screening_finds_the_factors_that_matter(asked: Asked, kept: Store) -> None:
    """Morris gives no size, and Sobol no share, to what a KPI does not answer to, and most to what it does."""
    planned = sensitivity.plan(asked, "morris", size=4)
    effects = sensitivity.morris(planned, run(planned.study, kept), "cost_usd_per_t")
    assert effects["scale.tariffs"].mu_star > 10 * effects["services.ship.vehicles"].mu_star
    assert effects["demand.cement-out.due"].mu_star == 0
    assert effects["scale.tariffs"].mu == pytest.approx(effects["scale.tariffs"].mu_star)
    planned = sensitivity.plan(asked, "sobol", size=16)
    indices = sensitivity.sobol(planned, run(planned.study, kept), "lead_time_d")
    assert indices["services.ship.vehicles"].total > 0.5
    assert indices["scale.tariffs"].total == 0


def test_shares_of_a_finished_sweep(tiny: Resolved, kept: Store) -> None:
    """Of any design: a factor that decides the KPI alone has nearly all of its variance, one that does nothing next to
    none.
    """
    points = study(ask(tiny, FACTORS, Design(kind="latin-hypercube", points=48, seed=1), replications=1))
    shares = sensitivity.shares(run(points, kept), "cost_usd_per_t")
    assert shares["scale.tariffs"] > 0.9
    assert abs(shares["demand.cement-out.due"]) < 0.15


def test_what_no_sensitivity_can_be_asked_of(asked: Asked) -> None:
    """An unknown method and a base sample that is no power of two are refused in words."""
    with pytest.raises(CaspianError, match="morris, sobol, tornado"):
        sensitivity.plan(asked, "oat", size=1)
    with pytest.raises(CaspianError, match="power of two"):
        sensitivity.plan(asked, "sobol", size=12)


def test_the_best_is_chosen_and_the_rest_left_out(tiny: Resolved) -> None:
    """Three ships beat one soon and for sure; in what is seen of each, the one left out has fewer replications."""
    worlds = [tiny.replace({"services.ship.vehicles": ships}) for ships in (1, 3)]
    found = rank(worlds, "lead_time_d", 0.3, most=60, jobs=1)
    assert found.chosen.best == 1
    assert found.chosen.is_decided
    assert found.seen[1].mean < found.seen[0].mean
    assert found.seen[0].n == found.chosen.eliminated[0]


def test_alternatives_that_do_not_differ_end_by_themselves(tiny: Resolved) -> None:
    """Equal worlds are within the indifference zone at once, and one of them is named."""
    found = rank([tiny, tiny], "lead_time_d", 0.1, most=30, jobs=1)
    assert found.chosen.is_decided
    with pytest.raises(CaspianError, match="Neither more nor less"):
        rank([tiny, tiny], "berth_occupancy.aktau-quay", 0.1)


def test_a_search_finds_the_best_corner(asked: Asked, kept: Store) -> None:
    """The cheapest tariffs win; a limit on lead time keeps to enough ships; asked again, the same points are tried."""
    found = [
        optimise(
            asked, "cost_usd_per_t", 24, lambda planned: run(planned, kept), limits=[Limit(kpi="lead_time_d", most=5.6)]
        )
        for _ in range(2)
    ]
    assert found[0].trials == found[1].trials
    best = found[0].best
    assert best is not None
    assert float(str(best.levels["scale.tariffs"])) < 0.9
    assert all(trial.mean >= best.mean for trial in found[0].trials if trial.is_allowed)
    missed = [trial for trial in found[0].trials if not trial.is_allowed]
    assert missed
    assert {trial.levels["services.ship.vehicles"] for trial in missed} <= {1, 2, 3}
    none = optimise(
        asked, "cost_usd_per_t", 4, lambda planned: run(planned, kept), limits=[Limit(kpi="lead_time_d", most=0.1)]
    )
    assert none.best is None


def test_one_more_of_each_resource_is_tried(tiny: Resolved) -> None:
    """Every resource has a step that makes a sound scenario; what helps for sure stands first, by what a dollar buys."""
    priced = tiny.replace({"unit_costs": {"services.ship.vehicles": "3000 USD/d", "terminals.anzali-quay.rate": "10 USD/d"}})
    found = try_each(priced, "lead_time_d", 12, jobs=1)
    assert {each.resource.key for each in found.bought} == {resource.key for resource in resources(tiny.scenario)}
    by_key = {each.resource.key: each for each in found.bought}
    ship = by_key["services.ship.vehicles"]
    assert ship.finding.verdict == "better"
    assert ship.per_1000_usd == pytest.approx(ship.gain / 3)
    assert math.isnan(by_key["services.trucks.vehicles"].usd_per_day)
    sure = [each for each in found.bought if each.finding.verdict == "better"]
    assert found.bought[: len(sure)] == tuple(sure)
    priced_first = [each.per_1000_usd for each in sure if not math.isnan(each.per_1000_usd)]
    assert priced_first == sorted(priced_first, reverse=True)


def test_unit_costs_change_no_run_and_name_resources(tiny: Resolved) -> None:
    """They are no part of the digest; a key that names no resource, or another currency, is a problem with its nearest
    word.
    """
    assert tiny.replace({"unit_costs": {"services.ship.vehicles": "1 USD/d"}}).digest == tiny.digest
    with pytest.raises(CaspianError) as fault:
        tiny.replace({"unit_costs": {"services.ship.vehicels": "1 USD/d", "services.trucks.vehicles": "1 EUR/d"}})
    assert "did you mean 'services.….vehicles'" in str(fault.value)
    assert "is not in dollars" in str(fault.value)


STATIONARY = ("run.stationary=true", "run.run_length=360 d", "disruptions.storm.remove=true")


def test_a_long_run_is_judged_where_there_are_no_seasons() -> None:
    """A stationary scenario settles down within its warm-up or not, and its mean lead time is near that of replications."""
    still = load(TINY, sets=STATIONARY)
    found = judge_steady(still)
    assert found.cut is not None
    assert found.lead_time_d is not None
    assert found.lead_time_d.lo < found.lead_time_d.mean < found.lead_time_d.hi
    assert found.consignments > 500


def test_a_corridor_with_seasons_has_no_steady_state() -> None:
    """Not declared, or declared in spite of a dated closure: refused with the reason."""
    with pytest.raises(CaspianError, match="does not declare itself stationary"):
        judge_steady(load(TINY))
    with pytest.raises(CaspianError, match=r"disruptions\.storm"):
        judge_steady(load(TINY, sets=["run.stationary=true"]))
