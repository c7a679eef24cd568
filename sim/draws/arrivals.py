"""Arrivals: points of a process in time, by inverting its cumulative rate, season by season."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from sim.chance.streams import Streams
from sim.draws.record import Floats, Ints
from sim.world.cargo import Season
from sim.world.network import Network

__all__ = ["cumulative", "layer_name", "poisson", "seconds_at"]


def layer_name(stream: str, layer: int) -> str:
    """Name of the random stream of a layer; that of the base is the demand stream's own."""
    return stream if layer == 0 else f"{stream}#{layer}"


def poisson(stream: Streams, purpose: str, name: str, until: float) -> Floats:
    """Points below `until` of a Poisson process of rate one."""
    n = int(until + 6 * np.sqrt(until) + 20)
    while True:
        at = np.cumsum(-np.log(stream(purpose, name, n)))
        if at[-1] >= until:
            return at[at < until]
        n *= 2


def cumulative(network: Network, season: Season, per_s: float) -> tuple[Floats, Floats]:
    """Ends of months in seconds since the epoch, from 0 to the first past the horizon, and the number expected until each.

    Whole months: how long a run is watched must not move, by a rounding, what happens before. Weights are scaled so that a
    year of 365 days has its mean rate.
    """
    return _cumulative(network.start_unix_s, network.horizon_s, season or (1.0,) * 12, per_s)


@lru_cache(maxsize=256)
def _cumulative(start_unix_s: int, horizon_s: int, season: Season, per_s: float) -> tuple[Floats, Floats]:
    weights = np.asarray(season)
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    rate = per_s * weights * days.sum() / (weights * days).sum()
    begins = datetime.fromtimestamp(start_unix_s, UTC)
    edges_s, expected = [0.0], [0.0]
    month = begins.replace(day=1, hour=0, minute=0, second=0)
    while edges_s[-1] < horizon_s:
        after = (month + timedelta(days=31)).replace(day=1)
        ends_s = (after - begins).total_seconds()
        expected.append(expected[-1] + rate[month.month - 1] * (ends_s - edges_s[-1]))
        edges_s.append(ends_s)
        month = after
    both = np.array([edges_s, expected])
    both.setflags(write=False)
    return both[0], both[1]


def seconds_at(at: Floats, edges_s: Floats, expected: Floats, horizon_s: int) -> Ints:
    """The seconds before the horizon at which as many as `at`, rising, are expected, from what `cumulative` gives."""
    at_s = np.floor(np.interp(at, expected, edges_s)).astype(np.int64)
    return at_s[at_s < horizon_s]
