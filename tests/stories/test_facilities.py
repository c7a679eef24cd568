"""Gates, berths, cranes and posts: lanes, hours, ranks, and the ships of other trades."""

from sim.events import Kind
from tests.stories.telling import CUSTOMS, HOMEWARD, OUTWARD, lines, play, shipped, shut, with_calls


def test_vehicles_pass_the_lanes_of_a_gate_before_they_take_a_berth() -> None:
    """One lane, half an hour each: the second vehicle passes after the first."""
    story = play(
        "services.ships.vehicles=3", "services.ships.waits_at=berth", "terminals.ta.gate={ time = '30 min' }",
        "terminals.ta.berths=2",
    )  # fmt: skip

    assert [line for line in story.told() if " ta.gate" in line or "BERTH_JOINED" in line][:8] == lines("""
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  BERTH_JOINED v1 tb.berths
        0.0 h  ARRIVED v2 ta.gate
        0.0 h  GATE_STARTED v0 ta.gate
        0.5 h  GATE_ENDED v0 ta.gate
        0.5 h  BERTH_JOINED v0 ta.berths
        0.5 h  GATE_STARTED v2 ta.gate
        1.0 h  GATE_ENDED v2 ta.gate
    """)


def test_two_lanes_pass_two_vehicles_at_once() -> None:
    """As many as there are lanes."""
    story = play("services.ships.vehicles=3", "terminals.ta.gate={ time = '30 min', lanes = 2 }")

    assert story.times(Kind.GATE_ENDED)[:2] == [0.5, 0.5]


def test_a_gate_has_hours_and_a_vehicle_in_the_lane_waits_for_the_next() -> None:
    """Closed until 0.5 h and again from 1 h to 5 h: what waits for a lane begins late, what is in the lane pauses."""
    story = play(
        "terminals.ta.gate={ time = '1 h' }", also=shut("ta", "gate", "0 to 0.5") + shut("ta", "gate", "1 to 5", "")
    )

    assert [line for line in story.told() if "ta.gate" in line] == lines("""
        0.0 h  SHUT ta.gate
        0.0 h  ARRIVED v0 ta.gate
        0.5 h  OPENED ta.gate = 1000
        0.5 h  GATE_STARTED v0 ta.gate
        1.0 h  SHUT ta.gate
        5.0 h  OPENED ta.gate = 1000
        5.5 h  GATE_ENDED v0 ta.gate
    """)


def test_the_berth_is_held_until_it_is_cleared() -> None:
    """One berth, two ships that wait at it: the second gets it when the first has cast off, an hour after it departed."""
    story = play("services.ships.vehicles=3", "services.ships.waits_at=berth", shipped("d", "50 t at 2 h"))

    assert [line for line in story.told(Kind.BERTH_GIVEN, Kind.DEPARTED, Kind.CLEARED) if " ta" in line] == lines("""
        0.0 h  BERTH_GIVEN v0 ta.berths
        7.0 h  DEPARTED v0 ta.quay = 50000
        8.0 h  CLEARED v0 ta.berths
        8.0 h  BERTH_GIVEN v2 ta.berths
    """)


def test_cranes_are_shared_by_the_berths_and_limited_per_vehicle() -> None:
    """Three cranes for two ships, at most two on each: the first ship has two at work, the second the third."""
    story = play(
        "services.ships.vehicles=3", "services.ships.waits_at=berth", "terminals.ta.berths=2", "terminals.ta.cranes=3",
        "terminals.ta.cranes_per_vehicle=2", shipped("d", *["50 t at 2 h"] * 4),
    )  # fmt: skip

    assert story.told(Kind.LOAD_STARTED)[:4] == lines("""
        2.0 h  LOAD_STARTED c0 v0 ta.cranes
        2.0 h  LOAD_STARTED c1 v0 ta.cranes
        2.0 h  LOAD_STARTED c2 v2 ta.cranes
        3.0 h  LOAD_STARTED c3 v2 ta.cranes
    """)


def test_one_crane_works_one_consignment_at_a_time_in_their_order() -> None:
    """By rank first, then by who was ready first, then by number; across both ships."""
    story = play(
        "services.ships.vehicles=3", "services.ships.waits_at=berth", "terminals.ta.berths=2", "terminals.ta.cranes=1",
        shipped("d", *["50 t at 2 h"] * 3), "demand.d.priority=1", shipped("f", "50 t at 2.5 h"), also=OUTWARD,
    )  # fmt: skip

    assert story.told(Kind.LOAD_STARTED)[:4] == lines("""
        2.0 h  LOAD_STARTED c0 v0 ta.cranes
        3.0 h  LOAD_STARTED c3 v2 ta.cranes
        4.0 h  LOAD_STARTED c1 v0 ta.cranes
        5.0 h  LOAD_STARTED c2 v2 ta.cranes
    """)


