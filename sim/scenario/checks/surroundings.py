"""Money, days and weather: what the corridor stands in can be worked out for the whole time of the run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from sim import tariffs
from sim.dated import Dated as DatedValue
from sim.disruptions import Dated, Spells
from sim.disruptions.seasons import hazards
from sim.errors import CaspianError, Problem
from sim.scenario.checks.view import View
from sim.scenario.schema import Scenario
from sim.units import CURRENCIES, Price
from sim.world.calendar import holiday_years

__all__ = ["closures", "currencies", "dates", "holidays", "losses", "rules"]

YEARS = range(1900, 2201)


def rules(view: View) -> Iterator[Problem]:
    """Every tariff says what its rule can charge, and nothing that the rule would not heed."""
    for tariff in view.scenario.tariffs:
        for field, fault in tariffs.faults(tariff):
            key = ".".join(map(str, ("tariffs", tariff.id, field, *fault.at)))
            yield view.problem(key, fault.message, expected=fault.expected, near=(), hint=fault.suggestion)


def currencies(view: View) -> Iterator[Problem]:
    """Every currency that money is stated in has an exchange rate, in dollars."""
    rates = view.scenario.exchange
    for word in rates:
        key = f"exchange.{word}"
        if word not in CURRENCIES or word == "USD":
            known = [currency for currency in CURRENCIES if currency != "USD"]
            yield view.problem(key, "is no currency that can be exchanged", found=word,
                               expected=f"one of {', '.join(known)}", near=known)  # fmt: skip
    for key, used in _prices(view):
        if used.currency != "USD" and used.currency not in rates and used.currency not in _raw_rates(view):
            word = used.currency
            yield view.problem(key, f"is in {word}, which has no exchange rate", found=str(used),
                               expected=f"[exchange] with {word} = 'N USD', the dollars for one {word}")  # fmt: skip


def _raw_rates(view: View) -> set[str]:
    raw = view.merged.data.get("exchange")
    return set(raw) if isinstance(raw, dict) else set()


def _prices(view: View) -> Iterator[tuple[str, Price]]:
    """Every amount of money that is not an exchange rate, once for each of its currencies, with its dotted key."""
    for commodity in view.scenario.commodities:
        yield f"commodities.{commodity.id}.value", commodity.value
    for tariff in view.scenario.tariffs:
        dated: DatedValue[Price] | None = tariff.rate
        if dated is not None:
            yield from ((f"tariffs.{tariff.id}.rate", price) for price in {p.currency: p for p in dated.values}.values())


def dates(view: View) -> Iterator[Problem]:
    """The run begins in a year for which there are calendars, clocks and time zones."""
    start = view.scenario.run.start
    if start.year not in YEARS:
        yield view.problem(
            "run.start", "is too far away", found=str(start), expected=f"a year from {YEARS[0]} to {YEARS[-1]}"
        )


def holidays(view: View) -> Iterator[Problem]:
    """The holidays of each calendar's country are known for every year of the run."""
    run = view.scenario.run
    if run.start.year not in YEARS:
        return
    start = datetime.combine(run.start, datetime.min.time(), tzinfo=UTC)
    first = (start - timedelta(seconds=run.warm_up)).year
    last = (start + timedelta(seconds=run.run_length + run.drain)).year
    for calendar in view.scenario.calendars:
        known = holiday_years(calendar.holidays) if calendar.holidays else range(first, last + 1)
        missing = [str(year) for year in range(first, last + 1) if year not in known]
        if missing:
            yield view.problem(f"calendars.{calendar.id}.holidays", f"are not known for {', '.join(missing)}",
                               found=calendar.holidays, expected=f"a run within {known[0]} to {known[-1]}")  # fmt: skip


def closures(view: View) -> Iterator[Problem]:
    """Spells can close as many days of each month as they should, and no limit asks for lighter storms than they are."""
    for disruption in view.scenario.disruptions:
        if not isinstance(disruption, Spells) or not any(disruption.closed_days):
            continue
        key = f"disruptions.{disruption.id}"
        try:
            hazards(disruption.closed_days, disruption.spell)
        except CaspianError as error:
            yield view.problem(f"{key}.closed_days", str(error))
        if (wind := disruption.wind) and wind.limit < wind.told_at:
            yield view.problem(f"{key}.wind.limit", "is below the limit at which the spells were told: lighter storms than "
                               "these are not known", found=f"{wind.limit / 3.6:g} m/s",
                               expected=f"at least told_at, {wind.told_at / 3.6:g} m/s")  # fmt: skip


def losses(view: View) -> Iterator[Problem]:
    """No disruption takes more units out of service than there are."""
    for disruption in view.scenario.disruptions:
        lost = disruption.lost or 0 if isinstance(disruption, Dated) else 0
        for name in disruption.on:
            for what, units in _units(view.scenario, name, disruption.bars):
                if lost > units:
                    yield view.problem(f"disruptions.{disruption.id}.lost", f"is more than the {what} of {name}",
                                       found=lost, expected=f"at most {units}")  # fmt: skip


def _units(scenario: Scenario, name: str, bars: Collection[str]) -> Iterator[tuple[str, int]]:
    """What something has of units that can be lost, and how many."""
    for terminal in scenario.terminals:
        if terminal.id == name:
            if "entry" in bars:
                yield "berths", terminal.berths
            if "work" in bars:
                yield "cranes", terminal.cranes or terminal.berths * terminal.cranes_per_vehicle
            if "gate" in bars and terminal.gate:
                yield "lanes", terminal.gate.lanes
    yield from (("servers", post.servers) for post in scenario.posts if post.id == name)
    yield from (("vehicles", service.vehicles) for service in scenario.services if service.id == name)
