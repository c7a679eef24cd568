"""What a disruption strikes: a part of a facility, a leg, or one vehicle of a service, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.world.timeline import FULL

__all__ = ["Struck"]


@dataclass(frozen=True, slots=True)
class Struck:
    """One thing that windows are drawn for."""

    name: str = ""
    """Id of the terminal, post, leg or service."""
    units: int = 1
    """Berths, cranes, lanes or servers that it has; vehicles of the service."""
    vehicle: int | None = None
    """Which vehicle of the service it is, from 0; None of anything else."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of what breaks down by itself here: each unit, or the one vehicle."""
        numbers = range(self.units) if self.vehicle is None else (self.vehicle,)
        return tuple(f"{self.name}/{number}" for number in numbers)

    def share_left(self, down: int) -> int:
        """Thousandths of capacity left when so many of `names` are down; rounded up, so that whole units stay whole."""
        units = len(self.names)
        return -(-FULL * max(0, units - down) // units)

    def share_without(self, lost: int) -> int:
        """Thousandths of capacity left when so many units are out of service; of a fleet the last vehicles are."""
        if self.vehicle is None:
            return self.share_left(lost)
        return 0 if self.vehicle >= self.units - lost else FULL
