import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sim.errors import CaspianError
from sim.experiment.comparisons.comparing import Comparison, compare
from sim.experiment.comparisons.explaining import ONLY_HERE, ONLY_THERE, added, cost_steps, hour_steps, shift_of
from sim.experiment.comparisons.verdicts import findings, replications_needed
from sim.experiment.replication import replicate
from sim.experiment.runs import Plan, run
from sim.scenario import Resolved, load
from sim.units import DAY_S, HOUR_S

TINY = str(Path(__file__).parents[1] / "tiny.toml")
KPIS = ("lead_time_d", "throughput_kt", "cost_usd_per_t")


@pytest.fixture(scope="module")
def tiny() -> Resolved:
    """A month of a tiny corridor."""
    return load(TINY)


@pytest.fixture(scope="module")
def done(tiny: Resolved) -> Comparison:
    """The tiny corridor against more ships, cheaper tariffs, more trade and itself."""
    others: list[dict[str, object]] = [
        {"services.ship.vehicles": 3}, {"scale.tariffs": 0.5}, {"scale.throughput": 1.5}, {"title": "Itself"},
    ]  # fmt: skip
    return compare([tiny, *(tiny.replace(other) for other in others)], KPIS, 6, jobs=1)


def test_each_scenario_is_measured_as_in_its_own_run(tiny: Resolved, done: Comparison) -> None:
    """Standing beside others changes nothing of a scenario's KPIs."""
    alone = run(tiny.replace({"services.ship.vehicles": 3}), Plan(replications=6), jobs=1)
    assert [str(each.kpis[1]) for each in done.replications] == [str(row.kpis) for row in alone.rows]
    assert done.checks_off == 0
    assert done.names == ("tiny", "tiny #2", "tiny #3", "tiny #4", "tiny #5")


def test_verdicts_say_what_was_found(done: Comparison) -> None:
    """Half the tariffs cost less and change nothing else; a scenario is identical to itself, whatever its title."""
    found = done.findings()
    assert [finding.verdict for finding in found["lead_time_d"]][1::2] == ["identical", "identical"]
    cheaper = found["cost_usd_per_t"][1]
    assert cheaper.verdict == "better"
    assert cheaper.hi < 0
    more_trade = found["throughput_kt"][2]
    assert more_trade.mean > 0
    assert found["throughput_kt"][3].verdict == "identical"


def test_an_interval_leaves_zero_out_exactly_where_the_verdict_is_clear(done: Comparison) -> None:
    """Holm's levels and the verdicts tell the same story, finding by finding."""
    for each in done.findings().values():
        for finding in each:
            clear = finding.verdict in ("better", "worse", "higher", "lower")
            assert clear == (finding.lo > 0 or finding.hi < 0)
            assert finding.needs is None or finding.verdict == "no clear difference"
            assert not (clear and finding.is_small and abs(finding.mean) > finding.matters)


@pytest.mark.parametrize("other", range(1, 5))
def test_the_steps_between_two_worlds_close_exactly(done: Comparison, other: int) -> None:
    """From one mean to the other, step by step, to the last second and cent; what is identical has no step at all."""
    shift = done.shift(other)
    assert shift is not None
    for steps in (hour_steps(shift), cost_steps(shift)):
        assert steps.start + sum(steps.steps.values()) == steps.end
        assert all(steps.steps.values())
    if other == 4:
        assert not hour_steps(shift).steps
        assert not cost_steps(shift).steps
    if other == 2:
        assert not hour_steps(shift).steps
        assert all(step < 0 for name, step in cost_steps(shift).steps.items() if name not in ("inventory", "spoilage"))


def test_the_ends_of_the_steps_are_the_means_of_both_worlds(tiny: Resolved) -> None:
    """The start is the mean lead time of all that the base delivers of what the window released; so is the end there."""
    other = tiny.replace({"scale.throughput": 2.0})
    both = [replicate(each.scenario, 7, 0) for each in (tiny, other)]
    shift = shift_of(*both)
    steps, money = hour_steps(shift), cost_steps(shift)
    for evidence, end in zip(both, (steps.start, steps.end), strict=True):
        inside = (evidence.draws.release_s >= 10 * DAY_S) & (evidence.draws.release_s < 40 * DAY_S)
        counted = np.flatnonzero(inside & evidence.hours.is_delivered)
        lead_s = (evidence.hours.to_s - evidence.hours.from_s)[counted]
        assert end == Fraction(int(lead_s.sum()), len(counted) * HOUR_S)
    assert ONLY_THERE in steps.steps
    assert money.start > 0
    ids = {stream.id for stream in tiny.scenario.demand}
    assert len(ids) == 2


def test_the_same_consignments_are_paired(tiny: Resolved) -> None:
    """Twice the demand keeps the base's consignments: nearly all of them have a partner, and the rest is a step of its
    own.
    """
    shift = shift_of(*(replicate(each.scenario, 7, 0) for each in (tiny, tiny.replace({"scale.throughput": 2.0}))))
    base = shift.here.consignments + shift.only_here.consignments
    assert shift.here.consignments > 0.9 * base
    assert shift.here.kg == shift.there.kg
    assert shift.only_there.consignments > 0.5 * base
    gone = shift_of(*(replicate(each.scenario, 7, 0) for each in (tiny, tiny.replace({"services.trucks.vehicles": 1}))))
    if gone.only_here.consignments:
        assert ONLY_HERE in hour_steps(gone).steps


