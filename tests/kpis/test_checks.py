"""Checks are zero when all is right and count what is off when it is not; the bottleneck is what is used most."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from sim.events import Kind
from sim.kpis import bottleneck, checks, measure
from tests.ledger.tiny import STORY, evidence


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


def test_the_bottleneck_is_the_most_used_facility_or_fleet() -> None:
    """Here the ship, 75 % of whose time is not spent waiting for cargo; the wait for it is a quarter of an hour."""
    found = bottleneck([measure(evidence())])
    assert found is not None
    assert (found.kpi, found.id, found.utilisation, found.wait_h) == ("vehicle_utilisation.ships", "ships", 0.75, 0.25)
    assert str(found) == "ships vehicles: 75 % busy, mean wait 0 h"


def test_the_bottleneck_is_taken_of_means() -> None:
    """Means over replications, those that are not a number left out; without any use there is none."""
    rows = [
        {"berth_occupancy.quay": 0.9, "berth_wait_h.quay": nan, "post_occupancy.desk": 0.6, "post_wait_h.desk": 2.0},
        {"berth_occupancy.quay": 0.1, "berth_wait_h.quay": 31.0, "post_occupancy.desk": 0.6, "post_wait_h.desk": 4.0},
    ]
    assert str(bottleneck(rows)) == "desk servers: 60 % busy, mean wait 3 h"
    assert str(bottleneck([{"crane_occupancy.quay": 0.5}])) == "quay cranes: 50 % busy"
    assert bottleneck([{"post_occupancy.desk": 0.0}]) is None
    assert bottleneck([]) is None
