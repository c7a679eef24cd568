"""Quays: where cargo that waits meets vehicles in position; by the same rules as in the reference engine."""

from __future__ import annotations

from sim.engine.compiled.agenda import log, mark, put
from sim.engine.compiled.berths import clear_berth, take_berth
from sim.engine.compiled.cranes import ask_crane
from sim.engine.compiled.lists import at_berth, in_roads, join, leave, leave_line, line_up, stop_of
from sim.engine.compiled.loading import is_seen, look, pick, see, waiting_at
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.supply import cargo_waits, is_wanted_elsewhere, vehicle_comes, vehicle_is_taken
from sim.engine.compiled.tables import (
    Doing,
    Empty,
    Order,
    Stage,
    consignment,
    line,
    picked,
    ride,
    service,
    step,
    stop,
    terminal,
    visitor,
    water,
)  # fmt: skip
from sim.events import Kind
from sim.world.network import QUAY

__all__ = ["come_alongside", "load", "quay_is_held_up", "start_quay", "take_position", "wait_at_quay"]


@compiled
def wait_at_quay(run: Row, number: int) -> None:
    """A consignment is ready to be carried from the stop at which its ride begins."""
    cargo = consignment(run, number)
    way = step(run, cargo.step)
    here, times = stop(run, way.stop), ride(run, number * run.rides_each + way.place)
    cargo.load_s, cargo.unload_s, cargo.alight, cargo.enters = times.load_s, times.unload_s, way.alight, way.pool
    cargo.ready_s = run.now_s
    quay = 4 * here.terminal + QUAY
    log(run, Kind.WAITING, number, -1, quay, here.service)
    join(run, waiting_at(run, way.stop), number)
    here.waiting += 1
    here.changes += 1
    mark(run, quay)
    cargo_waits(run, way.stop, cargo.kg)


@compiled
def load(run: Row, number: int, lies_at_berth: bool) -> None:
    """The vehicle is to take cargo and leave; `lies_at_berth`: it has discharged, or waits at berths."""
    vehicle = visitor(run, number)
    where = stop_of(run, number)
    vehicle.leaves_s, vehicle.is_taken, vehicle.first_accepted, vehicle.accepted_kg = -1, 0, -1, 0
    vehicle.seen = -1
    if service(run, vehicle.service).waits_at_berth:
        take_position(run, number, False)
    elif lies_at_berth:
        vehicle.stage, vehicle.rank, vehicle.queued_s = Stage.DISCHARGED, 0, run.now_s
        line_up(run, at_berth(run, where), number)
        mark(run, 4 * vehicle.terminal + QUAY)
    else:
        take_position(run, number, True)


@compiled
def take_position(run: Row, number: int, outside: bool) -> None:
    """The vehicle waits for cargo from now on, `outside` in the roads, or at the berth."""
    vehicle = visitor(run, number)
    where = stop_of(run, number)
    vehicle.stage, vehicle.rank, vehicle.queued_s = Stage.LOADING, 0, run.now_s
    line_up(run, in_roads(run, where) if outside else at_berth(run, where), number)
    _be_in_position(run, number, outside)


@compiled
def _be_in_position(run: Row, number: int, outside: bool) -> None:
    vehicle = visitor(run, number)
    vehicle.since_s = run.now_s
    quay = 4 * vehicle.terminal + QUAY
    log(run, Kind.POSITIONED, -1, number, quay, int(outside))
    _set_times(run, number)
    mark(run, quay)


