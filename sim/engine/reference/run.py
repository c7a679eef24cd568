"""The run: all stories begin, the clock runs, and the log is closed."""

from __future__ import annotations

from functools import partial

from sim.draws import Draws
from sim.engine.reference.corridor import Corridor
from sim.engine.reference.gridlock import waiting_circle
from sim.engine.reference.stories import calls_of_other_trades, releases, vehicle, water, windows
from sim.events import EventLog, Kind
from sim.world.network import Network
from sim.world.timeline import FULL

__all__ = ["simulate"]


def simulate(network: Network, draws: Draws) -> EventLog:
    """The log of one replication; see `sim.engine.simulate`.

    It ends at the horizon, or after the measured window as soon as all that was released in it is delivered.
    """
    corridor = Corridor(network, draws)
    _begin_stories(corridor)
    ends_s = corridor.clock.run_to(network.horizon_s, network.window_to_s, partial(_is_over, corridor))
    return corridor.clock.end(max(ends_s, min(network.window_to_s, network.horizon_s)), len(corridor.under_way))


def _begin_stories(corridor: Corridor) -> None:
    clock = corridor.clock
    for facility, hours in enumerate(corridor.draws.timelines):
        if len(hours.share) > 1 or hours.share[0] != FULL:
            clock.process(windows(clock, facility, hours, corridor.network.horizon_s))
    for quay in corridor.quays:
        clock.process(water(clock, quay))
    for visitor in corridor.vehicles:
        clock.process(vehicle(corridor, visitor))
    clock.process(calls_of_other_trades(corridor))
    clock.process(releases(corridor))


def _is_over(corridor: Corridor, next_s: float) -> bool:
    """Whether nothing that counts is left to happen, at the end of a second; `next_s`: the next with anything to do."""
    if not corridor.measured_to_come and next_s >= corridor.network.window_to_s:
        return True
    if not corridor.clock.is_idle() or any(facility.is_held_up() for facility in corridor.that_wait()):
        return False
    for place, member in enumerate(waiting_circle(corridor) if corridor.under_way else ()):
        consignment, number, facility = member
        corridor.clock.log(Kind.GRIDLOCK, consignment, number, facility, place)
    return True