def test_a_post_serves_by_rank_and_then_first_come() -> None:
    """One desk, 4 h each: the one of better rank is served before one that came earlier."""
    story = play(
        shipped("d", "10 t at 2 h", "10 t at 3 h"), "demand.d.priority=1", shipped("f", "10 t at 4 h"),
        also=OUTWARD + CUSTOMS,
    )  # fmt: skip

    assert story.told(Kind.POST_STARTED) == lines("""
        2.0 h  POST_STARTED c0 customs
        6.0 h  POST_STARTED c2 customs
        10.0 h  POST_STARTED c1 customs
    """)


DESKS = """
[[posts]]
id = "imports"
node = "a"
time = "1 h"
direction = "import"
[[posts]]
id = "fruit"
node = "a"
time = "1 h"
commodities = ["fruit"]
[[posts]]
id = "free"
node = "a"
time = "1 h"
regimes = ["free-zone"]
[[posts]]
id = "all"
node = "a"
time = "1 h"
[[commodities]]
id = "fruit"
form = "bulk"
value = "900 USD/t"
"""


def test_posts_serve_by_direction_commodity_and_regime_in_the_order_of_the_file() -> None:
    """Grain out under release passes one desk; fruit in to the free zone passes four, at the far end as at the near."""
    story = play(
        "demand.e.commodity=fruit", "demand.e.regime=free-zone", shipped("e", "10 t at 2 h"), shipped("d", "10 t at 2 h"),
        also=HOMEWARD + DESKS,
    )  # fmt: skip

    names = story.network.facility_names
    visits = [(int(c), names[f]) for c, f in zip(*(getattr(story.log.where(Kind.POST_STARTED), column)
                                                 for column in ("consignment", "facility")), strict=True)]  # fmt: skip
    assert [name for consignment, name in visits if consignment == 0] == ["all"]
    assert [name for consignment, name in visits if consignment == 1] == ["imports", "fruit", "free", "all"]


def test_calls_of_other_trades_hold_berths_and_carry_nothing_of_ours() -> None:
    """A tanker at the only berth keeps our ship in the roads until it has cleared; it works alongside without our cranes."""
    story = with_calls(play(), "tb at 18 h for 5 h, rank 0")

    assert [line for line in story.told() if " tb." in line][:13] == lines("""
        18.0 h  ARRIVED v1 tb.gate
        18.0 h  BERTH_JOINED v1 tb.berths
        18.0 h  BERTH_GIVEN v1 tb.berths
        19.0 h  BERTHED v1 tb.berths
        19.0 h  ARRIVED v0 tb.gate = 50000
        19.0 h  BERTH_JOINED v0 tb.berths
        24.0 h  DISCHARGED v1 tb.quay
        24.0 h  DEPARTED v1 tb.quay
        25.0 h  CLEARED v1 tb.berths
        25.0 h  BERTH_GIVEN v0 tb.berths
        26.0 h  BERTHED v0 tb.berths
        26.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        27.0 h  UNLOAD_ENDED c0 v0 tb.cranes = -1
    """)


def test_calls_of_other_trades_heed_the_hours_of_work() -> None:
    """A tanker berthed at 19 h finds work closed from 20 h to 30 h, and one that berths at 36 h, from 36 h to 40 h."""
    closures = shut("tb", "work", "20 to 30") + shut("tb", "work", "36 to 40")
    story = with_calls(play(also=closures), "tb at 18 h for 5 h, rank 0", "tb at 20 h for 1 h, rank -1")

    assert [line for line in story.told(Kind.BERTHED, Kind.DISCHARGED) if " v0 " not in line] == lines("""
        19.0 h  BERTHED v1 tb.berths
        34.0 h  DISCHARGED v1 tb.quay
        36.0 h  BERTHED v2 tb.berths
        41.0 h  DISCHARGED v2 tb.quay
    """)


def test_berths_go_by_rank_then_by_who_has_waited_longest() -> None:
    """While the first ship lies there, two of rank 1 and one of rank 0 come: the last to come is next, then the others."""
    calls = (
        "tb at 20 h for 5 h, rank 1",
        "tb at 21 h for 5 h, rank 1",
        "tb at 22 h for 5 h, rank 1",
        "tb at 23 h for 5 h, rank 0",
    )
    story = with_calls(play(shipped("d", "50 t at 200 h")), *calls)

    assert story.told(Kind.BERTH_GIVEN)[:4] == lines("""
        20.0 h  BERTH_GIVEN v1 tb.berths
        27.0 h  BERTH_GIVEN v4 tb.berths
        34.0 h  BERTH_GIVEN v2 tb.berths
        41.0 h  BERTH_GIVEN v3 tb.berths
    """)
