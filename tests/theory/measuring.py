"""How tests run a scenario text again and again, and read times and numbers out of a log.

Nothing of `sim` but the log and the door to the engine is used here, so that what it measures can be checked by it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sim import scenario as language
from sim.draws import Draws, draw
from sim.engine import simulate
from sim.events import EventLog, Kind
from sim.scenario.wiring import network_of
from sim.world.network import Network

__all__ = ["Ints", "Replication", "number_over_time", "replications", "spans"]

Ints = npt.NDArray[np.int64]
Replication = tuple[Network, Draws, EventLog]


def replications(text: str, count: int, seed: int = 1, engine: str = "auto") -> Iterator[Replication]:
    """Network, draws and log of `count` independent replications of the scenario that a TOML text says, by an engine."""
    scenario = language.loads(text).scenario
    network = network_of(scenario)
    for replication in range(count):
        draws = draw(scenario, network, seed, replication)
        yield network, draws, simulate(network, draws, engine)


def spans(log: EventLog, begin: Kind, end: Kind, facility: int, of: str = "consignment") -> tuple[Ints, Ints]:
    """Seconds of each `begin` at a facility and of the `end` there that comes next for the same entity.

    In the order of (entity, time); -1 for an end that the log does not reach. `of` is "consignment" or "vehicle".
    """
    entity = getattr(log, of)
    rows = np.flatnonzero(((log.kind == begin) | (log.kind == end)) & (log.facility == facility))
    rows = rows[np.argsort(entity[rows], kind="stable")]
    begins = np.flatnonzero(log.kind[rows] == begin)
    follows = np.minimum(begins + 1, len(rows) - 1)
    has_end = (log.kind[rows[follows]] == end) & (entity[rows[follows]] == entity[rows[begins]])
    return log.at_s[rows[begins]], np.where(has_end, log.at_s[rows[follows]], -1)


def number_over_time(log: EventLog, begin: Kind, end: Kind, facility: int) -> tuple[Ints, Ints]:
    """Seconds at which the number between `begin` and `end` at a facility may change, and that number after each event."""
    here = ((log.kind == begin) | (log.kind == end)) & (log.facility == facility)
    steps = np.where(log.kind[here] == begin, 1, -1)
    return log.at_s[here], np.cumsum(steps)
