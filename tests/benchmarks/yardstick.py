"""The yardstick: the corridor of `corridor.toml` as a SimPy user would write it, in plain idiom.

One process for each consignment, truck and vessel; `simpy.Resource` for servers, lanes, docks and cranes,
`simpy.PriorityResource` for berths, so that a storm can take them all, `simpy.Store` for the cargo that waits for trucks.
Chance is drawn one value at a time where it is needed, and what is observed goes into lists where it happens. It is neither
slowed down nor tuned, and knows nothing of the simulator but the numbers of the scenario.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import numpy as np
import simpy

from sim.chance.distributions import Distribution, Exponential, Fixed, Gamma, Lognormal, Uniform
from sim.disruptions.spells import Spells
from sim.scenario import load
from sim.scenario.schema import Scenario
from sim.scenario.wiring import network_of
from sim.units import DAY_S, HOUR_S, YEAR_S
from sim.world import calendar
from sim.world.network import Network, Visit

__all__ = ["CORRIDOR", "Numbers", "Observed", "kpis", "numbers", "simulate"]

CORRIDOR = Path(__file__).with_name("corridor.toml")

Process = Generator[simpy.Event, object, None]
Sampler = Callable[[], float]
Spans = list[tuple[float, float]]
STORM, SHIP = 0, 1
"""Ranks at a berth."""


@dataclass(frozen=True)
class Numbers:
    """The corridor as it is read: scenario, network, and the opening hours of each calendar."""

    scenario: Scenario
    network: Network
    hours: dict[str, Hours]


class Hours:
    """Opening hours: spans from `opens` to `closes`, in seconds from the beginning of the run."""

    def __init__(self, opens: Sequence[float], closes: Sequence[float]):
        self.opens = opens
        self.closes = closes
        lengths = (close - open_ for open_, close in zip(opens, closes, strict=True))
        self.before = [0.0, *accumulate(lengths)]
        """Open seconds before each span."""

    def work(self, now: float, duration: float) -> tuple[float, float]:
        """When work that is ready now begins, and when it ends if it stops at closing time and goes on in the morning."""
        span = bisect_right(self.closes, now)
        begins = at = max(now, self.opens[span])
        while at + duration > self.closes[span]:
            duration -= self.closes[span] - at
            span += 1
            at = self.opens[span]
        return begins, at + duration

    def until(self, now: float) -> float:
        """Open seconds from the beginning of the run until now."""
        span = bisect_right(self.closes, now)
        return self.before[span] + max(0.0, now - self.opens[span])


def numbers(file: Path = CORRIDOR, sets: Sequence[str] = ()) -> Numbers:
    """What the model reads before it is built: the file, with values changed as on the command line."""
    scenario = load(str(file), sets).scenario
    network = network_of(scenario)
    hours = {}
    for plan in scenario.calendars:
        shut = calendar.windows(plan, network.start_unix_s, network.horizon_s)
        opens = [0.0, *(float(window.to_s) for window in shut)]
        closes = [*(float(window.from_s) for window in shut), math.inf]
        hours[plan.id] = Hours(opens, closes)
    return Numbers(scenario, network, hours)


@dataclass
class Lot:
    """A consignment on its way."""

    kg: float
    direction: str
    released: float
    delivered: float = math.nan
    ashore: simpy.Event | None = None
    """Fires when the vehicle that has it has put it down."""


@dataclass
class Observed:
    """What was seen, by name of the post, terminal or service."""

    lots: list[Lot] = field(default_factory=list)
    services: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    """Joined, begun and ended, by post."""
    stays: dict[str, Spans] = field(default_factory=dict)
    """From the berth given to the berth left, by terminal."""
    queued: dict[str, Spans] = field(default_factory=dict)
    """From asking for a berth to having it, by terminal."""
    idle: dict[str, Spans] = field(default_factory=dict)
    """From being ready for cargo to having it, or giving up, by service."""
    voyages: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Departure and kilograms aboard, by service."""


class Post:
    """A customs post: servers with working hours."""

    def __init__(self, env: simpy.Environment, servers: int, time: Sampler, hours: Hours):
        self.env = env
        self.servers = simpy.Resource(env, servers)
        self.time = time
        self.hours = hours
        self.services: list[tuple[float, float, float]] = []

    def pass_through(self, _lot: Lot) -> Process:
        """Queue, and be served."""
        joined = self.env.now
        with self.servers.request() as server:
            yield server
            begins, ends = self.hours.work(self.env.now, self.time())
            yield self.env.timeout(ends - self.env.now)
        self.services.append((joined, begins, ends))