def test_shifts_add_up(done: Comparison) -> None:
    """The shift of several replications is the sum of theirs, count by count."""
    shifts = [each.shifts[0] for each in done.replications]
    whole = added(shifts)
    assert whole.here.consignments == sum(shift.here.consignments for shift in shifts)
    assert sum(whole.there.seconds.values()) == sum(sum(shift.there.seconds.values()) for shift in shifts)
    assert sum(whole.here.cents.values()) == sum(sum(shift.here.cents.values()) for shift in shifts)


def test_independent_seeds_are_blunter_and_not_explained(tiny: Resolved) -> None:
    """Without shared chance the interval of the same difference is wider, and no consignment has a partner."""
    other = tiny.replace({"legs.road.transit": "9 h"})
    paired, apart = (compare([tiny, other], KPIS, 8, independent=way, jobs=1) for way in (False, True))
    assert apart.shift(1) is None
    sharp, blunt = (each.findings()["lead_time_d"][0] for each in (paired, apart))
    assert blunt.hi - blunt.lo > 1.5 * (sharp.hi - sharp.lo)


def test_holm_corrects_for_all_that_is_asked() -> None:
    """Of three hypotheses the smallest p is asked at 1 - α/3, the next at 1 - α/2; identical ones are not counted."""
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 1, (3, 30))
    found = findings({"lead_time_d": [noise[0] - 5, noise[1] - 3, [0.0] * 30], "throughput_kt": [noise[2]]})
    levels = [finding.level for finding in found["lead_time_d"][:2]]
    assert levels == pytest.approx([1 - 0.05 / 3, 1 - 0.05 / 2])
    assert found["lead_time_d"][2].verdict == "identical"
    assert found["throughput_kt"][0].level == pytest.approx(0.95)


def test_what_is_not_there_is_not_compared() -> None:
    """Replications without the KPI in one of the worlds are left out; with fewer than two there is no verdict."""
    found = findings({"lead_time_d": [[math.nan, 1.0, 1.5, 0.5, 1.2], [math.nan] * 4 + [1.0]]})["lead_time_d"]
    assert (found[0].n, found[0].verdict) == (4, "worse")
    assert (found[1].n, found[1].verdict) == (1, "nothing to compare")


def test_so_many_replications_tell_a_difference() -> None:
    """With the number that a pilot of ten says is needed, nine samples of ten tell the difference at least (99.9 % binomial
    band), although the pilot's deviation is only an estimate.
    """
    rng = np.random.default_rng(2)
    clear = 0
    for _ in range(1000):
        pilot = rng.normal(0.5, 1.0, 10)
        needed = replications_needed(0.5, float(pilot.std(ddof=1)), 0.95, 10)
        assert needed is not None
        sample = np.concatenate([pilot, rng.normal(0.5, 1.0, max(0, needed - 10))])
        clear += findings({"lead_time_d": [sample]})["lead_time_d"][0].verdict == "worse"
    assert clear / 1000 >= 0.9 - 3.3 * math.sqrt(0.09 / 1000)
    assert clear / 1000 <= 0.97, "no more are asked for than it takes"
    assert replications_needed(0.5, 1.0, 0.95, 10) == 54
    assert replications_needed(0.001, 1.0, 0.95, 10) is None
    assert replications_needed(0.0, 1.0, 0.95, 10) is None


def test_equal_worlds_are_called_different_in_one_of_twenty_samples() -> None:
    """Where nothing differs, the verdict is clear in 5 % of samples, whatever is asked together (99.9 % binomial band)."""
    rng = np.random.default_rng(3)
    wrong = 0
    for _ in range(2000):
        noise = rng.normal(0, 1, (4, 10))
        found = findings({"lead_time_d": list(noise[:2]), "throughput_kt": list(noise[2:])})
        wrong += any(finding.verdict in ("better", "worse") for each in found.values() for finding in each)
    assert abs(wrong / 2000 - 0.05) < 3.3 * math.sqrt(0.05 * 0.95 / 2000)


def test_what_cannot_be_compared_is_refused(tiny: Resolved) -> None:
    """One scenario, one replication, an unknown KPI, or pairs beside singles: each in words."""
    with pytest.raises(CaspianError, match="at least one other"):
        compare([tiny], KPIS, 5)
    with pytest.raises(CaspianError, match="two replications"):
        compare([tiny, tiny], KPIS, 1)
    with pytest.raises(CaspianError, match=r"did you mean 'post_wait_h\.anzali-customs'"):
        compare([tiny, tiny], ["post_wait_h.anzali-custom"], 2, jobs=1)
    with pytest.raises(CaspianError, match="antithetic"):
        compare([tiny, tiny.replace({"run.antithetic": True})], KPIS, 2)


@pytest.mark.parametrize(("replications", "said"), [(3, "come in pairs: 3 is odd"), (2, "needs two pairs")])
def test_antithetic_scenarios_are_compared_in_whole_pairs(tiny: Resolved, replications: int, said: str) -> None:
    """A replication without a partner, or a single pair, would leave nothing to compare: both are refused."""
    paired = tiny.replace({"run.antithetic": True})
    with pytest.raises(CaspianError, match=said):
        compare([paired, paired.replace({"scale.tariffs": 2.0})], KPIS, replications)


def test_what_matters_decides_what_is_needed() -> None:
    """Replications needed are for a difference that matters, whatever the sample shows; one that is ruled out is small."""
    rng = np.random.default_rng(6)
    noise = rng.normal(0, 1, 20)
    sample = noise - noise.mean() + 0.05
    wide, narrow = (findings({"lead_time_d": [sample]}, {"lead_time_d": size})["lead_time_d"][0] for size in (0.3, 2.0))
    assert wide.needs == replications_needed(0.3, float(sample.std(ddof=1)), wide.level, 20)
    assert not wide.is_small
    assert narrow.is_small
    assert narrow.needs is None
