"""Both engines at once: what a test plays is played by each, and they must agree before anything else is asked."""

from __future__ import annotations

import numpy as np

from sim.draws import Draws, VoyagesRanOut, draw
from sim.engine import simulate
from sim.engine.agreement import parting
from sim.events import EventLog
from sim.scenario import Scenario, load
from sim.scenario.wiring import network_of
from sim.world.network import Network

__all__ = ["drawn_and_played", "played_by_both", "rows_agreed"]


def played_by_both(network: Network, draws: Draws) -> EventLog:
    """The log of both engines, bit for bit; where they part, the assertion says where. Raises `VoyagesRanOut` if both do."""
    try:
        reference = simulate(network, draws, "reference")
    except VoyagesRanOut:
        _runs_out_too(network, draws)
        raise
    compiled = simulate(network, draws, "compiled")
    where = parting(network, reference, compiled, ("reference", "compiled"))
    assert not where, where
    assert [column.dtype for column in _columns(reference)] == [column.dtype for column in _columns(compiled)]
    return reference


def drawn_and_played(scenario: Scenario, network: Network, seed: int, replication: int = 0) -> tuple[Draws, EventLog]:
    """A replication and its log by both engines; voyages are drawn more often until there are enough."""
    spare = 1
    while True:
        draws = draw(scenario, network, seed, replication, spare)
        try:
            return draws, played_by_both(network, draws)
        except VoyagesRanOut:
            spare *= 2


def rows_agreed(task: tuple[str, int]) -> tuple[str, int, int]:
    """Name, seed and length of the log on which both engines agree; an `AssertionError` says where they part."""
    name, seed = task
    scenario = load(name).scenario
    _, log = drawn_and_played(scenario, network_of(scenario), seed)
    return name, seed, len(log)


def _runs_out_too(network: Network, draws: Draws) -> None:
    try:
        simulate(network, draws, "compiled")
    except VoyagesRanOut:
        return
    raise AssertionError("the reference engine ran out of voyages, the compiled one did not")


def _columns(log: EventLog) -> list[np.ndarray[tuple[int], np.dtype[np.signedinteger]]]:
    return [log.at_s, log.kind, log.consignment, log.vehicle, log.facility, log.value]
