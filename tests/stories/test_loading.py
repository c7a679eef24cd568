"""Cutting at release, loading, closing, waiting at berths and in the roads."""

import pytest

from sim.events import Kind
from tests.stories.telling import CUSTOMS, HOMEWARD, OUTWARD, lines, play, shipped

ONWARD = """
[[routes]]
id = "through"
nodes = ["a", "c"]
services = ["ships"]
[[demand]]
id = "g"
commodity = "grain"
direction = "export"
arrivals = "listed"
shipments = [{ at = "2 h", mass = "60 t" }]
routes = { through = 1.0 }
"""

BARGES = """
[[services]]
id = "barges"
mode = "sea"
stops = ["b", "c"]
vehicles = 1
capacity = "30 t"
[[routes]]
id = "out"
nodes = ["a", "b", "c"]
services = ["ships", "barges"]
"""


def test_a_consignment_and_a_ship_live_through_their_day() -> None:
    """The smallest story, whole: the wait runs out in the roads, and the ship comes in for what there is."""
    assert play().told() == lines("""
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  POSITIONED v0 ta.quay = 1
        2.0 h  RELEASED c0 = 50000
        2.0 h  WAITING c0 ta.quay
        6.0 h  ACCEPTED c0 v0 ta.quay
        6.0 h  BERTH_JOINED v0 ta.berths
        6.0 h  BERTH_GIVEN v0 ta.berths
        7.0 h  BERTHED v0 ta.berths
        7.0 h  CLOSED v0 ta.quay = 50000
        7.0 h  LOAD_STARTED c0 v0 ta.cranes
        8.0 h  LOAD_ENDED c0 v0 ta.cranes
        8.0 h  DEPARTED v0 ta.quay = 50000
        9.0 h  CLEARED v0 ta.berths
        19.0 h  ARRIVED v0 tb.gate = 50000
        19.0 h  BERTH_JOINED v0 tb.berths
        19.0 h  BERTH_GIVEN v0 tb.berths
        20.0 h  BERTHED v0 tb.berths
        20.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        21.0 h  UNLOAD_ENDED c0 v0 tb.cranes = -1
        21.0 h  DELIVERED c0 = 50000
        21.0 h  DISCHARGED v0 tb.quay
        21.0 h  SHIFTED v0 tb.quay
        22.0 h  CLEARED v0 tb.berths
        22.0 h  POSITIONED v0 tb.quay = 1
        240.0 h  ENDED
    """)


def test_a_shipment_is_cut_at_release_to_the_smallest_vehicle_of_its_route() -> None:
    """70 t for a ship of 100 t and a barge of 30 t are three consignments, which no vehicle ever cuts again."""
    story = play(shipped("d", "70 t at 2 h"), also=BARGES)

    assert story.told(Kind.RELEASED, Kind.DELIVERED) == lines("""
        2.0 h  RELEASED c0 = 30000
        2.0 h  RELEASED c1 = 30000
        2.0 h  RELEASED c2 = 10000
        32.0 h  DELIVERED c0 = 30000
        47.2 h  DELIVERED c1 = 30000
        61.6 h  DELIVERED c2 = 10000
    """)
    assert story.draws.shipment.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("limit", "kg"),
    [
        ("services.ships.teu=3", [30_000, 30_000, 10_000]),
        ("services.ships.plugs=3", [42_850, 27_150]),
        ("services.ships.volume=40 m3", [20_000, 20_000, 20_000, 10_000]),
        ("services.ships.stores=60 t", [40_000, 30_000]),
    ],
)
def test_the_largest_load_of_a_vehicle_is_by_weight_slots_plugs_and_volume(limit: str, kg: list[int]) -> None:
    """Boxes of 10 t/TEU and 20 m³ that need 0.7 plugs per TEU are cut by whichever binds, and what is cut fits aboard."""
    boxes = ("commodities.grain.form=reefer", "commodities.grain.teu_load=10 t/TEU", "commodities.grain.plugs_per_teu=0.7",
             "commodities.grain.stowage=2 m3/t")  # fmt: skip
    story = play(*boxes, limit, shipped("d", "70 t at 2 h"))

    assert story.log.where(Kind.RELEASED).value.tolist() == kg
    assert story.log.where(Kind.DELIVERED).value.tolist() == kg


