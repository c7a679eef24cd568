import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.chance.streams import Streams
from sim.draws import draw, fingerprint
from sim.errors import CaspianError
from sim.experiment.precision import Goal, antithetic_gain, enough, pair_means, t_interval
from sim.experiment.runs import Plan, run
from sim.scenario import load
from sim.scenario.wiring import network_of

TINY = str(Path(__file__).parents[1] / "tiny.toml")
PAIRED = ["run.antithetic=true"]


def test_the_second_of_a_pair_mirrors_the_first() -> None:
    """Every uniform is one less that of the first, whichever stream and however it is read; both stay within (0, 1)."""
    first, second = Streams(3, 5), Streams(3, 5, is_mirrored=True)
    for n in (3, 1000, 50):
        u, v = first("lot", "grain", n), second("lot", "grain", n)
        assert np.all(np.abs(u + v - 1) <= 2.0**-53)
        assert np.all((v > 0) & (v < 1))
    assert first != second


def test_pairs_are_replications_two_by_two() -> None:
    """Replication 2 p of a paired scenario draws what replication p of the plain one draws; 2 p + 1 draws its mirror
    image.
    """
    plain, paired = load(TINY).scenario, load(TINY, sets=PAIRED).scenario
    network = network_of(plain)
    singles = [fingerprint(replace(draw(plain, network, 7, number), replication=0)) for number in (0, 1)]
    pairs = [fingerprint(replace(draw(paired, network, 7, number), replication=0)) for number in range(4)]
    assert pairs[0::2] == singles
    assert len(set(pairs)) == 4


def test_intervals_are_over_the_means_of_pairs() -> None:
    """A run of antithetic replications has half as many independent values as replications, and says what that gained."""
    paired = run(load(TINY, sets=PAIRED), Plan(replications=8), jobs=1)
    values = [row.kpis["throughput_kt"] for row in paired.rows]
    assert paired.kpis["throughput_kt"] == t_interval(pair_means(values))
    assert paired.kpis["throughput_kt"].n == 4
    assert paired.antithetic_gain("throughput_kt") == antithetic_gain(values)


def test_the_gain_is_measured() -> None:
    """Values that mirror each other give a mean without error, independent ones gain nothing, equal ones lose half."""
    rng = np.random.default_rng(4)
    noise = rng.normal(10, 1, 20_000)
    mirrored = np.stack([noise, 20 - 0.5 * noise - 5], axis=1).ravel()
    assert antithetic_gain(mirrored.tolist()) > 4
    assert antithetic_gain(noise.tolist()) == pytest.approx(1, abs=0.05)
    assert antithetic_gain(np.repeat(noise, 2).tolist()) == pytest.approx(0.5, abs=0.01)
    assert math.isnan(antithetic_gain([1.0, 2.0, 3.0, 4.0]))


def test_a_precision_is_reached_in_pairs() -> None:
    """The stopping rule looks at means of pairs, from the tenth pair on, and gives an even number of replications."""
    rng = np.random.default_rng(5)
    noise = rng.normal(0, 1, 100)
    rows = [{"lead_time_d": value} for pair in zip(10 + noise, 10 - noise, strict=True) for value in pair]
    goal = Goal(relative=0.05, kpis=("lead_time_d",))
    assert enough(rows, goal, antithetic=True) == 20
    assert enough(rows[:19], goal, antithetic=True) is None


def test_an_odd_number_of_replications_is_refused() -> None:
    """Pairs come whole; one replication alone can still be repeated."""
    with pytest.raises(CaspianError, match="come in pairs"):
        run(load(TINY, sets=PAIRED), Plan(replications=3))
    assert len(run(load(TINY, sets=PAIRED), Plan(only=3), jobs=1).rows) == 1
