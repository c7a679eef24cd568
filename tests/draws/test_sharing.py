"""Worlds that are drawn from the same streams, and replications that are drawn at the same time."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest

from sim.chance import streams
from sim.chance.streams import Streams
from sim.draws import draw, fingerprint
from sim.scenario.wiring import network_of
from tests.draws.corridor import drawn, resolved

POINTS: list[dict[str, object]] = [
    {},
    {"services.trucks.vehicles": 5, "posts.customs.time": "3 h"},
    {"scale.throughput": 1.5},
    {"disruptions.storm.closed_days": [6, 6, 4, 4, 2, 2, 2, 2, 4, 4, 6, 6]},
]
"""Points of a sweep: the base, another fleet and post, more demand, more storms."""


@pytest.fixture(name="read")
def _read(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, int]]:
    """How often each position of each stream was asked of Philox, by the words of the stream."""
    asked: Counter[tuple[str, int]] = Counter()
    made = streams._raw

    def counted(philox: np.random.Philox, words: str, n: int, start: int) -> npt.NDArray[np.uint64]:
        asked.update((words, position) for position in range(start, start + n))
        return made(philox, words, n, start)

    monkeypatch.setattr(streams, "_raw", counted)
    return asked


def test_points_drawn_from_shared_streams_are_those_drawn_alone() -> None:
    """Whichever point comes first, each is what it is by itself, in every number."""
    for points in (POINTS, POINTS[::-1]):
        shared = Streams(7, 0)
        for changes in points:
            scenario = resolved(changes).scenario
            network = network_of(scenario)
            assert fingerprint(draw(scenario, network, 7, 0, uniforms=shared)) == fingerprint(drawn(changes)[1])


def test_nothing_is_asked_of_philox_twice(read: Counter[tuple[str, int]]) -> None:
    """Over all points each uniform is made once; a point that needs no other ones makes none."""
    shared = Streams(7, 0)
    for changes in POINTS:
        scenario = resolved(changes).scenario
        draw(scenario, network_of(scenario), 7, 0, uniforms=shared)
    assert max(read.values()) == 1
    before = read.total()
    scenario = resolved({"posts.customs.time": "9 h", "terminals.pier.rate": "50 t/h"}).scenario
    draw(scenario, network_of(scenario), 7, 0, uniforms=shared)
    assert read.total() == before > 10_000


def test_streams_of_another_replication_are_refused() -> None:
    """Streams belong to one seed and one replication; for any other they are an error, not other numbers."""
    scenario = resolved().scenario
    with pytest.raises(ValueError, match="cannot serve seed 7, replication 1"):
        draw(scenario, network_of(scenario), 7, 1, uniforms=Streams(7, 0))


def test_threads_draw_what_one_would() -> None:
    """Twelve replications drawn by four threads are, each, those drawn one after the other."""
    scenario = resolved().scenario
    network = network_of(scenario)

    def told(replication: int) -> str:
        return fingerprint(draw(scenario, network, 7, replication))

    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(told, range(12)))
    assert at_once == [told(replication) for replication in range(12)]
    assert len(set(at_once)) == 12
