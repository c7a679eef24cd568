"""Cranes: they move consignments between vehicles at berths and the shore, one at a time each.

Moves are taken by (priority, second ready, consignment number). A discharge whose yard has no room is passed over, and
logged so once; it stays aboard and holds vehicle and berth.
"""

from __future__ import annotations

from sim.engine.compiled.agenda import log, mark, put
from sim.engine.compiled.hours import advance, is_open
from sim.engine.compiled.lists import after, at_berth, first_of, join, leave, line_up, stop_of
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import Doing, Order, consignment, job, terminal, visitor
from sim.engine.compiled.yards import give_back, has_room, pool_facility, take_room
from sim.events import Kind
from sim.world.network import CRANE, QUAY

__all__ = ["ask_crane", "cranes_are_held_up", "end_move", "moves_of", "start_cranes"]


@compiled
def moves_of(run: Row, number: int) -> int:
    """The place at which the moves that a vehicle still has to make are queued."""
    return run.post_count + run.stop_count + number


@compiled
def ask_crane(run: Row, number: int, doing: int) -> None:
    """Add a consignment to what the vehicle that it is on, or booked on, has to load or to discharge."""
    cargo = consignment(run, number)
    vehicle = visitor(run, cargo.vehicle)
    here = terminal(run, vehicle.terminal)
    if vehicle.moves == 0 and vehicle.working == 0:
        run.sequence += 1
        vehicle.job, vehicle.job_since = here.jobs, run.sequence
        job(run, here.first_job + here.jobs).vehicle = cargo.vehicle
        here.jobs += 1
    vehicle.moves += 1
    cargo.doing, cargo.ready_s, cargo.is_refused = doing, run.now_s, 0
    join(run, moves_of(run, cargo.vehicle), number)
    mark(run, 4 * vehicle.terminal + CRANE)


@compiled
def start_cranes(run: Row, place: int) -> None:
    """Begin moves while a crane is free and handling is open."""
    here = terminal(run, place)
    while here.cranes > 0 and here.jobs > 0 and is_open(run, 4 * place + CRANE):
        number = _next_move(run, place)
        if number < 0:
            return
        _begin(run, place, number)


@compiled
def _next_move(run: Row, place: int) -> int:
    """The first move, in their order, that may begin now; -1 where none may."""
    here = terminal(run, place)
    first = -1
    for row in range(here.first_job, here.first_job + here.jobs):
        one = job(run, row)
        one.cursor = _first_move(run, one.vehicle, here.per_vehicle)
        if one.cursor >= 0 and (first < 0 or _goes_first(run, one.cursor, first)):
            first = one.cursor
    while first >= 0 and not _may_begin(run, first):
        first = _move_after(run, place, first)
    return first


@compiled
def _first_move(run: Row, number: int, at_once: int) -> int:
    """The first move that a vehicle still has to make; -1 where there is none, or as many cranes work on it as may."""
    vehicle = visitor(run, number)
    return first_of(run, moves_of(run, number), 0) if vehicle.moves > 0 and vehicle.working < at_once else -1


@compiled
def _may_begin(run: Row, number: int) -> bool:
    """Whether a move may begin; where the yard has no room for it, that is logged once."""
    cargo = consignment(run, number)
    if cargo.doing == Doing.LOADED or has_room(run, cargo.enters, cargo.kg):
        return True
    if not cargo.is_refused:
        cargo.is_refused = 1
        log(run, Kind.NO_SLOT, number, cargo.vehicle, pool_facility(run, cargo.enters), 0)
    return False


@compiled
def _move_after(run: Row, place: int, passed: int) -> int:
    """The first move after one that is passed over; -1 where there is none."""
    here, whose = terminal(run, place), consignment(run, passed).vehicle
    first = -1
    for row in range(here.first_job, here.first_job + here.jobs):
        one = job(run, row)
        if one.vehicle == whose:
            one.cursor = after(run, moves_of(run, whose), passed)
        if one.cursor >= 0 and (first < 0 or _goes_first(run, one.cursor, first)):
            first = one.cursor
    return first


@compiled
def _goes_first(run: Row, number: int, other: int) -> bool:
    mine, theirs = consignment(run, number), consignment(run, other)
    if mine.rank != theirs.rank:
        return mine.rank < theirs.rank
    if mine.ready_s != theirs.ready_s:
        return mine.ready_s < theirs.ready_s
    return number < other


@compiled
def _begin(run: Row, place: int, number: int) -> None:
    cargo, here, crane = consignment(run, number), terminal(run, place), 4 * place + CRANE
    vehicle = visitor(run, cargo.vehicle)
    leave(run, moves_of(run, cargo.vehicle), number)
    vehicle.moves -= 1
    vehicle.working += 1
    here.cranes -= 1
    work_s = cargo.load_s
    if cargo.doing == Doing.LOADED:
        log(run, Kind.LOAD_STARTED, number, cargo.vehicle, crane, 0)
    else:
        work_s = cargo.unload_s
        take_room(run, cargo.enters, number)
        log(run, Kind.UNLOAD_STARTED, number, cargo.vehicle, crane, vehicle.voyage - 1)
    put(run, advance(run, crane, run.now_s, work_s, here.on_close), Order.WORK_ENDS, number)


@compiled
def end_move(run: Row, number: int) -> None:
    """The consignment is aboard, or ashore; the crane is free."""
    cargo = consignment(run, number)
    vehicle = visitor(run, cargo.vehicle)
    here, crane = terminal(run, vehicle.terminal), 4 * vehicle.terminal + CRANE
    vehicle.working -= 1
    here.cranes += 1
    if cargo.doing == Doing.LOADED:
        log(run, Kind.LOAD_ENDED, number, cargo.vehicle, crane, vehicle.voyage)
        give_back(run, cargo.leaves, number)
    else:
        log(run, Kind.UNLOAD_ENDED, number, cargo.vehicle, crane, cargo.enters)
        _goes_ashore(run, number)
    if vehicle.working == 0 and vehicle.moves == 0:
        here.jobs -= 1
        last = job(run, here.first_job + here.jobs).vehicle
        job(run, here.first_job + vehicle.job).vehicle = last
        visitor(run, last).job = vehicle.job
        if vehicle.is_aside:
            vehicle.is_aside = 0
            line_up(run, at_berth(run, stop_of(run, cargo.vehicle)), cargo.vehicle)
        mark(run, 4 * vehicle.terminal + QUAY)
    mark(run, crane)


@compiled
def _goes_ashore(run: Row, number: int) -> None:
    cargo = consignment(run, number)
    vehicle = visitor(run, cargo.vehicle)
    if cargo.before_aboard >= 0:
        consignment(run, cargo.before_aboard).next_aboard = cargo.next_aboard
    else:
        vehicle.first_aboard = cargo.next_aboard
    if cargo.next_aboard >= 0:
        consignment(run, cargo.next_aboard).before_aboard = cargo.before_aboard
    else:
        vehicle.last_aboard = cargo.before_aboard
    vehicle.kg -= cargo.kg
    vehicle.litres -= cargo.litres
    vehicle.milliteu -= cargo.milliteu
    vehicle.milliplugs -= cargo.milliplugs
    cargo.leaves = cargo.enters


@compiled
def cranes_are_held_up(run: Row, place: int) -> bool:
    """Whether something waits here that an opening would set going."""
    return terminal(run, place).jobs > 0 and not is_open(run, 4 * place + CRANE)
