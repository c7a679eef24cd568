"""What is expected of each month of a run: its hours, what calendars and closures leave of them, and its demand.

Means only; nothing is drawn. What follows from them for facilities and fleets stands in `offered_load`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from sim import disruptions
from sim.chance.distributions import Distribution
from sim.chance.streams import Streams
from sim.disruptions import Breakdowns, Spells, Struck, Wind
from sim.scenario.schema import Scenario
from sim.scenario.wiring import epoch
from sim.units import YEAR_S
from sim.world import calendar
from sim.world.cargo import Season
from sim.world.demand import DemandStream
from sim.world.network import Flow
from sim.world.timeline import FULL, Window, timeline

__all__ = ["Months", "Openness", "calls", "consignments", "months_of", "openness", "throughput_factor"]

Floats = npt.NDArray[np.float64]

_MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_QUANTILES = (np.arange(2000) + 0.5) / 2000
"""Where distributions are looked at, for means of what is not linear in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """The calendar months (UTC) that a run measures, M of them, the first and the last perhaps in part."""

    names: tuple[str, ...]
    """Such as 2026-01."""
    of_year: npt.NDArray[np.int64]
    """(M,) 0 for January."""
    from_s: Floats
    to_s: Floats
    """(M,) the part that is measured, in seconds since the epoch."""

    @property
    def length_s(self) -> Floats:
        """(M,) seconds measured."""
        return self.to_s - self.from_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Openness:
    """How open something is, month by month."""

    share: Floats
    """(M,) expected share of the month's capacity that is left."""
    wait_s: Floats
    """(M,) expected wait of somebody who comes at any time until it is open, in seconds."""


def months_of(scenario: Scenario) -> Months:
    """The months of the measured window."""
    begins = epoch(scenario)
    from_s, end_s = scenario.run.warm_up, scenario.run.warm_up + scenario.run.run_length
    parts: list[tuple[datetime, float, float]] = []
    while from_s < end_s:
        moment = begins + timedelta(seconds=from_s)
        month = datetime(moment.year, moment.month, 1, tzinfo=UTC)
        after_s = ((month + timedelta(days=31)).replace(day=1) - begins).total_seconds()
        parts.append((month, from_s, min(after_s, end_s)))
        from_s = after_s
    return Months(
        names=tuple(f"{month:%Y-%m}" for month, _, _ in parts),
        of_year=np.array([month.month - 1 for month, _, _ in parts], dtype=np.int64),
        from_s=np.array([start for _, start, _ in parts]),
        to_s=np.array([end for _, _, end in parts]),
    )


def throughput_factor(scenario: Scenario, stream: DemandStream) -> float:
    """What the scale multiplies the demand of a stream with."""
    scale = scenario.scale
    factor = scale.throughput
    for by in (scale.by_direction.get(stream.direction), scale.by_commodity.get(stream.commodity)):
        factor *= by.throughput if by is not None else 1.0
    return factor


def consignments(scenario: Scenario, flow: Flow, months: Months) -> tuple[Floats, Floats]:
    """Consignments released by a flow in each month, and their kilograms; both (M,)."""
    stream = scenario.demand[flow.stream]
    share = stream.routes[scenario.routes[flow.route].id] * throughput_factor(scenario, stream)
    if stream.arrivals == "listed" or stream.lot is None:
        kg = np.array([shipment.mass for shipment in stream.shipments])
        at_s = np.array([shipment.at for shipment in stream.shipments])
        inside = (at_s >= months.from_s[:, None]) & (at_s < months.to_s[:, None])
        pieces = np.ceil(kg / flow.largest_kg)
        return np.where(inside, pieces, 0.0).sum(axis=1) * share, np.where(inside, kg, 0.0).sum(axis=1) * share
    shipments = _in_months(stream.volume / stream.lot.mean(), stream.season, months) * share
    of_each = float(np.mean(np.ceil(np.maximum(stream.lot.ppf(_QUANTILES), 1) / flow.largest_kg)))
    return shipments * of_each, shipments * stream.lot.mean()


def calls(per_year: float, season: Season, months: Months) -> Floats:
    """(M,) calls of another trade in each month."""
    return _in_months(per_year, season, months)


def _in_months(per_year: float, season: Season, months: Months) -> Floats:
    weights = np.asarray(season or (1.0,) * 12)
    rate = per_year / YEAR_S * weights * _MONTH_DAYS.sum() / (weights * _MONTH_DAYS).sum()
    return np.asarray(rate[months.of_year] * months.length_s, dtype=np.float64)


def openness(scenario: Scenario, months: Months, struck: Struck, bars: Iterable[str], calendar_id: str | None) -> Openness:
    """What calendars and closures leave of a terminal's `bars` ("entry", "work" or "gate"); of a post, a leg or a service
    of all of them.

    Closures are taken as independent of each other: open shares multiply, waits add up.
    """
    epoch_s = int(epoch(scenario).timestamp())
    horizon_s = round(float(months.to_s[-1]))
    share, wait_s = np.ones(len(months.names)), np.zeros(len(months.names))
    known: list[Window] = []
    for plan in scenario.calendars:
        if plan.id == calendar_id:
            known += calendar.windows(plan, epoch_s, horizon_s)
    for disruption in scenario.disruptions:
        if struck.name not in disruption.on or not set(bars) & set(disruption.bars):
            continue
        if isinstance(disruption, Spells):
            closed = np.asarray(disruption.closed_days)[months.of_year] / _MONTH_DAYS[months.of_year]
            closed *= _mean_kept(disruption.wind)
            share *= 1 - closed * (1 - disruption.share)
            wait_s += closed * _mean_rest_s(disruption.spell) * (disruption.share == 0)
        elif isinstance(disruption, Breakdowns):
            share *= disruption.between.mean() / (disruption.between.mean() + disruption.repair.mean())
        else:
            known += disruptions.windows(disruption, Streams(0, 0), epoch_s, horizon_s, struck)
    lost, waited = _lost(known, horizon_s, months)
    return Openness(share=share * (1 - lost), wait_s=wait_s + waited)


def _mean_kept(wind: Wind | None) -> float:
    """Part of the closed time that is left under the limit of the rule."""
    return 1.0 if wind is None else float(np.mean([wind.kept(excess) for excess in wind.excess.ppf(_QUANTILES).tolist()]))


def _mean_rest_s(spell: Distribution) -> float:
    """Mean time to the end of a spell that one comes upon: E[x²] / 2 E[x]."""
    lengths = spell.ppf(_QUANTILES)
    return float(np.mean(lengths**2) / (2 * np.mean(lengths)))


def _lost(windows: list[Window], horizon_s: int, months: Months) -> tuple[Floats, Floats]:
    """(M,) share of capacity that known windows take, and the mean wait for the end of those that leave none, in seconds."""
    line = timeline(windows, horizon_s)
    lost_s, waited = np.zeros(len(months.names)), np.zeros(len(months.names))
    for from_s, to_s, share in zip(line.from_s, [*line.from_s[1:], horizon_s], line.share, strict=True):
        inside_s = np.clip(np.minimum(to_s, months.to_s) - np.maximum(from_s, months.from_s), 0, None)
        lost_s += inside_s * (1 - share / FULL)
        waited += inside_s**2 / 2 * (share == 0)
    return lost_s / months.length_s, waited / months.length_s
