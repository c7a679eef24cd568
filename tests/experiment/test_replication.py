from pathlib import Path

import numpy as np
import pytest

from sim.draws import draw, fingerprint
from sim.errors import CaspianError
from sim.events import Kind
from sim.experiment.precision import Goal, Interval
from sim.experiment.replication import replicate
from sim.experiment.runs import Plan, run
from sim.experiment.warm_up import Verdict, begun_later, judge_warm_up
from sim.kpis import checks, measure
from sim.scenario import Resolved, loads
from sim.scenario.wiring import network_of

TINY = (Path(__file__).parents[1] / "tiny.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tiny() -> Resolved:
    """A month of a tiny corridor."""
    return loads(TINY, "tiny")


def test_one_replication_alone_is_the_one_of_the_whole_run(tiny: Resolved) -> None:
    """Replication 2 run alone has the KPIs, the draws and the tables that it has among its neighbours."""
    whole, alone = run(tiny, Plan(keep="all"), jobs=1), run(tiny, Plan(only=2))
    assert [row.replication for row in alone.rows] == [2]
    assert alone.rows[0].kpis == pytest.approx(whole.rows[2].kpis, abs=0, rel=0, nan_ok=True)
    assert alone.rows[0].draws == whole.rows[2].draws
    assert alone.rows[0].files == whole.rows[2].files


def test_the_rows_do_not_depend_on_how_many_processes_there_are(tiny: Resolved, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers give the rows that one process gives, in the same order."""
    monkeypatch.setattr("sim.experiment.workers.WORTH_A_POOL_S", 0.0)
    here, there = run(tiny, jobs=1), run(tiny, jobs=2)
    assert [row.replication for row in there.rows] == [0, 1, 2]
    assert [row.draws for row in here.rows] == [row.draws for row in there.rows]
    assert [str(dict(row.kpis)) for row in here.rows] == [str(dict(row.kpis)) for row in there.rows]


def test_a_plan_overrules_the_scenario(tiny: Resolved) -> None:
    """Number, seed and engine of a plan win over those of the scenario; what it does not say stands there."""
    assert len(run(tiny).rows) == 3
    other = run(tiny, Plan(replications=1, seed=8, engine="reference"))
    assert (len(other.rows), other.seed, other.engine) == (1, 8, "reference")
    assert other.rows[0].draws != run(tiny, Plan(replications=1)).rows[0].draws


def test_a_run_stops_at_the_replication_that_reaches_the_goal(tiny: Resolved) -> None:
    """With a precision that ten replications have, ten are run; progress is told before the first and after each."""
    seen: list[tuple[int, int]] = []
    goal = Goal(relative=0.15, kpis=("co2e_kg_per_t",), most=12)
    done = run(tiny, Plan(goal=goal), jobs=1, progress=lambda count, most: seen.append((count, most)))
    assert len(done.rows) == 10
    assert seen == [(number, 12) for number in range(11)]


def test_nothing_goes_missing(tiny: Resolved) -> None:
    """Seconds, kilograms and cents of a run close exactly."""
    assert set(run(tiny).checks.values()) == {0}


def test_a_log_may_be_let_go_once_it_is_audited(tiny: Resolved) -> None:
    """Without its events a replication has the same figures, and its checks still know that the log was whole."""
    kept, let_go = (replicate(tiny.scenario, 1, 0, keeps_log=keeps_log) for keeps_log in (True, False))
    assert (len(kept.log) > 0, len(let_go.log)) == (True, 0)
    assert str(measure(kept)) == str(measure(let_go))
    assert checks(kept) == checks(let_go)
    assert set(checks(let_go).values()) == {0}


def test_equal_draws_have_equal_digests(tiny: Resolved) -> None:
    """The digest of the draws is the same on a repeat and differs by seed and by replication."""
    network = network_of(tiny.scenario)
    digests = [fingerprint(draw(tiny.scenario, network, seed, number)) for seed, number in ((1, 0), (1, 0), (1, 1), (2, 0))]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_a_world_begun_later_keeps_its_chance(tiny: Resolved) -> None:
    """What is released after the cut keeps size, way, work and calendar second; what came before is gone."""
    network = network_of(tiny.scenario)
    draws = draw(tiny.scenario, network, 7, 0)
    cut_s = 5 * 86400
    later_network, later = begun_later(network, draws, cut_s)
    kept = draws.release_s >= cut_s
    assert 0 < len(later.kg) < len(draws.kg)
    np.testing.assert_array_equal(later.kg, draws.kg[kept])
    np.testing.assert_array_equal(later.post_work_s, draws.post_work_s[kept])
    np.testing.assert_array_equal(later.release_s + later_network.start_unix_s, draws.release_s[kept] + network.start_unix_s)
    np.testing.assert_array_equal(later.shipment_release_s[later.shipment], later.release_s)
    assert later_network.window_from_s == network.window_from_s - cut_s
    for line, shifted in zip(draws.timelines, later.timelines, strict=True):
        for at_s in range(0, 40 * 86400, 7200):
            assert shifted.share_at(at_s) == line.share_at(at_s + cut_s)


def test_what_forgets_its_beginning_needs_no_more_warm_up(tiny: Resolved) -> None:
    """Emissions of a tonne depend on its way alone: an earlier beginning changes nothing. Lead time is judged beside."""
    emissions, lead_time = judge_warm_up(tiny, ["co2e_kg_per_t", "lead_time_d"], 2, jobs=1)
    assert emissions.says == "long enough"
    assert (emissions.difference.n, lead_time.difference.n) == (2, 2)


def test_a_scenario_without_warm_up_cannot_be_judged(tiny: Resolved) -> None:
    """Twice nothing is nothing: the user is told so."""
    with pytest.raises(CaspianError, match="warm-up"):
        judge_warm_up(tiny.replace({"run.warm_up": "0 d"}), ["lead_time_d"], 2)


@pytest.mark.parametrize(
    ("lo", "hi", "says"),
    [
        (-0.005, 0.008, "long enough"),
        (0.011, 0.02, "too short"),
        (-0.03, -0.012, "too short"),
        (-0.02, 0.005, "undecided"),
        (0.005, 0.02, "undecided"),
    ],
)
def test_a_warm_up_is_too_short_when_the_interval_excludes_one_per_cent(lo: float, hi: float, says: str) -> None:
    """An interval within ±1 % clears the warm-up, one outside condemns it, one across leaves it open."""
    assert Verdict(kpi="x", difference=Interval(mean=(lo + hi) / 2, lo=lo, hi=hi, n=10)).says == says


def test_evidence_holds_everything(tiny: Resolved) -> None:
    """A replication hands over what was drawn, what happened, its hours and its bills, all of one size."""
    evidence = replicate(tiny.scenario, 7, 1)
    count = len(evidence.draws.kg)
    assert (evidence.draws.seed, evidence.draws.replication) == (7, 1)
    assert len(evidence.hours.seconds) == count > 50
    assert evidence.ledger.consignment.max() < count


SHUTTLE = """
run = { warm_up = "0 d", run_length = "10 h", drain = "0 d" }
nodes = [
    { id = "a", kind = "city", country = "IR", lat = 36, lon = 50 },
    { id = "b", kind = "city", country = "IR", lat = 37, lon = 50 },
]
terminals = [
    { id = "ta", node = "a", mode = "road", berths = 1, rate = "50 t/h" },
    { id = "tb", node = "b", mode = "road", berths = 1, rate = "50 t/h" },
]
[[legs]]
id = "a-b"
mode = "road"
ends = ["a", "b"]
distance = "50 km"
transit = { distribution = "lognormal", mean = "1 h", cv = 300 }
[[services]]
id = "trucks"
mode = "road"
stops = ["a", "b"]
vehicles = 1
capacity = "20 t"
empty = "always"
"""


def test_a_fleet_that_makes_more_voyages_than_were_drawn_gets_more_and_keeps_the_first() -> None:
    """Most passages take seconds though their mean is an hour: voyages run out, more are drawn, and none is drawn anew."""
    quick = loads(SHUTTLE)
    first = draw(quick.scenario, network_of(quick.scenario), 3, 0).transit_s[0]
    evidence = replicate(quick.scenario, 3, 0)
    assert len(evidence.log.where(Kind.DEPARTED)) > len(first)
    assert evidence.draws.transit_s[0][: len(first)].tolist() == first.tolist()
