import math
import random
import sys

import numpy as np
import numpy.typing as npt
import pytest

from sim.errors import CaspianError
from sim.experiment.statistics.screening import morris_design, morris_effects, sobol_design, sobol_indices, sobol_pairs

Floats = npt.NDArray[np.float64]


def ishigami(cube: Floats) -> Floats:
    """Ishigami and Homma's function (1990) with a = 7, b = 0.1, of angles between -π and π."""
    x = math.pi * (2 * cube - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


VARIANCE = 49 / 8 + 0.1 * math.pi**4 / 5 + 0.01 * math.pi**8 / 18 + 1 / 2
FIRST = (0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 / VARIANCE, 49 / 8 / VARIANCE, 0.0)
TOGETHER = 8 * 0.01 * math.pi**8 / 225 / VARIANCE
TOTAL = (FIRST[0] + TOGETHER, FIRST[1], TOGETHER)


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_finds_the_indices_of_ishigami(second_order: bool) -> None:
    """Every index lies within its half-width, and 0.02, of the analytic one."""
    y = ishigami(sobol_design(3, 1024, 5, second_order))
    for found, first, total in zip(sobol_indices(y, 3, 5, second_order), FIRST, TOTAL, strict=True):
        assert abs(found.first - first) <= found.first_half_width + 0.02
        assert abs(found.total - total) <= found.total_half_width + 0.02
        assert found.first_half_width < 0.15


def test_sobol_finds_who_works_together() -> None:
    """Of Ishigami's three pairs only the first with the third has anything of its own."""
    found = sobol_pairs(ishigami(sobol_design(3, 2048, 5, second_order=True)), 3, 5)
    assert [pair.factors for pair in found] == [(0, 1), (0, 2), (1, 2)]
    for pair, second in zip(found, (0.0, TOGETHER, 0.0), strict=True):
        assert abs(pair.second - second) <= pair.second_half_width + 0.02


@pytest.mark.parametrize("levels", [4, 8])
def test_morris_finds_the_slopes_of_a_plane(levels: int) -> None:
    """Where the output is a plane, mu is the slope, mu* its size, and nothing varies."""
    slopes = np.array([3.0, -2.0, 0.0, 0.5])
    design = morris_design(4, 12, 9, levels)
    found = morris_effects(design, design @ slopes + 7, 9, levels)
    assert design.shape == (60, 4)
    assert 0 <= design.min() <= design.max() <= 1
    assert [one.mu for one in found] == pytest.approx(slopes.tolist(), abs=1e-12)
    assert [one.mu_star for one in found] == pytest.approx(np.abs(slopes).tolist(), abs=1e-12)
    assert [one.sigma for one in found] == pytest.approx([0.0] * 4, abs=1e-12)
    assert [one.mu_star_half_width for one in found] == pytest.approx([0.0] * 4, abs=1e-12)


def test_morris_sees_company_in_sigma() -> None:
    """A product of two factors spreads the effects of both, and not those of a third that stands alone."""
    design = morris_design(3, 40, 9)
    found = morris_effects(design, design[:, 0] * design[:, 1] + design[:, 2], 9)
    assert min(found[0].sigma, found[1].sigma) > 0.2
    assert found[2].sigma < 1e-12
    assert found[0].mu_star_half_width > 0


def test_the_same_seed_gives_the_same_numbers() -> None:
    """Designs and intervals belong to their seed, 0 included; another seed gives others."""
    y = ishigami(sobol_design(3, 64, 1))
    morris = morris_design(3, 10, 1)
    for seed in (0, 7):
        assert (sobol_design(3, 64, seed) == sobol_design(3, 64, seed)).all()
        assert (morris_design(3, 10, seed) == morris_design(3, 10, seed)).all()
        assert sobol_indices(y, 3, seed) == sobol_indices(y, 3, seed)
        assert morris_effects(morris, ishigami(morris), seed) == morris_effects(morris, ishigami(morris), seed)
    assert (sobol_design(3, 64, 0) != sobol_design(3, 64, 7)).any()
    assert (morris_design(3, 10, 0) != morris_design(3, 10, 7)).any()
    assert sobol_indices(y, 3, 0) != sobol_indices(y, 3, 7)


def test_global_random_states_are_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever draws from numpy's or Python's global state draws the same before and after, and nothing is printed."""
    numpys, pythons = np.random.get_state(legacy=False), random.getstate()  # noqa: NPY002 - it is what the test is about
    design = morris_design(3, 10, 1)
    morris_effects(design, ishigami(design), 1)
    sobol_indices(ishigami(sobol_design(3, 64, 1)), 3, 1)
    np.testing.assert_equal(np.random.get_state(legacy=False), numpys)  # noqa: NPY002 - the same
    assert random.getstate() == pythons
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("constant", [0.0, 0.1, -1e9])
def test_an_output_that_does_not_vary_has_no_effects(constant: float) -> None:
    """All is zero, and nobody is warned."""
    design = morris_design(2, 5, 1)
    for effect in morris_effects(design, [constant] * len(design), 1):
        assert (effect.mu, effect.mu_star, effect.mu_star_half_width, effect.sigma) == (0, 0, 0, 0)
    for index in sobol_indices([constant] * 32, 2, 1):
        assert (index.first, index.first_half_width, index.total, index.total_half_width) == (0, 0, 0, 0)
    assert sobol_pairs([constant] * 48, 2, 1)[0].second == 0


def test_what_does_not_fit_is_refused_in_words() -> None:
    """Bases, grids, outputs and levels that cannot be used are named, with what would do."""
    with pytest.raises(CaspianError, match="power of two, such as 64 or 128"):
        sobol_design(3, 100, 1)
    with pytest.raises(CaspianError, match="even number"):
        morris_design(3, 10, 1, levels=5)
    with pytest.raises(CaspianError, match="at least 2 trajectories"):
        morris_design(3, 1, 1)
    with pytest.raises(CaspianError, match="at least one factor"):
        sobol_design(0, 64, 1)
    with pytest.raises(CaspianError, match="at least one factor"):
        morris_design(0, 10, 1)
    design = morris_design(3, 10, 1)
    with pytest.raises(CaspianError, match="39 outputs where 40"):
        morris_effects(design, [0.0] * 39, 1)
    with pytest.raises(CaspianError, match="grid of 8 levels"):
        morris_effects(design, [0.0] * 40, 1, levels=8)
    with pytest.raises(CaspianError, match="grid of 4 levels"):
        morris_effects(design[:-1], [0.0] * 39, 1)
    with pytest.raises(CaspianError, match="21 outputs where 25"):
        sobol_indices([0.0] * 21, 3, 1)
    with pytest.raises(CaspianError, match="point 3 is not a finite number"):
        sobol_indices([1.0, 2.0, 3.0, math.nan, 1.0], 3, 1)


def test_without_salib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screening is an extra; who has not installed it is told how."""
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(CaspianError, match=r"pip install 'caspian-route-sim\[analysis\]'"):
        sobol_design(3, 64, 1)