class Docks:
    """A terminal for trucks: gate, docks, forklifts, and the lots that wait for a truck."""

    def __init__(self, env: simpy.Environment, berths: int, cranes: int, s_per_kg: float):
        self.env = env
        self.gate: simpy.Resource | None = None
        self.gate_time: Sampler | None = None
        self.docks = simpy.Resource(env, berths)
        self.forklifts = simpy.Resource(env, cranes)
        self.s_per_kg = s_per_kg
        self.cargo = simpy.Store(env)
        self.stays: Spans = []
        self.queued: Spans = []

    def carry(self, lot: Lot) -> Process:
        """Wait for a truck, and ride with it."""
        lot.ashore = self.env.event()
        yield self.cargo.put(lot)
        yield lot.ashore

    def handle(self, lot: Lot) -> Process:
        """A forklift moves a lot."""
        with self.forklifts.request() as forklift:
            yield forklift
            yield self.env.timeout(lot.kg * self.s_per_kg)


class Port:
    """A terminal for ships: berths, and the lots that wait for a ship."""

    def __init__(self, env: simpy.Environment, berths: int, s_per_kg: float, manoeuvre: float):
        self.env = env
        self.berths = simpy.PriorityResource(env, berths)
        self.number = berths
        self.s_per_kg = s_per_kg
        self.manoeuvre = manoeuvre
        self.cargo: list[Lot] = []
        self.news = env.event()
        """Fires when cargo comes."""
        self.stays: Spans = []
        self.queued: Spans = []

    def carry(self, lot: Lot) -> Process:
        """Wait for a ship, and sail with it."""
        lot.ashore = self.env.event()
        self.cargo.append(lot)
        self.news.succeed()
        self.news = self.env.event()
        yield lot.ashore

    def handle(self, lot: Lot, cranes: simpy.Resource) -> Process:
        """One of the cranes at the ship moves a lot."""
        with cranes.request() as crane:
            yield crane
            yield self.env.timeout(lot.kg * self.s_per_kg)

    def discharge(self, lot: Lot, cranes: simpy.Resource) -> Process:
        """A lot goes ashore and on its way."""
        yield from self.handle(lot, cranes)
        assert lot.ashore is not None
        lot.ashore.succeed()

    def storms(self, calm: Sampler, spell: Sampler) -> Process:
        """In a storm no ship is let in: it takes every berth that is free or comes free."""
        while True:
            yield self.env.timeout(calm())
            barred = [self.berths.request(STORM) for _ in range(self.number)]
            yield self.env.timeout(spell())
            for request in barred:
                if request.triggered:
                    self.berths.release(request)
                else:
                    request.cancel()


@dataclass
class Fleet:
    """What the vehicles of one service have in common."""

    capacity: float
    fill: float
    patience: float
    passage: Sampler
    cranes: int
    """Cranes that work one vehicle."""
    idle: Spans = field(default_factory=list)
    voyages: list[tuple[float, float]] = field(default_factory=list)


def truck(env: simpy.Environment, fleet: Fleet, ends: Sequence[Docks], end: int) -> Process:
    """Arrive, discharge, wait for a lot, load it and drive to the other end; empty when patience ends."""
    lot: Lot | None = None
    while True:
        here = ends[end]
        if here.gate is not None and here.gate_time is not None:
            with here.gate.request() as lane:
                yield lane
                yield env.timeout(here.gate_time())
        asked = env.now
        with here.docks.request() as dock:
            yield dock
            given = env.now
            if lot is not None:
                yield from here.handle(lot)
                assert lot.ashore is not None
                lot.ashore.succeed()
            ready = env.now
            get = here.cargo.get()
            yield get | env.timeout(fleet.patience)
            fleet.idle.append((ready, env.now))
            lot = get.value if get.triggered else None
            if lot is not None:
                yield from here.handle(lot)
            else:
                get.cancel()
        here.queued.append((asked, given))
        here.stays.append((given, env.now))
        fleet.voyages.append((env.now, lot.kg if lot else 0.0))
        yield env.timeout(fleet.passage())
        end = 1 - end


