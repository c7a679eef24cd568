"""Yards: finite room for cargo, taken before the move that needs it begins and given back when the cargo leaves."""

from __future__ import annotations

from sim.engine.compiled.agenda import mark
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import consignment, pool, terminal
from sim.world.network import CRANE

__all__ = ["give_back", "has_room", "pool_facility", "take_room"]


@compiled
def pool_facility(run: Row, number: int) -> int:
    """Number of a yard pool as a facility."""
    return 4 * run.terminal_count + run.post_count + number


@compiled
def has_room(run: Row, number: int, kg: int) -> bool:
    """Whether `kg` find room in a pool; pool -1 always has room."""
    return number < 0 or pool(run, number).free_kg >= kg


@compiled
def take_room(run: Row, number: int, whose: int) -> None:
    """Reserve room for a consignment."""
    if number >= 0:
        cargo = consignment(run, whose)
        pool(run, number).free_kg -= cargo.kg
        cargo.holds = number


@compiled
def give_back(run: Row, number: int, whose: int) -> None:
    """The consignment has left: its room is free again, and the cranes of that node may discharge."""
    if number < 0:
        return
    cargo, yard = consignment(run, whose), pool(run, number)
    yard.free_kg += cargo.kg
    cargo.holds = -1
    for place in range(run.terminal_count):
        if terminal(run, place).node == yard.node:
            mark(run, 4 * place + CRANE)
