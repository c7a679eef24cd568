"""Currencies small and large: exchange rates lose nothing, and amounts beyond counting are refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from sim.dated import Dated
from sim.errors import CaspianError, ValueFault
from sim.tariffs import Market, shared_out, times_over, usd_micros
from sim.units import ExchangeRate


def test_a_rial_is_worth_what_the_scenario_says() -> None:
    """A thousand million rials at 0.00000163 USD are 1630 USD, not the 2000 of a rate kept to the millionth; then 1590."""
    rates = Dated((date.min, date(2026, 1, 2)), (ExchangeRate().parse("0.00000163 USD"), Fraction(159, 10**8)))
    market = Market(start_unix_s=1_767_225_600, exchange={"IRR": rates})

    usd = usd_micros(np.array([10**15, 10**15]), "IRR", np.array([0, 86400]), market)

    assert usd.tolist() == [1_630_000_000, 1_590_000_000]


@pytest.mark.parametrize("raw", ["1 EUR", "1 USD/t", "0 USD", "1e-6 USD", "-1 USD", "0.00000000001 USD", 5, "1 USDD"])
def test_what_is_no_rate_is_refused(raw: object) -> None:
    """In dollars, per nothing, above zero, in proportion."""
    with pytest.raises(ValueFault):
        ExchangeRate().parse(raw)


def test_long_numbers_are_multiplied_and_shared_out_exactly() -> None:
    """10^15 × 123456789012345 / 10^15, and 10^12 cents over two weights of 10^10."""
    assert times_over(np.array([10**15]), 123_456_789_012_345, 10**15).tolist() == [123_456_789_012_345]
    assert times_over(np.array([5 * 10**14]), 3, 10**15).tolist() == [2]
    both = np.zeros(2, dtype=np.int64)
    assert shared_out(np.array([10**12]), both, np.array([10**10, 10**10]), np.arange(2)).tolist() == [5 * 10**11] * 2


def test_an_amount_beyond_counting_is_refused() -> None:
    """It would not fit 64 bits, and would come out as anything."""
    with pytest.raises(CaspianError, match="too large to be counted"):
        times_over(np.array([10**18]), 10**18, 1)
