"""From facts to cents: prices of the day, currencies of the day, joint charges shared out.

Amounts are whole millionths of their own currency until they are converted, and rounded once, half-even, to USD cents.
Exchange rates are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from sim.dated import Dated
from sim.errors import CaspianError
from sim.tariffs.facts import Facts
from sim.tariffs.rule import CARGO_BASES, Rule
from sim.tariffs.tariff import Tariff
from sim.tariffs.whole import grouped, shared_out, sums, times_over
from sim.units import DAY_S, HOUR_S, Price

__all__ = ["MILLION", "Bill", "Market", "bill", "usd_micros"]

Ints = npt.NDArray[np.int64]

MILLION = 1_000_000
_MICROS_PER_CENT = 10_000
_MOST_CENTS = 10**12
"""Greatest charge, so that all charges of a run can be added up."""
_QUANTITIES = {
    "t": ("kg", 1000), "kg": ("kg", 1), "TEU": ("milliteu", 1000), "plug": ("milliplugs", 1000), "km": ("metres", 1000),
    "d": ("seconds", DAY_S), "h": ("seconds", HOUR_S),
}  # fmt: skip
"""The column of facts that holds what a rate is per, and how many of it make one; of any other each fact is one."""
_DAY_ZERO = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What prices need to know: the epoch in Unix seconds, and what a unit of each currency is worth in USD, by date."""

    start_unix_s: int
    exchange: Mapping[str, Dated[Fraction]]

    def step(self, since: tuple[date, ...], at_s: Ints) -> Ints:
        """Index of the step of a dated value that holds at each of these seconds (UTC days)."""
        if len(since) == 1:
            return np.zeros(len(at_s), dtype=np.int64)
        days = (self.start_unix_s + np.asarray(at_s, dtype=np.int64)) // DAY_S
        starts = np.array([day.toordinal() - _DAY_ZERO for day in since[1:]], dtype=np.int64)
        return np.asarray(np.searchsorted(starts, days, side="right"), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one tariff charges: the `cents` of each row of `facts`, and their `total_cents` before any sharing out."""

    facts: Facts
    cents: Ints
    total_cents: int


def usd_micros(micros: Ints, currency: str, at_s: Ints, market: Market, divisor: int = 1) -> Ints:
    """Millionths of `currency` as millionths of a USD at the rate of the day, over `divisor`, rounded half-even."""
    if currency == "USD":
        return times_over(micros, 1, divisor)
    if currency not in market.exchange:
        raise CaspianError(f"a price is in {currency}, but the scenario's [exchange] does not say what {currency} is worth")
    rate = market.exchange[currency]
    step = market.step(rate.since, at_s)
    worth = np.zeros(len(micros), dtype=np.int64)
    for index, usd in enumerate(rate.values):
        rows = np.flatnonzero(step == index)
        worth[rows] = times_over(micros[rows], usd.numerator, usd.denominator * divisor)
    return worth


def bill(tariff: Tariff, rule: Rule, facts: Facts, factor: Ints, market: Market) -> Bill:
    """What `tariff` charges for these facts, already narrowed by its selectors and by `rule.concerns`.

    `factor` is (n,), millionths by which amounts of money (not percentages) are multiplied for each row's cargo and leg.
    Raises `CaspianError` where it charges more than 10 000 million USD at once.
    """
    billed = _billed(tariff, rule, facts, factor, market)
    if int(billed.cents.max(initial=0)) > _MOST_CENTS:
        raise CaspianError(
            f"tariffs.{tariff.id} charges more than {_MOST_CENTS // 100:,} USD at once: expected a lower rate or factor."
        )
    return billed


def _billed(tariff: Tariff, rule: Rule, facts: Facts, factor: Ints, market: Market) -> Bill:
    if tariff.percent is not None:
        step = market.step(tariff.percent.since, facts.at_s)
        share = np.array([round(value * MILLION) for value in tariff.percent.values], dtype=np.int64)[step]
        cents = times_over(times_over(rule.worth(tariff, facts), share, MILLION), 1, _MICROS_PER_CENT)
        return Bill(facts=facts, cents=cents, total_cents=int(cents.sum()))
    per = tariff.rate.values[0].per if tariff.rate else ()
    if CARGO_BASES.intersection(per):
        cents = _rated(tariff, facts, factor, market)
        return Bill(facts=facts, cents=cents, total_cents=int(cents.sum()))
    return _joint(tariff, facts, factor, market, by_shipment="shipment" in per)


def _joint(tariff: Tariff, facts: Facts, factor: Ints, market: Market, *, by_shipment: bool) -> Bill:
    """One charge per event (or per shipment at each place), shared out by what each row's cargo weighs and is charged."""
    key = _shipment_and_place(facts) if by_shipment else facts.event
    first, group = grouped(key)
    size = facts.milliteu if tariff.split_by == "TEU" else facts.kg
    weight = times_over(size, factor, MILLION)
    mean = factor[first]
    if weight is not size:  # which it is where no factor changes it
        plain, dear = sums(group, size, len(first)), sums(group, weight, len(first))
        mean = np.where(plain > 0, _ratio(dear, plain), mean)
    heads = facts.rows(first)
    cents = _rated(tariff, heads, mean, market)
    if tariff.rule == "minimum":
        cents = np.maximum(cents - sums(group, facts.charged_cents, len(first)), 0)
    lines = shared_out(cents, group, weight, facts.consignment)
    return Bill(facts=facts, cents=lines, total_cents=int(cents.sum()))


def _shipment_and_place(facts: Facts) -> Ints:
    """One number for each shipment at each place."""
    key = facts.shipment + 1
    for name in ("leg", "service", "terminal", "post"):
        if name in facts.gathered:
            place = getattr(facts, name)
            key = key * (int(place.max(initial=-1)) + 2) + place + 1
    return key


def _ratio(dear: Ints, plain: Ints) -> Ints:
    """Mean factor of each group, in millionths, to the nearest."""
    whole, rest = np.divmod(dear, np.maximum(plain, 1))
    return whole * MILLION + (rest * MILLION + plain // 2) // np.maximum(plain, 1)


def _rated(tariff: Tariff, facts: Facts, factor: Ints, market: Market) -> Ints:
    """Cents for each row: the rate of its day times the quantities it is per."""
    assert tariff.rate is not None
    prices = tariff.rate.values
    if len(prices) == 1:
        return _at_price(prices[0], facts, factor, market)
    step = market.step(tariff.rate.since, facts.at_s)
    cents = np.zeros(len(facts), dtype=np.int64)
    for index, price in enumerate(prices):
        rows = np.flatnonzero(step == index)
        cents[rows] = _at_price(price, facts.rows(rows), factor[rows], market)
    return cents


def _at_price(price: Price, facts: Facts, factor: Ints, market: Market) -> Ints:
    """Cents for each row at one price."""
    micros = times_over(_micros(price, facts), factor, MILLION)
    return usd_micros(micros, price.currency, facts.at_s, market, divisor=_MICROS_PER_CENT)


def _micros(price: Price, facts: Facts) -> Ints:
    """Millionths of the price's currency for each fact: the price times how much each holds of what it is per."""
    columns = [_QUANTITIES[base] for base in price.per if base in _QUANTITIES]
    if not columns:
        return np.full(len(facts), price.micros, dtype=np.int64)
    (name, divisor), *others = columns
    micros = times_over(getattr(facts, name), price.micros, divisor)
    for name, divisor in others:
        micros = times_over(micros, getattr(facts, name), divisor)
    return micros
