"""Timelines: what windows leave, and how work passes through it."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.places import OnClose
from sim.world.timeline import Cause, Timeline, Window, always_open, both, timeline

HORIZON_S = 60
CAUSES: tuple[Cause, ...] = ("held", "weather", "calendar", "breakdown")

windows = st.lists(
    st.builds(
        lambda from_s, length_s, share, cause: Window(from_s, from_s + length_s, share, cause),
        st.integers(-10, 50),
        st.integers(0, 30),
        st.sampled_from([0, 0, 250, 333, 1000]),
        st.sampled_from(CAUSES),
    ),
    max_size=8,
)
shut_windows = st.lists(
    st.builds(
        lambda from_s, length_s: Window(from_s, from_s + length_s, 0, "weather"), st.integers(0, 50), st.integers(1, 9)
    ),
    max_size=8,
)


def second_by_second(given_windows: list[Window], at_s: int) -> tuple[int, str]:
    """Share and cause at a second, by the words of the rule."""
    held = [(w.share, CAUSES.index(w.cause), w.cause) for w in given_windows if w.from_s <= at_s < min(w.to_s, HORIZON_S)]
    share, _, cause = min([*held, (1000, len(CAUSES), "")])
    return (share, cause) if share < 1000 else (1000, "")


def walked(opening: Timeline, start_s: int, work_s: int, on_close: OnClose) -> int:
    """When the work ends, found by walking through every second."""
    at_s, units = start_s, 0
    while units < 1000 * work_s:
        share = opening.share_at(at_s)
        if on_close == "restart" and share == 0:
            units = 0
        units += 1000 if on_close == "finish" else share
        at_s += 1
    return at_s


def test_a_day_with_a_break() -> None:
    """Work that meets the break pauses over it, is finished into it, or begins anew after it."""
    day = timeline([Window(4, 6, 0, "calendar")], 24)
    assert (day.from_s, day.share, day.cause) == ((0, 4, 6), (1000, 0, 1000), ("", "calendar", ""))
    assert day.advance(1, 5, "pause") == 8
    assert day.advance(1, 5, "finish") == 6
    assert day.advance(1, 5, "restart") == 11


def test_work_that_ends_at_the_closing_second_is_done() -> None:
    """Windows are half-open: three seconds of work from 1 on are done at 4, when it closes, whatever the rule."""
    day = timeline([Window(4, 6, 0, "calendar")], 24)
    assert [day.advance(1, 3, rule) for rule in ("pause", "finish", "restart")] == [4, 4, 4]
    assert not day.is_open(4)
    assert day.is_open(6)
    assert (day.next_open(3), day.next_open(4), day.next_open(6)) == (3, 6, 6)


def test_a_third_of_the_capacity() -> None:
    """Under a share of 333 thousandths a second of work needs four seconds: after three only 999 units are there."""
    low = timeline([Window(0, 20, 333, "breakdown")], 24)
    assert low.advance(0, 1, "pause") == 4
    assert low.advance(0, 0, "pause") == 0


def test_of_overlapping_windows_the_smaller_share_counts() -> None:
    """A storm within a slow day shuts it; of two closures that meet, the cause is the one named first in the rule."""
    both = timeline(
        [Window(0, 10, 500, "breakdown"), Window(4, 6, 0, "calendar"), Window(5, 8, 0, "weather"), Window(7, 9, 0, "held")],
        24,
    )
    assert list(zip(both.from_s, both.share, both.cause, strict=True)) == [
        (0, 500, "breakdown"),
        (4, 0, "calendar"),
        (5, 0, "weather"),
        (7, 0, "held"),
        (9, 500, "breakdown"),
        (10, 1000, ""),
    ]
    assert both.edges() == ((4, 0), (9, 500), (10, 1000))
    assert both.next_open(4) == 9


def test_windows_that_touch_become_one() -> None:
    """Two closures of one cause, one after the other, are one piece; what is before the epoch or past the horizon is cut."""
    whole = timeline([Window(-5, 3, 0, "weather"), Window(3, 7, 0, "weather"), Window(20, 99, 0, "calendar")], 24)
    assert (whole.from_s, whole.cause) == ((0, 7, 20, 24), ("weather", "", "calendar", ""))


def test_what_never_shuts() -> None:
    """Without windows work takes as long as it takes."""
    assert timeline([], 24) == timeline([Window(3, 5, 1000, "held")], 24) == always_open()
    assert always_open().advance(7, 5, "restart") == 12
    assert always_open().edges() == ()
    assert always_open().closed_seconds(np.array([0]), np.array([99]), "held").tolist() == [0]


def test_work_too_long_for_any_opening() -> None:
    """Work that begins anew and fits between no two closures is done after the horizon, where all is open."""
    often = timeline([Window(at_s, at_s + 1, 0, "weather") for at_s in range(2, 24, 3)], 24)
    assert often.advance(0, 5, "restart") == 29


@given(windows)
def test_a_timeline_says_of_every_second_what_the_rule_says(given_windows: list[Window]) -> None:
    """Share and cause of each second are those of the smallest share, by the order of causes; the pieces are the fewest."""
    made = timeline(given_windows, HORIZON_S)
    told = [second_by_second(given_windows, at_s) for at_s in range(HORIZON_S + 5)]
    assert [made.share_at(at_s) for at_s in range(HORIZON_S + 5)] == [share for share, _ in told]
    changes = [at_s for at_s in range(HORIZON_S + 5) if at_s == 0 or told[at_s] != told[at_s - 1]]
    assert list(made.from_s) == changes
    assert list(made.cause) == [told[at_s][1] for at_s in changes]


@given(windows, windows)
def test_two_timelines_at_once_are_that_of_all_windows(some: list[Window], others: list[Window]) -> None:
    """What is left where both hold is what all their windows together leave, whichever is named first."""
    made = both(timeline(some, HORIZON_S), timeline(others, HORIZON_S))
    assert made == timeline([*others, *some], HORIZON_S) == both(timeline(others, HORIZON_S), timeline(some, HORIZON_S))


@given(windows, st.integers(0, 70), st.integers(0, 40), st.sampled_from(["pause", "finish", "restart"]))
def test_advance_is_the_walk_through_every_second(
    given_windows: list[Window], at_s: int, work_s: int, on_close: OnClose
) -> None:
    """Under each rule the end is the one found by counting units second by second, as exactly."""
    made = timeline(given_windows, HORIZON_S)
    start_s = made.next_open(at_s)
    assert made.is_open(start_s)
    assert start_s == next(second for second in range(at_s, 200) if made.is_open(second))
    assert made.advance(start_s, work_s, on_close) == walked(made, start_s, work_s, on_close)


@given(shut_windows, st.integers(0, 70), st.integers(0, 40), st.integers(0, 40))
def test_work_may_be_split(given_windows: list[Window], at_s: int, first_s: int, then_s: int) -> None:
    """Where windows shut altogether, paused work done in two parts ends when the whole would have."""
    made = timeline(given_windows, HORIZON_S)
    start_s = made.next_open(at_s)
    between_s = made.next_open(made.advance(start_s, first_s, "pause"))
    if then_s:
        assert made.advance(between_s, then_s, "pause") == made.advance(start_s, first_s + then_s, "pause")


@given(windows, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)).map(sorted), min_size=1))
def test_seconds_are_counted_by_cause(given_windows: list[Window], spans: list[list[int]]) -> None:
    """Open seconds and shut seconds of each cause are those counted one by one, and add up to the span."""
    made = timeline(given_windows, HORIZON_S)
    from_s, to_s = np.array(spans).T
    told = [second_by_second(given_windows, at_s) for at_s in range(81)]
    total = made.open_seconds(from_s, to_s)
    assert total.tolist() == [sum(share > 0 for share, _ in told[a:b]) for a, b in spans]
    for cause in CAUSES:
        shut = made.closed_seconds(from_s, to_s, cause)
        assert shut.tolist() == [sum(found == (0, cause) for found in told[a:b]) for a, b in spans]
        total = total + shut
    assert total.tolist() == (to_s - from_s).tolist()


@pytest.mark.parametrize("rule", ["pause", "finish", "restart"])
def test_no_work_ends_where_it_begins(rule: OnClose) -> None:
    """Work of zero seconds takes none, whatever closes."""
    assert timeline([Window(4, 6, 0, "held")], 24).advance(3, 0, rule) == 3


def test_the_flat_form_of_a_day() -> None:
    """Half of the capacity from 2, none from 4 to 6: its five rows are beginnings, shares, units, openings and closings."""
    day = timeline([Window(2, 4, 500, "breakdown"), Window(4, 6, 0, "calendar")], 24)
    assert day.pieces.tolist() == [[0, 2, 4, 6], [1000, 500, 0, 1000], [0, 2000, 3000, 3000], [0, 2, 6, 6], [4, 4, 4, -1]]
    assert day.pieces.dtype == np.int64
    assert always_open().pieces.tolist() == [[0], [1000], [0], [0], [-1]]


@given(windows)
def test_the_flat_form_says_what_the_timeline_says(given_windows: list[Window]) -> None:
    """Beginnings and shares are those of the pieces, units counted by the second, openings and closings looked for."""
    made = timeline(given_windows, HORIZON_S)
    from_s, share, yielded, opens_s, shuts_s = made.pieces.tolist()
    assert (tuple(from_s), tuple(share)) == (made.from_s, made.share)
    assert yielded == [sum(map(made.share_at, range(at_s))) for at_s in from_s]
    assert opens_s == [made.next_open(at_s) for at_s in from_s]
    shut = [[later_s for later_s in from_s if later_s >= at_s and not made.is_open(later_s)] for at_s in from_s]
    assert shuts_s == [min(later, default=-1) for later in shut]


def test_a_timeline_that_travels_is_the_same() -> None:
    """What another process is sent is equal, hashes alike, and its flat form can be written to no more than the first."""
    day = timeline([Window(4, 6, 0, "calendar")], 24)
    sent = pickle.loads(pickle.dumps(day))
    assert (sent, hash(sent), sent.pieces.tolist()) == (day, hash(day), day.pieces.tolist())
    for each in (day, sent):
        with pytest.raises(ValueError, match="read-only"):
            each.pieces[0, 0] = 1
