"""The clock of the reference engine by itself: ranks, rounds and ends, with facilities and stories of a few lines."""

from collections.abc import Callable

import pytest
import simpy

from sim.draws import VoyagesRanOut
from sim.engine.reference.clock import Clock, Happening, Order, Story
from sim.engine.reference.hours import hours_of
from sim.events import Kind
from sim.world.timeline import Timeline, always_open

HORIZON_S = 100


def run(clock: Clock, *starts: Callable[[], None]) -> int:
    """The second at which a run to the horizon ends, if it is over when only windows are left."""
    clock.facilities(starts)
    return clock.run_to(HORIZON_S, HORIZON_S, lambda _: clock.is_idle())


def notes(told: list[str], what: str) -> Callable[[simpy.Event], None]:
    """What is done at an event: a note that it was."""
    return lambda _: told.append(what)


def test_what_is_due_at_one_second_goes_by_order_and_then_by_entity() -> None:
    """However it came onto the agenda."""
    clock, told = Clock(), list[str]()
    for order, entity in (
        (Order.TIMER, 0), (Order.RELEASED, 0), (Order.WORK_ENDS, 7), (Order.VEHICLE_ARRIVES, 1), (Order.WORK_ENDS, 2)
    ):  # fmt: skip
        clock.at(5, order, entity, notes(told, f"{order.name} {entity}"))

    assert run(clock) == 5
    assert told == ["WORK_ENDS 2", "WORK_ENDS 7", "VEHICLE_ARRIVES 1", "RELEASED 0", "TIMER 0"]


def test_what_is_done_at_an_event_comes_before_the_story_that_waits_for_it() -> None:
    """And the story goes on before anything else that is due at that second."""
    clock, told = Clock(), list[str]()
    done = Happening(clock)

    def waits() -> Story:
        yield done
        told.append("story")

    def fires(_: simpy.Event) -> None:
        clock.fire(done, 5, Order.WORK_ENDS, 0, notes(told, "then"))

    clock.process(waits())
    clock.at(5, Order.WORK_ENDS, 1, notes(told, "next"))
    clock.at(3, Order.WORK_ENDS, 9, fires)
    run(clock)

    assert told == ["then", "story", "next"]


def test_marked_facilities_start_when_all_is_applied_the_lowest_first_and_again_when_marked_again() -> None:
    """Facility 1 marks facility 0 as it starts, and begins work that takes no time: another round at the same second."""
    clock, told = Clock(), list[str]()

    def applied(name: str) -> Callable[[simpy.Event], None]:
        def then(_: simpy.Event) -> None:
            told.append(name)
            clock.mark(2)
            clock.mark(1)

        return then

    def begins_work() -> None:
        told.append("1 starts")
        clock.mark(0)
        if len(told) < 6:
            clock.at(clock.now, Order.WORK_ENDS, 0, applied("no time later"))

    clock.at(5, Order.WORK_ENDS, 0, applied("first"))
    clock.at(5, Order.TIMER, 0, applied("second"))

    assert run(clock, lambda: told.append("0 starts"), begins_work, lambda: told.append("2 starts")) == 5
    assert told == [
        "first",
        "second",
        "1 starts",
        "0 starts",
        "2 starts",
        "no time later",
        "1 starts",
        "0 starts",
        "2 starts",
    ]


def test_windows_alone_keep_no_run_going() -> None:
    """At 5 s the last work ends, and what is left is an opening at 50 s."""
    clock = Clock()
    clock.window(50, Order.WINDOW_OPENS, 0)
    clock.at(5, Order.WORK_ENDS, 0)

    assert run(clock) == 5


def test_a_run_ends_at_its_horizon_whatever_is_due_later() -> None:
    """An event at 99 s is the last of a run to 100 s; one at 100 s does not happen."""
    clock, told = Clock(), list[int]()
    for at_s in (99, 100):
        clock.at(at_s, Order.TIMER, 0, lambda _: told.append(clock.now))

    assert run(clock) == HORIZON_S
    assert told == [99]


def test_a_story_that_fails_ends_the_run_with_its_failure() -> None:
    """A vehicle that has no voyage left says so to whoever runs the corridor."""
    clock = Clock()

    def fails() -> Story:
        yield clock.at(5, Order.VEHICLE_ARRIVES, 0)
        raise VoyagesRanOut

    clock.process(fails())
    with pytest.raises(VoyagesRanOut):
        run(clock)


def test_the_log_says_what_happened_when() -> None:
    """A row for each event in its order, with -1 for what has no part in it, and the end."""
    clock = Clock()
    clock.at(5, Order.RELEASED, 3, lambda _: clock.log(Kind.RELEASED, 3, value=24_000))
    clock.at(7, Order.VEHICLE_ARRIVES, 0, lambda _: clock.log(Kind.ARRIVED, vehicle=2, facility=4))
    log = clock.end(run(clock), left=1)

    assert log.at_s.tolist() == [5, 7, 7]
    assert log.kind.tolist() == [Kind.RELEASED, Kind.ARRIVED, Kind.ENDED]
    assert log.consignment.tolist() == [3, -1, -1]
    assert log.vehicle.tolist() == [-1, 2, -1]
    assert log.facility.tolist() == [-1, 4, -1]
    assert log.value.tolist() == [24_000, 0, 1]


def test_hours_that_never_shut_answer_as_their_timeline_does() -> None:
    """Open, open at once, and work ends when it is done, whatever would be done at a closing that never comes."""
    hours, timeline = hours_of(always_open()), always_open()

    assert hours is not timeline
    assert hours.is_open(3)
    assert hours.is_open(3) == timeline.is_open(3)
    assert hours.next_open(3) == timeline.next_open(3) == 3
    assert hours.advance(3, 4, "pause") == timeline.advance(3, 4, "pause") == 7
    assert hours.advance(3, 4, "restart") == timeline.advance(3, 4, "restart") == 7


def test_hours_that_shut_are_those_of_their_timeline() -> None:
    """Even if they shut only for a second."""
    shuts = Timeline((0, 5, 6), (1000, 0, 1000), ("", "held", ""))

    assert hours_of(shuts) is shuts
