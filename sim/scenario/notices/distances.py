"""Legs that are shorter than the earth allows, or much longer than any way round."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.scenario.notices.ways import node_of
from sim.scenario.schema import Scenario
from sim.world.places import Node

__all__ = ["distances", "great_circle_km"]

_EARTH_KM = 6371.0
_WIDEST = 3.0
"""Times the great circle beyond which a leg is remarked on."""
_ROUGH_KM = 10.0
"""What coordinates are off by: to 0.05 degrees at both ends."""


def great_circle_km(start: Node, end: Node) -> float:
    """Kilometres between two nodes on a sphere of 6371 km radius (haversine)."""
    lat_a, lat_b = math.radians(start.lat), math.radians(end.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(end.lon - start.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


def distances(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Every leg is about as long as its ends are apart: not less, and at most three times as much."""
    for leg in scenario.legs:
        straight_km = great_circle_km(*(node_of(scenario, end) for end in leg.ends))
        said = f"{leg.distance:.0f} km between nodes that lie {straight_km:.0f} km apart"
        if leg.distance < straight_km - _ROUGH_KM:
            yield f"legs.{leg.id}.distance", f"{said}: shorter than the great circle"
        elif leg.distance > _WIDEST * straight_km + _ROUGH_KM:
            yield f"legs.{leg.id}.distance", f"{said}: more than {_WIDEST:.0f} times the great circle"
