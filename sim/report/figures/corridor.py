"""The map: coast, nodes and legs, with the tonnes that went each way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.figures.canvas import EXPORT, IMPORT, sheet, short, styled
from sim.report.figures.labels import Label, place
from sim.scenario.schema import Scenario
from sim.world.cargo import Direction
from sim.world.transport import Leg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CargoFlow", "LegFlow", "corridor_map"]

Floats = npt.NDArray[np.float64]
COAST = Path(__file__).parents[1] / "data" / "caspian-coast.geojson"
SIZE_IN = (9.0, 6.4)
WIDEST_PT = 11.0
NARROWEST_PT = 0.8
SHORTEST_PT = 20.0
"""Legs shorter than this on the sheet show no flow: the table tells it."""
CLEARANCE = 0.2
"""Degrees of longitude that a line at sea keeps from the coast, away from its ends."""
COLOURS = {"export": EXPORT, "import": IMPORT}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFlow:
    """Tonnes that went along a leg: `forward` from its first end to its second."""

    leg: str
    direction: Direction
    forward: bool
    tonnes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoFlow:
    """Tonnes of a commodity delivered in one direction; `commodity` is its title."""

    commodity: str
    direction: Direction
    tonnes: float


def corridor_map(scenario: Scenario, flows: Sequence[LegFlow], cargo: Sequence[CargoFlow], title: str) -> Figure:
    """The corridor, each leg as wide as the tonnes that went along it, exports and imports apart.

    Cargo keeps to the right of its direction. Without flows the legs are thin lines: the network as described.
    """
    with styled():
        figure = sheet(*SIZE_IN)
        axes = figure.add_axes((0.02, 0.03, 0.56, 0.88))
        _frame(axes, scenario, ratio=0.56 * SIZE_IN[0] / (0.88 * SIZE_IN[1]))
        most = max((flow.tonnes for flow in flows), default=0.0)
        obstacles = [_draw_leg(axes, scenario, leg) for leg in scenario.legs]
        for flow in flows:
            _draw_flow(axes, obstacles[_position(scenario, flow.leg)], flow, flow.tonnes / most)
        nodes = np.array([[node.lon, node.lat] for node in scenario.nodes])
        axes.plot(nodes[:, 0], nodes[:, 1], "o", markersize=5, color="white", markeredgecolor="#222222", zorder=5)
        points = axes.transData.transform(nodes)
        labels = [Label(node.lon, node.lat, short(node.title or node.id)) for node in scenario.nodes]
        place(axes, labels, np.concatenate([points, *obstacles]))
        below = _table(figure.add_axes((0.60, 0.03, 0.38, 0.88)), scenario, flows)
        if cargo:
            tall = min(0.04 * len(cargo), 0.3)
            _bars(figure.add_axes((0.73, 0.88 * below - tall - 0.01, 0.25, tall)), cargo)
        note = "Width follows tonnes; cargo keeps right.\n" if flows else ""
        figure.text(0.60, 0.035, f"{note}Coast: Natural Earth 1:50m, public domain.", fontsize=7, color="#777777")
        figure.text(0.02, 0.955, title, fontsize=12, fontweight="bold")
        return figure


def _coast() -> Floats:
    ring = json.loads(COAST.read_text(encoding="utf-8"))["coordinates"][0]
    return np.array(ring, dtype=np.float64)


def _frame(axes: Axes, scenario: Scenario, ratio: float) -> None:
    """Land, sea and a window that holds every node with some room, in true proportions at its middle latitude.

    `ratio`: width of the axes over their height.
    """
    coast = _coast()
    axes.fill(coast[:, 0], coast[:, 1], facecolor="#dceaf2", edgecolor="#9fb4c0", linewidth=0.7, zorder=1)
    lon, lat = np.array([[node.lon, node.lat] for node in scenario.nodes]).T
    middle, height = (lat.min() + lat.max()) / 2, max(np.ptp(lat) * 1.22, 2.0)
    stretch = 1 / np.cos(np.radians(middle))
    width = height * ratio * stretch
    if width < np.ptp(lon) * 1.25:
        width = np.ptp(lon) * 1.25
        height = width / ratio / stretch
    centre = (lon.min() + lon.max()) / 2
    axes.set(xlim=(centre - width / 2, centre + width / 2), ylim=(middle - height / 2, middle + height / 2))
    axes.set(facecolor="#f4f0e6", xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set(visible=True, color="#cccccc")
    axes.text(51.5, 38.9, "Caspian\nSea", style="italic", color="#6f93a8", ha="center", zorder=2, clip_on=True)


def _position(scenario: Scenario, leg: str) -> int:
    return [known.id for known in scenario.legs].index(leg)


def _draw_leg(axes: Axes, scenario: Scenario, leg: Leg) -> Floats:
    """Draw the thin middle line of a leg; gives its points in display coordinates."""
    by_id = {node.id: (node.lon, node.lat) for node in scenario.nodes}
    ends = np.array([by_id[leg.ends[0]], by_id[leg.ends[1]]])
    path = np.asarray(axes.transData.transform(_bent(ends) if leg.mode == "sea" else _straight(ends, 0.0)))
    dash: tuple[int, tuple[int, ...]] = {"rail": (0, (4, 2)), "air": (0, (1, 2))}.get(leg.mode, (0, ()))
    axes.plot(*_data(axes, path), color="#777777", linewidth=0.8, linestyle=dash, zorder=3)
    return path


def _draw_flow(axes: Axes, middle: Floats, flow: LegFlow, share: float) -> None:
    """Draw a flow to the right of its leg's middle line; `share` is its part of the greatest flow."""
    dots = axes.figure.dpi / 72
    if np.hypot(*(middle[-1] - middle[0])) < SHORTEST_PT * dots:
        return
    colour, width = COLOURS[flow.direction], NARROWEST_PT + (WIDEST_PT - NARROWEST_PT) * share
    line = middle if flow.forward else middle[::-1]
    beside = line + _right_of(line) * (width / 2 + 0.6) * dots
    axes.plot(*_data(axes, beside), color=colour, linewidth=width, alpha=0.85, zorder=4, solid_capstyle="butt")
    _arrow(axes, beside, colour)


