"""Gates: lanes that vehicles pass, laden or empty, before they take a berth."""

from __future__ import annotations

from sim.engine.compiled.agenda import log, mark, put
from sim.engine.compiled.hours import advance, is_open
from sim.engine.compiled.lists import leave_line, line_up
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import Doing, OnClose, Order, duration, line, terminal, visitor
from sim.events import Kind
from sim.world.network import GATE

__all__ = ["gate_is_held_up", "leave_gate", "pass_through", "start_gate"]


@compiled
def pass_through(run: Row, number: int) -> None:
    """Join the queue for the lanes."""
    vehicle = visitor(run, number)
    vehicle.rank, vehicle.queued_s = vehicle.priority, run.now_s
    line_up(run, 2 * vehicle.terminal, number)
    mark(run, 4 * vehicle.terminal + GATE)


@compiled
def start_gate(run: Row, place: int) -> None:
    """Let vehicles into the lanes while one is free and the gate is open."""
    gate, here, queue = 4 * place + GATE, terminal(run, place), line(run, 2 * place)
    while queue.first >= 0 and here.lanes > 0 and is_open(run, gate):
        number = queue.first
        leave_line(run, 2 * place, number)
        here.lanes -= 1
        log(run, Kind.GATE_STARTED, -1, number, gate, 0)
        vehicle = visitor(run, number)
        vehicle.doing = Doing.IN_GATE
        work_s = duration(run, vehicle.first_gate + vehicle.calls).seconds
        put(run, advance(run, gate, run.now_s, work_s, OnClose.PAUSE), Order.WORK_ENDS, vehicle.entity)


@compiled
def leave_gate(run: Row, number: int) -> None:
    """The vehicle is through, its lane free."""
    place = visitor(run, number).terminal
    log(run, Kind.GATE_ENDED, -1, number, 4 * place + GATE, 0)
    terminal(run, place).lanes += 1
    mark(run, 4 * place + GATE)


@compiled
def gate_is_held_up(run: Row, place: int) -> bool:
    """Whether something queues here that an opening would set going."""
    return line(run, 2 * place).first >= 0 and not is_open(run, 4 * place + GATE)
