"""The map: coast, nodes and legs, with the tonnes that went each way; legs too short to see have a window of their own."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.figures.beside import COLOURS, CargoFlow, LegFlow, bars, table, width_key
from sim.report.figures.canvas import sheet, short, styled
from sim.report.figures.coast import COUNTRIES, SEA, coast, sea_way
from sim.report.figures.labels import Label, place
from sim.scenario.schema import Scenario
from sim.world.transport import Leg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CargoFlow", "LegFlow", "corridor_map"]

Floats = npt.NDArray[np.float64]
SIZE_IN = (9.0, 6.6)
MAP = (0.02, 0.03, 0.56, 0.86)
"""Left, bottom, width and height of the map as shares of the sheet."""
WIDEST_PT = 10.0
NARROWEST_PT = 0.8
SHORTEST_PT = 20.0
"""Legs shorter than this on the sheet show their flow in a window that looks closer."""
WINDOWS = ((0.68, 0.60), (0.03, 0.60), (0.68, 0.10), (0.03, 0.10))
"""Left and bottom of the places for such windows, as shares of the map; of equals, the first is taken."""
WINDOW = 0.29
"""Their width and height, as shares of the map's width and height."""
KM_PER_DEGREE = 111.2


def corridor_map(
    scenario: Scenario, flows: Sequence[LegFlow], cargo: Sequence[CargoFlow], title: str, period: str = ""
) -> Figure:
    """The corridor, each leg as wide as the tonnes that went along it, exports and imports apart; `period` says when.

    Cargo keeps to the right of its direction. Without flows the legs are thin lines: the network as described.
    """
    with styled():
        figure = sheet(*SIZE_IN)
        axes = figure.add_axes(MAP)
        lonlat = np.array([[node.lon, node.lat] for node in scenario.nodes])
        room = max(np.ptp(lonlat[:, 1]) * 1.22, 2.0), np.ptp(lonlat[:, 0]) * 1.25
        _frame(axes, (lonlat.min(axis=0) + lonlat.max(axis=0)) / 2, *room)
        _names(axes)
        obstacles = [_draw_leg(axes, scenario, leg) for leg in scenario.legs]
        carried = {flow.leg for flow in flows}
        minute = [leg for leg, path in zip(scenario.legs, obstacles, strict=True) if _is_short(axes, path)]
        minute = [leg for leg in minute if leg.id in carried]
        hidden = {leg.id for leg in minute}
        most = max((flow.tonnes for flow in flows), default=0.0)
        for flow in flows:
            if flow.leg not in hidden:
                _draw_flow(axes, obstacles[_position(scenario, flow.leg)], flow, flow.tonnes / most)
        axes.plot(lonlat[:, 0], lonlat[:, 1], "o", markersize=6.5, color="white", markeredgecolor="#222222", zorder=6)
        points = np.concatenate([np.asarray(axes.transData.transform(lonlat)), *obstacles])
        for leg in minute[: len(WINDOWS)]:
            points = np.concatenate([points, _window(figure, scenario, leg, flows, most, points)])
        labels = [Label(node.lon, node.lat, short(node.title or node.id)) for node in scenario.nodes]
        place(axes, labels, points)
        _beside(figure, scenario, flows, cargo, most)
        figure.text(MAP[0], 0.955, title, fontsize=12, fontweight="bold")
        figure.text(MAP[0], 0.918, period, fontsize=9, color="#444444")
        return figure


def _beside(figure: Figure, scenario: Scenario, flows: Sequence[LegFlow], cargo: Sequence[CargoFlow], most: float) -> None:
    below = MAP[1] + MAP[3] * table(figure.add_axes((0.60, MAP[1], 0.38, MAP[3])), scenario, flows)
    if cargo:
        tall = min(0.05 * len(cargo), below - 0.25)
        bars(figure.add_axes((0.73, below - tall - 0.05, 0.25, tall)), cargo)
    if flows:
        figure.text(0.60, 0.135, "Width of a line", fontsize=9, fontweight="bold")
        width_key(figure.add_axes((0.60, 0.083, 0.38, 0.04)), most, WIDEST_PT, NARROWEST_PT)
    note = "Coast: Natural Earth 1:50m, public domain.\nLines at sea keep to the water; they are no ship's course."
    figure.text(0.60, 0.03, note, fontsize=6.5, color="#777777")