def _arrow(axes: Axes, line: Floats, colour: str) -> None:
    """A small head somewhat before the middle of a line that is long enough to bear one."""
    if np.hypot(*(line[-1] - line[0])) < 60:
        return
    before = int(len(line) * 0.44)
    tail, head = _data(axes, line[before : before + 2]).T
    style = {"arrowstyle": "-|>,head_width=.42,head_length=.7", "mutation_scale": 14, "linewidth": 0.6}
    axes.annotate("", head, tail, arrowprops={**style, "edgecolor": "white", "facecolor": colour}, zorder=5)


def _data(axes: Axes, path: Floats) -> Floats:
    return np.asarray(axes.transData.inverted().transform(path)).T


def _right_of(line: Floats) -> Floats:
    """Unit vectors to the right of a line's direction at each of its points."""
    along = np.gradient(line, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])[:, None]
    unit = along / np.where(length > 0, length, 1)
    return np.column_stack([unit[:, 1], -unit[:, 0]])


def _straight(ends: Floats, bulge: float) -> Floats:
    """Points from end to end, bent to the right by `bulge` of its length."""
    share = np.linspace(0, 1, 41)[:, None]
    (dx, dy) = ends[1] - ends[0]
    path = ends[0] + (ends[1] - ends[0]) * share + np.array([dy, -dx]) * bulge * 4 * share * (1 - share)
    return np.asarray(path, dtype=np.float64)


def _bent(ends: Floats) -> Floats:
    """A line at sea: bent just enough to clear the coast away from its ends; straight where no bend does."""
    from matplotlib.path import Path as Outline

    water, aside = Outline(_coast()), np.array([CLEARANCE, 0.0])
    for bulge in (0.0, 0.04, -0.04, 0.08, -0.08, 0.12, -0.12, 0.16, -0.16, 0.22, -0.22, 0.3, -0.3):
        path = _straight(ends, bulge)
        if all(water.contains_points(path[6:-6] + shift).all() for shift in (-aside, 0 * aside, aside)):
            return path
    return _straight(ends, 0.0)


def _table(axes: Axes, scenario: Scenario, flows: Sequence[LegFlow]) -> float:
    """The table beside the map: each leg with its kilotonnes either way. Gives the share of its height at which it ends."""
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    columns = list(zip(COLOURS.items(), (0.78, 1.0), strict=True)) if flows else []
    axes.text(0, 0.985, "Leg", color="#555555", fontsize=8)
    for (direction, colour), x in columns:
        axes.text(x, 0.985, f"{direction} kt", color=colour, fontsize=8, ha="right", fontweight="bold")
    titles = {node.id: short(node.title or node.id) for node in scenario.nodes}
    used = {flow.leg for flow in flows} or {leg.id for leg in scenario.legs}
    pitch = min(0.07, 0.55 / max(1, len(used)))
    for row, leg in enumerate(leg for leg in scenario.legs if leg.id in used):
        y = 0.91 - pitch * row
        axes.text(0, y + 0.026, f"{titles[leg.ends[0]]} – {titles[leg.ends[1]]}", fontsize=8.5)
        axes.text(0, y, f"{leg.mode}, {leg.distance:,.0f} km", fontsize=7.5, color="#777777")
        for (direction, _), x in columns:
            tonnes = sum(flow.tonnes for flow in flows if (flow.leg, flow.direction) == (leg.id, direction))
            axes.text(x, y, f"{tonnes / 1e3:,.1f}", fontsize=8.5, ha="right")
    return 0.92 - pitch * len(used)


def _bars(axes: Axes, cargo: Sequence[CargoFlow]) -> None:
    """What was delivered, by commodity, in kt: bars in the colour of their direction, the largest on top."""
    ranked = sorted(cargo, key=lambda part: part.tonnes)
    kt = [part.tonnes / 1e3 for part in ranked]
    axes.barh(range(len(kt)), kt, color=[COLOURS[part.direction] for part in ranked], height=0.62)
    axes.set_yticks(range(len(kt)), [part.commodity for part in ranked], color="#222222")
    axes.set_title("Delivered, kt", fontsize=9, pad=6)
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    for row, value in enumerate(kt):
        axes.text(value, row, f" {value:,.1f}", va="center", fontsize=8)
    axes.margins(x=0.14)
