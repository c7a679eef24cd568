"""Yards and queues over time: one band for each yard, each quay with cargo that waits, each port with ships in its roads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.events import Kind
from sim.kpis import Evidence
from sim.kpis.yards import yard_contents
from sim.report.figures.canvas import sheet, short, styled
from sim.report.figures.dates import date_axis, days
from sim.scenario.schema import Scenario
from sim.units import DAY_S
from sim.world.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["yards_and_queues"]

Ints = npt.NDArray[np.int64]
PITCH_IN = 0.58
"""Height of a band, inches."""
MOST_BANDS = 12
"""Bands shown at most; of the queues, the longest are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Something that fills and empties: steps of `change` at `at_s`, in `unit`; `limit` is its room, 0 where it has none."""

    title: str
    unit: str
    at_s: Ints
    change: npt.NDArray[np.float64]
    colour: str
    limit: float = 0.0


def yards_and_queues(evidence: Evidence) -> Figure:
    """The highest level of each day of the measured window, for yards (with their room), waiting cargo and waiting ships."""
    network, draws = evidence.network, evidence.draws
    yards = list(_yards(evidence))
    waiting = (*_cargo_waiting(evidence), *_ships_waiting(evidence))
    queues = [band for band in waiting if _peaks(network, band).any()]
    busiest = sorted(queues, key=lambda band: -float(_peaks(network, band).sum() / _scale(band)))[: MOST_BANDS - len(yards)]
    bands = yards[:MOST_BANDS] + [band for band in queues if any(band is kept for kept in busiest)]
    with styled():
        height = 1.1 + PITCH_IN * max(1, len(bands))
        figure = sheet(9.0, height)
        title = f"Yards and queues, replication {draws.replication}: highest of {_words(_bin_d(network))}"
        figure.text(0.015, 1 - 0.28 / height, title, fontsize=11, fontweight="bold")
        note = "Each band has its own scale: the number at its left is its highest. Dashed: room of a yard, where it fits."
        figure.text(0.015, 1 - 0.48 / height, note, fontsize=8, color="#555555")
        for row, band in enumerate(bands):
            bottom = (height - 0.67 - PITCH_IN * (row + 1)) / height
            axes = figure.add_axes((0.34, bottom, 0.64, 0.72 * PITCH_IN / height))
            _draw(axes, network, band)
            axes.tick_params(axis="x", labelbottom=row == len(bands) - 1, length=0)
        return figure


def _draw(axes: Axes, network: Network, band: Band) -> None:
    peaks = _peaks(network, band)
    ends_s = network.window_from_s + DAY_S * _bin_d(network) * np.arange(len(peaks) + 1)
    axes.fill_between(days(network, ends_s), np.r_[peaks, peaks[-1]], color=band.colour, alpha=0.75, linewidth=0)
    top = max(float(peaks.max()), 1.0)
    unit = band.unit
    if band.limit:
        unit = f"t; at most {peaks.max() / band.limit:.0%} of its {band.limit:,.0f} t"
    if 0 < band.limit <= 1.6 * top:
        axes.axhline(band.limit, color="#333333", linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set_ylim(0, 1.12 * max(top, band.limit if band.limit <= 1.6 * top else 0.0))
    axes.set_yticks([0, top], ["0", f"{top:,.0f}"])
    axes.text(-0.508, 0.72, band.title, transform=axes.transAxes, va="center", fontsize=8.5)
    axes.text(-0.508, 0.18, unit, transform=axes.transAxes, va="center", fontsize=7, color="#777777")
    date_axis(axes, network, network.window_from_s, network.window_to_s)


def _bin_d(network: Network) -> int:
    """Days that share one point of a band: as few as leave at most 183 points."""
    return max(1, -(-(network.window_to_s - network.window_from_s) // (183 * DAY_S)))


def _words(bin_d: int) -> str:
    return "each day" if bin_d == 1 else f"every {bin_d} days"


def _peaks(network: Network, band: Band) -> npt.NDArray[np.float64]:
    """The highest level within each bin of the measured window, the level it begins with included; instants do not count."""
    width_s = DAY_S * _bin_d(network)
    count = max(1, -(-(network.window_to_s - network.window_from_s) // width_s))
    edges = network.window_from_s + width_s * np.arange(count + 1)
    at_s, at = np.unique(band.at_s, return_inverse=True)
    change = np.zeros(len(at_s))
    np.add.at(change, at, band.change)
    level = np.r_[0.0, np.cumsum(change)]
    first = np.searchsorted(at_s, edges, side="left")
    return np.array([level[a : b + 1].max() for a, b in pairwise(first.tolist())])


def _scale(band: Band) -> float:
    """What makes tonnes and ships comparable: a ship waiting weighs as much as 1000 t."""
    return 1.0 if band.unit == "wait for a berth" else 1000.0


def _yards(evidence: Evidence) -> Iterator[Band]:
    """Every pool of yard room, with its capacity."""
    at_s, pool, change = yard_contents(evidence)
    network = evidence.network
    for index, plan in enumerate(network.pools):
        yield Band(
            title=_yard_title(evidence, index),
            unit="t",
            at_s=at_s[pool == index],
            change=change[pool == index] / 1e3,
            colour="#009E73",
            limit=plan.capacity_kg / 1e3,
        )


def _yard_title(evidence: Evidence, pool: int) -> str:
    """Where a pool lies, what it takes and for which direction: Anzali, container and reefer, imports."""
    plan, name = evidence.network.pools[pool], evidence.network.facility_names[evidence.network.pool_facility(pool)]
    yard = evidence.scenario.yards[plan.yard]
    direction = name.removeprefix(yard.id).removeprefix(".")
    parts = (_place(evidence.scenario, yard.node), _all_of(yard.forms) or "yard", f"{direction}s" if direction else "")
    return ", ".join(part for part in parts if part)


def _all_of(words: Sequence[str]) -> str:
    """Words in a row, the last of them after an and."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _place(scenario: Scenario, node: str) -> str:
    found = next(known for known in scenario.nodes if known.id == node)
    return short(found.title or found.id)


