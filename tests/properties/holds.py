"""What vehicles have aboard and may have, followed from the log and computed afresh."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.events import Kind
from sim.world.network import Ride, ServicePlan
from tests.properties.audits import Row, plan_of, rides_of
from tests.properties.corridors import World

__all__ = ["Holds"]


@dataclass(slots=True)
class Holds:
    """The cargo that each vehicle has accepted and not discharged."""

    world: World
    aboard: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Consignments by vehicle."""
    rides: Counter[int] = field(default_factory=Counter)
    """Rides that each consignment has behind it."""

    def follow(self, row: Row) -> None:
        """Take in one row of the log."""
        _, kind, consignment, vehicle, _, _ = row
        if kind is Kind.ACCEPTED:
            self.aboard[vehicle].add(consignment)
        elif kind is Kind.UNLOAD_ENDED:
            self.aboard[vehicle].remove(consignment)
            self.rides[consignment] += 1

    def ride(self, consignment: int) -> Ride:
        """The ride that a consignment is on, or waits for."""
        return rides_of(self.world, consignment)[self.rides[consignment]]

    def by_leg(self, vehicle: int, terminal: int, more: Sequence[int] = ()) -> list[tuple[int, int]]:
        """Kilograms aboard, with some `more` consignments, and those allowed, for each leg ahead of a terminal."""
        plan = plan_of(self.world.network, vehicle)
        stops, stop = len(plan.terminals), plan.terminals.index(terminal)
        pairs: list[tuple[int, int]] = []
        for leg in range(1, stops):
            cargo = [one for one in (*self.aboard[vehicle], *more) if (self.ride(one).alight - stop) % stops >= leg]
            limit = self._allowed_kg(plan, plan.terminals[(stop + leg) % stops])
            if leg == 1:
                limit = min(limit, self._allowed_kg(plan, terminal))
            pairs.append((int(self.world.draws.kg[cargo].sum()), limit))
        return pairs

    def by_space(self, vehicle: int, more: Sequence[int] = ()) -> list[tuple[int, int]]:
        """Litres, slots and plugs taken and there, in this order, where the vehicle limits them."""
        plan, draws, cargo = plan_of(self.world.network, vehicle), self.world.draws, [*self.aboard[vehicle], *more]
        needs = ((draws.litres, plan.volume_l), (draws.milliteu, plan.milliteu), (draws.milliplugs, plan.milliplugs))
        return [(int(column[cargo].sum()), limit) for column, limit in needs if limit >= 0]

    def is_within(self, vehicle: int, terminal: int, more: Sequence[int] = ()) -> bool:
        """Whether a vehicle at a terminal is within all its limits, with some `more` consignments."""
        pairs = (*self.by_leg(vehicle, terminal, more), *self.by_space(vehicle, more))
        return all(load <= limit for load, limit in pairs)

    def is_full(self, vehicle: int, terminal: int) -> bool:
        """Whether a vehicle at a terminal has reached its fill share by weight over any leg ahead, by volume or slots."""
        plan, draws, cargo = plan_of(self.world.network, vehicle), self.world.draws, [*self.aboard[vehicle]]
        space = [(draws.litres[cargo].sum(), plan.volume_l), (draws.milliteu[cargo].sum(), plan.milliteu)]
        pairs = [pair for pair in self.by_leg(vehicle, terminal) if pair[0]]
        pairs += [(int(load), limit) for load, limit in space if plan.fill_thousandths * limit > 0]
        return any(1000 * load >= plan.fill_thousandths * limit for load, limit in pairs)

    def _allowed_kg(self, plan: ServicePlan, terminal: int) -> int:
        """What a port allows a vessel, where the water never changes."""
        permitted_mm = self.world.network.terminals[terminal].permitted_mm
        missing_mm = max(0, plan.design_mm - permitted_mm[0]) if permitted_mm and plan.design_mm else 0
        return max(0, plan.cargo_kg - plan.kg_per_mm * missing_mm)
