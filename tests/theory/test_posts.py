"""Customs posts against M/M/c, M/D/1 and Jackson's networks.

An arrival an hour, so that times in hours are loads. At a utilisation of 0.8 the slowest part of what a queue remembers
fades by a factor e in 72 hours, its relaxation time; the warm-up is a hundred of these.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.events import EventLog, Kind
from sim.world.network import Network
from tests.theory.measuring import number_over_time, replications, spans
from tests.theory.queueing import erlang_c, mg1_wait, mmc_arrivals, mmc_wait, theory_holds

BORDER = """
[run]
start = 2026-01-01
warm_up = "300 d"
run_length = "{hours} h"
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
volume = "8760 t/yr"
lot = "1 t"
routes = {{ through = 1.0 }}

{posts}
"""
PER_H = 1
"""8760 t a year in lots of a tonne."""
REPLICATIONS = 40


def border(*posts: str, hours: int) -> str:
    """A border that an expected consignment passes every hour, each served by every post in turn."""
    tables = (f'[[posts]]\nid = "{number}"\nnode = "border"\n{post}\n' for number, post in enumerate(posts))
    return BORDER.format(posts="\n".join(tables), hours=hours)


def exponential(mean_h: float, servers: int = 1) -> str:
    """A post with exponential times."""
    return f'servers = {servers}\ntime = {{ distribution = "exponential", mean = "{mean_h} h" }}'


def mean_h(network: Network, log: EventLog, post: int, until: Kind) -> float:
    """Mean hours from joining a post until `until`, for those who joined in the measured window."""
    from_s, to_s = spans(log, Kind.POST_JOINED, until, network.post_facility(post))
    measured = (from_s >= network.window_from_s) & (from_s < network.window_to_s)
    assert (to_s[measured] >= 0).all()
    return float((to_s - from_s)[measured].mean() / 3600)


def mean_waits(post: str, arrivals: int, count: int = REPLICATIONS, engine: str = "auto") -> list[float]:
    """Mean wait at a post in each of `count` replications, in hours; they have about so many `arrivals` together."""
    text = border(post, hours=round(arrivals / count / PER_H))
    return [mean_h(network, log, 0, Kind.POST_STARTED) for network, _, log in replications(text, count, engine=engine)]


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize("utilisation", [0.5, 0.8])
def test_a_post_with_exponential_times_waits_as_mmc(utilisation: float, servers: int) -> None:
    """A post with Poisson arrivals and exponential times has the mean wait of M/M/c, by Erlang's C."""
    service_h = utilisation * servers / PER_H
    waits_h = mean_waits(exponential(service_h, servers), mmc_arrivals(utilisation, servers, REPLICATIONS))
    theory_holds(waits_h, mmc_wait(PER_H, service_h, servers))


def test_theory_binds_the_reference_engine_too() -> None:
    """The reference engine, too slow for the rest, has the mean wait of M/M/1 within a tenth."""
    few, roughly = 20, 0.1
    waits_h = mean_waits(exponential(0.5), mmc_arrivals(0.5, 1, few, roughly), few, "reference")
    theory_holds(waits_h, mmc_wait(PER_H, 0.5, 1), roughly)


@pytest.mark.parametrize("utilisation", [0.5, 0.8])
def test_a_post_with_fixed_times_waits_as_md1(utilisation: float) -> None:
    """A post that takes as long for each has the mean wait of M/D/1, by Pollaczek and Khinchine."""
    service_h = utilisation / PER_H
    waits_h = mean_waits(f'time = "{service_h} h"', mmc_arrivals(utilisation, 1, REPLICATIONS))
    theory_holds(waits_h, mg1_wait(PER_H, service_h, 0))


@pytest.mark.parametrize("utilisation", [0.5, 0.8])
def test_posts_in_a_row_are_a_network_of_jackson(utilisation: float) -> None:
    """Each of three posts in a row keeps its cargo as long as if alone; all have a server free at once as if independent.

    The second is the product form of Jackson (1957), Networks of waiting lines.
    """
    servers = (1, 3, 1)
    services_h = tuple(
        load * c / PER_H for load, c in zip((utilisation, utilisation, 0.8 * utilisation), servers, strict=True)
    )
    stations = list(zip(services_h, servers, strict=True))
    hours = round(mmc_arrivals(utilisation, 1, REPLICATIONS) / REPLICATIONS / PER_H)
    stays: list[list[float]] = [[], [], []]
    free: list[float] = []
    for network, _, log in replications(border(*(exponential(*each) for each in stations), hours=hours), REPLICATIONS):
        for post, stay in enumerate(stays):
            stay.append(mean_h(network, log, post, Kind.POST_ENDED))
        free.append(share_of_time_free(network, log))
    for stay, (service_h, c) in zip(stays, stations, strict=True):
        theory_holds(stay, mmc_wait(PER_H, service_h, c) + service_h)
    theory_holds(free, math.prod(1 - erlang_c(c, PER_H * service_h) for service_h, c in stations))


def share_of_time_free(network: Network, log: EventLog) -> float:
    """Share of the measured window in which every post has a server free."""
    edges_s, steps = [np.array([network.window_from_s, network.window_to_s])], [np.zeros(2, dtype=np.int64)]
    for post, servers in enumerate(network.post_servers):
        at_s, number = number_over_time(log, Kind.POST_JOINED, Kind.POST_ENDED, network.post_facility(post))
        edges_s.append(at_s)
        steps.append(np.asarray(np.diff((number >= servers).astype(np.int64), prepend=0), dtype=np.int64))
    every_s = np.concatenate(edges_s)
    order = np.argsort(every_s, kind="stable")
    at_s = np.clip(every_s[order], network.window_from_s, network.window_to_s)
    full = np.cumsum(np.concatenate(steps)[order])[:-1]
    return float(np.diff(at_s)[full == 0].sum() / (network.window_to_s - network.window_from_s))
