"""Quantities with units, read and written."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ValueFault, nearest
from sim.units import (
    BASES,
    BOX_LOAD,
    CURRENCIES,
    DIMENSIONS,
    DURATION,
    FLOW,
    LATITUDE,
    LEVEL,
    POSITIVE_DURATION,
    SHARE,
    SPEED,
    Dimension,
    Price,
    PricePer,
    WholeNumber,
    parse_price,
)

DIMENSION = st.sampled_from(DIMENSIONS)


@given(DIMENSION, st.floats(1e-3, 0.9), st.data())
def test_a_number_with_a_unit_is_that_number_times_the_unit(
    dimension: Dimension, number: float, data: st.DataObject
) -> None:
    """However it is spaced, in each unit of each dimension."""
    unit = data.draw(st.sampled_from(sorted(dimension.units)))
    gap = data.draw(st.sampled_from(["", " ", "  "]))
    assert dimension.parse(f"{number!r}{gap}{unit}") == number * dimension.units[unit]


@given(DIMENSION, st.floats(min_value=0, max_value=1e9))
def test_what_is_written_reads_back(dimension: Dimension, value: float) -> None:
    """The short text of a value stands for it, to the six digits that it shows."""
    value = min(max(value, 1e-3 if dimension.positive else 0), dimension.high)
    assert math.isclose(dimension.parse(dimension.text(value)), value, rel_tol=1e-5)


def _read_or_fault(dimension: Dimension, text: str) -> float | ValueFault:
    try:
        return dimension.parse(text)
    except ValueFault as fault:
        return fault


@given(DIMENSION, st.text(max_size=8))
def test_any_text_is_read_or_refused_with_what_was_expected(dimension: Dimension, text: str) -> None:
    """No text makes the reader fall over."""
    said = _read_or_fault(dimension, text)
    assert said.expected if isinstance(said, ValueFault) else dimension.low <= said <= dimension.high


@given(st.integers(0, 10**15), st.sampled_from(CURRENCIES), st.lists(st.sampled_from(BASES), max_size=2))
def test_a_price_reads_back_to_the_millionth(micros: int, currency: str, per: list[str]) -> None:
    """Amounts are integers of a millionth; nothing is lost in writing and reading."""
    price = Price(micros, currency, tuple(per))
    assert parse_price(str(price)) == price


@pytest.mark.parametrize(
    ("dimension", "raw", "value"),
    [
        (DURATION, "36 h", 129600.0), (DURATION, "2.5 d", 216000.0), (FLOW, "120 kt/yr", 1.2e8), (SHARE, "5 %", 0.05),
        (SHARE, 0.8, 0.8), (SHARE, "0.8", 0.8), (SPEED, "10 kn", 18.52), (LEVEL, "-29.3 m", -29.3),
        (DURATION, "1_000 s", 1000.0), (DURATION, "1e3 s", 1000.0), (BOX_LOAD, "14 t/TEU", 14.0),
    ],
)  # fmt: skip
def test_literal_quantities(dimension: Dimension, raw: object, value: float) -> None:
    """The forms that the scenarios use."""
    assert dimension.parse(raw) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("dimension", "raw", "message", "suggestion"),
    [
        (DURATION, "36 hh", "unknown unit 'hh' for a duration", "h"),
        (DURATION, 36, "has no unit", "36 s"),
        (DURATION, "36", "has no unit", "36 s"),
        (DURATION, True, "is not a duration", ""),
        (DURATION, "soon", "is not a duration", ""),
        (DURATION, "-1 h", "is too small", ""),
        (DURATION, f"{'9' * 400} s", "is not a finite number", ""),
        (POSITIVE_DURATION, "0 h", "must be above zero", ""),
        (SHARE, "120 %", "is too large", ""),
        (SHARE, 50, "is too large", "50 %"),
        (FLOW, "12 kt", "unknown unit 'kt' for a flow", "12 kt/yr"),
        (LATITUDE, 136.66, "is too large", ""),
        (SHARE, math.nan, "is not a finite number", ""),
        (WholeNumber(1), 0, "is too small", ""),
        (WholeNumber(0), 2.5, "is not a whole number", ""),
        (WholeNumber(0), "3", "is not a whole number", ""),
        (WholeNumber(0), True, "is not a whole number", ""),
        (WholeNumber(0), math.inf, "is not a whole number", ""),
        (PricePer((("t",),)), "12 UDS/t", "unknown unit 'UDS/t'", "USD/t"),
        (PricePer(()), "12 USD/tt", "unknown basis 'tt'", "t"),
        (PricePer((("t",),)), "12 USD/d", "is per the wrong thing", ""),
        (PricePer(()), "-12 USD", "is below zero", ""),
        (PricePer(()), "USD", "is not a price", ""),
        (PricePer(()), 12, "is not a price", ""),
    ],
)
def test_faults_name_what_is_wrong_and_the_nearest_right_word(
    dimension: Dimension, raw: object, message: str, suggestion: str
) -> None:
    """A stranger can mend each of them from the message."""
    with pytest.raises(ValueFault) as caught:
        dimension.parse(raw)
    assert (caught.value.message, caught.value.suggestion) == (message, suggestion)
    assert caught.value.expected


def test_values_are_shown_in_the_unit_that_makes_them_short() -> None:
    """The largest unit of which they are a short multiple."""
    shown = [DURATION.text(seconds) for seconds in (0, 90, 5400, 129600, 60 * 86400, 1 / 3)]
    assert shown == ["0 s", "1.5 min", "1.5 h", "1.5 d", "60 d", "0.333333 s"]


def test_whole_numbers_may_be_written_with_a_point() -> None:
    """5.0 is 5; spreadsheets write it so."""
    assert (WholeNumber(0).parse(5.0), WholeNumber(0).parse(5)) == (5, 5)
    assert isinstance(WholeNumber(0).parse(5.0), int)


def test_the_nearest_word_ignores_case_and_gives_nothing_rather_than_nonsense() -> None:
    """A suggestion that is far off would mislead."""
    assert nearest("transit_time", ["transit", "distance"]) == "transit"
    assert nearest("AKTAU", ["Aktau", "Kuryk"]) == "Aktau"
    assert nearest("xyz", ["Aktau"]) == ""


@pytest.mark.parametrize("dimension", [each for each in DIMENSIONS if each.name != "share"], ids=lambda each: each.name)
def test_no_quantity_is_too_large_to_be_counted(dimension: Dimension) -> None:
    """Every dimension has an end, and says which; whole numbers and amounts of money have one too."""
    beyond = 1e300 if dimension.bare else f"1e300 {dimension.unit}"
    with pytest.raises(ValueFault, match="is too large") as caught:
        dimension.parse(beyond)
    assert "of at most" in caught.value.expected
    with pytest.raises(ValueFault, match="is too large"):
        WholeNumber(0).parse(10**400)
    with pytest.raises(ValueFault, match="is too large"):
        parse_price(f"1{'0' * 30} USD/t")
