"""Rules: which cause each second counts under, for all that a consignment can be at and wherever it is at it.

They stand here once, as step functions of time; the loops that follow cargo only look their numbers up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.causes.doings import Doing
from sim.causes.steps import Steps, always, reasons, while_absent, while_shut
from sim.draws import Draws
from sim.records import Records, reached
from sim.scenario.schema import Scenario
from sim.world.network import BERTH, CRANE, GATE, QUAY, Network
from sim.world.timeline import Timeline

__all__ = ["Rules", "rules_of"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one replication. A place is the number of a terminal, or of a post for what is done at posts."""

    table: Sequence[Steps]
    """The step functions."""
    steps: Ints
    """(doings, services, places) the number in `table` of the function that holds."""
    sails: Ints
    """(calls,) the number in `table` of the function that holds under way from each call to the next."""
    facility: Ints
    """(doings, places) the facility where a story tells of it, -1 for none."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What holds of a doing at a terminal."""

    at: int
    """The part of the terminal where a story tells of it."""
    cause: str
    """While nothing is shut."""
    part: int | None = None
    """The part of the terminal that may be shut, and then it is why; None: whatever is shut, the cause stays."""
    is_work: bool = False
    """Work under way, which knows no closure where the terminal finishes what is begun."""


_AT_TERMINALS = {
    Doing.CALLED_IN: _Rule(QUAY, "vehicle"),
    Doing.BESIDE: _Rule(QUAY, "crane", CRANE),
    Doing.LOADED: _Rule(CRANE, "handling", CRANE, is_work=True),
    Doing.ABOARD: _Rule(QUAY, "vehicle"),
    Doing.REST: _Rule(CRANE, "crane", CRANE),
    Doing.LEAVES: _Rule(QUAY, "vehicle"),
    Doing.SAILS: _Rule(QUAY, "moving"),
    Doing.AT_GATE: _Rule(GATE, "berth", GATE),
    Doing.IN_GATE: _Rule(GATE, "handling", GATE),
    Doing.OFF_BERTH: _Rule(BERTH, "berth", BERTH),
    Doing.MOVES_IN: _Rule(BERTH, "moving"),
    Doing.ALONGSIDE: _Rule(CRANE, "crane", CRANE),
    Doing.NO_ROOM: _Rule(CRANE, "yard full", CRANE),
    Doing.DISCHARGED: _Rule(CRANE, "handling", CRANE, is_work=True),
}


@dataclass(slots=True)
class _Sheet:
    """Where step functions are numbered."""

    timelines: Sequence[Timeline]
    table: list[Steps] = field(default_factory=list)
    numbers: dict[tuple[int | None, str], int] = field(default_factory=dict)
    """Of the step functions of facilities (None: of none), by what counts while it is open."""
    why: dict[int, Ints] = field(default_factory=dict)
    """Why each facility is shut, piece by piece."""

    def add(self, steps: Steps) -> int:
        self.table.append(steps)
        return len(self.table) - 1

    def number(self, facility: int | None, otherwise: str) -> int:
        """The number of the steps of a facility: why it is shut, else `otherwise`; of none: `otherwise` always."""
        if (facility, otherwise) not in self.numbers:
            steps = always(otherwise) if facility is None else self._while_shut(facility, otherwise)
            self.numbers[facility, otherwise] = self.add(steps)
        return self.numbers[facility, otherwise]

    def under_way(self, moving: Sequence[Timeline]) -> Ints:
        """(moving,) the numbers of the steps of vehicles under way: why their way is shut, else moving."""
        return np.array([self.add(while_shut(line.pieces[0], reasons(line), "moving")) for line in moving], dtype=np.int64)

    def _while_shut(self, facility: int, otherwise: str) -> Steps:
        hours = self.timelines[facility]
        if facility not in self.why:
            self.why[facility] = reasons(hours)
        return while_shut(hours.pieces[0], self.why[facility], otherwise)


