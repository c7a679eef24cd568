import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from sim.errors import CaspianError
from sim.experiment.statistics.multiple import holm, holm_levels


def test_the_worked_example() -> None:
    """Four p-values: the least times 4, the next times 3; the last two share what the third would be."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_levels_of_the_worked_example() -> None:
    """Two fall, at α / 4 and α / 3; the third does not, and the fourth gets the level of the third, α / 2."""
    levels = holm_levels([0.01, 0.04, 0.03, 0.005], alpha=0.05)
    assert levels == pytest.approx([1 - 0.05 / 3, 1 - 0.05 / 2, 1 - 0.05 / 2, 1 - 0.05 / 4])


def test_what_could_not_be_tested_is_not_counted() -> None:
    """An unknown p-value stays unknown, and the others are adjusted as if it were not there."""
    assert holm([0.02, math.nan, 0.04])[::2] == holm([0.02, 0.04]) == [0.04, 0.04]
    assert math.isnan(holm([0.02, math.nan, 0.04])[1])
    assert math.isnan(holm_levels([0.02, math.nan, 0.04])[1])
    assert holm([]) == holm_levels([]) == []


def test_an_interval_leaves_out_zero_exactly_where_holm_rejects() -> None:
    """Normal estimates, some of them of effects: at its level each interval agrees with its adjusted p-value."""
    rng = np.random.default_rng(21)
    for z in rng.normal(size=(500, 6)) + np.array([0, 0, 1, 2, 3, 4]):
        p = (2 * norm.sf(np.abs(z))).tolist()
        half = norm.ppf((1 + np.array(holm_levels(p, 0.05))) / 2)
        assert (np.abs(z) > half).tolist() == [adjusted <= 0.05 for adjusted in holm(p)]


def test_even_one_false_alarm_is_as_rare_as_promised() -> None:
    """Of 4000 families of ten, seven without effect, at most 5 % raise a false alarm, within the error of that count."""
    rng = np.random.default_rng(22)
    z = rng.normal(size=(4000, 10)) + np.array([0.0] * 7 + [4.0] * 3)
    alarms = sum(min(holm(row)[:7]) <= 0.05 for row in (2 * norm.sf(np.abs(z))).tolist())
    assert alarms <= binom.ppf(0.999, 4000, 0.05)


def test_what_is_no_probability_is_refused() -> None:
    """Neither a p-value above 1 nor an α of 5 (meant as a percentage) is taken."""
    with pytest.raises(CaspianError, match=r"1\.2 does not"):
        holm([0.5, 1.2])
    with pytest.raises(CaspianError, match="held to 5"):
        holm_levels([0.5], alpha=5)