def _cargo_waiting(evidence: Evidence) -> Iterator[Band]:
    """Tonnes that wait for a vehicle, by service and terminal."""
    scenario, network, draws, log = evidence.scenario, evidence.network, evidence.draws, evidence.log
    waits, accepted = log.where(Kind.WAITING), log.where(Kind.ACCEPTED)
    fleet = np.array([*network.vehicle_service, -1], dtype=np.int64)
    service_of = fleet[accepted.vehicle]
    for facility, index in sorted(set(zip(waits.facility.tolist(), waits.value.tolist(), strict=True))):
        ins = (waits.facility == facility) & (waits.value == index)
        outs = (accepted.facility == facility) & (service_of == index)
        service = scenario.services[index]
        yield Band(
            title=f"Cargo at {_place(scenario, scenario.terminals[facility // 4].node)}",
            unit=f"t, waits for {short(service.title or service.id)}",
            at_s=np.r_[waits.at_s[ins], accepted.at_s[outs]],
            change=np.r_[draws.kg[waits.consignment[ins]], -draws.kg[accepted.consignment[outs]]] / 1e3,
            colour="#E69F00",
        )


def _ships_waiting(evidence: Evidence) -> Iterator[Band]:
    """Ships that wait for a berth, those of other trades included, by terminal."""
    scenario, network, log = evidence.scenario, evidence.network, evidence.log
    joins, given = log.where(Kind.BERTH_JOINED), log.where(Kind.BERTH_GIVEN)
    for index, terminal in enumerate(scenario.terminals):
        if terminal.mode != "sea":
            continue
        ins, outs = joins.facility // 4 == index, given.facility // 4 == index
        ins &= joins.facility < 4 * len(network.terminals)
        yield Band(
            title=f"Ships off {_place(scenario, terminal.node)}, all trades",
            unit="wait for a berth",
            at_s=np.r_[joins.at_s[ins], given.at_s[outs]],
            change=np.r_[np.ones(int(ins.sum())), -np.ones(int(outs.sum()))],
            colour="#D55E00",
        )
