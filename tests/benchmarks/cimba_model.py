"""The core of `corridor.toml` for Cimba, a C engine with Python models that are compiled, where its package is installed.

As a Cimba user would write it, and a little less than the yardstick: a vessel takes lots in order until none could fit,
without looking for a smaller one behind; statistics are lead times and waits alone; and a run lasts a fixed time beyond the
window. Nothing of the simulator depends on this.
"""
# mypy: disable-error-code="misc, untyped-decorator, no-untyped-def, name-defined, attr-defined"
# ruff: noqa: D102

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cimba as cb
import numpy as np
from cimba import random

from sim.chance.families import Gamma, Lognormal, Uniform
from sim.disruptions.spells import Spells
from sim.units import DAY_S, HOUR_S, YEAR_S

if TYPE_CHECKING:
    from tests.benchmarks.yardstick import Numbers

LATE = 7
"""The signal of a vehicle whose patience ends."""
MOST_ABOARD = 200
COOLDOWN_S = 7.0 * DAY_S
OUTPUTS = "lead_out_d", "lead_in_d", "truck_voyages", "vessel_voyages"


class Lot(cb.Model):
    """A consignment on its way."""

    corridor: cb.Ref[Corridor]
    kg: float
    outward: bool
    released: float
    pointer: int = 0

    @cb.process
    def story(self):
        self.pointer = cb.this_process().pointer
        corridor = self.corridor
        if self.outward:
            corridor.docks[0].cargo.put(self)
            cb.suspend()
            corridor.posts[0].serve()
            corridor.ports[0].cargo.put(self)
            cb.suspend()
            corridor.posts[2].serve()
            corridor.lead_out.record(cb.now() - self.released)
        else:
            corridor.posts[3].serve()
            corridor.ports[1].cargo.put(self)
            cb.suspend()
            corridor.posts[1].serve()
            corridor.docks[1].cargo.put(self)
            cb.suspend()
            corridor.lead_in.record(cb.now() - self.released)


class Post(cb.Model):
    """A customs post: servers with working hours."""

    servers: cb.Resource
    wait: cb.Dataset
    mu: float = 0.0
    sigma: float = 0.0
    span: int = 0
    opens: cb.Array[float]
    closes: cb.Array[float]

    @cb.function
    def serve(self) -> None:
        joined = cb.now()
        self.servers.acquire()
        while self.closes[self.span] <= cb.now():
            self.span += 1
        at = max(cb.now(), self.opens[self.span])
        self.wait.record(at - joined)
        work = random.lognormal(self.mu, self.sigma)
        span = self.span
        while at + work > self.closes[span]:
            work -= self.closes[span] - at
            span += 1
            at = self.opens[span]
        cb.hold(at + work - cb.now())
        self.servers.release()


class Docks(cb.Model):
    """A terminal for trucks."""

    docks: cb.Resource
    forklifts: cb.Resource
    turn: cb.Resource
    cargo: cb.Store[Lot]
    came: cb.Condition
    gate: cb.Resource
    has_gate: bool = False
    s_per_kg: float = 0.0

    @cb.predicate
    def has_cargo(self):
        return self.cargo.length() > 0


class Port(cb.Model):
    """A terminal for ships."""

    berths: cb.Resource
    turn: cb.Resource
    cargo: cb.Store[Lot]
    came: cb.Condition
    number: int = 0
    manoeuvre: float = 0.0
    s_per_kg: float = 0.0
    calm: float = 0.0
    spell_mu: float = 0.0
    spell_sigma: float = 0.0

    @cb.predicate
    def has_cargo(self):
        return self.cargo.length() > 0

    @cb.process
    def storms(self):
        while True:
            cb.hold(random.exponential(self.calm))
            self.berths.set_capacity(0)
            cb.hold(random.lognormal(self.spell_mu, self.spell_sigma))
            self.berths.set_capacity(self.number)


class Truck(cb.Model):
    """Arrives, discharges, waits for a lot, loads it and drives to the other end; empty when patience ends."""

    corridor: cb.Ref[Corridor]
    end: int = 0

    @cb.process
    def drive(self):
        corridor = self.corridor
        me = cb.this_process()
        kg, pointer = 0.0, np.int64(0)
        while True:
            here = corridor.docks[self.end]
            if here.has_gate:
                here.gate.acquire()
                cb.hold(random.lognormal(corridor.gate_mu, corridor.gate_sigma))
                here.gate.release()
            here.docks.acquire()
            if kg > 0.0:
                here.forklifts.acquire()
                cb.hold(kg * here.s_per_kg)
                here.forklifts.release()
                cb.Process(pointer).resume(0)
                kg = 0.0
            deadline = cb.now() + corridor.truck_patience
            me.timer_set(corridor.truck_patience, LATE)
            signal = here.turn.acquire()
            me.timers_clear()
            if signal == 0:
                if here.cargo.length() == 0 and deadline > cb.now():
                    here.came.wait_until(here.has_cargo, deadline - cb.now())
                if here.cargo.length() > 0:
                    lot = here.cargo.get()
                    kg, pointer = lot.kg, np.int64(lot.pointer)
                here.turn.release()
            if kg > 0.0:
                here.forklifts.acquire()
                cb.hold(kg * here.s_per_kg)
                here.forklifts.release()
            here.docks.release()
            corridor.truck_legs += 1
            cb.hold(random.lognormal(corridor.road_mu, corridor.road_sigma))
            self.end = 1 - self.end


