"""Vehicles of the services, and the calls of other trades, as the engine keeps them while they move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.engine.reference.clock import Happening
from sim.world.network import ServicePlan

__all__ = ["Carriage", "Load", "RankedCarriage", "Visitor"]

Load = tuple[int, int, int, int]
"""Kilograms, litres, thousandths of a TEU, thousandths of a reefer plug."""


@dataclass(slots=True, eq=False)
class Carriage:
    """One consignment's ride on a vehicle, from the quay where it waits."""

    consignment: int
    priority: int
    load: Load
    load_s: int
    """Crane time to load it."""
    leaves: int
    """Yard pool it leaves, -1 where room is not limited."""
    alight: int
    """Stop at which it is discharged."""
    legs: int
    """Legs it stays aboard, at least one."""
    unload_s: int
    """Crane time to discharge it."""
    enters: int
    """Yard pool it then needs room in, -1 where room is not limited."""
    carried: Happening
    """Fires when it is ashore."""
    vehicle: Visitor = field(init=False)
    """What has accepted it."""
    is_aboard: bool = False
    is_refused: bool = False
    """Whether a crane was free for its discharge and its yard was not."""


RankedCarriage = tuple[int, int, int, Carriage]
"""A carriage behind its place in a queue: priority, second ready, consignment number."""


@dataclass(slots=True, eq=False)
class Visitor:
    """What lies at a berth: a vehicle of a service, or a call of another trade (whose `plan` is None)."""

    number: int
    """Index of the vehicle; calls of other trades count on from the fleet's last."""
    entity: int
    """Rank among what ends at one second: vehicles count on from the last consignment."""
    priority: int
    plan: ServicePlan | None = None
    service: int = -1
    stop: int = 0
    voyage: int = 0
    """Number of its next departure."""
    calls: int = 0
    """Arrivals so far."""
    aboard: list[Carriage] = field(default_factory=list)
    """Consignments accepted or aboard, in the order of acceptance."""
    kg_for: list[int] = field(default_factory=list)
    """Kilograms of them by the stop at which they are discharged."""
    moves: list[RankedCarriage] = field(default_factory=list)
    """What is to be loaded or discharged at the berth where it lies, and no crane has begun with."""
    cranes: int = 0
    """Cranes at work on it."""
    when_done: Callable[[], object] | None = None
    """What is done each time no moves are left to make or to finish."""
    kg: int = 0
    litres: int = 0
    milliteu: int = 0
    milliplugs: int = 0

    def take(self, carriage: Carriage) -> None:
        """Accept a consignment."""
        carriage.vehicle = self
        self.aboard.append(carriage)
        self._add(carriage, 1)

    def give(self, carriage: Carriage) -> None:
        """Hand a consignment over to the shore."""
        self.aboard.remove(carriage)
        self._add(carriage, -1)

    def is_busy(self) -> bool:
        """Whether moves are left to make or to finish."""
        return bool(self.cranes or self.moves)

    def _add(self, carriage: Carriage, sign: int) -> None:
        kg, litres, milliteu, milliplugs = carriage.load
        self.kg_for[carriage.alight] += sign * kg
        self.kg += sign * kg
        self.litres += sign * litres
        self.milliteu += sign * milliteu
        self.milliplugs += sign * milliplugs
