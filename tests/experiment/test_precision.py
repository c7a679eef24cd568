import math
import statistics
from statistics import NormalDist

import numpy as np
import pytest

from sim.errors import CaspianError
from sim.experiment.precision import Goal, enough, intervals, t_interval


def test_the_interval_is_the_one_of_the_textbook() -> None:
    """Ten values with mean 1.343 and variance 0.1675 have the half-width 2.262 √(0.1675 / 10): t with 9 degrees, 97.5 %."""
    values = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    interval = t_interval(values)
    assert interval.mean == pytest.approx(1.343)
    assert interval.half_width == pytest.approx(2.262157 * math.sqrt(statistics.variance(values) / 10), rel=1e-6)
    assert (interval.lo + interval.hi) / 2 == pytest.approx(interval.mean)


def test_one_value_has_no_interval_and_none_has_no_mean() -> None:
    """A single replication gives a mean whose ends are unknown; no replication gives nothing."""
    one, none = t_interval([3.0]), t_interval([])
    assert (one.mean, one.n, math.isnan(one.lo), math.isnan(one.hi)) == (3.0, 1, True, True)
    assert math.isnan(none.mean)
    assert none.n == 0


def test_replications_without_a_value_are_left_out_and_not_counted() -> None:
    """A KPI that has nothing to measure in a replication is nan there; the interval is over the others and says how many."""
    assert t_interval([1.0, math.nan, 3.0]) == t_interval([1.0, 3.0])
    assert t_interval([1.0, math.nan, 3.0]).n == 2


def test_intervals_cover_as_often_as_they_say() -> None:
    """Of 4000 intervals over 10 normal values, 95 % hold the true mean, within the error of that count."""
    rng = np.random.default_rng(1)
    samples = rng.normal(5.0, 2.0, size=(4000, 10))
    covered = sum(interval.lo <= 5.0 <= interval.hi for interval in map(t_interval, samples)) / 4000
    assert covered == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 4000))


def test_every_kpi_gets_its_interval_in_the_order_of_the_rows() -> None:
    """The intervals of a run are named and ordered as its rows are; no rows, no intervals."""
    found = intervals([{"b": 1.0, "a": 2.0}, {"b": 3.0, "a": 2.0}])
    assert [(name, interval.mean, interval.half_width > 0) for name, interval in found.items()] == [
        ("b", 2.0, True),
        ("a", 2.0, False),
    ]
    assert intervals([]) == {}


def test_a_goal_is_never_met_before_the_tenth_replication() -> None:
    """Even values that do not vary at all are looked at ten times."""
    rows = [{"x": 4.0}] * 30
    goal = Goal(relative=0.02, kpis=("x",))
    assert [enough(rows[:n], goal) for n in (1, 9, 10, 30)] == [None, None, 10, 10]


def test_a_goal_waits_for_every_kpi() -> None:
    """A steady KPI does not let a run stop while another still swings; where the most is reached, it stops unmet."""
    rows = [{"steady": 1.0, "swinging": float(10 + 8 * (-1) ** n)} for n in range(60)]
    assert enough(rows, Goal(relative=0.05, kpis=("steady",), most=60)) == 10
    assert enough(rows[:59], Goal(relative=0.05, kpis=("steady", "swinging"), most=60)) is None
    assert enough(rows, Goal(relative=0.05, kpis=("steady", "swinging"), most=60)) == 60


def test_the_answer_does_not_depend_on_how_far_ahead_others_have_run() -> None:
    """The rule looks at replications one by one in their order: with more of them at hand the answer is the same."""
    normal = NormalDist(10, 1)
    rows = [{"x": normal.inv_cdf(((n * 0.618034) % 1) * 0.998 + 0.001)} for n in range(200)]
    goal = Goal(relative=0.03, kpis=("x",), most=200)
    n = enough(rows, goal)
    assert n is not None
    assert 10 < n < 200
    assert enough(rows[:n], goal) == n
    assert enough(rows[: n - 1], goal) is None


def test_a_kpi_without_a_value_keeps_a_run_going() -> None:
    """A KPI that is nan somewhere has not met a precision."""
    rows = [{"x": 1.0}] * 9 + [{"x": math.nan}] * 6
    assert enough(rows, Goal(relative=0.1, kpis=("x",), most=100)) is None


def test_a_precision_beyond_what_the_rule_can_promise_is_refused() -> None:
    """Zero, and more than 15 %, are refused with the reason; so is room for fewer than ten replications."""
    for relative in (0.0, -0.1, 0.2):
        with pytest.raises(CaspianError, match="precision"):
            Goal(relative=relative, kpis=("x",))
    with pytest.raises(CaspianError, match="10 replications"):
        Goal(relative=0.02, kpis=("x",), most=9)