class Vessel(cb.Model):
    """Berths, discharges, takes lots until nearly full or out of patience, and sails."""

    corridor: cb.Ref[Corridor]
    end: int = 0
    moves: cb.Store[int]
    moved: cb.Condition
    kg: cb.Array[float]
    pointer: cb.Array[int]
    aboard: int = 0
    left: int = 0
    discharging: bool = False
    pace: float = 0.0

    @cb.predicate
    def is_done(self):
        return self.left == 0

    @cb.process(copies=2)
    def crane(self):
        while True:
            number = self.moves.get()
            cb.hold(self.kg[number] * self.pace)
            if self.discharging:
                cb.Process(self.pointer[number]).resume(0)
            self.left -= 1
            if self.left == 0:
                self.moved.signal()

    @cb.process
    def sail(self):
        corridor = self.corridor
        me = cb.this_process()
        while True:
            here = corridor.ports[self.end]
            here.berths.acquire()
            cb.hold(here.manoeuvre)
            self.pace, self.discharging, self.left = here.s_per_kg, True, self.aboard
            for number in range(self.aboard):
                self.moves.put(number)
            self.moved.wait_until(self.is_done)
            self.aboard, self.discharging = 0, False
            room = corridor.vessel_capacity
            deadline = cb.now() + corridor.vessel_patience
            me.timer_set(corridor.vessel_patience, LATE)
            signal = here.turn.acquire()
            me.timers_clear()
            if signal == 0:
                while room >= corridor.largest:
                    if here.cargo.length() == 0:
                        if room <= corridor.unfilled or deadline <= cb.now():
                            break
                        here.came.wait_until(here.has_cargo, deadline - cb.now())
                        if here.cargo.length() == 0:
                            break
                    lot = here.cargo.get()
                    self.kg[self.aboard], self.pointer[self.aboard] = lot.kg, lot.pointer
                    room -= lot.kg
                    self.left += 1
                    self.moves.put(self.aboard)
                    self.aboard += 1
                here.turn.release()
            self.moved.wait_until(self.is_done)
            cb.hold(here.manoeuvre)
            here.berths.release()
            corridor.vessel_legs += 1
            cb.hold(corridor.sailing + random.gamma(corridor.delay_shape, corridor.delay_scale))
            self.end = 1 - self.end


class Source(cb.Model):
    """Releases the lots of one stream."""

    corridor: cb.Ref[Corridor]
    gap: float = 0.0
    low: float = 0.0
    high: float = 0.0
    outward: bool = False

    @cb.process
    def release(self):
        while True:
            cb.hold(random.exponential(self.gap))
            cb.spawn(
                Lot,
                corridor=self.corridor,
                kg=random.uniform(self.low, self.high),
                outward=self.outward,
                released=cb.now(),
            )


class Corridor(cb.Model):
    """All that stands and moves."""

    docks: list[Docks]
    ports: list[Port]
    posts: list[Post]
    trucks: list[Truck]
    vessels: list[Vessel]
    sources: list[Source]
    lead_out: cb.Dataset
    lead_in: cb.Dataset
    gate_mu: float = 0.0
    gate_sigma: float = 0.0
    road_mu: float = 0.0
    road_sigma: float = 0.0
    truck_patience: float = 0.0
    vessel_patience: float = 0.0
    vessel_capacity: float = 0.0
    unfilled: float = 0.0
    largest: float = 0.0
    sailing: float = 0.0
    delay_shape: float = 0.0
    delay_scale: float = 0.0
    truck_legs: int = 0
    vessel_legs: int = 0
    lead_out_d: cb.Output[float]
    lead_in_d: cb.Output[float]
    truck_voyages: cb.Output[int]
    vessel_voyages: cb.Output[int]

    @cb.on_end
    def measure(self):
        self.lead_out_d = self.lead_out.sample_mean() / 86400.0
        self.lead_in_d = self.lead_in.sample_mean() / 86400.0
        self.truck_voyages, self.vessel_voyages = self.truck_legs, self.vessel_legs


