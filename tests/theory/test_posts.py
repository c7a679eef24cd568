"""Customs posts against M/M/c, M/D/1 and Jackson's networks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.events import EventLog, Kind
from sim.world.network import Network
from tests.theory.measuring import number_over_time, replications, spans
from tests.theory.queueing import idle_share, mg1_wait, mmc_wait, theory_holds

BORDER = """
[run]
start = 2026-01-01
warm_up = "300 d"
run_length = "{days} d"
drain = "300 d"

[[commodities]]
id = "grain"
form = "bulk"
value = "212 USD/t"

[[nodes]]
id = "border"
kind = "border"
country = "IR"
lat = 37.5
lon = 49.5

[[routes]]
id = "through"
nodes = ["border"]

[[demand]]
id = "lots"
commodity = "grain"
direction = "export"
volume = "438 t/yr"
lot = "1 t"
routes = {{ through = 1.0 }}

{posts}
"""
PER_H = 0.05
"""438 t a year in lots of a tonne."""


def border(*posts: str, days: int) -> str:
    """A border that 438 consignments pass a year, each served by every post in turn."""
    tables = (f'[[posts]]\nid = "{number}"\nnode = "border"\n{post}\n' for number, post in enumerate(posts))
    return BORDER.format(posts="\n".join(tables), days=days)


def mean_h(network: Network, log: EventLog, post: int, until: Kind) -> float:
    """Mean hours from joining a post until `until`, for those who joined in the measured window."""
    from_s, to_s = spans(log, Kind.POST_JOINED, until, network.post_facility(post))
    measured = (from_s >= network.window_from_s) & (from_s < network.window_to_s)
    assert (to_s[measured] >= 0).all()
    return float((to_s - from_s)[measured].mean() / 3600)


def mean_waits(text: str, count: int) -> list[float]:
    """Mean wait at post 0 of each replication, in hours."""
    return [mean_h(network, log, 0, Kind.POST_STARTED) for network, _, log in replications(text, count)]


@pytest.mark.parametrize(("servers", "service_h", "count"), [(1, 10, 40), (3, 30, 110)])
def test_a_post_with_exponential_times_waits_as_mmc(servers: int, service_h: int, count: int) -> None:
    """A post half busy, with Poisson arrivals and exponential times, has the mean wait of M/M/c."""
    post = f'servers = {servers}\ntime = {{ distribution = "exponential", mean = "{service_h} h" }}'
    theory_holds(mean_waits(border(post, days=3650), count), mmc_wait(PER_H, service_h, servers))


def test_a_post_with_fixed_times_waits_as_md1() -> None:
    """A post half busy that takes ten hours for each has the mean wait of Pollaczek and Khinchine."""
    theory_holds(mean_waits(border('time = "10 h"', days=3650), 30), mg1_wait(PER_H, 10, 0))


def test_posts_in_a_row_are_a_network_of_jackson() -> None:
    """Each of three posts in a row keeps its cargo as long as if it stood alone; all are idle at once as if independent."""
    services_h, servers = (10, 24, 8), (1, 3, 1)
    stations = list(zip(services_h, servers, strict=True))
    posts = [f'servers = {c}\ntime = {{ distribution = "exponential", mean = "{hours} h" }}' for hours, c in stations]
    stays: list[list[float]] = [[], [], []]
    idle: list[float] = []
    for network, _, log in replications(border(*posts, days=3650), 32):
        for post, stay in enumerate(stays):
            stay.append(mean_h(network, log, post, Kind.POST_ENDED))
        idle.append(share_of_time_idle(network, log))
    for stay, (hours, c) in zip(stays, stations, strict=True):
        theory_holds(stay, mmc_wait(PER_H, hours, c) + hours)
    theory_holds(idle, math.prod(idle_share(PER_H * hours, c) for hours, c in stations))


def share_of_time_idle(network: Network, log: EventLog) -> float:
    """Share of the measured window in which no consignment is at any post."""
    edges_s, steps = [network.window_from_s, network.window_to_s], [0, 0]
    for post in range(len(network.post_servers)):
        at_s, number = number_over_time(log, Kind.POST_JOINED, Kind.POST_ENDED, network.post_facility(post))
        edges_s += at_s.tolist()
        steps += np.diff(number, prepend=0).tolist()
    order = np.argsort(edges_s, kind="stable")
    at_s = np.clip(np.array(edges_s)[order], network.window_from_s, network.window_to_s)
    present = np.cumsum(np.array(steps)[order])[:-1]
    return float(np.diff(at_s)[present == 0].sum() / (network.window_to_s - network.window_from_s))
