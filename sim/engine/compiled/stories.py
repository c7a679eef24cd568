"""The stories: what comes next for a consignment, a vehicle, a call of another trade, a closing facility, the water."""

from __future__ import annotations

from sim.engine.compiled.agenda import log, mark, put
from sim.engine.compiled.berths import clear_berth, is_clear, take_berth
from sim.engine.compiled.cranes import ask_crane, end_move
from sim.engine.compiled.gates import leave_gate, pass_through
from sim.engine.compiled.hours import advance, next_open
from sim.engine.compiled.posts import be_served, end_service
from sim.engine.compiled.quays import come_alongside, load, take_position, wait_at_quay
from sim.engine.compiled.rows import Row, compiled
from sim.engine.compiled.tables import (
    Doing,
    OnClose,
    Order,
    Status,
    StepKind,
    consignment,
    course,
    duration,
    facility,
    flow,
    piece,
    service,
    step,
    stop,
    terminal,
    visitor,
    water,
)  # fmt: skip
from sim.engine.compiled.yards import give_back
from sim.events import Kind
from sim.world.network import BERTH, CRANE, GATE, QUAY

__all__ = ["arrives", "cargo_work_ends", "is_released", "turns", "vehicle_work_ends", "water_changes", "with_next_edge"]


@compiled
def is_released(run: Row, number: int) -> None:
    """A consignment is released, and the next one will be."""
    run.release = number + 1
    if run.release < run.consignment_count:
        put(run, consignment(run, run.release).release_s, Order.RELEASED, run.release)
    cargo = consignment(run, number)
    cargo.is_under_way = 1
    run.under_way += 1
    log(run, Kind.RELEASED, number, -1, -1, cargo.kg)
    cargo.step = flow(run, cargo.flow).first_step
    _take_step(run, number)


@compiled
def _take_step(run: Row, number: int) -> None:
    """Begin the step that the consignment has come to."""
    cargo = consignment(run, number)
    kind = step(run, cargo.step).kind
    if kind == StepKind.VISIT:
        be_served(run, number)
    elif kind == StepKind.RIDE:
        wait_at_quay(run, number)
    else:
        log(run, Kind.DELIVERED, number, -1, -1, cargo.kg)
        give_back(run, cargo.leaves, number)
        cargo.is_under_way = 0
        run.under_way -= 1
        run.measured_to_come -= cargo.is_measured


@compiled
def cargo_work_ends(run: Row, number: int) -> None:
    """A consignment has been served, loaded or discharged."""
    cargo = consignment(run, number)
    if cargo.doing == Doing.SERVED:
        end_service(run, number)
    else:
        end_move(run, number)
        if cargo.doing == Doing.LOADED:
            return
    whose, is_ride = cargo.vehicle, cargo.doing == Doing.DISCHARGED
    cargo.step += 1
    _take_step(run, number)
    if is_ride:
        vehicle = visitor(run, whose)
        if vehicle.is_awaited and vehicle.moves == 0 and vehicle.working == 0:
            vehicle.is_awaited = 0
            log(run, Kind.DISCHARGED, -1, whose, 4 * vehicle.terminal + QUAY, 0)
            load(run, whose, True)


@compiled
def arrives(run: Row, number: int) -> None:
    """A vehicle, or a call of another trade, is off its terminal."""
    if number >= run.fleet:
        _call_arrives(run, number)
        return
    vehicle = visitor(run, number)
    vehicle.terminal = stop(run, service(run, vehicle.service).first_stop + vehicle.stop).terminal
    log(run, Kind.ARRIVED, -1, number, 4 * vehicle.terminal + GATE, vehicle.kg)
    if not terminal(run, vehicle.terminal).has_gate:
        _is_through(run, number)
    elif vehicle.calls < vehicle.gates:
        pass_through(run, number)
    else:
        run.status = Status.VOYAGES_RAN_OUT


@compiled
def _call_arrives(run: Row, number: int) -> None:
    run.call = number - run.fleet + 1
    if run.call < run.call_count:
        put(run, visitor(run, number + 1).arrives_s, Order.VEHICLE_ARRIVES, number + 1)
    log(run, Kind.ARRIVED, -1, number, 4 * visitor(run, number).terminal + GATE, 0)
    take_berth(run, number, Doing.MOVING_IN)


@compiled
def _is_through(run: Row, number: int) -> None:
    """Past the gate: to a berth, or into the roads."""
    vehicle = visitor(run, number)
    vehicle.calls += 1
    if _is_laden(run, number) or service(run, vehicle.service).waits_at_berth:
        take_berth(run, number, Doing.MOVING_IN)
    else:
        load(run, number, False)


