"""Whole seconds, and the rule of the instant."""

from sim.events import Kind
from tests.stories.telling import CUSTOMS, HOMEWARD, OUTWARD, lines, play, shipped, shut

OTHER_SHIP = """
[[services]]
id = "others"
mode = "sea"
stops = ["a", "b"]
vehicles = 1
capacity = "100 t"
waits_at = "berth"
"""


def test_handling_work_is_rounded_up_to_whole_seconds() -> None:
    """Crane time is mass over rate, in seconds begun: at 72 s/t one kilogram takes 1 s, a tonne 72 s, 1001 kg 73 s."""
    story = play(shipped("d", "1 kg at 2 h", "1 t at 2 h", "1001 kg at 2 h"))

    assert story.told(Kind.LOAD_STARTED, Kind.LOAD_ENDED) == lines("""
        7.0 h  LOAD_STARTED c0 v0 ta.cranes
        7 h 1 s  LOAD_ENDED c0 v0 ta.cranes
        7 h 1 s  LOAD_STARTED c1 v0 ta.cranes
        7 h 73 s  LOAD_ENDED c1 v0 ta.cranes
        7 h 73 s  LOAD_STARTED c2 v0 ta.cranes
        7 h 146 s  LOAD_ENDED c2 v0 ta.cranes
    """)


def test_all_columns_of_a_log_are_whole_numbers() -> None:
    """Nothing inside an engine is a float: a transit of 1.4 s takes 1 s, one of 1.6 s takes 2 s."""
    story = play(
        "legs.a-b.transit=1.4 s", "services.ships.stops=['a', 'b', 'c']", "legs.b-c.transit=1.6 s",
        "services.ships.empty=always", "services.ships.wait=0 s", "run.run_length=10 s", "run.drain=0 s",
    )  # fmt: skip

    assert story.seconds(Kind.ARRIVED) == [0, 1, 3]
    assert {column.dtype.kind for column in (story.log.at_s, story.log.kind, story.log.value)} == {"i"}


def test_everything_due_at_a_second_is_applied_class_by_class_before_any_work_starts() -> None:
    """Windows close, windows open, work ends, vehicles arrive, consignments are released, timers run out; then work."""
    story = play(
        shipped("d", "50 t at 2 h", "50 t at 6 h"),
        "services.others.stops=['b', 'c']", "services.others.waits_at=anchorage", "services.others.empty=always",
        "legs.b-c.transit=6 h",
        also=OTHER_SHIP + CUSTOMS + shut("tc", "work", "6 to 8") + shut("tb", "work", "0 to 6"),
    )  # fmt: skip

    assert [line for line in story.told() if line.startswith("6.0 h")] == lines("""
        6.0 h  SHUT tc.cranes
        6.0 h  OPENED tb.cranes = 1000
        6.0 h  POST_ENDED c0 customs
        6.0 h  WAITING c0 ta.quay
        6.0 h  ARRIVED v1 tc.gate
        6.0 h  POSITIONED v1 tc.quay = 1
        6.0 h  RELEASED c1 = 50000
        6.0 h  POST_JOINED c1 customs
        6.0 h  ACCEPTED c0 v0 ta.quay
        6.0 h  BERTH_JOINED v0 ta.berths
        6.0 h  BERTH_GIVEN v0 ta.berths
        6.0 h  CLOSED v1 tc.quay
        6.0 h  DEPARTED v1 tc.quay
        6.0 h  POST_STARTED c1 customs
    """)


def test_within_a_class_what_is_due_is_applied_by_entity_number() -> None:
    """Two services end at one second: the lower number is through first, though the other began first."""
    story = play(
        shipped("d", "50 t at 2 h"), "demand.d.priority=1", "posts.customs.servers=2",
        also=OUTWARD + CUSTOMS,
    )  # fmt: skip

    assert story.told(Kind.POST_STARTED, Kind.POST_ENDED) == lines("""
        2.0 h  POST_STARTED c1 customs
        2.0 h  POST_STARTED c0 customs
        6.0 h  POST_ENDED c0 customs
        6.0 h  POST_ENDED c1 customs
    """)


def test_marked_facilities_start_work_in_facility_order() -> None:
    """The lower vehicle arrives first, but the berths of the first terminal are given before those of the second."""
    story = play(
        "services.ships.stops=['b', 'a']", "services.ships.vehicles=2", "services.ships.waits_at=berth",
        also=HOMEWARD,
    )  # fmt: skip

    assert story.told(Kind.BERTH_JOINED, Kind.BERTH_GIVEN)[:4] == lines("""
        0.0 h  BERTH_JOINED v0 tb.berths
        0.0 h  BERTH_JOINED v1 ta.berths
        0.0 h  BERTH_GIVEN v1 ta.berths
        0.0 h  BERTH_GIVEN v0 tb.berths
    """)


def test_work_of_zero_seconds_makes_another_round_at_the_same_second() -> None:
    """A desk that takes no time is passed at once, but a round too late for the ship whose wait ended in the first."""
    story = play(shipped("d", "50 t at 6 h"), "posts.customs.time=0 s", "services.ships.empty=always", also=CUSTOMS)

    assert [line for line in story.told() if line.startswith("6.0 h")] == lines("""
        6.0 h  RELEASED c0 = 50000
        6.0 h  POST_JOINED c0 customs
        6.0 h  CLOSED v0 ta.quay
        6.0 h  DEPARTED v0 ta.quay
        6.0 h  POST_STARTED c0 customs
        6.0 h  POST_ENDED c0 customs
        6.0 h  WAITING c0 ta.quay
    """)


def test_two_vessels_released_by_one_reopening_tie_and_go_by_number() -> None:
    """Entry to a port of two berths opens: both ships that wait are let in at that second, the lower number first."""
    story = play("terminals.ta.berths=2", "services.ships.waits_at=berth", also=OTHER_SHIP + shut("ta", "entry", "0 to 20"))

    assert story.told(Kind.BERTH_JOINED, Kind.BERTH_GIVEN, Kind.BERTHED)[:6] == lines("""
        0.0 h  BERTH_JOINED v0 ta.berths
        0.0 h  BERTH_JOINED v1 ta.berths
        20.0 h  BERTH_GIVEN v0 ta.berths
        20.0 h  BERTH_GIVEN v1 ta.berths
        21.0 h  BERTHED v0 ta.berths
        21.0 h  BERTHED v1 ta.berths
    """)


def test_a_vessel_of_higher_rank_goes_first_at_a_reopening() -> None:
    """Queues go by priority before all else; the lower number goes first."""
    story = play(
        "services.ships.waits_at=berth", "services.ships.priority=1", also=OTHER_SHIP + shut("ta", "entry", "0 to 20")
    )

    assert story.told(Kind.BERTH_GIVEN)[:1] == ["20.0 h  BERTH_GIVEN v1 ta.berths"]


def test_an_arrival_of_the_same_second_is_taken_before_a_vehicle_closes() -> None:
    """What is released in the very second in which the wait runs out still gets aboard; a second later it does not."""
    story = play(shipped("d", "50 t at 2 h", "20 t at 6 h", "20 t at 25201 s"))

    assert story.told(Kind.RELEASED, Kind.ACCEPTED, Kind.CLOSED)[:6] == lines("""
        2.0 h  RELEASED c0 = 50000
        6.0 h  RELEASED c1 = 20000
        6.0 h  ACCEPTED c0 v0 ta.quay
        6.0 h  ACCEPTED c1 v0 ta.quay
        7.0 h  CLOSED v0 ta.quay = 70000
        7 h 1 s  RELEASED c2 = 20000
    """)
