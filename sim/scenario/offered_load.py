"""The offered load of every facility and fleet, month by month: how much of what it could do is asked of it on average.

All from means, before anything is drawn. In a month of H hours, with closures deducted as `expectations` says:

- vehicle loads of a flow on a service = consignments ÷ max(1, ⌊room / need⌋), by the scarcest of weight (at the permitted
  draught), slots, plugs and volume, for a consignment of mean size: consignments are never cut again;
- round trips of a service = the largest, over its stages, of the vehicle loads on that stage;
- handling hours at a stop = Σ tonnes loaded and discharged ÷ rate for the form;
- hours alongside per call = 2 × manoeuvre + handling ÷ (cranes at one vehicle × open share of work);
- hours alongside per call of another trade = 2 × manoeuvre + stay ÷ open share of work;
- cycle = Σ stages ((transit and delay) ÷ open share of the leg and of the fleet) + Σ stops (wait for the gate and for
  entry to open + gate + hours alongside).

Load of a **gate** = calls × time ÷ (lanes × H × open share); of **berths** = calls × hours alongside ÷ (berths × H × open
share of entry); of **cranes** = handling hours ÷ (cranes × H × open share of work); of a **post** = consignments × time ÷
(servers × H × open share); of a **fleet** = round trips × cycle ÷ (vehicles × H) or, where that is more, round trips ÷
departures in the timetable. Waiting for cargo, for a berth or for a crane is no work and not counted: near 1 queues grow
without bound. Yards have no load: how full they are follows from the waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.disruptions import BARS, Struck
from sim.scenario.expectations import Floats, Months, Openness, calls, consignments, months_of, openness
from sim.scenario.schema import Scenario
from sim.scenario.trips import endless, rides, round_trips
from sim.scenario.wiring import network_of
from sim.units import HOUR_S
from sim.world.network import Network, Visit
from sim.world.places import Terminal

__all__ = ["WARN_FROM", "Load", "OfferedLoad", "offered_load"]

WARN_FROM = 0.95
"""Load from which a month is worth a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The offered load of one facility or fleet; inf where something is asked of it and it can do nothing."""

    name: str
    """Such as aktau-quay.berths, or the id of a post or service."""
    kind: str
    """gate, berths, cranes, post or fleet."""
    by_month: tuple[float, ...]

    @property
    def peak(self) -> float:
        """The largest of its months."""
        return max(self.by_month)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedLoad:
    """The loads of a scenario: months, such as 2026-01, and a row for each facility and fleet."""

    months: tuple[str, ...]
    loads: tuple[Load, ...]

    def warnings(self) -> list[tuple[Load, list[str]]]:
        """What is loaded to `WARN_FROM` or more, with the months in which it is."""
        high = [
            (load, [month for month, value in zip(self.months, load.by_month, strict=True) if value >= WARN_FROM])
            for load in self.loads
        ]
        return [(load, months) for load, months in high if months]


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """What the formulas read, worked out once. Arrays are (M,), one value per month."""

    scenario: Scenario
    network: Network
    months: Months
    pieces: tuple[Floats, ...]
    """By flow: consignments."""
    kg: tuple[Floats, ...]
    """By flow: kilograms."""
    gate: tuple[Openness, ...]
    entry: tuple[Openness, ...]
    work: tuple[Openness, ...]
    """By terminal."""
    trips: tuple[Floats, ...]
    """By service: round trips."""


def offered_load(scenario: Scenario) -> OfferedLoad:
    """The offered load of a checked scenario in every month that it measures."""
    world = _world(scenario)
    loads = [*_gates(world), *_berths(world), *_cranes(world), *_posts(world), *_fleets(world)]
    return OfferedLoad(months=world.months.names, loads=tuple(loads))


def _world(scenario: Scenario) -> _World:
    network, months = network_of(scenario), months_of(scenario)
    released = [consignments(scenario, flow, months) for flow in network.flows]
    pieces, kg = tuple(count for count, _ in released), tuple(mass for _, mass in released)
    plans = list(zip(scenario.terminals, network.terminals, strict=True))
    return _World(
        scenario=scenario,
        network=network,
        months=months,
        pieces=pieces,
        kg=kg,
        gate=tuple(
            openness(scenario, months, Struck(t.id, max(1, plan.lanes)), ["gate"], t.gate.hours if t.gate else None)
            for t, plan in plans
        ),
        entry=tuple(openness(scenario, months, Struck(t.id, plan.berths), ["entry"], t.entry_hours) for t, plan in plans),
        work=tuple(openness(scenario, months, Struck(t.id, plan.cranes), ["work"], t.hours) for t, plan in plans),
        trips=tuple(round_trips(scenario, network, months, service, pieces, kg) for service in range(len(network.services))),
    )


def _handling_h(world: _World, terminal: int, service: int | None = None, stop: int | None = None) -> Floats:
    """Crane hours at a terminal in each month, of all its cargo or of one service at one of its stops."""
    hours = np.zeros(len(world.months.names))
    for number, flow, ride in rides(world.network):
        plan = world.network.services[ride.service]
        if service is not None and ride.service != service:
            continue
        for end in (ride.board, ride.alight):
            if plan.terminals[end] == terminal and stop in (None, end):
                form = world.scenario.commodities[flow.commodity].form
                hours = hours + world.kg[number] / 1000 / _rate(world.scenario.terminals[terminal], form)
    return hours


def _rate(terminal: Terminal, form: str) -> float:
    """Tonnes an hour of one crane."""
    return next((rate for known, rate in terminal.rates.items() if known == form), terminal.rate)


def _alongside_h(world: _World, service: int, stop: int) -> Floats:
    """Hours at the berth per call of a service at one of its stops."""
    terminal = world.network.services[service].terminals[stop]
    plan = world.network.terminals[terminal]
    trips = world.trips[service]
    handling_h = np.divide(_handling_h(world, terminal, service, stop), trips, out=np.zeros_like(trips), where=trips > 0)
    at_once = min(plan.cranes_per_vehicle, plan.cranes)
    return 2 * plan.manoeuvre_s / HOUR_S + _over(handling_h, at_once * world.work[terminal].share)


def _over(asked: Floats, offered: Floats | float) -> Floats:
    """Asked ÷ offered; inf where something is asked and nothing offered."""
    offered = np.broadcast_to(np.asarray(offered, dtype=np.float64), asked.shape)
    return np.asarray(np.divide(asked, offered, out=endless(asked), where=offered > 0), dtype=np.float64)


def _times(count: Floats, each: Floats) -> Floats:
    """So many times `each`; inf where there is no end of them, 0 where there are none."""
    some = (count > 0) & np.isfinite(count)
    return np.asarray(np.multiply(count, each, out=endless(count), where=some), dtype=np.float64)


def _calls(world: _World, terminal: int) -> Iterator[tuple[int, int]]:
    """Service and stop of everything that calls at a terminal."""
    for service, plan in enumerate(world.network.services):
        for stop, here in enumerate(plan.terminals):
            if here == terminal:
                yield service, stop


def _row(name: str, kind: str, by_month: Floats) -> Load:
    return Load(name=name, kind=kind, by_month=tuple(float(value) for value in by_month))


def _gates(world: _World) -> Iterator[Load]:
    for index, terminal in enumerate(world.scenario.terminals):
        if terminal.gate is not None:
            passes = sum((world.trips[service] for service, _ in _calls(world, index)), np.zeros(len(world.months.names)))
            offered_s = terminal.gate.lanes * world.months.length_s * world.gate[index].share
            yield _row(
                f"{terminal.id}.gate",
                "gate",
                _over(_times(passes, np.full_like(passes, terminal.gate.time.mean())), offered_s),
            )


def _berths(world: _World) -> Iterator[Load]:
    for index, terminal in enumerate(world.scenario.terminals):
        asked_h = np.zeros(len(world.months.names))
        for service, stop in _calls(world, index):
            trips = world.trips[service]
            asked_h = asked_h + _times(trips, _alongside_h(world, service, stop))
        for trade in world.scenario.background:
            if trade.terminal == terminal.id:
                came = calls(trade.calls, trade.season, world.months)
                moored_h = 2 * world.network.terminals[index].manoeuvre_s / HOUR_S
                asked_h = asked_h + came * moored_h + _over(came * trade.stay.mean() / HOUR_S, world.work[index].share)
        offered_h = terminal.berths * world.months.length_s / HOUR_S * world.entry[index].share
        yield _row(f"{terminal.id}.berths", "berths", _over(asked_h, offered_h))


def _cranes(world: _World) -> Iterator[Load]:
    for index, terminal in enumerate(world.scenario.terminals):
        offered_h = world.network.terminals[index].cranes * world.months.length_s / HOUR_S * world.work[index].share
        yield _row(f"{terminal.id}.cranes", "cranes", _over(_handling_h(world, index), offered_h))


def _posts(world: _World) -> Iterator[Load]:
    for index, post in enumerate(world.scenario.posts):
        visits = np.zeros(len(world.months.names))
        for number, flow in enumerate(world.network.flows):
            times = sum(1 for step in flow.steps if isinstance(step, Visit) and step.post == index)
            visits = visits + times * world.pieces[number]
        open_share = openness(world.scenario, world.months, Struck(post.id, post.servers), BARS, post.hours).share
        yield _row(post.id, "post", _over(visits * post.time.mean(), post.servers * world.months.length_s * open_share))


def _under_way_h(world: _World, service: int) -> Floats:
    """(M,) hours under way in one round, those included in which the way is shut or the vehicle stands."""
    scenario, plan, moving_h = world.scenario, world.network.services[service], np.zeros(len(world.months.names))
    for leg, transit_s in zip(plan.legs, plan.planned_transit_s, strict=True):
        share = openness(scenario, world.months, Struck(scenario.legs[leg].id), BARS, None).share
        moving_h = moving_h + _over(np.full_like(share, transit_s / HOUR_S), share)
    fleet = Struck(scenario.services[service].id, max(1, len(plan.vehicles)))
    return _over(moving_h, openness(scenario, world.months, fleet, BARS, None).share)


def _fleets(world: _World) -> Iterator[Load]:
    for index, (service, plan) in enumerate(zip(world.scenario.services, world.network.services, strict=True)):
        trips = world.trips[index]
        cycle_h = _under_way_h(world, index)
        for stop, terminal in enumerate(plan.terminals):
            gate = world.scenario.terminals[terminal].gate
            waiting_s = world.entry[terminal].wait_s + (world.gate[terminal].wait_s + gate.time.mean() if gate else 0)
            cycle_h = cycle_h + waiting_s / HOUR_S + _alongside_h(world, index, stop)
        hours = world.months.length_s / HOUR_S
        load = _over(_times(trips, cycle_h), service.vehicles * hours)
        headway_s = max(plan.headway_s)
        if headway_s:
            load = np.maximum(load, trips / (world.months.length_s / headway_s))
        yield _row(service.id, "fleet", load)
