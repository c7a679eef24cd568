"""Windows: half-open, the smaller share where they overlap, and what they do to work and to entries."""

import pytest

from sim.events import Kind
from tests.stories.telling import lines, play, shipped, shut

FULL_SHIP = shipped("d", "100 t at 2 h")
"""Accepted at 2 h, berthed at 3 h; loading takes 2 h and would end at 5 h."""


@pytest.mark.parametrize(("on_close", "ends"), [("pause", 11.0), ("finish", 5.0), ("restart", 12.0)])
def test_work_that_meets_a_closed_window_pauses_is_finished_or_starts_anew(on_close: str, ends: float) -> None:
    """Closed from 4 h to 10 h, with 1 h of 2 h done: resumed for 1 h more, or not interrupted, or begun again at 10 h."""
    story = play(FULL_SHIP, f"terminals.ta.on_close={on_close}", also=shut("ta", "work", "4 to 10"))

    assert story.times(Kind.LOAD_STARTED) == [3.0]
    assert story.times(Kind.LOAD_ENDED) == [ends]


@pytest.mark.parametrize(("on_close", "ends"), [("pause", 30.0), ("finish", 26.0), ("restart", 32.0)])
def test_a_post_heeds_its_own_on_close(on_close: str, ends: float) -> None:
    """The desk serves for 4 h from 22 h on and is shut from 24 h to 28 h."""
    desk = "[[posts]]\nid = 'desk'\nnode = 'a'\ntime = '4 h'\n"
    story = play(
        shipped("d", "50 t at 22 h"), f"posts.desk.on_close={on_close}", also=desk + shut("desk", "work", "24 to 28")
    )

    assert story.times(Kind.POST_ENDED) == [ends]


@pytest.mark.parametrize(
    ("closed", "starts", "ends"),
    [
        ("3 to 4", 4.0, 6.0),  # due to start at the closing second: it does not
        ("2 to 3", 3.0, 5.0),  # due to start at the opening second: it does
        ("5 to 9", 3.0, 5.0),  # done at the closing second: it is not held up
    ],
)
def test_windows_are_half_open(closed: str, starts: float, ends: float) -> None:
    """From the first second, inclusive, to the last, exclusive."""
    story = play(FULL_SHIP, also=shut("ta", "work", closed))

    assert story.times(Kind.LOAD_STARTED) == [starts]
    assert story.times(Kind.LOAD_ENDED) == [ends]


def test_a_share_of_capacity_slows_work() -> None:
    """From 4 h on half is left: the second hour of work takes two."""
    story = play(FULL_SHIP, also=shut("ta", "work", "4 to 90", "share = '50 %'"))

    assert story.told(Kind.OPENED, Kind.LOAD_STARTED, Kind.LOAD_ENDED)[:3] == lines("""
        3.0 h  LOAD_STARTED c0 v0 ta.cranes
        4.0 h  OPENED ta.cranes = 500
        6.0 h  LOAD_ENDED c0 v0 ta.cranes
    """)


def test_work_ends_at_the_first_second_at_which_it_is_yielded_in_full() -> None:
    """A tonne is 72 s; at 70 % that is 102.86 s, and so 103."""
    story = play(shipped("d", "1 t at 2 h"), also=shut("ta", "work", "4 to 90", "share = '70 %'"))

    assert story.told(Kind.LOAD_STARTED, Kind.LOAD_ENDED) == lines("""
        7.0 h  LOAD_STARTED c0 v0 ta.cranes
        7 h 103 s  LOAD_ENDED c0 v0 ta.cranes
    """)


def test_where_windows_overlap_the_smaller_share_counts() -> None:
    """Half from 3 h to 9 h, nothing from 4 h to 6 h: half an hour of work, a pause of 2 h, and 3 h for the rest."""
    closures = shut("ta", "work", "3 to 9", "share = '50 %'") + shut("ta", "work", "4 to 6")
    story = play(FULL_SHIP, also=closures)

    assert story.told(Kind.OPENED, Kind.SHUT, Kind.LOAD_STARTED, Kind.LOAD_ENDED)[:6] == lines("""
        3.0 h  OPENED ta.cranes = 500
        3.0 h  LOAD_STARTED c0 v0 ta.cranes
        4.0 h  SHUT ta.cranes
        6.0 h  OPENED ta.cranes = 500
        9.0 h  OPENED ta.cranes = 1000
        9.0 h  LOAD_ENDED c0 v0 ta.cranes
    """)


def test_an_entry_closure_bars_new_entries_while_a_move_begun_completes() -> None:
    """The port shuts while the ship moves in: it berths, loads and leaves; the next entry waits for the opening."""
    story = play("services.ships.waits_at=berth", "services.ships.empty=always", "services.ships.wait=1 h",
                 also=shut("ta", "entry", "0.5 to 40"))  # fmt: skip

    assert [line for line in story.told() if "ta.berths" in line][:7] == lines("""
        0.0 h  BERTH_JOINED v0 ta.berths
        0.0 h  BERTH_GIVEN v0 ta.berths
        0.5 h  SHUT ta.berths
        1.0 h  BERTHED v0 ta.berths
        4.0 h  CLEARED v0 ta.berths
        28.0 h  BERTH_JOINED v0 ta.berths
        40.0 h  OPENED ta.berths = 1000
    """)


def test_breakdowns_run_on_calendar_time() -> None:
    """Cranes that work from 6 h on and are down from 4 h to 10 h are back at 10 h: the night counts as repair time."""
    nights = """
    [[calendars]]
    id = "days"
    timezone = "UTC"
    week = { mon = ["06:00-18:00"], tue = ["06:00-18:00"], wed = ["06:00-18:00"], thu = ["06:00-18:00"],
             fri = ["06:00-18:00"], sat = ["06:00-18:00"], sun = ["06:00-18:00"] }
    """.replace("\n             ", " ")
    story = play(
        FULL_SHIP, "terminals.ta.hours=days", also=nights + shut("ta", "work", "4 to 10").replace("held", "breakdown")
    )

    assert story.told(Kind.LOAD_STARTED, Kind.LOAD_ENDED) == lines("""
        10.0 h  LOAD_STARTED c0 v0 ta.cranes
        12.0 h  LOAD_ENDED c0 v0 ta.cranes
    """)


@pytest.mark.parametrize("bars", ["entry", "work"])
def test_a_closure_of_the_whole_run_neither_hangs_nor_crashes_it(bars: str) -> None:
    """Nothing is ever due again, yet it is no gridlock: the run goes to its horizon and reports what is under way."""
    story = play(also=shut("ta", bars, "-100 to 9999"))

    assert story.told()[-1:] == ["360.0 h  ENDED = 1"]
    assert story.told(Kind.GRIDLOCK, Kind.LOAD_STARTED) == []
