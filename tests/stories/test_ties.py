"""Ties that the structure of a corridor makes, not chance: batches, shifts and timetables. Literal logs, in both engines."""

from sim.events import Kind
from tests.stories.telling import CUSTOMS, HOMEWARD, OUTWARD, lines, play, shipped, shut

FEEDER = """
[[services]]
id = "feeder"
mode = "sea"
stops = ["a", "b"]
vehicles = 1
capacity = "100 t"
waits_at = "berth"
departures = [{ stop = "a", first = "8 h", every = "24 h", cut_off = "2 h" }]
"""


def test_a_batch_at_a_desk_that_opens_goes_by_number_and_ends_together() -> None:
    """Three shipments of one second wait for the shift; two desks take the lower numbers, which end at one second."""
    story = play(
        shipped("d", "50 t at 2 h", "40 t at 2 h", "30 t at 2 h"), "posts.customs.servers=2",
        also=CUSTOMS + shut("customs", "work", "0 to 5"),
    )  # fmt: skip

    assert story.told(Kind.RELEASED, Kind.POST_JOINED, Kind.POST_STARTED, Kind.POST_ENDED, Kind.WAITING) == lines("""
        2.0 h  RELEASED c0 = 50000
        2.0 h  POST_JOINED c0 customs
        2.0 h  RELEASED c1 = 40000
        2.0 h  POST_JOINED c1 customs
        2.0 h  RELEASED c2 = 30000
        2.0 h  POST_JOINED c2 customs
        5.0 h  POST_STARTED c0 customs
        5.0 h  POST_STARTED c1 customs
        9.0 h  POST_ENDED c0 customs
        9.0 h  WAITING c0 ta.quay
        9.0 h  POST_ENDED c1 customs
        9.0 h  WAITING c1 ta.quay
        9.0 h  POST_STARTED c2 customs
        13.0 h  POST_ENDED c2 customs
        13.0 h  WAITING c2 ta.quay
    """)


def test_two_timetables_of_one_second_share_the_quay_in_the_order_of_the_file() -> None:
    """Both ships close at 6 h and leave at 8 h; cargo goes by service, and each event to the service that comes first."""
    story = play(
        "services.ships.waits_at=berth", "terminals.ta.berths=2",
        "services.ships.departures=[{ stop = 'a', first = '8 h', every = '24 h', cut_off = '2 h' }]",
        shipped("d", "50 t at 6 h"), shipped("f", "60 t at 6 h"), "routes.feed.nodes=['a', 'b']",
        also=FEEDER + OUTWARD.replace("out = 1.0", "feed = 1.0") + "[[routes]]\nid = 'feed'\nservices = ['feeder']\n",
    )  # fmt: skip

    assert [line for line in story.told() if line.startswith(("6.0 h", "8.0 h"))] == lines("""
        6.0 h  RELEASED c0 = 50000
        6.0 h  WAITING c0 ta.quay
        6.0 h  RELEASED c1 = 60000
        6.0 h  WAITING c1 ta.quay = 1
        6.0 h  ACCEPTED c0 v0 ta.quay
        6.0 h  CLOSED v0 ta.quay = 50000
        6.0 h  ACCEPTED c1 v1 ta.quay
        6.0 h  CLOSED v1 ta.quay = 60000
        6.0 h  LOAD_STARTED c0 v0 ta.cranes
        6.0 h  LOAD_STARTED c1 v1 ta.cranes
        8.0 h  DEPARTED v0 ta.quay = 50000
        8.0 h  DEPARTED v1 ta.quay = 60000
    """)


def test_a_closure_that_begins_as_another_ends_keeps_the_port_shut() -> None:
    """Windows are half-open and close before they open: nothing slips in at the second at which both meet."""
    story = play(
        "services.ships.waits_at=berth", also=HOMEWARD + shut("ta", "entry", "0 to 4") + shut("ta", "entry", "4 to 9")
    )

    assert story.told(Kind.SHUT, Kind.OPENED, Kind.BERTH_GIVEN)[:3] == lines("""
        0.0 h  SHUT ta.berths
        9.0 h  OPENED ta.berths = 1000
        9.0 h  BERTH_GIVEN v0 ta.berths
    """)
