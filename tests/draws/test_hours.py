"""The hours of a facility: what its calendar and the disruptions on it leave open together."""

from __future__ import annotations

import numpy as np

from sim.units import DAY_S, HOUR_S
from sim.world.network import CRANE
from tests.draws.corridor import CORRIDOR, drawn

OFFICE = """
[[calendars]]
id = "office"
timezone = "UTC"
week = { mon = ["08:00-16:00"], tue = ["08:00-16:00"] }

[[disruptions]]
kind = "dated"
id = "slow"
on = ["pier"]
cause = "held"
share = "50 %"
windows = [{ from = 2026-01-05T12:00:00Z, to = 2026-01-06T12:00:00Z }]
"""


def test_a_slow_day_within_working_hours() -> None:
    """Monday 5 January is worked in full to noon and by half to four, Tuesday by half to noon and then in full."""
    changes = {"terminals.pier.hours": "office", "run.run_length": "7 d"}
    network, draws = drawn(changes, CORRIDOR + OFFICE)
    hours = draws.timelines[network.facility(3, CRANE)]
    monday_s, tuesday_s = 4 * DAY_S, 5 * DAY_S
    assert list(zip(hours.from_s, hours.share, hours.cause, strict=True)) == [
        (0, 0, "calendar"),
        (monday_s + 8 * HOUR_S, 1000, ""),
        (monday_s + 12 * HOUR_S, 500, "held"),
        (monday_s + 16 * HOUR_S, 0, "calendar"),
        (tuesday_s + 8 * HOUR_S, 500, "held"),
        (tuesday_s + 12 * HOUR_S, 1000, ""),
        (tuesday_s + 16 * HOUR_S, 0, "calendar"),
        (7 * DAY_S, 1000, ""),
    ]


def test_hours_are_the_same_in_every_replication_unless_chance_strikes() -> None:
    """The calendar of the pier is that of any other replication; the storms at the quay are of this one alone."""
    changes = {"terminals.pier.hours": "office"}
    (_, first), (_, second) = (drawn(changes, CORRIDOR + OFFICE, replication=number) for number in (0, 1))
    differ = [one != other for one, other in zip(first.timelines, second.timelines, strict=True)]
    assert np.flatnonzero(differ).tolist() == [9]
