"""Little's law on every queue of a corridor, by two independent ways through its log."""

from __future__ import annotations

import numpy as np
import pytest

from sim.draws import Draws
from sim.events import EventLog, Kind
from sim.world.network import BERTH, GATE, QUAY, Network, Visit
from tests.draws.corridor import CORRIDOR
from tests.theory.measuring import number_over_time, replications, spans


@pytest.fixture(scope="module", name="year")
def _year() -> tuple[Network, Draws, EventLog]:
    return next(replications(CORRIDOR, 1))


def queues(network: Network) -> list[tuple[Kind, Kind, int, str]]:
    """Begin, end, facility and kind of entity of every queue: before posts, gates and berths, and of cargo at quays."""
    terminals = range(len(network.terminals))
    found: list[tuple[Kind, Kind, int, str]] = []
    for post in range(len(network.post_servers)):
        found.append((Kind.POST_JOINED, Kind.POST_STARTED, network.post_facility(post), "consignment"))
        found.append((Kind.POST_STARTED, Kind.POST_ENDED, network.post_facility(post), "consignment"))
    for terminal in terminals:
        found.append((Kind.BERTH_JOINED, Kind.BERTH_GIVEN, network.facility(terminal, BERTH), "vehicle"))
        found.append((Kind.WAITING, Kind.ACCEPTED, network.facility(terminal, QUAY), "consignment"))
        if network.terminals[terminal].lanes:
            found.append((Kind.ARRIVED, Kind.GATE_STARTED, network.facility(terminal, GATE), "vehicle"))
    return found


def test_littles_law_holds_on_every_queue(year: tuple[Network, Draws, EventLog]) -> None:
    """The mean number in a queue, counted over time, is exactly its arrival rate times the mean of waits taken singly."""
    network, _, log = year
    ends_s = int(log.at_s[-1])
    used = 0
    for begin, end, facility, of in queues(network):
        from_s, to_s = spans(log, begin, end, facility, of)
        rate_times_wait = int((np.where(to_s < 0, ends_s, to_s) - from_s).sum())
        at_s, number = number_over_time(log, begin, end, facility)
        number_times_time = int((np.diff(at_s, append=ends_s) * number).sum())
        assert number_times_time == rate_times_wait
        used += number_times_time > 0
    assert used >= 10


def test_posts_are_busy_for_as_long_as_was_drawn(year: tuple[Network, Draws, EventLog]) -> None:
    """Servers of a post that never closes are busy for the sum of the times that were drawn for those they served."""
    network, draws, log = year
    for post in range(len(network.post_servers)):
        facility = network.post_facility(post)
        ended = log.consignment[(log.kind == Kind.POST_ENDED) & (log.facility == facility)]
        place_of = {
            flow: step.place
            for flow, plan in enumerate(network.flows)
            for step in plan.steps
            if isinstance(step, Visit) and step.post == post
        }
        places = [place_of[flow] for flow in draws.flow[ended].tolist()]
        from_s, to_s = spans(log, Kind.POST_STARTED, Kind.POST_ENDED, facility)
        assert len(ended) > 1000
        assert (to_s - from_s)[to_s >= 0].sum() == draws.post_work_s[ended, places].sum()
