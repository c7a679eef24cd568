"""The Gantt chart of vehicles: what each of them did day by day, and when its ports were closed to entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.draws import Draws
from sim.events import Kind
from sim.kpis import Evidence
from sim.report.figures.canvas import sheet, short, styled
from sim.report.figures.dates import date_axis, days
from sim.scenario.schema import Scenario
from sim.units import DAY_S
from sim.world.network import BERTH, Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["gantt"]

Ints = npt.NDArray[np.int64]
EXPORTS, IMPORTS, BALLAST, FOR_BERTH, FOR_CARGO, AT_BERTH = range(6)
LABELS = (
    "laden with exports", "laden with imports", "under way, empty", "waiting for a berth", "waiting for cargo in the roads",
    "at the berth",
)  # fmt: skip
COLOURS = ("#56B4E9", "#004C86", "#CAB2D6", "#D55E00", "#F0D99A", "#009E73")
SHUT = "#888888"
AFTER = {
    Kind.ARRIVED: FOR_BERTH, Kind.GATE_STARTED: FOR_BERTH, Kind.GATE_ENDED: FOR_BERTH, Kind.BERTH_JOINED: FOR_BERTH,
    Kind.BERTH_GIVEN: AT_BERTH, Kind.BERTHED: AT_BERTH, Kind.DISCHARGED: AT_BERTH, Kind.CLOSED: AT_BERTH,
    Kind.SHIFTED: AT_BERTH, Kind.POSITIONED: AT_BERTH, Kind.DEPARTED: BALLAST, Kind.CLEARED: BALLAST,
}  # fmt: skip
"""What a vehicle does from an event of its own to the next; `_states` tells laden from empty, and berth from roads."""
LONGEST_D = 60
"""Days shown at most: more would leave a call too narrow to see."""
BRIEFEST_S = DAY_S // 4
"""Spells of a ship briefer than this are too narrow to read, and are drawn as part of the spell before."""


def gantt(evidence: Evidence) -> Figure:
    """Vessels (all vehicles, if none is a ship) in the first measured days, 60 at most, and the closures of their ports."""
    scenario, network, draws = evidence.scenario, evidence.network, evidence.draws
    services = [index for index, service in enumerate(scenario.services) if service.mode == "sea"]
    briefest_s = BRIEFEST_S if services else 0
    services = services or list(range(len(scenario.services)))
    vehicles = [v for v, service in enumerate(network.vehicle_service) if service in services][:40]
    ports = sorted({terminal for index in services for terminal in network.services[index].terminals})
    from_s = network.window_from_s
    to_s = min(network.window_to_s, from_s + LONGEST_D * DAY_S)
    with styled():
        shut = [(port, spells) for port in ports if (spells := _closures(network, draws, port, from_s, to_s))]
        figure = sheet(10.0, 1.7 + 0.36 * (len(vehicles) + len(shut)))
        height = figure.get_size_inches()[1]
        axes = figure.add_axes((0.18, 0.95 / height, 0.80, 1 - 1.5 / height))
        states = [_draw_vehicle(axes, evidence, vehicle, row, briefest_s) for row, vehicle in enumerate(vehicles)]
        for row, (_, spells) in enumerate(shut, start=len(vehicles)):
            axes.broken_barh(_bars(network, spells), (row - 0.2, 0.4), facecolor=SHUT)
        names = [_name(scenario, network, vehicle) for vehicle in vehicles]
        names += [f"{_port(scenario, port)} closed" for port, _ in shut]
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        date_axis(axes, network, from_s, to_s)
        _legend(figure, set[int]().union(*states), briefest_s)
        shown_d = (to_s - from_s) / DAY_S
        axes.set_title(f"What the vehicles did: first {shown_d:.0f} measured days, replication {draws.replication}")
        return figure


def _draw_vehicle(axes: Axes, evidence: Evidence, vehicle: int, row: int, briefest_s: int) -> set[int]:
    """Draw the spells of a vehicle; gives the states it was in."""
    network, log = evidence.network, evidence.log
    at_s, state = _states(evidence, vehicle)
    ends_s = np.r_[at_s[1:], log.at_s[-1:]][: len(at_s)]
    lasts = ends_s - at_s >= briefest_s
    at_s, state = _joined(at_s[lasts], state[lasts])
    ends_s = np.r_[at_s[1:], log.at_s[-1:]][: len(at_s)]
    keep = (ends_s > network.window_from_s) & (at_s < network.window_from_s + LONGEST_D * DAY_S)
    for which, colour in enumerate(COLOURS):
        chosen = np.flatnonzero(keep & (state == which))
        spells = list(zip(at_s[chosen].tolist(), ends_s[chosen].tolist(), strict=True))
        axes.broken_barh(_bars(network, spells), (row - 0.36, 0.72), facecolor=colour)
    return set(state[keep].tolist())


def _states(evidence: Evidence, vehicle: int) -> tuple[Ints, Ints]:
    """When a vehicle's state changed, and to what; what it carries under way is known by what it loaded last."""
    log, network = evidence.log, evidence.network
    own = log.vehicle == vehicle
    rows = np.flatnonzero(own & np.isin(log.kind, list(AFTER)))
    at_s, kind, value = (column[rows].astype(np.int64) for column in (log.at_s, log.kind, log.value))
    state = np.array([AFTER[Kind(each)] for each in kind], dtype=np.int64)
    state[(kind == Kind.POSITIONED) & (value == 1)] = FOR_CARGO
    departures = np.maximum.accumulate(np.where(kind == Kind.DEPARTED, np.arange(len(kind)), 0))
    loads = np.flatnonzero(own & (log.kind == Kind.LOAD_ENDED))
    if len(loads):
        imports = np.array([flow.direction == "import" for flow in network.flows])
        loaded = loads[np.maximum(np.searchsorted(loads, rows[departures]) - 1, 0)]
        cargo = np.where(imports[evidence.draws.flow[log.consignment[loaded]]], IMPORTS, EXPORTS)
        state = np.where((state == BALLAST) & (value[departures] > 0), cargo, state)
    return _joined(at_s, state)