def vessel(env: simpy.Environment, fleet: Fleet, ports: Sequence[Port], end: int) -> Process:
    """Berth, discharge, take lots until nearly full or out of patience, and sail."""
    cranes = simpy.Resource(env, fleet.cranes)
    aboard: list[Lot] = []
    while True:
        here = ports[end]
        asked = env.now
        with here.berths.request(SHIP) as berth:
            yield berth
            given = env.now
            yield env.timeout(here.manoeuvre)
            yield env.all_of([env.process(here.discharge(lot, cranes)) for lot in aboard])
            aboard, room, loading = [], fleet.capacity, []
            ready, patience = env.now, env.timeout(fleet.patience)
            while True:
                for lot in here.cargo.copy():
                    if lot.kg <= room:
                        here.cargo.remove(lot)
                        aboard.append(lot)
                        room -= lot.kg
                        loading.append(env.process(here.handle(lot, cranes)))
                if fleet.capacity - room >= fleet.fill * fleet.capacity or patience.processed:
                    break
                yield here.news | patience
            fleet.idle.append((ready, env.now))
            yield env.all_of(loading)
            fleet.voyages.append((env.now, fleet.capacity - room))
            yield env.timeout(here.manoeuvre)
        here.queued.append((asked, given))
        here.stays.append((given, env.now))
        yield env.timeout(fleet.passage())
        end = 1 - end


def consignment(env: simpy.Environment, lot: Lot, way: Sequence[Callable[[Lot], Process]]) -> Process:
    """A lot goes its way, step by step."""
    for step in way:
        yield from step(lot)
    lot.delivered = env.now


def simulate(numbers: Numbers, seed: int, replication: int) -> Observed:
    """One replication, from an empty corridor until all that was released in the measured window has arrived."""
    model = _Model(numbers, np.random.default_rng([seed, replication]))
    model.run()
    return model.observed()


class _Model:
    """Everything that stands and moves."""

    def __init__(self, numbers: Numbers, rng: np.random.Generator):
        self.scenario, self.network, self.rng = numbers.scenario, numbers.network, rng
        self.env = simpy.Environment()
        self.lots: list[Lot] = []
        self.measured: list[simpy.Process] = []
        self.posts = [
            Post(self.env, post.servers, self.sampler(post.time), numbers.hours[post.hours or ""])
            for post in self.scenario.posts
        ]
        self.terminals = [self.terminal(number) for number in range(len(self.scenario.terminals))]
        self.fleets = [self.fleet(number) for number in range(len(self.scenario.services))]
        for spells in self.scenario.disruptions:
            assert isinstance(spells, Spells)
            self.weather(spells)
        for flow in range(len(self.network.flows)):
            self.env.process(self.source(flow))

    def sampler(self, distribution: Distribution) -> Sampler:
        """A function that draws one value."""
        rng = self.rng
        match distribution:
            case Fixed(value):
                return lambda: value
            case Uniform(low, high):
                return lambda: rng.uniform(low, high)
            case Exponential(mean):
                return lambda: rng.exponential(mean)
            case Lognormal(median, sigma):
                mu = math.log(median)
                return lambda: rng.lognormal(mu, sigma)
            case Gamma(shape, scale):
                return lambda: rng.gamma(shape, scale)
        raise NotImplementedError(distribution)

    def terminal(self, number: int) -> Docks | Port:
        """Docks or a port, as the scenario says."""
        said, plan = self.scenario.terminals[number], self.network.terminals[number]
        s_per_kg = HOUR_S / (1000 * said.rate)
        if said.mode == "sea":
            return Port(self.env, said.berths, s_per_kg, said.manoeuvre)
        docks = Docks(self.env, said.berths, plan.cranes, s_per_kg)
        if said.gate is not None:
            docks.gate = simpy.Resource(self.env, said.gate.lanes)
            docks.gate_time = self.sampler(said.gate.time)
        return docks

    def fleet(self, number: int) -> Fleet:
        """A fleet, and a process for each of its vehicles."""
        said, plan = self.scenario.services[number], self.network.services[number]
        ends = [self.terminals[terminal] for terminal in plan.terminals]
        fleet = Fleet(
            capacity=said.capacity,
            fill=said.fill,
            patience=said.wait,
            passage=self.passage(number),
            cranes=self.network.terminals[plan.terminals[0]].cranes_per_vehicle,
        )
        for vehicle in range(said.vehicles):
            if said.mode == "sea":
                ports = [end for end in ends if isinstance(end, Port)]
                self.env.process(vessel(self.env, fleet, ports, vehicle % 2))
            else:
                docks = [end for end in ends if isinstance(end, Docks)]
                self.env.process(truck(self.env, fleet, docks, vehicle % 2))
        return fleet

    def passage(self, number: int) -> Sampler:
        """Time from one end to the other."""
        service = self.scenario.services[number]
        leg = self.scenario.legs[self.network.services[number].legs[0]]
        if leg.transit is not None:
            return self.sampler(leg.transit)
        assert service.speed is not None
        assert leg.delay is not None
        sailing, delay = HOUR_S * leg.distance / service.speed, self.sampler(leg.delay)
        return lambda: sailing + delay()

    def weather(self, spells: Spells) -> None:
        """Storms at a port, as often as its closed days in a year say."""
        share = sum(spells.closed_days) * DAY_S / YEAR_S
        calm = self.sampler(Exponential(spells.spell.mean() * (1 - share) / share))
        for said, port in zip(self.scenario.terminals, self.terminals, strict=True):
            if said.id in spells.on and isinstance(port, Port):
                self.env.process(port.storms(calm, self.sampler(spells.spell)))

    def source(self, flow: int) -> Process:
        """Lots of one stream are released."""
        plan = self.network.flows[flow]
        stream = self.scenario.demand[plan.stream]
        assert stream.lot is not None
        way = [
            self.posts[step.post].pass_through
            if isinstance(step, Visit)
            else self.terminals[self.network.services[step.service].terminals[step.board]].carry
            for step in plan.steps
        ]
        gap = self.sampler(Exponential(YEAR_S * stream.lot.mean() / stream.volume))
        size = self.sampler(stream.lot)
        while True:
            yield self.env.timeout(gap())
            lot = Lot(size(), stream.direction, self.env.now)
            self.lots.append(lot)
            story = self.env.process(consignment(self.env, lot, way))
            if self.network.window_from_s <= lot.released < self.network.window_to_s:
                self.measured.append(story)

    def run(self) -> None:
        """To the end of the window, and on until all that was released in it has arrived."""
        self.env.run(until=self.network.window_to_s)
        for story in self.measured:
            self.env.run(until=story)

    def observed(self) -> Observed:
        """What was seen, by name."""
        posts, terminals, services = self.scenario.posts, self.scenario.terminals, self.scenario.services
        return Observed(
            lots=self.lots,
            services={said.id: post.services for said, post in zip(posts, self.posts, strict=True)},
            stays={said.id: terminal.stays for said, terminal in zip(terminals, self.terminals, strict=True)},
            queued={said.id: terminal.queued for said, terminal in zip(terminals, self.terminals, strict=True)},
            idle={said.id: fleet.idle for said, fleet in zip(services, self.fleets, strict=True)},
            voyages={said.id: fleet.voyages for said, fleet in zip(services, self.fleets, strict=True)},
        )


