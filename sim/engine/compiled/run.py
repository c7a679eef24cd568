"""The run: packed, played, and its log closed. Where the tables had too little room it is played again with more."""

from __future__ import annotations

import numpy as np

from sim.compiling import compiled, is_kept
from sim.draws import Draws, VoyagesRanOut
from sim.engine.compiled.gridlock import waiting_circle
from sim.engine.compiled.limits import refusal, refusal_of_draws, refused
from sim.engine.compiled.packing import Packed, packed
from sim.engine.compiled.play import play
from sim.engine.compiled.tables import LOG, Status
from sim.events import COLUMNS, EventLog, Kind
from sim.world.network import Network

__all__ = ["is_prepared", "prepare", "simulate"]

_MORE = 4
"""How much more room is made where there was too little."""


def is_prepared() -> bool:
    """Whether the kernel is on disk."""
    return is_kept(play)


def prepare() -> None:
    """Have the kernel compiled, or taken from disk."""
    compiled(play, "int64(int64)")


def simulate(network: Network, draws: Draws) -> EventLog:
    """The log of one replication; see `sim.engine.simulate`. Raises `CaspianError` where `limits` refuses the network."""
    why = refusal(network) or refusal_of_draws(draws)
    if why:
        raise refused(why)
    kernel, room = compiled(play, "int64(int64)"), 1
    while True:
        run = packed(network, draws, room)
        status = kernel(run.address)
        if status == Status.VOYAGES_RAN_OUT:
            raise VoyagesRanOut
        if status != Status.OUT_OF_ROOM:
            return _closed_log(network, run, Status(status))
        room *= _MORE


def _closed_log(network: Network, run: Packed, status: Status) -> EventLog:
    """The log as the kernel left it and, after it, the circle that waits, if there is one, and the end."""
    rows, ends_s, left = (int(run.run[name][0]) for name in ("rows", "ends_s", "under_way"))
    circle = waiting_circle(network, run) if status == Status.GRIDLOCKED else []
    last_s = max(ends_s, min(network.window_to_s, network.horizon_s))
    tail = [(ends_s, Kind.GRIDLOCK, *member, place) for place, member in enumerate(circle)]
    tail.append((last_s, Kind.ENDED, -1, -1, -1, left))
    columns = []
    for written, added in zip((run.log[name] for name in LOG), zip(*tail, strict=True), strict=True):
        if rows + len(tail) <= len(written):
            written[rows : rows + len(tail)] = added
            columns.append(written[: rows + len(tail)])
        else:
            columns.append(np.append(written[:rows], np.array(added, dtype=written.dtype)))
    return EventLog(**dict(zip(COLUMNS, columns, strict=True)))
