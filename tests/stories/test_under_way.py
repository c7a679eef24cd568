"""Under way: what shuts a leg, or stops a vehicle, on the road or at sea; and berths that are lost."""

from __future__ import annotations

import numpy as np

from sim.causes import CAUSES, hours, story
from sim.events import Kind
from sim.records import read
from sim.scenario import loads
from tests.stories.telling import HERE, Story, lines, play, shipped, shut, with_calls

FULL_SHIP = shipped("d", "100 t at 2 h")
"""Accepted at 2 h, berthed at 3 h, loaded by 5 h; she clears the berth by 6 h and is at sea for ten hours."""
MOVES = (Kind.DEPARTED, Kind.CLEARED, Kind.ARRIVED)


def moving(story: Story) -> list[str]:
    """Departures and arrivals."""
    return story.told(*MOVES)[1:4]


def test_a_leg_that_shuts_holds_up_who_is_on_it() -> None:
    """Shut from 8 h to 20 h with two of ten hours gone: eight are left at 20 h. Whoever leaves meanwhile stands at once."""
    assert moving(play(FULL_SHIP)) == lines("""
        5.0 h  DEPARTED v0 ta.quay = 100000
        6.0 h  CLEARED v0 ta.berths
        16.0 h  ARRIVED v0 tb.gate = 100000
    """)
    assert moving(play(FULL_SHIP, also=shut("a-b", "work", "8 to 20"))) == lines("""
        5.0 h  DEPARTED v0 ta.quay = 100000
        6.0 h  CLEARED v0 ta.berths
        28.0 h  ARRIVED v0 tb.gate = 100000
    """)
    assert moving(play(FULL_SHIP, also=shut("a-b", "work", "4 to 20"))) == lines("""
        5.0 h  DEPARTED v0 ta.quay = 100000
        6.0 h  CLEARED v0 ta.berths
        30.0 h  ARRIVED v0 tb.gate = 100000
    """)


def test_another_leg_that_shuts_is_nothing_to_her() -> None:
    """Ice between b and c does not slow the ship from a to b."""
    assert moving(play(FULL_SHIP, also=shut("b-c", "work", "0 to 90"))) == moving(play(FULL_SHIP))


def test_a_share_slows_what_is_under_way() -> None:
    """Half the speed from 8 h on: the eight hours that are left take sixteen."""
    assert moving(play(FULL_SHIP, also=shut("a-b", "work", "8 to 90", "share = '50 %'")))[-1:] == lines("""
        24.0 h  ARRIVED v0 tb.gate = 100000
    """)


def test_a_fleet_that_stands_works_on_at_the_quay() -> None:
    """A strike of the crews from 1 h to 20 h: she is loaded and leaves the berth as ever, and sails when it is over."""
    assert play(FULL_SHIP, also=shut("ships", "work", "1 to 20")).told(Kind.LOAD_ENDED, *MOVES)[1:5] == lines("""
        5.0 h  LOAD_ENDED c0 v0 ta.cranes
        5.0 h  DEPARTED v0 ta.quay = 100000
        6.0 h  CLEARED v0 ta.berths
        30.0 h  ARRIVED v0 tb.gate = 100000
    """)


def test_of_a_fleet_the_last_vehicles_are_lost() -> None:
    """Of two ships one is laid up for four days: the first sails, the second stands as soon as it is under way."""
    laid_up = shut("ships", "work", "0 to 96", "lost = 1")
    two = ("services.ships.vehicles=2", "terminals.ta.berths=2", "services.ships.empty=always", "services.ships.wait=1 h")
    story = play(FULL_SHIP, *two, also=laid_up)
    arrivals = [line for line in story.told(Kind.ARRIVED) if not line.startswith("0.0 h")]
    assert [line.split("  ")[1].split()[1] for line in arrivals[:1]] == ["v0"]
    assert min(float(line.split(" h")[0]) for line in arrivals if " v1 " in line) > 96


def test_every_ship_breaks_down_by_itself() -> None:
    """After each 7 h of the calendar 5 h of repairs: from 6 h on she sails for 1 h, 7 h and 2 h with a repair after each of
    the first two.
    """
    fails = "[[disruptions]]\nid='fails'\nkind='breakdowns'\non=['ships']\nbetween='7 h'\nrepair='5 h'\n"
    assert moving(play(FULL_SHIP, also=fails))[-1:] == lines("""
        26.0 h  ARRIVED v0 tb.gate = 100000
    """)


def test_hours_under_way_count_under_what_stopped_them() -> None:
    """Twelve hours of a shut leg are held, the other eleven (an hour to clear the berth, ten at sea) moving; all add up."""
    told = play(FULL_SHIP, also=shut("a-b", "work", "8 to 20"))
    scenario = loads('extends = "coast.toml"\n' + shut("a-b", "work", "8 to 20"), base=HERE, sets=(FULL_SHIP,)).scenario
    records = read(told.network, told.log, len(told.draws.kg))
    found = hours(scenario, told.network, told.draws, records)
    by_cause = dict(zip(CAUSES, (found.seconds[0] / 3600).tolist(), strict=True))
    at_sea = [f"{each.from_s / 3600} to {each.to_s / 3600} h, {each.cause}: {each.text}"
              for each in story(scenario, told.network, told.draws, records, 0) if "way to" in each.text]  # fmt: skip
    assert at_sea == lines("""
        5.0 to 8.0 h, moving: under way to tb.quay
        8.0 to 20.0 h, held: aboard, stands still on the way to tb.quay
        20.0 to 28.0 h, moving: under way to tb.quay
    """)
    assert by_cause["held"] == 12
    assert np.array_equal(found.seconds.sum(axis=1), found.to_s - found.from_s)


def test_a_lost_berth_is_given_to_nobody() -> None:
    """Of two berths one is lost from 0 h to 20 h: the second caller waits for the first, and a third, who comes with both
    berths there, does not. Who lies at a berth when one is lost stays.
    """
    two = play(shipped("d", "100 t at 200 h"), "terminals.tb.berths=2", also=shut("tb", "entry", "0 to 20", "lost = 1"))
    calls = with_calls(two, "tb at 2 h for 5 h, rank 0", "tb at 3 h for 5 h, rank 0", "tb at 22 h for 9 h, rank 0",
                       "tb at 23 h for 9 h, rank 0")  # fmt: skip
    assert [line for line in calls.told(Kind.BERTH_GIVEN) if "tb" in line][:4] == lines("""
        2.0 h  BERTH_GIVEN v1 tb.berths
        9.0 h  BERTH_GIVEN v2 tb.berths
        22.0 h  BERTH_GIVEN v3 tb.berths
        23.0 h  BERTH_GIVEN v4 tb.berths
    """)
    late = play(shipped("d", "100 t at 200 h"), "terminals.tb.berths=2", also=shut("tb", "entry", "4 to 60", "lost = 1"))
    calls = with_calls(late, "tb at 2 h for 5 h, rank 0", "tb at 3 h for 20 h, rank 0", "tb at 6 h for 5 h, rank 0")
    assert [line for line in calls.told(Kind.BERTH_GIVEN) if "tb" in line][:3] == lines("""
        2.0 h  BERTH_GIVEN v1 tb.berths
        3.0 h  BERTH_GIVEN v2 tb.berths
        25.0 h  BERTH_GIVEN v3 tb.berths
    """)