def kpis(numbers: Numbers, observed: Observed) -> dict[str, float]:
    """The figures that both models have, by the names they have in ours."""
    scenario, network = numbers.scenario, numbers.network
    from_s, to_s = float(network.window_from_s), float(network.window_to_s)
    years = (to_s - from_s) / YEAR_S

    def inside(spans: Spans) -> float:
        return sum(max(0.0, min(ends, to_s) - max(begins, from_s)) for begins, ends in spans)

    found = {}
    for way in ("export", "import"):
        lead = [lot.delivered - lot.released for lot in observed.lots
                if lot.direction == way and from_s <= lot.released < to_s]  # fmt: skip
        found[f"lead_time_{way}_d"] = float(np.mean(lead)) / DAY_S
    arrived = sum(lot.kg for lot in observed.lots if from_s <= lot.delivered < to_s)
    found["throughput_kt"] = arrived / 1e6 / years
    for post in scenario.posts:
        waits = [begins - joined for joined, begins, _ in observed.services[post.id] if from_s <= begins < to_s]
        found[f"post_wait_h.{post.id}"] = float(np.mean(waits)) / HOUR_S
        hours = numbers.hours[post.hours or ""]
        worked = [hours.until(min(ends, to_s)) - hours.until(max(begins, from_s))
                  for _, begins, ends in observed.services[post.id] if ends > from_s and begins < to_s]  # fmt: skip
        found[f"post_occupancy.{post.id}"] = sum(worked) / (post.servers * (hours.until(to_s) - hours.until(from_s)))
    for terminal in scenario.terminals:
        held = inside(observed.stays[terminal.id])
        found[f"berth_occupancy.{terminal.id}"] = held / (terminal.berths * (to_s - from_s))
    for service in scenario.services:
        sailed = [kg for departed, kg in observed.voyages[service.id] if from_s <= departed < to_s]
        loaded = [kg for kg in sailed if kg > 0]
        found[f"voyages.{service.id}"] = len(sailed) / years
        found[f"load_factor.{service.id}"] = float(np.mean(loaded)) / service.capacity
        idle = inside(observed.idle[service.id])
        found[f"vehicle_utilisation.{service.id}"] = 1 - idle / (service.vehicles * (to_s - from_s))
    return found
