"""The stories: what a consignment, a vehicle, a call of another trade and a closing facility live through, in order.

A story only asks facilities for what comes next and waits; facilities decide when it begins.
"""

from __future__ import annotations

from collections.abc import Iterable

import simpy

from sim.engine.reference.clock import Clock, Happening, Order, Story
from sim.engine.reference.corridor import Corridor
from sim.engine.reference.fleet import Carriage, Visitor
from sim.engine.reference.quays import Quay
from sim.events import Kind
from sim.world.network import GATE, QUAY, Ride, Visit
from sim.world.timeline import Timeline

__all__ = ["calls_of_other_trades", "releases", "vehicle", "water", "windows"]


def releases(corridor: Corridor) -> Story:
    """Consignments are released one after the other, and each begins its own story."""
    draws = corridor.draws
    for consignment, release_s in enumerate(draws.release_s.tolist()):
        yield corridor.clock.at(release_s, Order.RELEASED, consignment)
        corridor.clock.process(_consignment(corridor, consignment))


def _consignment(corridor: Corridor, consignment: int) -> Story:
    """Released, through its posts, carried from quay to quay, delivered."""
    corridor.release(consignment)
    flow = corridor.network.flows[corridor.flow_of[consignment]]
    pool = -1
    for step in flow.steps:
        if isinstance(step, Visit):
            work_s = corridor.post_work_s[consignment][step.place]
            yield from corridor.posts[step.post].serve(consignment, flow.priority, work_s)
        else:
            yield _carried(corridor, consignment, flow.priority, step, pool)
            pool = step.slot
    corridor.deliver(consignment, pool)


def _carried(corridor: Corridor, consignment: int, priority: int, ride: Ride, pool: int) -> simpy.Event:
    """Wait at the quay and ride to the next one; the event fires when the consignment is ashore there."""
    terminals = corridor.network.services[ride.service].terminals
    carriage = Carriage(
        consignment,
        priority,
        load=corridor.loads[consignment],
        load_s=corridor.load_s[consignment][ride.ride],
        leaves=pool,
        alight=ride.alight,
        legs=(ride.alight - ride.board) % len(terminals),
        unload_s=corridor.unload_s[consignment][ride.ride],
        enters=ride.slot,
        carried=Happening(corridor.clock),
    )
    return corridor.quays[terminals[ride.board]].carry(ride.service, ride.board, carriage)


def vehicle(corridor: Corridor, visitor: Visitor) -> Story:
    """Arrive, pass the gate, discharge, wait for cargo, load, leave; and again at the next stop."""
    clock, plan = corridor.clock, visitor.plan
    assert plan is not None
    arrives_s = 0
    while True:
        yield clock.at(arrives_s, Order.VEHICLE_ARRIVES, visitor.number)
        terminal = plan.terminals[visitor.stop]
        gate_number = corridor.network.facility(terminal, GATE)
        clock.log(Kind.ARRIVED, vehicle=visitor.number, facility=gate_number, value=visitor.kg)
        gate = corridor.gates[terminal]
        if gate.lanes:
            yield from gate.pass_through(visitor, corridor.gate_work_s(visitor))
        visitor.calls += 1
        is_laden = visitor.kg_for[visitor.stop] > 0
        at_berth = is_laden or plan.waits_at == "berth"
        if at_berth:
            yield corridor.berths[terminal].take(visitor)
        if is_laden:
            yield from _discharge(corridor, visitor, terminal)
        yield corridor.quays[terminal].load(visitor, at_berth)
        arrives_s = corridor.arrival_s(visitor)


def _discharge(corridor: Corridor, visitor: Visitor, terminal: int) -> Story:
    """Everything aboard for this stop goes ashore."""
    for carriage in visitor.aboard:
        if carriage.alight == visitor.stop:
            corridor.cranes[terminal].move(carriage)
    discharged = simpy.Event(corridor.clock)
    visitor.when_done = discharged.succeed
    yield discharged
    corridor.clock.log(Kind.DISCHARGED, vehicle=visitor.number, facility=corridor.network.facility(terminal, QUAY))


def calls_of_other_trades(corridor: Corridor) -> Story:
    """Ships of other trades arrive one after the other, and each begins its own story."""
    draws = corridor.draws
    fleet = len(corridor.network.vehicle_service)
    for call, at_s in enumerate(draws.call_at_s.tolist()):
        yield corridor.clock.at(at_s, Order.VEHICLE_ARRIVES, fleet + call)
        entity = len(draws.release_s) + fleet + call
        visitor = Visitor(fleet + call, entity, int(draws.call_priority[call]))
        stay_s, terminal = int(draws.call_stay_s[call]), int(draws.call_terminal[call])
        corridor.clock.process(_call(corridor, visitor, terminal, stay_s))


def _call(corridor: Corridor, visitor: Visitor, terminal: int, stay_s: int) -> Story:
    """A ship of another trade takes a berth, works alongside and leaves for good."""
    clock, network = corridor.clock, corridor.network
    quay = network.facility(terminal, QUAY)
    clock.log(Kind.ARRIVED, vehicle=visitor.number, facility=network.facility(terminal, GATE))
    yield corridor.berths[terminal].take(visitor)
    hours = corridor.cranes[terminal].hours
    ends_s = hours.advance(hours.next_open(clock.now), stay_s, network.terminals[terminal].on_close)
    yield clock.at(ends_s, Order.WORK_ENDS, visitor.entity)
    clock.log(Kind.DISCHARGED, vehicle=visitor.number, facility=quay)
    clock.log(Kind.DEPARTED, vehicle=visitor.number, facility=quay)
    corridor.berths[terminal].clear(visitor, Happening(clock))


def windows(clock: Clock, facility: int, hours: Timeline, horizon_s: int) -> Story:
    """A facility closes, opens and changes its capacity as its timeline says."""
    for at_s, share in _changes(hours, horizon_s):
        yield clock.window(at_s, Order.WINDOW_OPENS if share else Order.WINDOW_CLOSES, facility)
        clock.log(Kind.OPENED if share else Kind.SHUT, facility=facility, value=share)
        clock.mark(facility)


def water(clock: Clock, quay: Quay) -> Story:
    """The water rises or falls: vessels in position may take more, or less, from then on."""
    for at_s in quay.water_changes_s:
        yield clock.window(at_s, Order.WINDOW_OPENS, quay.facility)
        quay.water_has_changed()


def _changes(hours: Timeline, horizon_s: int) -> Iterable[tuple[int, int]]:
    """Second and new share of each change from the epoch on; a timeline that is not fully open then changes at 0."""
    if hours.share_at(0) != 1000:
        yield 0, hours.share_at(0)
    for at_s, share in hours.edges():
        if 0 < at_s < horizon_s:
            yield at_s, share
