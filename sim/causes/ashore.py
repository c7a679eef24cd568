"""Ashore: cargo at posts and quays, waiting for a vehicle, for a crane, and in the hands of one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.causes.sheet import Doing, Sheet, steps_of_terminals
from sim.causes.steps import always, while_absent
from sim.records import Records, reached
from sim.world.network import BERTH, CRANE, QUAY, Network

__all__ = ["note_at_posts", "note_at_quays"]

Ints = npt.NDArray[np.int64]


def note_at_posts(sheet: Sheet, network: Network, records: Records, counts_as: Sequence[str]) -> None:
    """Queues and services of posts: why the post is shut, else the cause that it counts as; between two steps: papers."""
    first = network.post_facility(0)
    queues, services = [], []
    for post, on_close in enumerate(network.post_on_close):
        queues.append(sheet.while_shut(first + post, counts_as[post]))
        services.append(sheet.add(always(counts_as[post])) if on_close == "finish" else queues[-1])
    papers = sheet.add(always("papers"))
    cargo, visits, rides, end_s = records.cargo, records.visits, records.rides, records.end_s
    joined_s, started_s, ended_s = (reached(times, end_s) for times in (visits.joined_s, visits.started_s, visits.ended_s))
    for numbers, doing, from_s, to_s in (
        (queues, Doing.QUEUES, joined_s, started_s),
        (services, Doing.SERVED, started_s, ended_s),
    ):
        steps = np.array(numbers, dtype=np.int64)[visits.post - first]
        sheet.note((visits.consignment, from_s, to_s), steps, doing, visits.post)
    for who, from_s, onward_s in (
        (np.arange(len(cargo.released_s), dtype=np.int64), reached(cargo.released_s, end_s), cargo.onward_s),
        (visits.consignment, ended_s, visits.onward_s),
        (rides.consignment, reached(rides.unload_ended_s, end_s), rides.onward_s),
    ):
        sheet.note((who, from_s, reached(onward_s, end_s)), papers, Doing.BETWEEN, -1)


def note_at_quays(sheet: Sheet, network: Network, records: Records) -> None:
    """At a quay: waiting for a vehicle, then for a crane, then the work of the crane; and the same work at the far end."""
    rides, end_s = records.rides, records.end_s
    waiting = _waiting_steps(sheet, network, records)
    cranes = steps_of_terminals(sheet, network, CRANE, "crane")
    works = steps_of_terminals(sheet, network, CRANE, "handling", finishes=True)
    called_in = sheet.add(always("vehicle"))
    who, quay, crane = rides.consignment, 4 * rides.board + QUAY, 4 * rides.board + CRANE
    accepted_s, begun_s = reached(rides.accepted_s, end_s), reached(rides.load_started_s, end_s)
    alongside_s = np.minimum(reached(rides.alongside_s, end_s), begun_s)
    given_s = np.minimum(reached(rides.given_s, end_s), alongside_s)
    steps = waiting[rides.service, rides.board]
    sheet.note((who, reached(rides.waiting_s, end_s), accepted_s), steps, Doing.WAITS, quay)
    sheet.note((who, accepted_s, given_s), steps, Doing.BOOKED, quay)
    sheet.note((who, given_s, alongside_s), called_in, Doing.CALLED_IN, quay)
    sheet.note((who, alongside_s, begun_s), cranes[rides.board], Doing.BESIDE, quay)
    sheet.note((who, begun_s, reached(rides.load_ended_s, end_s)), works[rides.board], Doing.LOADED, crane)
    times = (who, reached(rides.unload_started_s, end_s), reached(rides.unload_ended_s, end_s))
    sheet.note(times, works[rides.alight], Doing.DISCHARGED, 4 * rides.alight + CRANE)


def _waiting_steps(sheet: Sheet, network: Network, records: Records) -> Ints:
    """(services, terminals) the steps of waiting for a vehicle.

    While one of the service lies off the terminal and has not got its berth: why the berths are shut, else berth. Vehicle
    at all other times.
    """
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
    numbers = np.full((len(network.services), len(network.terminals)), -1, dtype=np.int64)
    for index, plan in enumerate(network.services):
        for at in set(plan.terminals):
            off = np.flatnonzero((service == index) & (terminal == at))
            entry = sheet.table[sheet.while_shut(network.facility(at, BERTH), "berth")]
            numbers[index, at] = sheet.add(while_absent(from_s[off], to_s[off], entry, "vehicle"))
    return numbers
