"""The arithmetic that figures share: quantiles, and the hours of facilities in flat form."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from sim.kpis.evidence import QUANTILES, spread
from sim.kpis.openings import open_until, openings
from sim.world.timeline import Window, always_open, timeline


def test_a_quantile_between_two_values_lies_on_the_line_between_them() -> None:
    """Of 1, 2, 3 and 11 the median is 2.5; nine tenths lie 0.7 of the way from 3 to 11, and 0.95 lie 0.85 of it."""
    found = spread(np.array([11.0, 1.0, 3.0, 2.0]))

    assert found == pytest.approx({None: 4.25, 0.5: 2.5, 0.9: 8.6, 0.95: 9.8})


def test_one_value_is_all_of_its_quantiles() -> None:
    """And of nothing none is a number."""
    assert set(spread(np.array([7.0])).values()) == {7.0}
    assert all(isnan(value) for value in spread(np.zeros(0)).values())


@pytest.mark.parametrize("count", [2, 3, 20, 21, 1000, 12_345])
def test_quantiles_are_those_of_the_library_to_the_last_bit(count: int) -> None:
    """However many values there are, in whatever order."""
    values = np.random.default_rng(count).lognormal(size=count)

    assert [spread(values)[share] for share in QUANTILES] == np.quantile(values, QUANTILES).tolist()


def test_hours_in_flat_form_are_those_of_each_timeline() -> None:
    """Shut from 10 to 20, at half share from 20 to 30, shut from 40 to 50; beside it what never shuts."""
    windows = [Window(10, 20, 0, "calendar"), Window(20, 30, 500, "weather"), Window(40, 50, 0, "breakdown")]
    opened = openings([always_open(), timeline(windows, 100), always_open()])

    assert [open_until(opened, 1, at_s) for at_s in (0, 5, 10, 15, 20, 35, 40, 45, 60)] == [0, 5, 10, 10, 10, 25, 30, 30, 40]
    assert [open_until(opened, facility, 45) for facility in (0, 2)] == [45, 45]


def test_where_there_is_no_facility_there_are_no_hours() -> None:
    """The flat form of nothing is empty."""
    assert [len(column) for column in openings([])] == [1, 0, 0, 0]
