"""Supply: for each stop of a service, the cargo that waits there and the vehicles that are there for it or on their way."""

from __future__ import annotations

from sim.engine.compiled.agenda import mark
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import Empty, service, stop
from sim.world.network import QUAY

__all__ = ["cargo_waits", "is_wanted_elsewhere", "vehicle_comes", "vehicle_is_taken"]


@compiled
def cargo_waits(run: Row, number: int, kg: int) -> None:
    """`kg` more wait (or, where negative, fewer) at a stop."""
    stop(run, number).waiting_kg += kg
    _weigh(run, number)


@compiled
def vehicle_comes(run: Row, number: int) -> None:
    """A vehicle is on its way to a stop, to take cargo there."""
    stop(run, number).vehicles += 1
    _weigh(run, number)


@compiled
def vehicle_is_taken(run: Row, number: int) -> None:
    """A vehicle at a stop has its load and takes no more."""
    stop(run, number).vehicles -= 1
    _weigh(run, number)


@compiled
def is_wanted_elsewhere(run: Row, number: int) -> bool:
    """Whether another stop of the same service is short of vehicles."""
    here = stop(run, number)
    return service(run, here.service).short > here.is_short


@compiled
def _weigh(run: Row, number: int) -> None:
    """Note whether the stop is short now; when it comes to be, vehicles at other stops may have to leave for it."""
    here = stop(run, number)
    plan = service(run, here.service)
    is_short = here.waiting_kg > here.vehicles * plan.cargo_kg
    if is_short == here.is_short:
        return
    here.is_short = is_short
    if not is_short:
        plan.short -= 1
        return
    plan.short += 1
    if plan.empty == Empty.CALLED:
        for other in range(plan.first_stop, plan.first_stop + plan.stops):
            if other != number:
                mark(run, 4 * stop(run, other).terminal + QUAY)
