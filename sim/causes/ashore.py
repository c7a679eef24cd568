"""Ashore: cargo at posts and quays, waiting for a vehicle, for a crane, and in the hands of one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.causes.sheet import Doing, Sheet, steps_of_terminals
from sim.causes.steps import always, while_absent, while_shut
from sim.draws import Draws
from sim.events import Kind
from sim.records import Records, Spans
from sim.world.network import BERTH, CRANE, Network

__all__ = ["note_at_posts", "note_at_quays"]

Ints = npt.NDArray[np.int64]


def note_at_posts(sheet: Sheet, network: Network, draws: Draws, cargo: Spans, counts_as: Sequence[str]) -> None:
    """Queues and services of posts: why the post is shut, else the cause that it counts as; between two steps: papers."""
    first = network.post_facility(0)
    queues, services = [], []
    for post, on_close in enumerate(network.post_on_close):
        hours = draws.timelines[first + post]
        queues.append(sheet.add(while_shut(hours, counts_as[post])))
        finishes = on_close == "finish"
        services.append(sheet.add(always(counts_as[post]) if finishes else while_shut(hours, counts_as[post])))
    for kind, numbers, doing in (
        (Kind.POST_JOINED, queues, Doing.QUEUES),
        (Kind.POST_STARTED, services, Doing.SERVED),
    ):
        rows = np.flatnonzero(cargo.kind == kind)
        steps = np.array(numbers, dtype=np.int64)[cargo.facility[rows] - first]
        sheet.note(_times(cargo, rows), steps, doing, cargo.facility[rows])
    rows = np.flatnonzero(np.isin(cargo.kind, (Kind.RELEASED, Kind.POST_ENDED, Kind.UNLOAD_ENDED)))
    sheet.note(_times(cargo, rows), sheet.add(always("papers")), Doing.BETWEEN, -1)


def note_at_quays(sheet: Sheet, network: Network, draws: Draws, records: Records) -> None:
    """At a quay: waiting for a vehicle, then for a crane, then the work of the crane; and the same work at the far end."""
    cargo = records.cargo
    waiting = _waiting_steps(sheet, network, draws, records.vehicles)
    cranes = steps_of_terminals(sheet, network, draws, CRANE, "crane")
    works = steps_of_terminals(sheet, network, draws, CRANE, "handling", finishes=True)

    rows = np.flatnonzero(cargo.kind == Kind.WAITING)
    steps = waiting[cargo.value[rows], cargo.facility[rows] // 4]
    sheet.note(_times(cargo, rows), steps, Doing.WAITS, cargo.facility[rows])

    rows = np.flatnonzero(cargo.kind == Kind.ACCEPTED)
    who, from_s, to_s = _times(cargo, rows)
    terminal, facility = cargo.facility[rows] // 4, cargo.facility[rows]
    service = np.array(network.vehicle_service, dtype=np.int64)[cargo.vehicle[rows]]
    alongside_s = np.minimum(_alongside_s(records, rows), to_s)
    given_s = np.minimum(_next_s(records, rows, Kind.BERTH_GIVEN), alongside_s)
    sheet.note((who, from_s, given_s), waiting[service, terminal], Doing.BOOKED, facility)
    sheet.note((who, given_s, alongside_s), sheet.add(always("vehicle")), Doing.CALLED_IN, facility)
    sheet.note((who, alongside_s, to_s), cranes[terminal], Doing.BESIDE, facility)

    for kind, doing in ((Kind.LOAD_STARTED, Doing.LOADED), (Kind.UNLOAD_STARTED, Doing.DISCHARGED)):
        rows = np.flatnonzero(cargo.kind == kind)
        sheet.note(_times(cargo, rows), works[cargo.facility[rows] // 4], doing, cargo.facility[rows])


def _times(cargo: Spans, rows: Ints) -> tuple[Ints, Ints, Ints]:
    return cargo.entity[rows], cargo.from_s[rows], cargo.to_s[rows]


def _waiting_steps(sheet: Sheet, network: Network, draws: Draws, vehicles: Spans) -> Ints:
    """(services, terminals) the steps of waiting for a vehicle.

    While one of the service lies off the terminal and has not got its berth: why the berths are shut, else berth. Vehicle
    at all other times.
    """
    fleet = len(network.vehicle_service)
    off = (Kind.ARRIVED, Kind.GATE_STARTED, Kind.GATE_ENDED, Kind.BERTH_JOINED)
    lasting = vehicles.to_s > vehicles.from_s
    rows = np.flatnonzero(np.isin(vehicles.kind, off) & (vehicles.entity < fleet) & lasting)
    service = np.array(network.vehicle_service, dtype=np.int64)[vehicles.entity[rows]]
    terminal = vehicles.facility[rows] // 4
    numbers = np.full((len(network.services), len(network.terminals)), -1, dtype=np.int64)
    for index, plan in enumerate(network.services):
        for at in set(plan.terminals):
            mine = rows[(service == index) & (terminal == at)]
            entry = while_shut(draws.timelines[network.facility(at, BERTH)], "berth")
            steps = while_absent(vehicles.from_s[mine], vehicles.to_s[mine], entry, "vehicle")
            numbers[index, at] = sheet.add(steps)
    return numbers


def _alongside_s(records: Records, rows: Ints) -> Ints:
    """For rows ACCEPTED: from when on its vehicle lies at the berth; the log's end where it does not come to that."""
    cargo, vehicles = records.cargo, records.vehicles
    length, accepted = _keys(records, rows)
    marks = np.flatnonzero(np.isin(vehicles.kind, (Kind.POSITIONED, Kind.BERTHED, Kind.SHIFTED)))
    before = marks[np.searchsorted(vehicles.entity[marks] * length + vehicles.row[marks], accepted) - 1]
    kind = vehicles.kind[before]
    lies = (kind == Kind.BERTHED) | ((kind == Kind.POSITIONED) & (vehicles.value[before] == 0))
    return np.where(lies, cargo.from_s[rows], _next_s(records, rows, Kind.BERTHED))


def _next_s(records: Records, rows: Ints, kind: Kind) -> Ints:
    """For cargo rows: when their vehicle next has an event of a kind; the log's end where it has none."""
    vehicles = records.vehicles
    length, keys = _keys(records, rows)
    marks = np.flatnonzero(vehicles.kind == kind)
    after = np.searchsorted(vehicles.entity[marks] * length + vehicles.row[marks], keys)
    whose = np.append(vehicles.entity[marks], -1)[after]
    at_s = np.append(vehicles.from_s[marks], records.end_s)[after]
    return np.where(whose == records.cargo.vehicle[rows], at_s, records.end_s)


def _keys(records: Records, rows: Ints) -> tuple[int, Ints]:
    """A length beyond every row of the log, and keys that sort cargo rows among those of their vehicles."""
    cargo, vehicles = records.cargo, records.vehicles
    length = 1 + max(int(vehicles.row.max(initial=0)), int(cargo.row.max(initial=0)))
    return length, cargo.vehicle[rows] * length + cargo.row[rows]
