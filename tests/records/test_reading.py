"""The tables of a log: which event fills which cell, in a story written by hand and in every random corridor."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim.causes import following, hours, splitting
from sim.events import EventLog
from sim.kpis import auditing
from sim.kpis.auditing import audit
from sim.records import Records, read, reading
from tests.ledger.tiny import HOUR_S, STORY, corridor, log_of
from tests.properties.corridors import World, worlds

FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def told(text: str = STORY) -> Records:
    """The records of a story told in the tiny corridor."""
    _, network, draws = corridor()
    return read(network, log_of(network, text), len(draws.kg))


def in_hours(moments: np.ndarray[Any, np.dtype[np.int64]]) -> list[float]:
    """Moments in hours, -1 where it did not come to that."""
    return [moment / HOUR_S if moment >= 0 else -1 for moment in moments.tolist()]


def flat(table: object) -> list[Any]:
    """Every number of a record of records, columns as lists."""
    if is_dataclass(table):
        return [flat(getattr(table, column.name)) for column in fields(table)]
    return table.tolist() if isinstance(table, np.ndarray) else [table]


def test_a_ride_is_a_row() -> None:
    """The grain finds the ship alongside and room in the yard; the fruit waits for room from 25 h to 37 h."""
    rides = told().rides
    assert rides.consignment.tolist() == [0, 1]
    assert (rides.vehicle.tolist(), rides.call.tolist(), rides.voyage.tolist()) == ([0, 0], [0, 0], [0, 0])
    assert in_hours(rides.accepted_s) == in_hours(rides.alongside_s) == [1.5, 2]
    assert in_hours(rides.load_ended_s) == [4.5, 7.5]
    assert in_hours(rides.no_slot_s) == [-1, 25]
    assert in_hours(rides.unload_started_s) == [22, 37]
    assert in_hours(rides.onward_s) == [25, 39]


def test_a_call_ends_with_a_departure_and_the_last_one_with_the_log() -> None:
    """Three calls and two voyages; at tb the ship waits off the port from 17.5 h to 21 h, and in position for 6 h."""
    records = told()
    calls, stays = records.calls, records.berthings
    assert calls.terminal.tolist() == [0, 1, 0]
    assert in_hours(calls.begun_s) == [0, 17.5, 55]
    assert in_hours(calls.ready_s) == [0.5, 17.5, 55]
    assert in_hours(calls.idle_s) == [6, 6, 0]
    assert in_hours(calls.departed_s) == [7.5, 45, -1]
    assert (records.voyages.kg.tolist(), records.voyages.leg.tolist()) == ([100_000, 0], [0, 0])
    assert (in_hours(stays.joined_s), in_hours(stays.given_s), in_hours(stays.cleared_s)) == (
        [0.5, 17.5],
        [0.5, 21],
        [8.5, 46],
    )


def test_what_the_end_of_the_log_finds_unfinished_has_no_moment() -> None:
    """A log that ends at 23 h: the grain is being discharged, nothing follows, and nobody has joined a queue."""
    lines = [line for line in STORY.strip().splitlines() if float(line.split()[0]) < 23]
    records = told("\n".join([*lines, "23.0 h  ENDED = 2"]))
    assert in_hours(records.rides.unload_started_s) == [22, -1]
    assert in_hours(records.rides.unload_ended_s) == in_hours(records.rides.onward_s) == [-1, -1]
    assert (len(records.visits.post), records.cargo.delivered_s.tolist(), records.end_s) == (0, [-1, -1], 23 * HOUR_S)


def test_cargo_booked_in_the_roads_learns_when_its_ship_is_given_a_berth() -> None:
    """Two are booked before the berth is given and told of it; one is booked alongside; the last never sees a berth."""
    rides = told("""
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  POSITIONED v0 ta.quay = 1
        1.0 h  RELEASED c0 = 60000
        1.0 h  WAITING c0 ta.quay = 0
        1.0 h  ACCEPTED c0 v0 ta.quay
        1.0 h  BERTH_JOINED v0 ta.berths
        2.0 h  BERTH_GIVEN v0 ta.berths
        3.0 h  BERTHED v0 ta.berths
        4.0 h  RELEASED c1 = 40000
        4.0 h  WAITING c1 ta.quay = 0
        4.0 h  ACCEPTED c1 v0 ta.quay
        5.0 h  ENDED = 2
    """).rides
    assert (in_hours(rides.given_s), in_hours(rides.alongside_s)) == ([2, 4], [3, 4])


def test_a_log_that_names_what_was_never_drawn_is_refused() -> None:
    """A third consignment where two were drawn."""
    with pytest.raises(ValueError, match="names consignment 2, but only 2 were drawn"):
        told("1.0 h  RELEASED c2 = 1000\n2.0 h  ENDED = 1")


@FEW
@given(world=worlds())
def test_compiled_or_not_the_tables_the_hours_and_the_audit_are_the_same(world: World) -> None:
    """Every cell, every second by cause and every count, in random corridors."""
    network, draws, log = world.network, world.draws, world.log

    def accounts() -> list[Any]:
        records = read(network, log, len(draws.kg))
        return [flat(records), flat(hours(world.scenario, network, draws, records)), flat(audit(log, draws.kg, 2))]

    quick = accounts()
    with pytest.MonkeyPatch.context() as plain:
        for room in (reading, following, splitting, auditing):
            plain.setattr(room, "compiled", lambda loop: loop)
        assert accounts() == quick


def test_a_log_of_narrow_numbers_is_read_just_the_same() -> None:
    """Columns of four bytes, as an engine may hand them over, and of every other row of a wider array."""
    _, network, draws = corridor()
    log = log_of(network, STORY)
    narrow = EventLog(**{column.name: getattr(log, column.name).astype(np.int32) for column in fields(log)})
    strided = replace(log, at_s=np.repeat(log.at_s, 2)[::2])
    assert flat(read(network, narrow, len(draws.kg))) == flat(read(network, strided, len(draws.kg))) == flat(told())
