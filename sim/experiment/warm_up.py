"""Whether the warm-up is long enough, judged by pairing.

The same world is run twice: with a warm-up of 2 W, and begun W later, empty, so that W is left before the measured window.
The short world's draws are the long world's with the first W cut off: every shipment released after the cut, its size, its
route and its work at every desk and crane, every call of other trades, every storm and every working day are the same at
the same calendar second. Only the k-th voyage of a vehicle cannot be: how many voyages lie before the cut depends on the
run, so the short world's vehicles start again from their first draw. What then differs between the two measured windows is
what the first W left behind.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sim.draws import Draws, draw
from sim.engine import prepare
from sim.errors import CaspianError
from sim.experiment.precision import Interval, t_interval
from sim.experiment.replication import engine_of, least_seconds, played, with_enough_voyages
from sim.experiment.workers import ordered
from sim.kpis import measure
from sim.scenario import Resolved, Scenario
from sim.scenario.wiring import network_of
from sim.world.network import Network
from sim.world.timeline import Timeline

__all__ = ["TOLERANCE", "Verdict", "begun_later", "judge_warm_up"]

TOLERANCE = 0.01
"""A relative difference that is taken for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The relative difference of a KPI, warm-up W against 2 W, over the replications, and what it says of W.

    Long enough: the interval lies within ±1 %. Too short: it lies outside. Else more replications are needed to tell.
    """

    kpi: str
    difference: Interval

    @property
    def says(self) -> Literal["long enough", "too short", "undecided"]:
        """The verdict in words."""
        if self.difference.lo > TOLERANCE or self.difference.hi < -TOLERANCE:
            return "too short"
        if self.difference.lo >= -TOLERANCE and self.difference.hi <= TOLERANCE:
            return "long enough"
        return "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """One replication of both worlds, to be run somewhere."""

    scenario: Scenario
    """With the long warm-up."""
    cut_s: int
    seed: int
    replication: int
    engine: str
    kpis: tuple[str, ...]


def judge_warm_up(
    resolved: Resolved,
    kpis: Sequence[str],
    replications: int,
    seed: int | None = None,
    *,
    engine: str | None = None,
    jobs: int | None = None,
) -> list[Verdict]:
    """A verdict on a scenario's warm-up for each of `kpis`, from so many pairs. Raises `CaspianError` if there is none."""
    run = resolved.scenario.run
    if run.warm_up <= 0:
        raise CaspianError("The scenario has no warm-up to judge: `run.warm_up` is zero.")
    long = resolved.replace({"run.warm_up": f"{2 * run.warm_up:.0f} s"})
    seed = run.seed if seed is None else seed
    engine = engine_of(long.scenario, engine).name
    prepare(engine)
    pairs = [
        _Pair(
            scenario=long.scenario, cut_s=round(run.warm_up), seed=seed, replication=number, engine=engine, kpis=tuple(kpis)
        )
        for number in range(replications)
    ]
    each_s = 2 * least_seconds(resolved.scenario, engine)
    with closing(ordered(_differences, pairs, len(pairs), jobs, each_s)) as done:
        rows = list(done)
    return [Verdict(kpi=kpi, difference=t_interval([row[index] for row in rows])) for index, kpi in enumerate(kpis)]


def _differences(pair: _Pair) -> list[float]:
    """Of each KPI: (warm-up W) / (warm-up 2 W) - 1; nan where the latter is nothing."""
    scenario = pair.scenario
    network = network_of(scenario)
    short = replace(scenario, run=replace(scenario.run, warm_up=float(pair.cut_s)))

    def attempt(spare: int) -> list[float]:
        draws = draw(scenario, network, pair.seed, pair.replication, spare)
        whole = measure(played(scenario, network, draws, pair.engine))
        cut = measure(played(short, *begun_later(network, draws, pair.cut_s), pair.engine))
        return [cut[kpi] / whole[kpi] - 1 if whole[kpi] else float("nan") for kpi in pair.kpis]

    return with_enough_voyages(attempt)


def begun_later(network: Network, draws: Draws, by_s: int) -> tuple[Network, Draws]:
    """The same world, begun `by_s` seconds later, empty: what came before is left out, times count from the new epoch."""
    later = replace(
        network,
        start_unix_s=network.start_unix_s + by_s,
        window_from_s=network.window_from_s - by_s,
        window_to_s=network.window_to_s - by_s,
        horizon_s=network.horizon_s - by_s,
        terminals=tuple(
            replace(terminal, permitted_from_s=tuple(at_s - by_s for at_s in terminal.permitted_from_s))
            for terminal in network.terminals
        ),
        services=tuple(
            replace(service, first_departure_s=tuple(at_s - by_s for at_s in service.first_departure_s))
            for service in network.services
        ),
    )
    return later, _cut(draws, by_s)


def _cut(draws: Draws, by_s: int) -> Draws:
    """The draws without what comes before `by_s`; shipments are numbered anew."""
    shipments, cargo = draws.shipment_release_s >= by_s, draws.release_s >= by_s
    calls = draws.call_at_s >= by_s
    number = np.cumsum(shipments) - 1
    return replace(
        draws,
        shipment_stream=draws.shipment_stream[shipments],
        shipment_layer=draws.shipment_layer[shipments],
        shipment_k=draws.shipment_k[shipments],
        shipment_release_s=draws.shipment_release_s[shipments] - by_s,
        shipment_kg=draws.shipment_kg[shipments],
        shipment_flow=draws.shipment_flow[shipments],
        shipment=number[draws.shipment[cargo]],
        piece=draws.piece[cargo],
        kg=draws.kg[cargo],
        litres=draws.litres[cargo],
        milliteu=draws.milliteu[cargo],
        milliplugs=draws.milliplugs[cargo],
        release_s=draws.release_s[cargo] - by_s,
        flow=draws.flow[cargo],
        post_work_s=draws.post_work_s[cargo],
        load_s=draws.load_s[cargo],
        unload_s=draws.unload_s[cargo],
        call_terminal=draws.call_terminal[calls],
        call_at_s=draws.call_at_s[calls] - by_s,
        call_stay_s=draws.call_stay_s[calls],
        call_priority=draws.call_priority[calls],
        timelines=tuple(_shifted(line, by_s) for line in draws.timelines),
        moving=tuple(_shifted(line, by_s) for line in draws.moving),
    )


def _shifted(line: Timeline, by_s: int) -> Timeline:
    current = bisect_right(line.from_s, by_s) - 1
    return Timeline((0, *(at_s - by_s for at_s in line.from_s[current + 1 :])), line.share[current:], line.cause[current:])
