"""Stands: for each stop of a service, the cargo that waits, the vehicles in position, and which of it they can take.

Nothing is decided, started or logged here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from sim.engine.reference.clock import Happening
from sim.engine.reference.fleet import Carriage, Load, RankedCarriage, Visitor
from sim.world.network import ServicePlan

__all__ = ["Position", "Stage", "Stand", "could_be_filled", "fitting"]

_NO_LIMIT = 1 << 60


class Stage(Enum):
    """How far a vehicle has come with its call, once nothing aboard is for this stop any more."""

    DISCHARGED = "at the berth, undecided whether to stay"
    SHIFTING = "leaving the berth for the roads"
    IN_ROADS = "waiting in the roads"
    CALLED_IN = "booked, on its way to a berth"
    LOADING = "at the berth, open for cargo"
    CLOSED = "at the berth, closed for cargo"


@dataclass(slots=True, eq=False)
class Position:
    """A vehicle in position; they are ordered by (second of taking it, number)."""

    since_s: int
    number: int
    vehicle: Visitor
    gone: Happening
    """Fires when it has left the terminal behind."""
    stage: Stage
    closes_s: int
    """When its wait is over, or its cut-off."""
    leaves_s: int = -1
    """Its timetabled departure; -1 where it has none."""
    is_taken: bool = False
    """Whether the supply no longer counts on it."""
    accepted: list[Carriage] = field(default_factory=list)
    has_news: bool = True
    """Whether the quay must look at it: it came, its time is up, the water has changed, or the cranes are done with it."""

    def __lt__(self, other: Position) -> bool:
        return (self.since_s, self.number) < (other.since_s, other.number)


@dataclass(slots=True)
class Stand:
    """One stop of one service at this quay: the cargo that waits and the vehicles in position."""

    service: int
    stop: int
    plan: ServicePlan
    limits_kg: list[int]
    """Most cargo a vehicle may have aboard on each leg ahead, by the water of the day."""
    waiting: list[RankedCarriage] = field(default_factory=list)
    """Each behind its priority, second ready and consignment number, in this order."""
    kg: int = 0
    """Mass of all that waits; so with volume and slots."""
    litres: int = 0
    milliteu: int = 0
    at_berth: list[Position] = field(default_factory=list)
    in_roads: list[Position] = field(default_factory=list)
    has_news: bool = False
    """Whether cargo came or was taken, or the service fell short of vehicles elsewhere, since the quay last looked."""
    booked_departure_s: int = -_NO_LIMIT
    """The last timetabled departure that a vehicle has taken for itself."""

    def has_changed(self, load: Load, sign: int) -> None:
        """Cargo came (`sign` 1) or was taken (-1)."""
        kg, litres, milliteu, _ = load
        self.kg += sign * kg
        self.litres += sign * litres
        self.milliteu += sign * milliteu
        self.has_news = True


def fitting(stand: Stand, vehicle: Visitor, least_kg: int) -> tuple[list[RankedCarriage], bool]:
    """The waiting consignments that the vehicle can take, first fit in their order with passing over.

    And whether its fill share is reached once they are aboard. `least_kg`: the mass of the smallest consignment there is;
    with less room than that a vehicle need not look for more.
    """
    plan, rooms_kg = stand.plan, _rooms_kg(stand, vehicle)
    limit_l = plan.volume_l if plan.volume_l >= 0 else _NO_LIMIT
    limit_milliteu = plan.milliteu if plan.milliteu >= 0 else _NO_LIMIT
    limit_milliplugs = plan.milliplugs if plan.milliplugs >= 0 else _NO_LIMIT
    litres, milliteu, milliplugs = vehicle.litres, vehicle.milliteu, vehicle.milliplugs
    taken = []
    for ranked in stand.waiting:
        if rooms_kg[0] < least_kg:
            break
        carriage = ranked[3]
        needs, legs = carriage.load, carriage.legs
        if (
            needs[0] <= rooms_kg[0]
            and litres + needs[1] <= limit_l
            and milliteu + needs[2] <= limit_milliteu
            and milliplugs + needs[3] <= limit_milliplugs
            and needs[0] <= min(rooms_kg[:legs])
        ):
            for leg in range(legs):
                rooms_kg[leg] -= needs[0]
            litres, milliteu, milliplugs = litres + needs[1], milliteu + needs[2], milliplugs + needs[3]
            taken.append(ranked)
    loads_kg = [limit - room for limit, room in zip(stand.limits_kg, rooms_kg, strict=True)]
    return taken, _is_filled(stand, loads_kg, litres, milliteu)


def could_be_filled(stand: Stand, vehicle: Visitor) -> bool:
    """Whether the fill share would be reached if all that waits came aboard, whether or not it fits."""
    loads_kg = [vehicle.kg + stand.kg] * len(stand.limits_kg)
    return _is_filled(stand, loads_kg, vehicle.litres + stand.litres, vehicle.milliteu + stand.milliteu)


def _rooms_kg(stand: Stand, vehicle: Visitor) -> list[int]:
    """What the vehicle may still take by weight over each leg ahead."""
    rooms_kg, stops, aboard_kg = stand.limits_kg.copy(), len(vehicle.kg_for), 0
    for ahead in range(stops - 1, 0, -1):
        aboard_kg += vehicle.kg_for[(stand.stop + ahead) % stops]
        rooms_kg[ahead - 1] -= aboard_kg
    return rooms_kg


def _is_filled(stand: Stand, loads_kg: Sequence[int], litres: int, milliteu: int) -> bool:
    """Whether the fill share is reached by weight (over any leg ahead), volume or slots."""
    plan, share = stand.plan, stand.plan.fill_thousandths
    for load_kg, limit_kg in zip(loads_kg, stand.limits_kg, strict=True):
        if load_kg > 0 and 1000 * load_kg >= share * limit_kg:
            return True
    return 1000 * litres >= share * plan.volume_l > 0 or 1000 * milliteu >= share * plan.milliteu > 0
