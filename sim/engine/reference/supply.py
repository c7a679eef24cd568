"""Supply: for each stop of a service, the cargo that waits there and the vehicles that are there for it or on their way.

It answers the one question a vehicle without cargo has: is it wanted elsewhere?
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.world.network import ServicePlan

__all__ = ["Supply"]


class Supply:
    """Waiting cargo and vehicles by service and stop; it marks the quays of a service where the answer may have changed."""

    def __init__(self, services: Sequence[ServicePlan], mark_quay: Callable[[int], None]):
        self._services = services
        self._mark_quay = mark_quay
        self._waiting_kg = [[0] * len(plan.terminals) for plan in services]
        self._vehicles = [[0] * len(plan.terminals) for plan in services]

    def cargo_waits(self, service: int, stop: int, kg: int) -> None:
        """`kg` more wait (or, where negative, fewer) at a stop for a vehicle of the service."""
        self._waiting_kg[service][stop] += kg
        if kg > 0:
            self._tell(service, stop)

    def vehicle_comes(self, service: int, stop: int) -> None:
        """A vehicle is on its way to a stop, to take cargo there."""
        self._vehicles[service][stop] += 1

    def vehicle_is_taken(self, service: int, stop: int) -> None:
        """A vehicle at a stop has its load and takes no more."""
        self._vehicles[service][stop] -= 1
        self._tell(service, stop)

    def is_short(self, service: int, stop: int) -> bool:
        """Whether more cargo waits at a stop than the vehicles there and on their way can take."""
        waiting_kg = self._waiting_kg[service][stop]
        return waiting_kg > self._vehicles[service][stop] * self._services[service].cargo_kg

    def is_wanted_elsewhere(self, service: int, stop: int) -> bool:
        """Whether another stop of the service is short of vehicles."""
        stops = range(len(self._services[service].terminals))
        return any(other != stop and self.is_short(service, other) for other in stops)

    def _tell(self, service: int, stop: int) -> None:
        plan = self._services[service]
        if plan.empty == "called" and self.is_short(service, stop):
            for other, terminal in enumerate(plan.terminals):
                if other != stop:
                    self._mark_quay(terminal)
