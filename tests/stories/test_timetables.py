"""Timetabled services: departures, cut-offs, and what happens when there is nothing to carry."""

from sim.events import Kind
from tests.stories.telling import lines, play, shipped

DAILY = (
    "services.ships.waits_at=berth",
    "services.ships.departures=[{ stop = 'a', first = '8 h', every = '24 h', cut_off = '2 h' }]",
)


def test_a_timetabled_vehicle_closes_at_its_cut_off_and_leaves_on_time() -> None:
    """It is full at 2 h, yet leaves at 8 h; what comes after the cut-off at 6 h waits for the next departure."""
    story = play(*DAILY, shipped("d", "100 t at 2 h", "20 t at 7 h"))

    assert story.told(Kind.ACCEPTED, Kind.CLOSED, Kind.DEPARTED)[:3] == lines("""
        2.0 h  ACCEPTED c0 v0 ta.quay
        6.0 h  CLOSED v0 ta.quay = 100000
        8.0 h  DEPARTED v0 ta.quay = 100000
    """)


def test_what_comes_at_the_cut_off_goes_along() -> None:
    """An arrival of the second of the cut-off is taken before the vehicle closes, which leaves once it is loaded."""
    story = play(*DAILY, shipped("d", "20 t at 6 h", "20 t at 21601 s"))

    assert story.told(Kind.ACCEPTED, Kind.CLOSED, Kind.DEPARTED)[:3] == lines("""
        6.0 h  ACCEPTED c0 v0 ta.quay
        6.0 h  CLOSED v0 ta.quay = 20000
        8.0 h  DEPARTED v0 ta.quay = 20000
    """)


def test_a_timetabled_vehicle_leaves_late_rather_than_without_its_cargo() -> None:
    """Loading that is not done at the departure is finished first."""
    story = play(
        DAILY[0], "services.ships.departures=[{ stop = 'a', first = '8 h', every = '24 h' }]", shipped("d", "100 t at 7.5 h")
    )

    assert story.told(Kind.LOAD_STARTED, Kind.CLOSED, Kind.DEPARTED)[:3] == lines("""
        7.5 h  LOAD_STARTED c0 v0 ta.cranes
        8.0 h  CLOSED v0 ta.quay = 100000
        9.5 h  DEPARTED v0 ta.quay = 100000
    """)


def test_two_vehicles_at_one_stop_take_successive_departures() -> None:
    """The second ship at the berths does not share the departure of the first; both load at once."""
    story = play(*DAILY, "services.ships.vehicles=3", "terminals.ta.berths=2", shipped("d", "100 t at 2 h", "100 t at 3 h"))

    assert story.told(Kind.LOAD_STARTED, Kind.DEPARTED)[:4] == lines("""
        2.0 h  LOAD_STARTED c0 v0 ta.cranes
        3.0 h  LOAD_STARTED c1 v2 ta.cranes
        8.0 h  DEPARTED v0 ta.quay = 100000
        32.0 h  DEPARTED v2 ta.quay = 100000
    """)


def test_a_timetabled_vehicle_without_cargo_takes_the_next_departure() -> None:
    """Unless it may leave empty; and what comes after the missed cut-off is taken for the next."""
    story = play(*DAILY, shipped("d", "50 t at 7 h"))

    assert story.told(Kind.ACCEPTED, Kind.CLOSED, Kind.DEPARTED)[:3] == lines("""
        7.0 h  ACCEPTED c0 v0 ta.quay
        30.0 h  CLOSED v0 ta.quay = 50000
        32.0 h  DEPARTED v0 ta.quay = 50000
    """)


def test_a_timetabled_vehicle_that_may_leave_empty_keeps_its_timetable() -> None:
    """`empty = "always"`: it leaves with nothing at 8 h."""
    story = play(*DAILY, "services.ships.empty=always", shipped("d", "50 t at 7 h"))

    assert story.told(Kind.CLOSED, Kind.DEPARTED)[:2] == lines("""
        6.0 h  CLOSED v0 ta.quay
        8.0 h  DEPARTED v0 ta.quay
    """)
