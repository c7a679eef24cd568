"""What stands beside the map: the table of legs, the bars of what was delivered, the key to widths and the notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.figures.canvas import EXPORT, IMPORT, short
from sim.scenario.schema import Scenario
from sim.world.cargo import Direction

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "CargoFlow", "LegFlow", "bars", "table", "width_key"]

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


def table(axes: Axes, scenario: Scenario, flows: Sequence[LegFlow]) -> float:
    """Each leg with its kilotonnes either way. Gives the share of the height of the axes at which the table ends."""
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    columns = list(zip(COLOURS.items(), (0.78, 1.0), strict=True)) if flows else []
    axes.text(0, 0.975, "Moved along each leg" if flows else "Leg", fontsize=9, fontweight="bold")
    for (direction, colour), x in columns:
        axes.text(x, 0.975, f"{direction} kt", color=colour, fontsize=8, ha="right", fontweight="bold")
    titles = {node.id: short(node.title or node.id) for node in scenario.nodes}
    used = {flow.leg for flow in flows} or {leg.id for leg in scenario.legs}
    pitch = min(0.08, 0.4 / max(1, len(used)))
    for row, leg in enumerate(leg for leg in scenario.legs if leg.id in used):
        y = 0.90 - pitch * row
        axes.text(0, y + 0.026, f"{titles[leg.ends[0]]} – {titles[leg.ends[1]]}", fontsize=8.5)
        axes.text(0, y, f"{leg.mode}, {leg.distance:,.0f} km", fontsize=7.5, color="#666666")
        for (direction, _), x in columns:
            tonnes = sum(flow.tonnes for flow in flows if (flow.leg, flow.direction) == (leg.id, direction))
            axes.text(x, y, f"{tonnes / 1e3:,.1f}", fontsize=8.5, ha="right")
    end = 0.92 - pitch * len(used)
    if flows:
        note = "Counted where each leg lands it, within these days.\n"
        note += "Legs differ by what lay in yards or was under way\nas they began and ended."
        axes.text(0, end, note, fontsize=7.5, color="#555555", va="top", linespacing=1.35)
        end -= 0.105
    return end


def bars(axes: Axes, cargo: Sequence[CargoFlow]) -> None:
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


def width_key(axes: Axes, most: float, widest_pt: float, narrowest_pt: float) -> None:
    """Samples of the widths of flows: one of round tonnes near the greatest, and a fifth of it."""
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    round_t = _round_down(most)
    for x, tonnes in ((0.0, round_t), (0.38, round_t / 5)):
        width = narrowest_pt + (widest_pt - narrowest_pt) * tonnes / most
        axes.plot([x, x + 0.13], [0.5, 0.5], color="#777777", linewidth=width, solid_capstyle="butt")
        axes.text(x + 0.15, 0.5, f"{tonnes / 1e3:,.4g} kt", fontsize=8, va="center")
    axes.text(0.70, 0.5, "cargo keeps right", fontsize=8, va="center", color="#555555")


def _round_down(number: float) -> float:
    """The greatest of 1, 2 and 5 times a power of ten that is not above a positive number."""
    power = 10.0 ** (len(f"{number:.0f}") - 1)
    return max((step * power for step in (1.0, 2.0, 5.0) if step * power <= number), default=number)