def _joined(at_s: Ints, state: Ints) -> tuple[Ints, Ints]:
    """Spells of one state that follow each other, as one."""
    first = np.r_[True, state[1:] != state[:-1]][: len(state)]
    return at_s[first], state[first]


def _closures(network: Network, draws: Draws, terminal: int, from_s: int, to_s: int) -> list[tuple[int, int]]:
    """When entry to the berths of a terminal is shut within [from, to), in seconds since the epoch."""
    line = draws.timelines[network.facility(terminal, BERTH)]
    ends_s = (*line.from_s[1:], to_s)
    spells = zip(line.from_s, ends_s, line.share, strict=True)
    return [(max(a, from_s), min(b, to_s)) for a, b, share in spells if share == 0 and a < to_s and b > from_s]


def _bars(network: Network, spells: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    return [(float(days(network, a)), (b - a) / DAY_S) for a, b in spells]


def _name(scenario: Scenario, network: Network, vehicle: int) -> str:
    index = network.vehicle_service[vehicle]
    service = scenario.services[index]
    return f"{short(service.title or service.id)} {vehicle - network.services[index].vehicles[0] + 1}"


def _port(scenario: Scenario, terminal: int) -> str:
    node = next(node for node in scenario.nodes if node.id == scenario.terminals[terminal].node)
    return short(node.title or node.id)


def _legend(figure: Figure, used: set[int], briefest_s: int) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=COLOURS[state], label=LABELS[state]) for state in sorted(used)]
    height = float(figure.get_size_inches()[1])
    figure.legend(
        handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.26 / height), ncols=len(handles), handlelength=1.2,
        columnspacing=1.4,
    )  # fmt: skip
    if briefest_s:
        note = f"Spells of less than {briefest_s // 3600} hours are drawn as part of the spell before."
        figure.text(0.5, 0.12 / height, note, fontsize=7, color="#666666", ha="center")