def rules_of(scenario: Scenario, network: Network, draws: Draws, records: Records) -> Rules:
    """The rules under the hours of facilities and of ways that were drawn; who lies off a terminal, records say."""
    sheet = _Sheet(draws.timelines)
    services, places = len(network.services), max(len(network.terminals), len(network.post_on_close))
    steps = np.full((len(Doing), max(1, services), max(1, places)), -1, dtype=np.int64)
    facility = np.full((len(Doing), max(1, places)), -1, dtype=np.int64)
    steps[Doing.BETWEEN] = sheet.number(None, "papers")
    for post, on_close in enumerate(network.post_on_close):
        counts_as = "handling" if scenario.posts[post].kind == "gate" else "customs"
        where = network.post_facility(post)
        steps[Doing.QUEUES, :, post] = sheet.number(where, counts_as)
        steps[Doing.SERVED, :, post] = sheet.number(None if on_close == "finish" else where, counts_as)
        facility[[Doing.QUEUES, Doing.SERVED], post] = where
    for terminal, plan in enumerate(network.terminals):
        for doing, rule in _AT_TERMINALS.items():
            goes_on = rule.is_work and plan.on_close == "finish"
            shuts = None if rule.part is None or goes_on else network.facility(terminal, rule.part)
            steps[doing, :, terminal] = sheet.number(shuts, rule.cause)
            facility[doing, terminal] = network.facility(terminal, rule.at)
        facility[[Doing.WAITS, Doing.BOOKED], terminal] = network.facility(terminal, QUAY)
    for (service, terminal), (from_s, to_s) in _lying_off(network, records).items():
        entry = sheet.table[sheet.number(network.facility(terminal, BERTH), "berth")]
        waiting = sheet.add(while_absent(from_s, to_s, entry, "vehicle"))
        steps[[Doing.WAITS, Doing.BOOKED], service, terminal] = waiting
    sails = sheet.under_way(draws.moving)[_courses(network, draws, records)]
    return Rules(table=sheet.table, steps=steps, sails=sails, facility=facility)


def _courses(network: Network, draws: Draws, records: Records) -> Ints:
    """(calls,) index in the timelines of what is under way of the leg that begins with each call.

    Call k of vehicle i of a service is at stop i + k.
    """
    first = records.calls.first
    vehicle = np.repeat(np.arange(len(first) - 1), np.diff(first))
    stops = np.array([len(plan.terminals) for plan in network.services], dtype=np.int64)
    starts = np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(len(plan.vehicles)) for plan in network.services)])
    following = starts[vehicle] + np.arange(len(vehicle)) - first[vehicle] + 1
    service = np.array(network.vehicle_service, dtype=np.int64)[vehicle]
    return np.asarray(draws.course[vehicle, following % stops[service]], dtype=np.int64)


def _lying_off(network: Network, records: Records) -> dict[tuple[int, int], tuple[Ints, Ints]]:
    """By service and terminal: the spans in which a vehicle lies off the terminal and has not got its berth."""
    calls, berthings, end_s = records.calls, records.berthings, records.end_s
    comes = np.flatnonzero(calls.ready_s > calls.begun_s)
    given_s = reached(berthings.given_s, end_s)
    is_of_fleet = berthings.vehicle < len(network.vehicle_service)
    queues = np.flatnonzero(is_of_fleet & (given_s > reached(berthings.joined_s, end_s)))
    service_of = np.array(network.vehicle_service, dtype=np.int64)
    service = np.concatenate([calls.service[comes], service_of[berthings.vehicle[queues]]])
    terminal = np.concatenate([calls.terminal[comes], berthings.terminal[queues]])
    from_s = np.concatenate([calls.begun_s[comes], berthings.joined_s[queues]])
    to_s = np.concatenate([calls.ready_s[comes], given_s[queues]])
    spans = {}
    for index, plan in enumerate(network.services):
        for at in set(plan.terminals):
            off = np.flatnonzero((service == index) & (terminal == at))
            spans[index, at] = from_s[off], to_s[off]
    return spans
