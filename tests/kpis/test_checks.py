"""Checks are zero when all is right and count what is off when it is not; the bottleneck is what cargo waits for."""

from __future__ import annotations

from dataclasses import fields, replace
from math import nan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.events import CONSIGNMENT_LAW, VEHICLE_LAW, EventLog, Kind, breaches
from sim.kpis import bottleneck, checks, measure
from sim.kpis.auditing import audit
from tests.ledger.tiny import STORY, evidence
from tests.properties.corridors import World, worlds


def off(story: str) -> dict[str, int]:
    """What is off in a story, zeros left out."""
    return {name: value for name, value in checks(evidence(story=story)).items() if value}


def test_a_lawful_story_is_off_by_nothing() -> None:
    """All checks are there and zero."""
    assert checks(evidence()) == {"kg_off": 0, "seconds_off": 0, "cents_off": 0, "events_unlawful": 0}


@pytest.mark.parametrize(
    ("changed", "to", "expected"),
    [
        ("DELIVERED c0 = 60000", "DELIVERED c0 = 59990", {"kg_off": 10}),
        ("DEPARTED v0 ta.quay = 100000", "DEPARTED v0 ta.quay = 100001", {"kg_off": 1}),
        ("37.0 h  DELIVERED c0 = 60000\n", "", {"events_unlawful": 1}),
        ("1.0 h  WAITING c0 ta.quay = 0\n", "", {"events_unlawful": 1}),
        ("8.5 h  CLEARED v0 ta.berths\n", "", {}),
        ("46.0 h  CLEARED v0 tb.berths", "46.0 h  BERTH_GIVEN v0 tb.berths", {"events_unlawful": 2}),
        ("55.0 h  ENDED = 0\n", "", {"events_unlawful": 1}),
    ],
)
def test_what_is_off_is_counted(changed: str, to: str, expected: dict[str, int]) -> None:
    """Kilograms that appear, events that may not follow, a log without an end."""
    assert changed in STORY
    assert off(STORY.replace(changed, to)) == expected


def test_hours_and_cents_that_miss_are_counted() -> None:
    """A second taken from a cause, a cent from a line, a line given to nobody."""
    told = evidence()
    seconds = told.hours.seconds.copy()
    seconds[0, 0] -= 5
    assert checks(replace(told, hours=replace(told.hours, seconds=seconds)))["seconds_off"] == 10
    cents = told.ledger.cents.copy()
    cents[0] += 3
    assert checks(replace(told, ledger=replace(told.ledger, cents=cents)))["cents_off"] == 3


def test_time_that_runs_backwards_is_unlawful() -> None:
    """Two rows of different entities in the wrong order."""
    told = evidence()
    at_s = told.log.at_s.copy()
    row = int((told.log.kind == Kind.ENDED).argmax())
    at_s[row] = at_s[row - 1] - 1
    assert checks(replace(told, log=replace(told.log, at_s=at_s)))["events_unlawful"] == 1


def test_a_delivery_at_another_second_is_found_by_the_log_alone() -> None:
    """The hours say 37 h, the log now says ten seconds less."""
    told = evidence()
    at_s = told.log.at_s.copy()
    row = int((told.log.kind == Kind.DELIVERED).argmax())
    at_s[row] -= 10
    assert checks(replace(told, log=replace(told.log, at_s=at_s)))["seconds_off"] == 10


def test_a_line_that_goes_missing_is_counted() -> None:
    """The first line of the ledger, taken out: its rule charged more than its lines say."""
    told = evidence()
    columns = ("consignment", "tariff", "payer", "payee", "at_s", "cents")
    short = replace(told.ledger, **{name: getattr(told.ledger, name)[1:] for name in columns})
    assert checks(replace(told, ledger=short))["cents_off"] == told.ledger.cents[0]


MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@MANY
@given(world=worlds(), data=st.data())
def test_the_audit_counts_what_breaks_the_law(world: World, data: st.DataObject) -> None:
    """A log with a row that is taken out, told twice or of another kind: as many breaches as are said in words."""
    log = world.log
    row = data.draw(st.integers(0, len(log) - 1))
    rows = np.arange(len(log))
    match data.draw(st.sampled_from(["out", "twice", "other"])):
        case "out":
            rows = np.delete(rows, row)
        case "twice":
            rows = np.insert(rows, row, row)
    kind = log.kind[rows]
    kind[min(row, len(kind) - 1) :][:1] = data.draw(st.sampled_from([kind[min(row, len(kind) - 1)], *range(24)]))
    false = EventLog(**{column.name: getattr(log, column.name)[rows] for column in fields(log)} | {"kind": kind})
    said = breaches(false, CONSIGNMENT_LAW, "consignment", frozenset({Kind.RELEASED}))
    said += breaches(false, VEHICLE_LAW, "vehicle", frozenset({Kind.ARRIVED}))
    assert audit(false, world.draws.kg, len(world.network.vehicle_service)).unlawful == len(said)


def test_the_bottleneck_is_what_cargo_waits_for_longest() -> None:
    """Here the yard: 12 hours of the fruit, none of the grain, at a peak of three quarters of its capacity."""
    found = bottleneck([measure(evidence())])
    assert found is not None
    assert (found.what, found.id, found.utilisation, found.wait_h) == ("yard", "yard", 0.75, 6)
    assert str(found) == "yard: cargo waits 6.0 h for room, 75 % full at its peak"


def test_a_bottleneck_that_is_not_busy_says_why() -> None:
    """Means over replications, those that are not a number left out; idle fleets wait for cargo, idle berths for bunches."""
    rows = [
        {"cargo_wait_h.vehicles.ships": 80.0, "vehicle_utilisation.ships": 0.5, "cargo_wait_h.berths.quay": 1.0},
        {"cargo_wait_h.vehicles.ships": 120.0, "vehicle_utilisation.ships": 0.46, "cargo_wait_h.berths.quay": nan},
    ]
    services = evidence('[[services]]\nid = "ships"\nfill = 0.8\nwait = "7 d"').scenario.services
    assert str(bottleneck(rows, services)) == (
        "ships: cargo waits 4.2 d for a vehicle, fleet 48 % busy: vehicles wait for cargo (fill 80 %, wait 7 d)"
    )
    assert str(bottleneck(rows)).endswith(": vehicles wait for cargo")
    quay = {"cargo_wait_h.berths.quay": 5.0, "berth_occupancy.quay": 0.5}
    assert str(bottleneck([quay])) == "quay berths: cargo waits 5.0 h, 50 % busy: what comes comes in bunches"
    assert str(bottleneck([quay | {"berth_occupancy.quay": 0.9}])) == "quay berths: cargo waits 5.0 h, 90 % busy"
    assert str(bottleneck([{"cargo_wait_h.cranes.quay": 5.0}])) == "quay cranes: cargo waits 5.0 h"


def test_without_waits_there_is_no_bottleneck() -> None:
    """Nothing run, or nothing waited for."""
    assert bottleneck([{"cargo_wait_h.servers.desk": 0.0}]) is None
    assert bottleneck([]) is None