def _frame(axes: Axes, centre: Floats, height: float, width: float) -> None:
    """Land, sea and a window on at least so many degrees around its centre, in true proportions at its latitude."""
    ring = coast()
    axes.fill(ring[:, 0], ring[:, 1], facecolor="#dceaf2", edgecolor="#9fb4c0", linewidth=0.7, zorder=1)
    ratio = axes.bbox.width / axes.bbox.height / np.cos(np.radians(centre[1]))
    height = max(height, width / ratio)
    width = height * ratio
    axes.set(xlim=(centre[0] - width / 2, centre[0] + width / 2), ylim=(centre[1] - height / 2, centre[1] + height / 2))
    axes.set(facecolor="#f4f0e6", xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set(visible=True, color="#cccccc")


def _names(axes: Axes) -> None:
    """The sea, the countries that the window holds, and a bar of so many kilometres."""
    text, lon, lat = SEA
    axes.text(lon, lat, text, style="italic", color="#6f93a8", ha="center", zorder=2, clip_on=True)
    for text, lon, lat in COUNTRIES:
        axes.text(lon, lat, text, fontsize=7.5, color="#9a9079", ha="center", zorder=2, clip_on=True)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    degrees = KM_PER_DEGREE * float(np.cos(np.radians((south + north) / 2)))
    km = max((km for km in (10, 50, 100, 200, 500) if km <= 0.35 * (east - west) * degrees), default=5)
    x, y = west + 0.04 * (east - west), south + 0.03 * (north - south)
    axes.plot([x, x + km / degrees], [y, y], color="#555555", linewidth=1.6, solid_capstyle="butt", zorder=5)
    axes.text(x + km / degrees / 2, y + 0.008 * (north - south), f"{km} km", fontsize=7.5, color="#555555", ha="center")


def _window(figure: Figure, scenario: Scenario, leg: Leg, flows: Sequence[LegFlow], most: float, keep: Floats) -> Floats:
    """A closer look at a leg, in the corner that covers least of `keep`; gives points all over it, display coordinates."""
    axes, by_id = figure.axes[0], {node.id: node for node in scenario.nodes}
    nodes = [by_id[end] for end in leg.ends]
    lonlat = np.array([[node.lon, node.lat] for node in nodes])
    shares = axes.transAxes.inverted().transform(keep)
    covered = [int(((shares > corner) & (shares < np.add(corner, WINDOW))).all(axis=1).sum()) for corner in WINDOWS]
    left, bottom = WINDOWS[int(np.argmin(covered))]
    place_in = (MAP[0] + MAP[2] * left, MAP[1] + MAP[3] * bottom, MAP[2] * WINDOW, MAP[3] * WINDOW)
    inset = figure.add_axes(place_in, zorder=7)
    _frame(inset, lonlat.mean(axis=0), max(np.ptp(lonlat[:, 1]) * 2.2, 0.02), np.ptp(lonlat[:, 0]) * 3.0)
    path = _draw_leg(inset, scenario, leg)
    for flow in flows:
        if flow.leg == leg.id:
            _draw_flow(inset, path, flow, flow.tonnes / most)
    inset.plot(lonlat[:, 0], lonlat[:, 1], "o", markersize=6.5, color="white", markeredgecolor="#222222", zorder=6)
    inset.text(0.5, -0.03, f"{leg.distance:,.0f} km, closer", fontsize=7.5, ha="center", va="top", transform=inset.transAxes)
    inset.spines[:].set(color="#888888")
    names = [fill(short(node.title or node.id), 14) for node in nodes]
    place(inset, [Label(node.lon, node.lat, name, 7.5) for node, name in zip(nodes, names, strict=True)], path)
    side = left + WINDOW if left < 0.5 else left
    thread = {"arrowstyle": "-", "color": "#888888", "linewidth": 0.8, "shrinkA": 0, "shrinkB": 6}
    middle = (side, bottom + WINDOW / 2)
    axes.annotate("", lonlat.mean(axis=0), xytext=middle, textcoords="axes fraction", arrowprops=thread, zorder=5)
    x0, y0, x1, y1 = inset.bbox.extents
    return np.stack(np.meshgrid(np.linspace(x0, x1, 25), np.linspace(y0, y1, 25)), axis=-1).reshape(-1, 2)


def _position(scenario: Scenario, leg: str) -> int:
    return [known.id for known in scenario.legs].index(leg)


def _is_short(axes: Axes, path: Floats) -> bool:
    return bool(np.hypot(*(path[-1] - path[0])) < SHORTEST_PT * axes.figure.dpi / 72)


def _draw_leg(axes: Axes, scenario: Scenario, leg: Leg) -> Floats:
    """Draw the thin middle line of a leg; gives its points in display coordinates."""
    by_id = {node.id: (node.lon, node.lat) for node in scenario.nodes}
    start, end = by_id[leg.ends[0]], by_id[leg.ends[1]]
    way = sea_way(*start, *end) if leg.mode == "sea" else np.linspace(start, end, 61)
    path = np.asarray(axes.transData.transform(way))
    dash: tuple[int, tuple[int, ...]] = {"rail": (0, (4, 2)), "air": (0, (1, 2))}.get(leg.mode, (0, ()))
    axes.plot(*_data(axes, path), color="#777777", linewidth=0.8, linestyle=dash, zorder=3)
    return path


def _draw_flow(axes: Axes, middle: Floats, flow: LegFlow, share: float) -> None:
    """Draw a flow to the right of its leg's middle line; `share` is its part of the greatest flow."""
    dots = axes.figure.dpi / 72
    colour, width = COLOURS[flow.direction], NARROWEST_PT + (WIDEST_PT - NARROWEST_PT) * share
    line = middle if flow.forward else middle[::-1]
    aside = _right_of(line) * (width / 2 + 0.6) * dots
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))]
    # Bands begin and end at the middle of their nodes, so that those of neighbouring legs meet.
    leaving = np.clip(np.minimum(along, along[-1] - along) / (2 * WIDEST_PT * dots), 0, 1)[:, None]
    beside = line + aside * np.sin(leaving * np.pi / 2)
    axes.plot(*_data(axes, beside), color=colour, linewidth=width, zorder=4, solid_capstyle="round")
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
