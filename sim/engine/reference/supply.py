"""Supply: for each stop of a service, the cargo that waits there and the vehicles that are there for it or on their way.

It answers the one question a vehicle without cargo has: is it wanted elsewhere?
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.world.network import ServicePlan

__all__ = ["Supply"]


class Supply:
    """Waiting cargo and vehicles by service and stop; it tells the quays of a service where the answer has become yes."""

    def __init__(self, services: Sequence[ServicePlan], tell_quay: Callable[[int, int], None]):
        self._services = services
        self._tell_quay = tell_quay
        self._waiting_kg = [[0] * len(plan.terminals) for plan in services]
        self._vehicles = [[0] * len(plan.terminals) for plan in services]
        self._short: list[set[int]] = [set() for _ in services]
        """Stops at which more cargo waits than the vehicles there and on their way can take, by service."""

    def cargo_waits(self, service: int, stop: int, kg: int) -> None:
        """`kg` more wait (or, where negative, fewer) at a stop for a vehicle of the service."""
        self._waiting_kg[service][stop] += kg
        self._weigh(service, stop)

    def vehicle_comes(self, service: int, stop: int) -> None:
        """A vehicle is on its way to a stop, to take cargo there."""
        self._vehicles[service][stop] += 1
        self._weigh(service, stop)

    def vehicle_is_taken(self, service: int, stop: int) -> None:
        """A vehicle at a stop has its load and takes no more."""
        self._vehicles[service][stop] -= 1
        self._weigh(service, stop)

    def is_wanted_elsewhere(self, service: int, stop: int) -> bool:
        """Whether another stop of the service is short of vehicles."""
        short = self._short[service]
        return len(short) > (stop in short)

    def _weigh(self, service: int, stop: int) -> None:
        """Note whether the stop is short now; when it comes to be, vehicles at other stops may have to leave for it."""
        plan, short = self._services[service], self._short[service]
        if self._waiting_kg[service][stop] <= self._vehicles[service][stop] * plan.cargo_kg:
            short.discard(stop)
            return
        if stop in short:
            return
        short.add(stop)
        if plan.empty == "called":
            for other in range(len(plan.terminals)):
                if other != stop:
                    self._tell_quay(service, other)
