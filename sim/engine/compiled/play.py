"""The kernel's loop: the rule of the instant, from the epoch to the end of the run."""

from __future__ import annotations

from sim.engine.compiled.agenda import entity_of, mark, next_due, order_of, put, second_of, take_next
from sim.engine.compiled.berths import berths_are_held_up, start_berths
from sim.engine.compiled.cranes import cranes_are_held_up, start_cranes
from sim.engine.compiled.gates import gate_is_held_up, start_gate
from sim.engine.compiled.hours import FULL
from sim.engine.compiled.posts import post_is_held_up, start_post
from sim.engine.compiled.quays import quay_is_held_up, start_quay
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.stories import (
    arrives,
    cargo_work_ends,
    is_released,
    turns,
    vehicle_work_ends,
    water_changes,
    with_next_edge,
)  # fmt: skip
from sim.engine.compiled.tables import (
    Order,
    Status,
    consignment,
    facility,
    piece,
    run_at,
    terminal,
    visitor,
    water,
)  # fmt: skip
from sim.world.network import BERTH, GATE, QUAY

__all__ = ["play"]


@compiled
def _begin(run: Row) -> None:
    """Put on the agenda what happens first: of each facility, vehicle and port, of calls of other trades and releases."""
    for number in range(run.facility_count):
        first = facility(run, number).first_piece
        with_next_edge(run, number, first if piece(run, first).share != FULL else first + 1)
    for place in range(run.terminal_count):
        if terminal(run, place).waters > 0:
            put(run, water(run, terminal(run, place).first_water).at_s, Order.WINDOW_OPENS, 4 * place + QUAY)
    for number in range(run.fleet):
        put(run, 0, Order.VEHICLE_ARRIVES, number)
    if run.call_count > 0:
        put(run, visitor(run, run.fleet).arrives_s, Order.VEHICLE_ARRIVES, run.fleet)
    if run.consignment_count > 0:
        put(run, consignment(run, 0).release_s, Order.RELEASED, 0)


@compiled
def _apply(run: Row, key: int) -> None:
    """What is due changes state and marks facilities."""
    order, entity = order_of(key), entity_of(key)
    if order == Order.WORK_ENDS:
        if entity < run.consignment_count:
            cargo_work_ends(run, entity)
        else:
            vehicle_work_ends(run, entity - run.consignment_count)
    elif order == Order.VEHICLE_ARRIVES:
        arrives(run, entity)
    elif order == Order.RELEASED:
        is_released(run, entity)
    elif order == Order.TIMER:
        mark(run, entity)
    elif entity < 4 * run.terminal_count and entity % 4 == QUAY:
        water_changes(run, entity // 4)
    else:
        turns(run, entity)


@compiled
def _start_work(run: Row) -> None:
    """The marked facilities start work, the lowest number first, until nothing starts."""
    while run.marks > 0:
        number = run.lowest_mark
        while not facility(run, number).is_marked:
            number += 1
        facility(run, number).is_marked = 0
        run.marks -= 1
        run.lowest_mark = number + 1
        if number >= 4 * run.terminal_count:
            start_post(run, number - 4 * run.terminal_count)
            continue
        place, part = number // 4, number % 4
        if part == GATE:
            start_gate(run, place)
        elif part == BERTH:
            start_berths(run, place)
        elif part == QUAY:
            start_quay(run, place)
        else:
            start_cranes(run, place)


@compiled
def _is_over(run: Row, next_s: int) -> bool:
    """Whether nothing that counts is left to happen, at the end of a second; `next_s`: the next with anything to do."""
    if run.measured_to_come == 0 and next_s >= run.window_to_s:
        return True
    if run.due > 0 or _anything_is_held_up(run):
        return False
    if run.under_way > 0:
        run.status = Status.GRIDLOCKED
    return True


@compiled
def _anything_is_held_up(run: Row) -> bool:
    for place in range(run.terminal_count):
        if (
            gate_is_held_up(run, place)
            or berths_are_held_up(run, place)
            or quay_is_held_up(run, place)
            or cranes_are_held_up(run, place)
        ):
            return True
    for place in range(run.post_count):
        if post_is_held_up(run, place):
            return True
    return False


def play(address: int) -> int:
    """Play the run whose record stands at `address` to its end; its `Status`."""
    run = run_at(address)
    _begin(run)
    while run.status == Status.ENDED:
        key = next_due(run)
        at_s = second_of(key)
        if at_s > run.now_s:
            if run.marks > 0:
                _start_work(run)
                continue
            if _is_over(run, at_s):
                run.ends_s = run.now_s
                break
        if at_s >= run.horizon_s:
            run.ends_s = run.horizon_s
            break
        run.now_s = at_s
        _apply(run, take_next(run))
        if run.rows > run.log_capacity:
            run.status = Status.OUT_OF_ROOM
    return run.status
