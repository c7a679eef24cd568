"""Yards: finite room for cargo, taken before the move that needs it begins and given back when the cargo leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["Yards"]


class Yards:
    """Room in every yard pool, in kilograms. They start nothing; `on_room` is told which pool has got room."""

    def __init__(self, capacity_kg: Sequence[int], first_facility: int, on_room: Callable[[int], None]):
        self._first_facility = first_facility
        self._free_kg = list(capacity_kg)
        self._on_room = on_room
        self.content: list[set[int]] = [set() for _ in capacity_kg]
        """Consignments that hold room, by pool."""

    def facility(self, pool: int) -> int:
        """Number of a pool as a facility."""
        return self._first_facility + pool

    def has_room(self, pool: int, kg: int) -> bool:
        """Whether `kg` find room in `pool`; pool -1 always has room."""
        return pool < 0 or self._free_kg[pool] >= kg

    def take(self, pool: int, consignment: int, kg: int) -> None:
        """Reserve room for a consignment."""
        if pool >= 0:
            self._free_kg[pool] -= kg
            self.content[pool].add(consignment)

    def give_back(self, pool: int, consignment: int, kg: int) -> None:
        """The consignment has left: its room is free again."""
        if pool >= 0:
            self._free_kg[pool] += kg
            self.content[pool].remove(consignment)
            self._on_room(pool)
