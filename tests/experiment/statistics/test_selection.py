import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binom

from sim.errors import CaspianError
from sim.experiment.statistics.selection import Chosen, select

Values = npt.NDArray[np.float64]


def played(values: Values) -> Callable[[Sequence[int], int], Mapping[int, float]]:
    """Replications read from a table, shape (replications, alternatives)."""
    return lambda alternatives, r: {i: float(values[r, i]) for i in alternatives}


def normal(rng: np.random.Generator, means: Sequence[float], correlation: float, replications: int = 400) -> Values:
    """Normal values of variance 1 with the given means; alternatives share one part of their luck."""
    shared = rng.normal(size=(replications, 1)) * math.sqrt(correlation)
    own = rng.normal(size=(replications, len(means))) * math.sqrt(1 - correlation)
    return np.asarray(np.asarray(means) + shared + own)


@pytest.mark.parametrize(("better", "correlation"), [("lower", 0.5), ("higher", 0.0)])
def test_the_best_is_chosen_as_often_as_promised(better: Any, correlation: float) -> None:
    """All others exactly δ worse (the slippage configuration): of 600 choices at least 95 % are right, within the error."""
    rng = np.random.default_rng(11)
    worse = 0.5 if better == "lower" else -0.5
    right = 0
    for trial in range(600):
        best = trial % 5
        means = [0.0 if i == best else worse for i in range(5)]
        chosen = select(played(normal(rng, means, correlation)), 5, delta=0.5, confidence=0.95, better=better)
        right += chosen.best == best
    assert right >= binom.ppf(0.001, 600, 0.95)


def test_common_random_numbers_save_replications() -> None:
    """Only differences matter: alternatives that share most of their luck are told apart sooner."""

    def taken(correlation: float) -> float:
        rng = np.random.default_rng(12)
        tables = [normal(rng, (0.0, 0.5, 0.5), correlation) for _ in range(60)]
        return float(
            np.mean([select(played(one), 3, delta=0.5, confidence=0.9, better="lower").replications for one in tables])
        )

    assert taken(0.8) < taken(0.0) / 2


def test_equal_alternatives_come_to_an_end_by_themselves() -> None:
    """The margins shrink to nothing, so that one is left even where no mean is better."""
    rng = np.random.default_rng(13)
    found = [select(played(normal(rng, [0.0] * 4, 0.5)), 4, delta=0.5, confidence=0.95, better="lower") for _ in range(50)]
    assert all(one.is_decided and len(one.survivors) == 1 for one in found)
    assert max(one.replications for one in found) < 400


def test_alternatives_that_are_the_same_are_told_at_once() -> None:
    """Equal to the last bit, they all survive, the first stage is enough, and the first of them is named."""
    chosen = select(
        played(np.random.default_rng(14).normal(size=(30, 1)) * np.ones(3)), 3, delta=0.1, confidence=0.9, better="higher"
    )
    assert chosen == Chosen(best=0, survivors=(0, 1, 2), replications=10, eliminated={}, is_decided=True)


def test_a_selection_asks_only_for_those_in_play_and_each_replication_once() -> None:
    """Ten of all, then one at a time; who falls is not asked for again, and it is said when each fell."""
    asked: list[tuple[tuple[int, ...], int]] = []
    values = normal(np.random.default_rng(15), (0.0, 0.4, 3.0), 0.5)

    def observe(alternatives: Sequence[int], r: int) -> Mapping[int, float]:
        asked.append((tuple(alternatives), r))
        return played(values)(alternatives, r)

    chosen = select(observe, 3, delta=0.3, confidence=0.95, better="lower")
    assert [r for _, r in asked] == list(range(chosen.replications))
    assert all(alternatives == (0, 1, 2) for alternatives, _ in asked[:10])
    assert list(chosen.eliminated) == [2, 1]
    assert chosen.survivors == (chosen.best,) == (0,)
    assert chosen.eliminated[1] == chosen.replications
    assert sum(2 in alternatives for alternatives, _ in asked) == chosen.eliminated[2]


def test_a_selection_that_may_take_no_more_is_undecided() -> None:
    """At the most that is allowed, the best mean of those in play is named, without the promise."""
    values = normal(np.random.default_rng(16), (0.0, 0.01), 0.0)
    chosen = select(played(values), 2, delta=0.01, confidence=0.95, better="lower", most=50)
    assert (chosen.is_decided, chosen.replications, chosen.survivors) == (False, 50, (0, 1))
    assert chosen.best == int(np.argmin(values[:50].mean(axis=0)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"alternatives": 1}, "at least two alternatives"), ({"delta": 0.0}, "above 0"), ({"delta": math.nan}, "above 0"),
        ({"confidence": 0.3}, "a blind choice has"), ({"confidence": 1.0}, "and 1"),
        ({"first": 1}, "at least 2 replications"), ({"most": 5}, "no room for a first stage of 10"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_met_are_refused(wrong: dict[str, Any], words: str) -> None:
    """Each is named, with what would do."""
    settings: dict[str, Any] = {"alternatives": 3, "delta": 1.0, "confidence": 0.9, "better": "lower", **wrong}
    with pytest.raises(CaspianError, match=words):
        select(played(np.zeros((1000, 3))), **settings)


def test_an_alternative_without_a_value_is_named() -> None:
    """What a replication does not measure cannot be compared."""
    values = np.zeros((20, 2))
    values[4, 1] = math.nan
    with pytest.raises(CaspianError, match="Alternative 1 has no value in replication 4"):
        select(played(values), 2, delta=1.0, confidence=0.9, better="lower")