def test_cargo_is_taken_first_fit_and_what_does_not_fit_is_passed_over() -> None:
    """The second consignment is too heavy beside the first; the lighter third goes in its stead."""
    story = play(shipped("d", "60 t at 2 h", "60 t at 2 h", "40 t at 2 h"))

    assert story.told(Kind.ACCEPTED, Kind.CLOSED)[:3] == lines("""
        2.0 h  ACCEPTED c0 v0 ta.quay
        2.0 h  ACCEPTED c2 v0 ta.quay
        3.0 h  CLOSED v0 ta.quay = 100000
    """)


def test_cargo_of_higher_rank_is_scanned_first() -> None:
    """Of two that do not fit together the one with the lower priority number is taken, though it came later."""
    story = play(shipped("d", "60 t at 2 h"), "demand.d.priority=1", shipped("f", "60 t at 4 h"), also=OUTWARD)

    assert story.told(Kind.ACCEPTED)[0] == "6.0 h  ACCEPTED c1 v0 ta.quay"


def test_of_equal_rank_what_was_ready_first_is_scanned_first() -> None:
    """The second to be released needs no desk and is ready before the first."""
    story = play(
        shipped("d", "60 t at 1 h"), shipped("f", "60 t at 2 h"), "demand.d.regime=free-zone",
        "posts.customs.regimes=['free-zone']", also=OUTWARD + CUSTOMS,
    )  # fmt: skip

    assert story.told(Kind.WAITING, Kind.ACCEPTED)[:3] == lines("""
        2.0 h  WAITING c1 ta.quay
        5.0 h  WAITING c0 ta.quay
        6.0 h  ACCEPTED c1 v0 ta.quay
    """)


def test_a_vehicle_closes_when_its_fill_share_is_reached_and_then_its_load_is_fixed() -> None:
    """80 t of 100 t call the ship in; what comes until it lies at the berth goes along, what comes later does not."""
    story = play("services.ships.fill=80 %", shipped("d", "50 t at 2 h", "30 t at 3 h", "10 t at 3.5 h", "10 t at 4.5 h"))

    assert story.told(Kind.ACCEPTED, Kind.CLOSED, Kind.DEPARTED)[:5] == lines("""
        3.0 h  ACCEPTED c0 v0 ta.quay
        3.0 h  ACCEPTED c1 v0 ta.quay
        4.0 h  ACCEPTED c2 v0 ta.quay
        4.0 h  CLOSED v0 ta.quay = 90000
        5.8 h  DEPARTED v0 ta.quay = 90000
    """)


def test_a_vehicle_that_waits_at_the_berth_loads_what_comes_as_it_comes() -> None:
    """It takes the berth empty; its wait of 6 h counts from taking position, at 1 h."""
    story = play("services.ships.waits_at=berth", shipped("d", "30 t at 2 h", "20 t at 4 h"))

    assert story.told()[1:16] == lines("""
        0.0 h  BERTH_JOINED v0 ta.berths
        0.0 h  BERTH_GIVEN v0 ta.berths
        1.0 h  BERTHED v0 ta.berths
        1.0 h  POSITIONED v0 ta.quay
        2.0 h  RELEASED c0 = 30000
        2.0 h  WAITING c0 ta.quay
        2.0 h  ACCEPTED c0 v0 ta.quay
        2.0 h  LOAD_STARTED c0 v0 ta.cranes
        2.6 h  LOAD_ENDED c0 v0 ta.cranes
        4.0 h  RELEASED c1 = 20000
        4.0 h  WAITING c1 ta.quay
        4.0 h  ACCEPTED c1 v0 ta.quay
        4.0 h  LOAD_STARTED c1 v0 ta.cranes
        4.4 h  LOAD_ENDED c1 v0 ta.cranes
        7.0 h  CLOSED v0 ta.quay = 50000
    """)


