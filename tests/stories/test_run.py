"""When a run ends, and what it reports then."""

from sim.events import Kind
from tests.stories.telling import lines, play, shipped


def test_a_run_ends_with_the_measured_window_when_all_that_counts_is_delivered() -> None:
    """What would be released after it is not simulated: no drain is needed."""
    story = play(shipped("d", "50 t at 2 h", "50 t at 300 h"))

    assert story.told(Kind.RELEASED, Kind.DELIVERED, Kind.ENDED) == lines("""
        2.0 h  RELEASED c0 = 50000
        21.0 h  DELIVERED c0 = 50000
        240.0 h  ENDED
    """)


def test_a_run_goes_on_into_the_drain_until_what_was_released_in_the_window_is_delivered() -> None:
    """Demand goes on too; what was released after the window and is still under way is reported, not dropped."""
    story = play(shipped("d", "50 t at 235 h", "50 t at 245 h"))

    assert story.told(Kind.RELEASED, Kind.DELIVERED, Kind.ENDED) == lines("""
        235.0 h  RELEASED c0 = 50000
        245.0 h  RELEASED c1 = 50000
        250.0 h  DELIVERED c0 = 50000
        250.0 h  ENDED = 1
    """)


def test_a_run_ends_at_the_horizon_whatever_is_under_way() -> None:
    """Without drain the horizon is the end of the window; what happens at that very second is beyond it."""
    story = play("run.drain=0 d", shipped("d", "50 t at 235 h", "50 t at 240 h"))

    assert story.told(Kind.RELEASED, Kind.ENDED) == lines("""
        235.0 h  RELEASED c0 = 50000
        240.0 h  ENDED = 1
    """)


def test_what_is_released_in_the_warm_up_is_not_waited_for() -> None:
    """Ten hours before the end of a warm-up of a day, a shipment leaves; an hour of window later the run is over."""
    story = play("run.warm_up=1 d", "run.run_length=1 h", shipped("d", "50 t at 14 h"))

    assert story.told()[-1:] == ["25.0 h  ENDED = 1"]


def test_what_is_released_at_the_first_second_of_the_window_is_waited_for() -> None:
    """The measured window is half-open too: what is released at its end is not waited for, though it goes along."""
    story = play("run.warm_up=1 d", "run.run_length=1 h", shipped("d", "50 t at 24 h", "50 t at 25 h"))

    assert story.told(Kind.DELIVERED, Kind.ENDED) == lines("""
        40.0 h  DELIVERED c0 = 50000
        40.0 h  ENDED = 1
    """)
