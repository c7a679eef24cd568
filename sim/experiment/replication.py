"""One replication, from a scenario to what is known of it afterwards.

A replication depends on the scenario, the seed and its number, and on nothing else: not on its neighbours, the process it
runs in or the machine's clock. So any one of a thousand can be run again alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.causes import hours
from sim.draws import Draws, VoyagesRanOut, draw, fingerprint
from sim.engine import simulate
from sim.experiment import tables
from sim.kpis import Evidence, checks, measure
from sim.ledger import settle
from sim.records import read
from sim.scenario import Resolved, Scenario
from sim.scenario.expectations import throughput_factor
from sim.scenario.wiring import network_of
from sim.units import YEAR_S
from sim.world.network import Network

__all__ = ["Row", "Task", "least_seconds", "perform", "played", "replicate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A replication to be run somewhere. `keep`: also make its tables; `remember`: also hand over its whole evidence."""

    resolved: Resolved
    seed: int
    replication: int
    engine: str
    keep: bool = False
    remember: bool = False


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


def least_seconds(scenario: Scenario) -> float:
    """What a replication takes at least, roughly: 20 µs for each step of each consignment that is to be expected."""
    network = network_of(scenario)
    years = network.horizon_s / YEAR_S
    consignment_steps = 0.0
    for flow in network.flows:
        stream = scenario.demand[flow.stream]
        share = stream.routes[scenario.routes[flow.route].id] * throughput_factor(scenario, stream)
        consignment_steps += stream.volume * share * years / flow.largest_kg * len(flow.steps)
    return 20e-6 * consignment_steps


def replicate(resolved: Resolved, seed: int, replication: int, engine: str = "auto") -> Evidence:
    """Everything that happened in one replication: draws, log, hours and ledger."""
    scenario, spare = resolved.scenario, 1
    network = network_of(scenario)
    while True:
        try:
            return played(scenario, network, draw(scenario, network, seed, replication, spare), engine)
        except VoyagesRanOut:
            spare *= 2


def played(scenario: Scenario, network: Network, draws: Draws, engine: str) -> Evidence:
    """What comes of these draws: simulated, its hours told apart and its bills written."""
    log = simulate(network, draws, engine)
    records = read(network, log, len(draws.kg))
    return Evidence(
        scenario=scenario,
        network=network,
        draws=draws,
        log=log,
        records=records,
        hours=hours(scenario, network, draws, records),
        ledger=settle(scenario, network, draws, records),
    )


def perform(task: Task) -> Row:
    """Run a replication and keep what its task says."""
    evidence = replicate(task.resolved, task.seed, task.replication, task.engine)
    made = {name: make(evidence) for name, make in tables.TABLES.items()} if task.keep else {}
    return Row(
        replication=task.replication,
        kpis=measure(evidence),
        checks=checks(evidence),
        draws=fingerprint(evidence.draws),
        files={name: tables.gzipped(table) for name, table in made.items()},
        evidence=evidence if task.remember else None,
    )
