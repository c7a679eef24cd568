"""The agenda, the marks and the log of the kernel: what is due when, which facilities may start work, what has happened.

What is due is one whole number, the second above the order above the entity, so that the least comes first; the agenda is a
heap of them with four branches. What it is that falls due, its entity knows.
"""

from __future__ import annotations

from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import (
    Order,
    Status,
    facility,
    log_at_s,
    log_consignment,
    log_facility,
    log_kind,
    log_value,
    log_vehicle,
    pending,
)  # fmt: skip

__all__ = ["entity_of", "log", "mark", "next_due", "order_of", "put", "second_of", "take_next"]

_ENTITY_BITS = 29
_ORDER_BITS = 3
_SECOND_SHIFT = _ENTITY_BITS + _ORDER_BITS
_MOST_ENTITIES = 1 << _ENTITY_BITS
_MOST_SECONDS = (1 << 31) - 1
"""What is due later than that, beyond any horizon, is due then."""
_NEVER = (1 << 63) - 1


@compiled
def second_of(key: int) -> int:
    """The second at which it is due."""
    return key >> _SECOND_SHIFT


@compiled
def order_of(key: int) -> int:
    """Its order at that second."""
    return (key >> _ENTITY_BITS) & ((1 << _ORDER_BITS) - 1)


@compiled
def entity_of(key: int) -> int:
    """Whose it is."""
    return key & (_MOST_ENTITIES - 1)


@compiled
def put(run: Row, second: int, order: int, entity: int) -> None:
    """Put what is due at `second` on the agenda, in its place among what is due then."""
    key = (min(second, _MOST_SECONDS) << _SECOND_SHIFT) | (order << _ENTITY_BITS) | entity
    if order > Order.WINDOW_OPENS:
        run.due += 1
    hole = run.agenda_length
    if hole == run.agenda_capacity:
        run.status = Status.OUT_OF_ROOM
        return
    run.agenda_length = hole + 1
    while hole > 0:
        above = (hole - 1) >> 2
        other = pending(run, above).key
        if other <= key:
            break
        pending(run, hole).key = other
        hole = above
    pending(run, hole).key = key


@compiled
def next_due(run: Row) -> int:
    """What is due next; above all keys where nothing is."""
    return pending(run, 0).key if run.agenda_length > 0 else _NEVER


@compiled
def take_next(run: Row) -> int:
    """Take what is due next off the agenda."""
    taken = pending(run, 0).key
    if order_of(taken) > Order.WINDOW_OPENS:
        run.due -= 1
    length = run.agenda_length - 1
    run.agenda_length = length
    key = pending(run, length).key
    hole = 0
    while True:
        below = 4 * hole + 1
        if below >= length:
            break
        least, where = pending(run, below).key, below
        for other in range(below + 1, min(below + 4, length)):
            candidate = pending(run, other).key
            if candidate < least:
                least, where = candidate, other
        if least >= key:
            break
        pending(run, hole).key = least
        hole = where
    pending(run, hole).key = key
    return taken


@compiled
def mark(run: Row, number: int) -> None:
    """Let a facility start what it can once everything due at this second is applied."""
    marked = facility(run, number)
    if not marked.is_marked:
        marked.is_marked = 1
        run.marks += 1
    run.lowest_mark = min(run.lowest_mark, number)


@compiled
def log(run: Row, kind: int, cargo: int, vehicle: int, where: int, value: int) -> None:
    """Write one event of this second; what finds no room is counted."""
    row = run.rows
    if row < run.log_capacity:
        log_at_s(run, row).value = run.now_s
        log_kind(run, row).value = kind
        log_consignment(run, row).value = cargo
        log_vehicle(run, row).value = vehicle
        log_facility(run, row).value = where
        log_value(run, row).value = value
    run.rows = row + 1
