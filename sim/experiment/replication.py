"""One replication, from a scenario to what is known of it afterwards.

A replication depends on the scenario, the seed and its number, and on nothing else: not on its neighbours, the process it
runs in or the machine's clock. So any one of a thousand can be run again alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from sim.causes import hours
from sim.draws import Draws, Streams, VoyagesRanOut, draw, fingerprint, streams_of
from sim.engine import Choice, chosen_engine, simulate
from sim.errors import CaspianError
from sim.events import COLUMNS, event_log
from sim.experiment import tables
from sim.kpis import Evidence, audit, checks, measure
from sim.ledger import settle
from sim.records import read
from sim.scenario import Scenario
from sim.scenario.expectations import throughput_factor
from sim.scenario.wiring import network_of
from sim.units import YEAR_S
from sim.world.network import Network

__all__ = [
    "Row", "Series", "Task", "check_pairs", "engine_of", "least_seconds", "perform", "played", "replicate", "settled_anew",
    "with_enough_voyages",
]  # fmt: skip


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A replication to be run somewhere. `keep`: also make its tables; `remember`: also hand over its whole evidence."""

    scenario: Scenario
    seed: int
    replication: int
    engine: str
    """Name of the engine that simulates."""
    keep: bool = False
    remember: bool = False
    simulation: str = ""
    """Digest of what decides its events, where it is known; tasks that share it in a row are simulated once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a replication leaves behind when its events are forgotten."""

    replication: int
    kpis: Mapping[str, float]
    checks: Mapping[str, int]
    """What is missing in seconds, kilograms and cents: zero, unless the program is wrong."""
    draws: str
    """Fingerprint of all its chance."""
    files: Mapping[str, tuple[bytes, bytes]]
    """Its tables by file name, each as two gzip members, header and rows; empty where they were not to be kept."""
    evidence: Evidence | None = None
    """All that happened, where it was to be remembered."""


def check_pairs(scenario: Scenario, replications: int) -> None:
    """Raises `CaspianError` where a scenario asks for antithetic pairs and one replication would be left over."""
    if scenario.run.antithetic and replications % 2:
        raise CaspianError(f"Antithetic replications come in pairs: {replications} is odd (`run.antithetic` is set).")


def engine_of(scenario: Scenario, asked: str | None) -> Choice:
    """The engine that runs a scenario: the one asked for, else as it says itself. Raises `CaspianError` where it cannot."""
    return chosen_engine(asked or scenario.run.engine, network_of(scenario))


_LEAST_S = {"reference": 10e-6, "compiled": 1e-6}
"""What a step of a consignment takes at least by engine, with all that comes after it."""


def least_seconds(scenario: Scenario, engine: str) -> float:
    """What a replication takes at least, roughly, by the steps of all consignments that are to be expected."""
    network = network_of(scenario)
    years = network.horizon_s / YEAR_S
    consignment_steps = 0.0
    for flow in network.flows:
        stream = scenario.demand[flow.stream]
        share = stream.routes[scenario.routes[flow.route].id] * throughput_factor(scenario, stream)
        consignment_steps += stream.volume * share * years / flow.largest_kg * len(flow.steps)
    return _LEAST_S[engine] * consignment_steps


def replicate(
    scenario: Scenario, seed: int, replication: int, engine: str = "auto", uniforms: Streams | None = None, *,
    keeps_log: bool = True,
) -> Evidence:  # fmt: skip
    """Everything that happened in one replication: draws, log, records, hours and ledger.

    Scenarios played under one seed and replication may share their `uniforms`; see `sim.draws.draw`. `keeps_log`: see
    `played`.
    """
    network = network_of(scenario)

    def attempt(spare: int) -> Evidence:
        return played(scenario, network, draw(scenario, network, seed, replication, spare, uniforms), engine,
                      keeps_log=keeps_log)  # fmt: skip

    return with_enough_voyages(attempt)


def with_enough_voyages(attempt: Callable[[int], T]) -> T:
    """What an attempt gives that is told how many times as many voyages to draw: once, twice, … until they are enough."""
    spare = 1
    while True:
        try:
            return attempt(spare)
        except VoyagesRanOut:
            spare *= 2


def played(scenario: Scenario, network: Network, draws: Draws, engine: str, *, keeps_log: bool = True) -> Evidence:
    """What comes of these draws: simulated, its hours told apart and its bills written.

    Where it does not keep its log, that is audited and let go before hours and bills, which take as much memory again.
    """
    log = simulate(network, draws, engine)
    records = read(network, log, len(draws.kg))
    said = None
    if not keeps_log:
        said, log = (
            audit(log, draws.kg, len(network.vehicle_service)),
            event_log(np.zeros((0, len(COLUMNS)), dtype=np.int64)),
        )
    return Evidence(
        scenario=scenario,
        network=network,
        draws=draws,
        log=log,
        records=records,
        hours=hours(scenario, network, draws, records),
        ledger=settle(scenario, network, draws, records),
        audit=said,
    )


def perform(task: Task, uniforms: Streams | None = None) -> Row:
    """Run a replication and keep what its task says."""
    return _row(task, _evidence(task, uniforms))


def _evidence(task: Task, uniforms: Streams | None) -> Evidence:
    keeps_log = task.keep or task.remember
    return replicate(task.scenario, task.seed, task.replication, task.engine, uniforms, keeps_log=keeps_log)


def _row(task: Task, evidence: Evidence) -> Row:
    made = {name: make(evidence) for name, make in tables.TABLES.items()} if task.keep else {}
    return Row(
        replication=task.replication,
        kpis=measure(evidence),
        checks=checks(evidence),
        draws=fingerprint(evidence.draws),
        files={name: tables.gzipped(table) for name, table in made.items()},
        evidence=evidence if task.remember else None,
    )


@dataclass(slots=True)
class Series:
    """Replications run one after the other: what the next may take over from the last is kept here.

    Those that follow each other under one seed and replication share their uniforms; those that also share their simulation
    are simulated once, and only settled and measured anew.
    """

    _uniforms: Streams | None = None
    _simulated: tuple[tuple[str, int, int, str], Evidence] | None = None

    def perform(self, task: Task) -> Row:
        """Run a replication and keep what its task says: the row that `perform` gives."""
        asked = task.simulation, task.seed, task.replication, task.engine
        if task.simulation and self._simulated is not None and self._simulated[0] == asked:
            return _row(task, settled_anew(self._simulated[1], task.scenario))
        if self._uniforms != (own := streams_of(task.scenario, task.seed, task.replication)):
            self._uniforms = own
        self._simulated = None
        evidence = _evidence(task, self._uniforms)
        self._simulated = (asked, evidence)
        return _row(task, evidence)


def settled_anew(evidence: Evidence, scenario: Scenario) -> Evidence:
    """The same events under a scenario that differs in what is settled after them alone."""
    ledger = settle(scenario, evidence.network, evidence.draws, evidence.records)
    return replace(evidence, scenario=scenario, ledger=ledger)
