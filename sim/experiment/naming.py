"""What the numbers of a log are called in files and tables: vehicles, facilities, places and times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.draws import Draws
from sim.scenario.schema import Scenario
from sim.world.network import Network

__all__ = ["place_names", "utc", "vehicle_names"]

Ints = npt.NDArray[np.int64]


def vehicle_names(scenario: Scenario, network: Network, draws: Draws) -> list[str]:
    """Every vehicle by its index: the service and its number in the fleet, then the calls of other trades."""
    fleet = [
        f"{scenario.services[service].id} {vehicle - network.services[service].vehicles[0] + 1}"
        for vehicle, service in enumerate(network.vehicle_service)
    ]
    return [*fleet, *(f"other trade {call}" for call in range(len(draws.call_at_s)))]


def place_names(scenario: Scenario, network: Network) -> list[str]:
    """The node on which each facility stands, by the facility's index."""
    nodes = [network_node for terminal in network.terminals for network_node in [terminal.node] * 4]
    ids = [scenario.nodes[node].id for node in nodes]
    ids += [post.node for post in scenario.posts]
    return ids + [scenario.nodes[pool.node].id for pool in network.pools]


def utc(network: Network, at_s: Ints) -> list[str]:
    """Seconds since the epoch as UTC: ``2026-01-01T06:00:00Z``."""
    moments = (np.asarray(at_s, dtype=np.int64) + network.start_unix_s).astype("datetime64[s]")
    return [f"{moment}Z" for moment in np.datetime_as_string(moments, unit="s").tolist()]
