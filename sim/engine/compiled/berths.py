"""Berths: taken one vehicle each, first by priority, then by who has waited longest, while entry is open."""

from __future__ import annotations

from sim.engine.compiled.agenda import log, mark, put
from sim.engine.compiled.hours import FULL, share_now
from sim.engine.compiled.lists import leave_line, line_up
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import Order, line, terminal, visitor
from sim.events import Kind
from sim.world.network import BERTH

__all__ = ["berths_are_held_up", "clear_berth", "is_clear", "start_berths", "take_berth"]


@compiled
def take_berth(run: Row, number: int, doing: int) -> None:
    """Join the queue; `doing` says what the vehicle moves in for."""
    vehicle = visitor(run, number)
    berth = 4 * vehicle.terminal + BERTH
    log(run, Kind.BERTH_JOINED, -1, number, berth, 0)
    vehicle.rank, vehicle.queued_s, vehicle.doing = vehicle.priority, run.now_s, doing
    line_up(run, 2 * vehicle.terminal + 1, number)
    mark(run, berth)


@compiled
def start_berths(run: Row, place: int) -> None:
    """Give berths while one is free of those that entry leaves."""
    berth, here, queue = 4 * place + BERTH, terminal(run, place), line(run, 2 * place + 1)
    if queue.first < 0:
        return
    kept_back = here.all_berths - here.all_berths * share_now(run, berth) // FULL
    while queue.first >= 0 and here.berths > kept_back:
        number = queue.first
        leave_line(run, 2 * place + 1, number)
        here.berths -= 1
        run.sequence += 1
        vehicle = visitor(run, number)
        vehicle.berth_since = run.sequence
        log(run, Kind.BERTH_GIVEN, -1, number, berth, 0)
        put(run, run.now_s + here.manoeuvre_s, Order.WORK_ENDS, vehicle.entity)


@compiled
def clear_berth(run: Row, number: int, doing: int) -> None:
    """Begin to leave the berth; `doing` says for where."""
    vehicle = visitor(run, number)
    vehicle.doing = doing
    put(run, run.now_s + terminal(run, vehicle.terminal).manoeuvre_s, Order.WORK_ENDS, vehicle.entity)


@compiled
def is_clear(run: Row, number: int) -> None:
    """The berth is free again."""
    vehicle = visitor(run, number)
    berth = 4 * vehicle.terminal + BERTH
    log(run, Kind.CLEARED, -1, number, berth, 0)
    vehicle.berth_since = 0
    terminal(run, vehicle.terminal).berths += 1
    mark(run, berth)


@compiled
def berths_are_held_up(run: Row, place: int) -> bool:
    """Whether something queues here that an opening would set going."""
    return line(run, 2 * place + 1).first >= 0 and share_now(run, 4 * place + BERTH) < FULL
