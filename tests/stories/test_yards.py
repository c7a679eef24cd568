"""Yards and gridlock: room is taken before the move that needs it, and what finds none holds vehicle and berth."""

from sim.events import Kind
from tests.stories.telling import lines, play, shipped

YARD = """
[[yards]]
id = "y"
node = "b"
capacity = "60 t"
[[posts]]
id = "desk"
node = "b"
time = "20 h"
servers = 9
"""

TWO = shipped("d", "50 t at 2 h", "50 t at 2 h")


def test_what_finds_no_room_in_the_yard_stays_aboard_and_holds_vehicle_and_berth() -> None:
    """Room for one of two: the second lies aboard at the berth until the first is through customs and away."""
    story = play(TWO, also=YARD)

    assert [line for line in story.told() if " tb." in line or line.endswith(" y") or "DELIVERED" in line][3:] == lines("""
        17.0 h  BERTHED v0 tb.berths
        17.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        18.0 h  UNLOAD_ENDED c0 v0 tb.cranes
        18.0 h  NO_SLOT c1 v0 y
        38.0 h  DELIVERED c0 = 50000
        38.0 h  UNLOAD_STARTED c1 v0 tb.cranes
        39.0 h  UNLOAD_ENDED c1 v0 tb.cranes
        39.0 h  DISCHARGED v0 tb.quay
        39.0 h  SHIFTED v0 tb.quay
        40.0 h  CLEARED v0 tb.berths
        40.0 h  POSITIONED v0 tb.quay = 1
        59.0 h  DELIVERED c1 = 50000
    """)


def test_a_slot_is_reserved_before_the_move_begins() -> None:
    """Two cranes, room for one: the second move does not begin beside the first, whose cargo is not ashore yet."""
    story = play(TWO, "terminals.tb.cranes=2", "terminals.tb.cranes_per_vehicle=2", also=YARD)

    assert story.told(Kind.UNLOAD_STARTED, Kind.NO_SLOT)[:2] == lines("""
        17.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        17.0 h  NO_SLOT c1 v0 y
    """)


def test_a_lighter_consignment_that_finds_room_passes_a_heavier_that_does_not() -> None:
    """20 t that would be too much wait aboard, 10 t go ashore past them."""
    story = play(shipped("d", "50 t at 2 h", "20 t at 2 h", "10 t at 2 h", "20 t at 2 h"), also=YARD)

    assert story.told(Kind.UNLOAD_STARTED, Kind.NO_SLOT)[:4] == lines("""
        17.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        18.0 h  NO_SLOT c1 v0 y
        18.0 h  UNLOAD_STARTED c2 v0 tb.cranes
        18.2 h  NO_SLOT c3 v0 y
    """)


def test_shares_for_exports_and_imports_are_separate_unless_pooled() -> None:
    """Half of 100 t is kept for imports, and two exports of 50 t may not both have it; pooled they may."""
    halves, pooled = (
        play(TWO, "yards.y.capacity=100 t", *share, also=YARD) for share in (["yards.y.export_share=50 %"], [])
    )

    assert halves.told(Kind.UNLOAD_STARTED, Kind.NO_SLOT) == lines("""
        17.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        18.0 h  NO_SLOT c1 v0 y.export
        38.0 h  UNLOAD_STARTED c1 v0 tb.cranes
    """)
    assert pooled.told(Kind.UNLOAD_STARTED, Kind.NO_SLOT) == lines("""
        17.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        18.0 h  UNLOAD_STARTED c1 v0 tb.cranes
    """)


def test_imports_use_the_share_that_exports_leave() -> None:
    """The same two shipments, called imports, find their 30 % too small for the second."""
    story = play(TWO, "yards.y.capacity=200 t", "yards.y.export_share=70 %", "demand.d.direction=import", also=YARD)

    assert story.told(Kind.NO_SLOT) == ["18.0 h  NO_SLOT c1 v0 y.import"]


def test_a_yard_takes_only_its_forms_and_the_rest_needs_no_room() -> None:
    """A yard of boxes is no obstacle to grain."""
    story = play(TWO, "yards.y.forms=['container']", also=YARD)

    assert story.told(Kind.NO_SLOT) == []


def test_a_consignment_larger_than_the_yard_is_gridlock_without_a_circle() -> None:
    """It will never be discharged: the run logs the consignment alone and ends normally."""
    story = play("yards.y.capacity=40 t", also=YARD)

    assert story.told()[-4:] == lines("""
        20.0 h  BERTHED v0 tb.berths
        20.0 h  NO_SLOT c0 v0 y
        20.0 h  GRIDLOCK c0
        240.0 h  ENDED = 1
    """)


CIRCLE = """
[[yards]]
id = "y"
node = "b"
capacity = "50 t"
[[services]]
id = "feeders"
mode = "sea"
stops = ["c", "b"]
vehicles = 1
capacity = "50 t"
[[routes]]
id = "over"
nodes = ["c", "b", "a"]
services = ["feeders", "ships"]
[[demand]]
id = "e"
commodity = "grain"
direction = "import"
arrivals = "listed"
shipments = [{ at = "0 h", mass = "50 t" }]
routes = { over = 1.0 }
"""


def test_gridlock_is_logged_with_the_circle_that_waits_and_the_run_ends_normally() -> None:
    """Cargo in the full yard waits for the ship, the ship for room in the yard, the yard for the cargo in it."""
    story = play("services.ships.capacity=50 t", also=CIRCLE)

    assert story.told(Kind.NO_SLOT, Kind.GRIDLOCK, Kind.ENDED) == lines("""
        16.0 h  NO_SLOT c1 v0 y
        16.0 h  GRIDLOCK c0
        16.0 h  GRIDLOCK v0 = 1
        16.0 h  GRIDLOCK y = 2
        240.0 h  ENDED = 2
    """)


ASTRAY = """
[[routes]]
id = "near"
nodes = ["b", "c"]
services = ["ships"]
[[routes]]
id = "far"
nodes = ["a", "c"]
services = ["ships"]
[[demand]]
id = "g"
commodity = "grain"
direction = "export"
arrivals = "listed"
shipments = [{ at = "0 h", mass = "50 t" }]
routes = { near = 1.0 }
[[demand]]
id = "h"
commodity = "grain"
direction = "export"
arrivals = "listed"
shipments = [{ at = "0 h", mass = "50 t" }]
routes = { far = 1.0 }
"""


def test_a_circle_is_found_beside_idle_vehicles_of_the_same_service() -> None:
    """Idle ships of lower numbers, gone to c with other cargo, are no way out: the circle leads through the one at b."""
    story = play(
        "services.ships.capacity=50 t", "services.ships.stops=['a', 'b', 'c']", "services.ships.vehicles=4",
        "services.ships.empty=never", shipped("d", "50 t at 30 h"), shipped("e", "50 t at 20 h"), also=CIRCLE + ASTRAY,
    )  # fmt: skip

    assert story.told(Kind.NO_SLOT, Kind.GRIDLOCK, Kind.ENDED) == lines("""
        44.0 h  NO_SLOT c3 v3 y
        44.0 h  GRIDLOCK c2
        44.0 h  GRIDLOCK v3 = 1
        44.0 h  GRIDLOCK y = 2
        240.0 h  ENDED = 2
    """)