def corridor(numbers: Numbers) -> Corridor:
    """The model with the numbers of the scenario."""
    scenario = numbers.scenario
    trucks, vessels = scenario.services
    model = Corridor()
    model.docks = [_docks(numbers, terminal) for terminal in (0, 1)]
    model.ports = [_port(numbers, terminal) for terminal in (2, 3)]
    model.posts = [_post(numbers, post) for post in range(4)]
    model.trucks = [_placed(Truck(), model, number) for number in range(trucks.vehicles)]
    model.vessels = [_placed(_vessel(), model, number) for number in range(vessels.vehicles)]
    model.sources = [_source(numbers, model, stream) for stream in range(len(scenario.demand))]
    gate = scenario.terminals[1].gate
    road, sea = scenario.legs
    assert gate is not None
    model.gate_mu, model.gate_sigma = _normal(gate.time)
    model.road_mu, model.road_sigma = _normal(road.transit)
    model.truck_patience, model.vessel_patience = trucks.wait, vessels.wait
    model.vessel_capacity = vessels.capacity
    model.unfilled = (1 - vessels.fill) * vessels.capacity
    model.largest = max(source.high for source in model.sources)
    assert vessels.speed is not None
    assert isinstance(sea.delay, Gamma)
    model.sailing = HOUR_S * sea.distance / vessels.speed
    model.delay_shape, model.delay_scale = sea.delay.shape, sea.delay.scale
    return model


def simulate(numbers: Numbers, seed: int, replication: int) -> dict[str, float]:
    """One replication: mean lead times of what arrived after the warm-up, and legs run from the beginning to the end."""
    network = numbers.network
    window = cb.Window(
        warmup=float(network.window_from_s),
        duration=float(network.window_to_s - network.window_from_s),
        cooldown=COOLDOWN_S,
    )
    model = corridor(numbers)
    results = cb.Experiment(model, replications=1, window=window, seed=1000 * seed + replication).run(workers=1)
    found = results[model]
    return {name: float(getattr(found, name).values[0, 0]) for name in OUTPUTS}


def _normal(distribution: object) -> tuple[float, float]:
    assert isinstance(distribution, Lognormal)
    return math.log(distribution.median), distribution.sigma


def _docks(numbers: Numbers, terminal: int) -> Docks:
    said, plan, docks = numbers.scenario.terminals[terminal], numbers.network.terminals[terminal], Docks()
    docks.docks = cb.Resource(capacity=said.berths)
    docks.forklifts = cb.Resource(capacity=plan.cranes)
    docks.cargo = cb.Store()
    docks.came = cb.Condition(observe=docks.cargo)
    docks.has_gate = said.gate is not None
    docks.s_per_kg = HOUR_S / (1000 * said.rate)
    return docks


def _port(numbers: Numbers, terminal: int) -> Port:
    said, port = numbers.scenario.terminals[terminal], Port()
    port.berths, port.number = cb.Resource(capacity=said.berths), said.berths
    port.cargo = cb.Store()
    port.came = cb.Condition(observe=port.cargo)
    port.manoeuvre, port.s_per_kg = said.manoeuvre, HOUR_S / (1000 * said.rate)
    spells = next(each for each in numbers.scenario.disruptions if isinstance(each, Spells) and said.id in each.on)
    share = sum(spells.closed_days) * DAY_S / YEAR_S
    port.calm = spells.spell.mean() * (1 - share) / share
    port.spell_mu, port.spell_sigma = _normal(spells.spell)
    return port


def _post(numbers: Numbers, index: int) -> Post:
    said, post = numbers.scenario.posts[index], Post()
    hours = numbers.hours[said.hours or ""]
    post.servers = cb.Resource(capacity=said.servers)
    post.mu, post.sigma = _normal(said.time)
    post.opens, post.closes = cb.Array(list(hours.opens)), cb.Array(list(hours.closes))
    return post


def _vessel() -> Vessel:
    vessel = Vessel()
    vessel.kg, vessel.pointer = cb.Array([0.0] * MOST_ABOARD), cb.Array([0] * MOST_ABOARD)
    return vessel


def _placed(vehicle, model: Corridor, number: int):
    vehicle.corridor, vehicle.end = model, number % 2
    return vehicle


def _source(numbers: Numbers, model: Corridor, stream: int) -> Source:
    said, source = numbers.scenario.demand[stream], Source()
    assert isinstance(said.lot, Uniform)
    source.corridor, source.outward = model, said.direction == "export"
    source.gap = YEAR_S * said.lot.mean() / said.volume
    source.low, source.high = said.lot.low, said.lot.high
    return source