def test_a_ship_stays_at_the_berth_after_discharge_when_a_full_load_waits() -> None:
    """100 t wait for it at the far end: it need not go back to the roads for them."""
    story = play(also=HOMEWARD)

    assert [line for line in story.told() if "v0 tb.quay" in line] == lines("""
        21.0 h  DISCHARGED v0 tb.quay
        21.0 h  POSITIONED v0 tb.quay
        21.0 h  ACCEPTED c1 v0 tb.quay
        21.0 h  CLOSED v0 tb.quay = 100000
        23.0 h  DEPARTED v0 tb.quay = 100000
    """)


def test_a_ship_shifts_to_the_roads_after_discharge_when_it_has_to_wait() -> None:
    """60 t are not its fill share: it clears the berth, waits its 6 h in the roads, and comes in again."""
    story = play(shipped("e", "60 t at 2 h"), also=HOMEWARD)

    assert [line for line in story.told() if "v0 tb.quay" in line or "v0 tb.berths" in line] == lines("""
        19.0 h  BERTH_JOINED v0 tb.berths
        19.0 h  BERTH_GIVEN v0 tb.berths
        20.0 h  BERTHED v0 tb.berths
        21.0 h  DISCHARGED v0 tb.quay
        21.0 h  SHIFTED v0 tb.quay
        22.0 h  CLEARED v0 tb.berths
        22.0 h  POSITIONED v0 tb.quay = 1
        28.0 h  ACCEPTED c1 v0 tb.quay
        28.0 h  BERTH_JOINED v0 tb.berths
        28.0 h  BERTH_GIVEN v0 tb.berths
        29.0 h  BERTHED v0 tb.berths
        29.0 h  CLOSED v0 tb.quay = 60000
        30.2 h  DEPARTED v0 tb.quay = 60000
        31.2 h  CLEARED v0 tb.berths
    """)


def test_a_ship_that_never_waits_takes_what_there_is_without_leaving_the_berth() -> None:
    """With a wait of 0 h the wait is over as soon as it has discharged."""
    story = play("services.ships.wait=0 h", shipped("e", "60 t at 2 h"), also=HOMEWARD)

    assert [line for line in story.told() if "v0 tb.quay" in line] == lines("""
        17.0 h  DISCHARGED v0 tb.quay
        17.0 h  POSITIONED v0 tb.quay
        17.0 h  ACCEPTED c1 v0 tb.quay
        17.0 h  CLOSED v0 tb.quay = 60000
        18.2 h  DEPARTED v0 tb.quay = 60000
    """)


def test_vehicles_in_position_are_served_in_the_order_in_which_they_took_it() -> None:
    """Two ships lie at two berths: the second gets what the first passes over."""
    story = play(
        "services.ships.vehicles=3", "services.ships.waits_at=berth", "terminals.ta.berths=2",
        shipped("d", "60 t at 2 h", "60 t at 2 h", "40 t at 2 h"),
    )  # fmt: skip

    assert story.told(Kind.ACCEPTED)[:3] == lines("""
        2.0 h  ACCEPTED c0 v0 ta.quay
        2.0 h  ACCEPTED c2 v0 ta.quay
        2.0 h  ACCEPTED c1 v2 ta.quay
    """)


def test_cargo_that_another_vehicle_takes_leaves_the_next_with_what_fills_it() -> None:
    """50 t and 95 t wait: first fit takes the former, which fills nobody. When one ship goes for it, the other is filled.

    The gate lets the ships through at 1 h and 2 h; the wait of the first is over at 7 h, that of the second at 8 h.
    """
    story = play(
        "services.ships.vehicles=3", "services.ships.fill=90 %", "terminals.ta.gate={ time = '1 h' }",
        shipped("d", "50 t at 3 h", "95 t at 4 h"),
    )  # fmt: skip

    assert story.told(Kind.ACCEPTED) == lines("""
        7.0 h  ACCEPTED c0 v0 ta.quay
        7.0 h  ACCEPTED c1 v2 ta.quay
    """)