@compiled
def _is_laden(run: Row, number: int) -> bool:
    """Whether anything aboard is for this stop."""
    vehicle = visitor(run, number)
    aboard = vehicle.first_aboard
    while aboard >= 0:
        if consignment(run, aboard).alight == vehicle.stop:
            return True
        aboard = consignment(run, aboard).next_aboard
    return False


@compiled
def vehicle_work_ends(run: Row, number: int) -> None:
    """What a vehicle was at is over."""
    vehicle = visitor(run, number)
    if vehicle.doing == Doing.IN_GATE:
        leave_gate(run, number)
        _is_through(run, number)
    elif vehicle.doing == Doing.MOVING_IN or vehicle.doing == Doing.CALLED_IN:
        log(run, Kind.BERTHED, -1, number, 4 * vehicle.terminal + BERTH, 0)
        _lies_at_berth(run, number)
    elif vehicle.doing == Doing.SHIFTING:
        is_clear(run, number)
        take_position(run, number, True)
    elif vehicle.doing == Doing.ALONGSIDE:
        log(run, Kind.DISCHARGED, -1, number, 4 * vehicle.terminal + QUAY, 0)
        log(run, Kind.DEPARTED, -1, number, 4 * vehicle.terminal + QUAY, 0)
        clear_berth(run, number, Doing.CLEARING)
    else:
        if vehicle.doing == Doing.CLEARING:
            is_clear(run, number)
        if number < run.fleet:
            _sails(run, number)


@compiled
def _lies_at_berth(run: Row, number: int) -> None:
    vehicle = visitor(run, number)
    if number >= run.fleet:
        crane = 4 * vehicle.terminal + CRANE
        on_close = terminal(run, vehicle.terminal).on_close
        vehicle.doing = Doing.ALONGSIDE
        ends_s = advance(run, crane, next_open(run, crane), vehicle.stay_s, on_close)
        put(run, ends_s, Order.WORK_ENDS, vehicle.entity)
    elif vehicle.doing == Doing.CALLED_IN:
        come_alongside(run, number)
    elif _is_laden(run, number):
        _discharge(run, number)
    else:
        load(run, number, True)


@compiled
def _discharge(run: Row, number: int) -> None:
    """Everything aboard for this stop is to go ashore."""
    vehicle = visitor(run, number)
    aboard = vehicle.first_aboard
    while aboard >= 0:
        cargo = consignment(run, aboard)
        if cargo.alight == vehicle.stop:
            ask_crane(run, aboard, Doing.DISCHARGED)
        aboard = cargo.next_aboard
    vehicle.is_awaited = 1


@compiled
def _sails(run: Row, number: int) -> None:
    """The vehicle has left the terminal behind: it moves, and stands while its way is shut."""
    vehicle = visitor(run, number)
    if vehicle.voyage > vehicle.transits:
        run.status = Status.VOYAGES_RAN_OUT
        return
    moving_s = duration(run, vehicle.first_transit + vehicle.voyage - 1).seconds
    way = course(run, vehicle.first_course + vehicle.stop).hours
    arrives_s = advance(run, way, next_open(run, way), moving_s, OnClose.PAUSE)
    put(run, arrives_s, Order.VEHICLE_ARRIVES, number)


@compiled
def turns(run: Row, number: int) -> None:
    """A facility closes, opens or changes its capacity, as its timeline says."""
    hours = facility(run, number)
    share = piece(run, hours.edge).share
    with_next_edge(run, number, hours.edge + 1)
    log(run, Kind.OPENED if share > 0 else Kind.SHUT, -1, -1, number, share)
    mark(run, number)


@compiled
def with_next_edge(run: Row, number: int, at: int) -> None:
    """Put the next change of a facility's share on the agenda, if there is one from piece `at` on before the horizon."""
    hours = facility(run, number)
    while at <= hours.last_piece and at > hours.first_piece and piece(run, at).share == piece(run, at - 1).share:
        at += 1
    if at <= hours.last_piece and piece(run, at).from_s < run.horizon_s:
        hours.edge = at
        opens = piece(run, at).share > 0
        put(run, piece(run, at).from_s, Order.WINDOW_OPENS if opens else Order.WINDOW_CLOSES, number)


@compiled
def water_changes(run: Row, place: int) -> None:
    """The water rises or falls: vessels in position may take more, or less, from now on."""
    here = terminal(run, place)
    here.water += 1
    if here.water < here.waters:
        put(run, water(run, here.first_water + here.water).at_s, Order.WINDOW_OPENS, 4 * place + QUAY)
    mark(run, 4 * place + QUAY)