@compiled
def _set_times(run: Row, number: int) -> None:
    """Note when the vehicle closes for cargo (and leaves, by timetable), and wake the quay then."""
    vehicle, here = visitor(run, number), stop(run, stop_of(run, number))
    quay = 4 * here.terminal + QUAY
    if here.headway_s > 0:
        earliest_s = max(run.now_s + here.cut_off_s, here.booked_s + 1)
        departures = -((here.first_departure_s - earliest_s) // here.headway_s)
        vehicle.leaves_s = here.first_departure_s + departures * here.headway_s
        here.booked_s = vehicle.leaves_s
        vehicle.closes_s = vehicle.leaves_s - here.cut_off_s
        put(run, vehicle.leaves_s, Order.TIMER, quay)
    else:
        vehicle.closes_s = vehicle.since_s + service(run, vehicle.service).wait_s
    if vehicle.closes_s > run.now_s:
        put(run, vehicle.closes_s, Order.TIMER, quay)


@compiled
def start_quay(run: Row, place: int) -> None:
    """Match cargo with vehicles, service by service: those at the berth first, then those in the roads."""
    number = terminal(run, place).first_stop
    while number >= 0:
        whose = line(run, at_berth(run, number)).first
        while whose >= 0:
            following = visitor(run, whose).next
            _serve(run, number, whose)
            whose = following
        whose = line(run, in_roads(run, number)).first
        while whose >= 0 and not _nothing_for_roads(run, number):
            following = visitor(run, whose).next
            _call_in_or_leave(run, number, whose)
            whose = following
        number = stop(run, number).following


@compiled
def _serve(run: Row, number: int, whose: int) -> None:
    vehicle = visitor(run, whose)
    if vehicle.stage == Stage.DISCHARGED:
        _stay_or_shift(run, number, whose)
        if vehicle.stage == Stage.DISCHARGED:
            return
    if vehicle.stage == Stage.LOADING:
        _load_what_fits(run, number, whose)
    if vehicle.stage != Stage.CLOSED:
        return
    if vehicle.moves > 0 or vehicle.working > 0:
        vehicle.is_aside = 1
        leave_line(run, at_berth(run, number), whose)
    elif run.now_s >= vehicle.leaves_s:
        leave_line(run, at_berth(run, number), whose)
        _depart(run, whose)
        clear_berth(run, whose, Doing.CLEARING)


@compiled
def _nothing_for_roads(run: Row, number: int) -> bool:
    """Whether no vehicle in the roads has anything to do: no cargo waits, none carries any, none may leave empty."""
    here = stop(run, number)
    plan = service(run, here.service)
    if here.waiting > 0 or plan.stops > 2 or plan.empty == Empty.ALWAYS:
        return False
    return plan.empty == Empty.NEVER or not is_wanted_elsewhere(run, number)


@compiled
def _stay_or_shift(run: Row, number: int, whose: int) -> None:
    """Stay at the berth where the load is there (or nothing is to be waited for), else wait in the roads."""
    vehicle = visitor(run, whose)
    is_filled = pick(run, number, whose)
    is_over = service(run, vehicle.service).wait_s == 0
    if is_filled or (is_over and (run.picked > 0 or _may_leave(run, number, whose))):
        vehicle.stage = Stage.LOADING
        _be_in_position(run, whose, False)
        return
    leave_line(run, at_berth(run, number), whose)
    log(run, Kind.SHIFTED, -1, whose, 4 * vehicle.terminal + QUAY, 0)
    clear_berth(run, whose, Doing.SHIFTING)


@compiled
def _load_what_fits(run: Row, number: int, whose: int) -> None:
    vehicle = visitor(run, whose)
    if not is_seen(run, number, whose):
        is_filled = pick(run, number, whose)
        for row in range(run.picked):
            cargo = picked(run, row).consignment
            _accept(run, number, whose, cargo)
            ask_crane(run, cargo, Doing.LOADED)
        see(run, number, whose, is_filled)
    is_filled = vehicle.seen_filled != 0
    is_timetabled = stop(run, number).headway_s > 0
    if run.now_s < vehicle.closes_s and (is_timetabled or not is_filled):
        return
    if _may_leave(run, number, whose):
        vehicle.stage = Stage.CLOSED
        log(run, Kind.CLOSED, -1, whose, 4 * vehicle.terminal + QUAY, vehicle.accepted_kg)
        _take_off_supply(run, number, whose)
    elif vehicle.leaves_s >= 0:
        _set_times(run, whose)


@compiled
def _call_in_or_leave(run: Row, number: int, whose: int) -> None:
    vehicle = visitor(run, whose)
    is_over = run.now_s >= vehicle.closes_s
    is_filled = look(run, number, whose)
    if not (is_over or is_filled):
        return
    if run.picked > 0:
        pick(run, number, whose)
        for row in range(run.picked):
            _accept(run, number, whose, picked(run, row).consignment)
        leave_line(run, in_roads(run, number), whose)
        _take_off_supply(run, number, whose)
        take_berth(run, whose, Doing.CALLED_IN)
    elif _may_leave(run, number, whose):
        leave_line(run, in_roads(run, number), whose)
        log(run, Kind.CLOSED, -1, whose, 4 * vehicle.terminal + QUAY, vehicle.accepted_kg)
        _take_off_supply(run, number, whose)
        _depart(run, whose)
        vehicle.doing = Doing.LEAVING
        put(run, run.now_s, Order.WORK_ENDS, vehicle.entity)


@compiled
def come_alongside(run: Row, number: int) -> None:
    """The vehicle, called in from the roads, lies at its berth: what it has accepted is to be loaded."""
    vehicle = visitor(run, number)
    vehicle.stage, vehicle.rank, vehicle.queued_s = Stage.LOADING, 0, vehicle.since_s
    line_up(run, at_berth(run, stop_of(run, number)), number)
    cargo = vehicle.first_accepted
    while cargo >= 0:
        ask_crane(run, cargo, Doing.LOADED)
        cargo = consignment(run, cargo).next_aboard
    mark(run, 4 * vehicle.terminal + QUAY)


@compiled
def _accept(run: Row, number: int, whose: int, taken: int) -> None:
    vehicle, cargo, here = visitor(run, whose), consignment(run, taken), stop(run, number)
    leave(run, waiting_at(run, number), taken)
    here.waiting -= 1
    here.changes += 1
    cargo.vehicle, cargo.before_aboard, cargo.next_aboard = whose, vehicle.last_aboard, -1
    if vehicle.last_aboard >= 0:
        consignment(run, vehicle.last_aboard).next_aboard = taken
    else:
        vehicle.first_aboard = taken
    vehicle.last_aboard = taken
    if vehicle.first_accepted < 0:
        vehicle.first_accepted = taken
    vehicle.accepted_kg += cargo.kg
    vehicle.kg += cargo.kg
    vehicle.litres += cargo.litres
    vehicle.milliteu += cargo.milliteu
    vehicle.milliplugs += cargo.milliplugs
    log(run, Kind.ACCEPTED, taken, whose, 4 * here.terminal + QUAY, 0)
    cargo_waits(run, number, -cargo.kg)


@compiled
def _take_off_supply(run: Row, number: int, whose: int) -> None:
    vehicle = visitor(run, whose)
    if not vehicle.is_taken:
        vehicle.is_taken = 1
        vehicle_is_taken(run, number)


@compiled
def _depart(run: Row, whose: int) -> None:
    vehicle = visitor(run, whose)
    log(run, Kind.DEPARTED, -1, whose, 4 * vehicle.terminal + QUAY, vehicle.kg)
    vehicle.voyage += 1
    vehicle.stop = (vehicle.stop + 1) % service(run, vehicle.service).stops
    vehicle_comes(run, stop_of(run, whose))


@compiled
def _may_leave(run: Row, number: int, whose: int) -> bool:
    """Whether the vehicle may leave with what it has."""
    empty = service(run, stop(run, number).service).empty
    if visitor(run, whose).kg > 0 or empty == Empty.ALWAYS:
        return True
    return empty == Empty.CALLED and is_wanted_elsewhere(run, number)


@compiled
def quay_is_held_up(run: Row, place: int) -> bool:
    """Whether a vessel in position has left cargo waiting, and the water will change what it may load."""
    here = terminal(run, place)
    if here.waters == 0 or run.now_s >= water(run, here.first_water + here.waters - 1).at_s:
        return False
    number = here.first_stop
    while number >= 0:
        is_there = line(run, at_berth(run, number)).first >= 0 or line(run, in_roads(run, number)).first >= 0
        if stop(run, number).waiting > 0 and is_there:
            return True
        number = stop(run, number).following
    return False