def test_a_service_of_several_stops_carries_cargo_through() -> None:
    """At the middle stop only what is for it goes ashore; the rest stays aboard to the next."""
    story = play(
        "services.ships.stops=['a', 'b', 'c']", "services.ships.wait=0 h", shipped("d", "40 t at 2 h"),
        also=ONWARD,
    )  # fmt: skip

    assert story.told(Kind.UNLOAD_STARTED, Kind.DELIVERED, Kind.CLOSED, Kind.DEPARTED, Kind.ARRIVED)[1:] == lines("""
        3.0 h  CLOSED v0 ta.quay = 100000
        5.0 h  DEPARTED v0 ta.quay = 100000
        16.0 h  ARRIVED v0 tb.gate = 100000
        17.0 h  UNLOAD_STARTED c0 v0 tb.cranes
        17.8 h  DELIVERED c0 = 40000
        17.8 h  CLOSED v0 tb.quay
        17.8 h  DEPARTED v0 tb.quay = 60000
        23.8 h  ARRIVED v0 tc.gate = 60000
        24.8 h  UNLOAD_STARTED c1 v0 tc.cranes = 1
        26.0 h  DELIVERED c1 = 60000
    """)


def test_a_vehicle_filled_by_through_cargo_does_not_wait_in_the_roads() -> None:
    """Its fill share is reached before it takes position, so it closes and goes on at once."""
    story = play(
        "services.ships.stops=['a', 'b', 'c']", "services.ships.fill=50 %", "services.ships.wait=24 h",
        "routes.out.nodes=['a', 'c']",
    )  # fmt: skip

    assert [line for line in story.told() if "v0 tb" in line] == lines("""
        15.0 h  ARRIVED v0 tb.gate = 50000
        15.0 h  POSITIONED v0 tb.quay = 1
        15.0 h  CLOSED v0 tb.quay
        15.0 h  DEPARTED v0 tb.quay = 50000
    """)


def test_an_empty_vehicle_that_never_leaves_empty_waits_for_cargo_that_never_comes() -> None:
    """`empty = "never"`: cargo at the other end is no reason to go there; nothing is due, and the run says so."""
    story = play("services.ships.empty=never", shipped("d", "50 t at 2 h", "50 t at 30 h"))

    assert story.told()[-4:] == lines("""
        30.0 h  RELEASED c1 = 50000
        30.0 h  WAITING c1 ta.quay
        30.0 h  GRIDLOCK c1
        240.0 h  ENDED = 1
    """)


def test_an_empty_vehicle_goes_where_it_is_called() -> None:
    """`empty = "called"`: its wait over, it goes at the second in which cargo waits elsewhere; without any it stays."""
    story = play(shipped("d", "50 t at 2 h", "50 t at 30 h"))

    assert story.told(Kind.RELEASED, Kind.DEPARTED) == lines("""
        2.0 h  RELEASED c0 = 50000
        8.0 h  DEPARTED v0 ta.quay = 50000
        30.0 h  RELEASED c1 = 50000
        30.0 h  DEPARTED v0 tb.quay
        48.0 h  DEPARTED v0 ta.quay = 50000
    """)


def test_a_vehicle_is_called_only_where_none_is_there_or_on_its_way() -> None:
    """One ship is at hand for the first shipment, and one that has been called is enough for the second."""
    story = play("services.ships.vehicles=2", shipped("d", "50 t at 2 h", "50 t at 9 h"))

    assert story.told(Kind.DEPARTED) == lines("""
        8.0 h  DEPARTED v0 ta.quay = 50000
        9.0 h  DEPARTED v1 tb.quay
        27.0 h  DEPARTED v1 ta.quay = 50000
    """)


def test_a_vehicle_that_always_leaves_goes_empty_when_its_wait_is_over() -> None:
    """`empty = "always"`: 6 h in the roads at each end, 10 h between them."""
    story = play("services.ships.empty=always", shipped("d", "50 t at 100 h"))

    assert story.told(Kind.DEPARTED)[:3] == lines("""
        6.0 h  DEPARTED v0 ta.quay
        22.0 h  DEPARTED v0 tb.quay
        38.0 h  DEPARTED v0 ta.quay
    """)
