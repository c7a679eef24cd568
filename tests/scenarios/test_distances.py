"""Distances of the shipped legs against the geodesic on the ellipsoid (Karney's algorithm, by geographiclib)."""

from __future__ import annotations

from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic

from sim.scenario import load

FOLDER = Path(__file__).parents[2] / "scenarios"
MOST_DETOUR = {"sea": 1.1, "road": 2.2, "rail": 1.8, "air": 1.01}
"""Length over the straight line that a way of each mode may have: ships go nearly straight, a road follows its valley, a
railway goes round the mountains."""


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_no_leg_is_shorter_than_the_straight_line_or_much_longer(name: str) -> None:
    """A leg between two nodes is at least as long as the geodesic between them, within a hundredth, and no absurd detour."""
    scenario = load(name).scenario
    place = {node.id: (node.lat, node.lon) for node in scenario.nodes}
    for leg in scenario.legs:
        straight_km = Geodesic.WGS84.Inverse(*place[leg.ends[0]], *place[leg.ends[1]])["s12"] / 1000
        assert 0.99 <= leg.distance / straight_km <= MOST_DETOUR[leg.mode], leg.id
