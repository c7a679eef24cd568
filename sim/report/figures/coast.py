"""The Caspian and its shores: the outline of the water, the way a ship keeps to it, and the names of what lies around."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["COUNTRIES", "SEA", "coast", "sea_way"]

Floats = npt.NDArray[np.float64]
FILE = Path(__file__).parents[1] / "data" / "caspian-coast.geojson"
SEA = ("Caspian\nSea", 52.3, 39.0)
"""Name of the water, and the longitude and latitude of its middle."""
COUNTRIES = (
    ("IRAN", 51.9, 35.9), ("AZERBAIJAN", 47.7, 40.5), ("RUSSIA", 46.9, 43.3), ("KAZAKHSTAN", 54.0, 44.15),
    ("TURKMENISTAN", 53.95, 40.35),
)  # fmt: skip
"""Countries on the shore, each with longitude and latitude where its name stands."""
CLEARANCES = (0.0, 0.2, 0.45)
"""Degrees that a line at sea would keep from land: the first for safety, the others so that its bands do too."""
BENDS = (0.0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18, 0.26, -0.26, 0.36, -0.36)
"""How far aside the two handles of a curve may stand, as shares of the distance between its ends."""
POINTS = 61


def coast() -> Floats:
    """The outline of the water as longitudes and latitudes (n, 2)."""
    ring = json.loads(FILE.read_text(encoding="utf-8"))["coordinates"][0]
    return np.array(ring, dtype=np.float64)


def sea_way(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> Floats:
    """A smooth line (n, 2) between two ports with the least of it over land or close to it; of equals, the shortest."""
    return _way((from_lon, from_lat), (to_lon, to_lat))


@cache
def _way(start: tuple[float, float], end: tuple[float, float]) -> Floats:
    from matplotlib.path import Path as Outline

    water = Outline(coast())
    ends = np.array([start, end])
    curves = [_curve(ends, *bends) for bends in product(BENDS, BENDS)]
    return min(curves, key=lambda curve: (_ashore(water.contains_points, curve), _length(curve)))


def _curve(ends: Floats, first: float, second: float) -> Floats:
    """Points along a cubic curve whose two handles stand aside to the right of the straight line."""
    share = np.linspace(0, 1, POINTS)[:, None]
    dx, dy = ends[1] - ends[0]
    aside = np.array([dy, -dx])
    straight = ends[0] + (ends[1] - ends[0]) * share
    return np.asarray(straight + aside * 3 * share * (1 - share) * (first * (1 - share) + second * share))


def _ashore(is_water: Callable[[Floats], npt.NDArray[np.bool_]], curve: Floats) -> float:
    """How much of a curve lies over land, or nearer to it than it would be; nearness to land at its ports is no fault."""
    faults = 0.0
    for clearance in CLEARANCES:
        near = round(POINTS * (0.02 + clearance / 4))
        inner = curve[near:-near]
        shifts = clearance * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
        dry = ~np.logical_and.reduce([is_water(inner + shift) for shift in shifts])
        faults += float(dry.sum()) * (100 if clearance == 0 else 1)
    return faults


def _length(curve: Floats) -> float:
    return float(np.hypot(*np.diff(curve, axis=0).T).sum())
