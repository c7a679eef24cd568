"""Hours by cause, on a story written by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.causes import CAUSES, hours, hours_off_s, story
from sim.causes.doings import Doing
from sim.causes.splitting import split, stairs
from sim.causes.steps import Steps, always, reasons, while_absent, while_shut
from sim.records import read
from sim.world.timeline import Window, timeline
from tests.ledger.tiny import HOUR_S, STORY, corridor, evidence, log_of

Ints = npt.NDArray[np.int64]


def by_cause(text: str = STORY, consignment: int = 0, toml: str = "") -> dict[str, float]:
    """Hours of one consignment by cause, zeros left out."""
    found = evidence(toml, text).hours
    assert hours_off_s(found) == 0
    row = found.seconds[consignment]
    return {cause: second / HOUR_S for cause, second in zip(CAUSES, row.tolist(), strict=True) if second}


def seconds_within(steps: Steps, from_s: Ints, to_s: Ints) -> Ints:
    """(n, causes) the seconds of spans by cause."""
    seconds = np.zeros((len(from_s), len(CAUSES)), dtype=np.int64)
    nothing = np.zeros(len(from_s), dtype=np.int64)
    pieces = np.stack([np.arange(len(from_s)), from_s, to_s, nothing, nothing, nothing], axis=1)
    split(pieces[to_s > from_s], stairs([steps]), np.zeros((len(Doing), len(CAUSES)), dtype=bool), seconds)
    return seconds


def chapters(text: str, consignment: int = 0) -> list[tuple[float, str, str]]:
    """What a story tells of one consignment: the hour, the cause, the words."""
    scenario, network, draws = corridor()
    told = story(scenario, network, draws, read(network, log_of(network, text), len(draws.kg)), consignment)
    return [(chapter.from_s / HOUR_S, chapter.cause, chapter.text) for chapter in told]


def until(at_h: float) -> str:
    """The story up to and including an hour, and its end there."""
    told = [line for line in STORY.strip().splitlines() if float(line.split()[0]) <= at_h and "ENDED = 0" not in line]
    return "\n".join([*told, f"{at_h} h ENDED = 2"])


def test_every_hour_of_the_grain_has_its_cause() -> None:
    """36 hours from release to delivery: each by the first cause that holds."""
    assert by_cause(consignment=0) == {
        "moving": 11, "handling": 6, "weather": 2.5, "calendar": 10, "berth": 1, "vehicle": 3.5, "customs": 2,
    }  # fmt: skip


def test_every_hour_of_the_fruit_has_its_cause() -> None:
    """39 hours: it waits for the crane twice and for the yard; the crane's closed hour is the calendar's."""
    assert by_cause(consignment=1) == {
        "moving": 11, "handling": 4, "weather": 2.5, "calendar": 1, "yard full": 12, "berth": 1, "crane": 5.5, "customs": 2,
    }  # fmt: skip


def test_a_story_says_the_same_as_the_hours() -> None:
    """The chapters of a consignment follow one another without a gap and add up to its hours by cause."""
    scenario, network, draws = corridor()
    records = read(network, log_of(network, STORY), len(draws.kg))
    for consignment in (0, 1):
        told = story(scenario, network, draws, records, consignment)
        total = dict.fromkeys(CAUSES, 0)
        for chapter in told:
            total[chapter.cause] += chapter.to_s - chapter.from_s
        assert list(total.values()) == hours(scenario, network, draws, records).seconds[consignment].tolist()
        assert all(one.to_s == after.from_s for one, after in pairwise(told))


def test_a_story_reads_hour_by_hour() -> None:
    """The grain's story names what it was at, where, and why."""
    assert chapters(STORY) == [
        (1.0, "vehicle", "waits for a vehicle at ta.quay"),
        (1.5, "handling", "being loaded at ta.cranes"),
        (4.5, "vehicle", "aboard, waits to leave ta.quay"),
        (7.5, "moving", "under way to tb.quay"),
        (17.5, "weather", "aboard, waits for tb.berths, closed"),
        (20.0, "berth", "aboard, waits for tb.berths"),
        (21.0, "moving", "aboard, moves in to tb.berths"),
        (22.0, "handling", "being discharged at tb.cranes"),
        (25.0, "customs", "served at desk"),
        (26.0, "calendar", "served at desk, closed"),
        (36.0, "customs", "served at desk"),
    ]


@pytest.mark.parametrize("at_h", [1.0, 1.5, 3.0, 4.5, 7.0, 7.5, 12.0, 19.0, 21.5, 24.0, 30.0, 40.5])
def test_hours_close_wherever_the_log_ends(at_h: float) -> None:
    """What is still under way is counted to the log's end, to the second."""
    found = evidence(story=until(at_h)).hours
    assert hours_off_s(found) == 0
    ends_s = np.minimum(np.array([37, 41]) * HOUR_S, at_h * HOUR_S)
    assert found.seconds.sum(axis=1).tolist() == np.maximum(ends_s - np.array([1, 2]) * HOUR_S, 0).tolist()


def test_under_way_at_the_end_is_moving() -> None:
    """A ship at sea when the log ends: its cargo's last hours are moving."""
    assert by_cause(until(12.0))["moving"] == 4.5


def test_waiting_for_a_vehicle_that_queues_for_its_berth_counts_as_berth() -> None:
    """While a ship of the service lies off the terminal, weather counts as weather, the rest as berth, before it vehicle."""
    text = """
        0.0 h  ARRIVED v0 tb.gate
        1.0 h  RELEASED c0 = 60000
        1.0 h  WAITING c0 tb.quay = 0
       15.0 h  BERTH_JOINED v0 tb.berths
       21.0 h  BERTH_GIVEN v0 tb.berths
       22.0 h  BERTHED v0 tb.berths
       23.0 h  ENDED = 1
    """
    assert by_cause(text) == {"berth": 17.5, "weather": 2.5, "vehicle": 2}
    assert chapters(text) == [
        (1.0, "berth", "a vehicle of its service waits for a berth at tb.quay"),
        (17.5, "weather", "a vehicle of its service is kept out of tb.quay by weather"),
        (20.0, "berth", "a vehicle of its service waits for a berth at tb.quay"),
        (21.0, "vehicle", "waits for a vehicle at tb.quay"),
    ]


SHIP_OF_TWO = """
    0.0 h  ARRIVED v0 ta.gate
    0.0 h  POSITIONED v0 ta.quay = 0
    1.0 h  RELEASED c0 = 60000
    1.0 h  WAITING c0 ta.quay = 0
    1.0 h  ACCEPTED c0 v0 ta.quay
    1.0 h  LOAD_STARTED c0 v0 ta.cranes
    2.0 h  RELEASED c1 = 40000
    2.0 h  WAITING c1 ta.quay = 0
    2.0 h  ACCEPTED c1 v0 ta.quay
    4.0 h  LOAD_ENDED c0 v0 ta.cranes = 0
    4.0 h  LOAD_STARTED c1 v0 ta.cranes
    7.5 h  LOAD_ENDED c1 v0 ta.cranes = 0
    9.5 h  DEPARTED v0 ta.quay = 100000
   10.0 h  ENDED = 2
"""


@pytest.mark.parametrize(
    ("fixed_h", "expected"),
    [
        (2.0, {"handling": 3, "crane": 2.5, "calendar": 1, "vehicle": 2, "moving": 0.5}),
        (5.5, {"handling": 3, "crane": 1.5, "calendar": 0.5, "vehicle": 1.5 + 2, "moving": 0.5}),
        (9.5, {"handling": 3, "vehicle": 5.5, "moving": 0.5}),
    ],
)
def test_aboard_it_waits_for_more_cargo_then_for_the_cranes_then_for_the_departure(
    fixed_h: float, expected: dict[str, float]
) -> None:
    """Until the load is fixed the vehicle holds it; then the cranes and their hours, then the vehicle."""
    lines = [*SHIP_OF_TWO.strip().splitlines(), f"{fixed_h} h  CLOSED v0 ta.quay = 100000"]
    assert by_cause("\n".join(sorted(lines, key=lambda line: (float(line.split()[0]), "DEPARTED" in line)))) == expected


def test_accepted_in_the_roads_waits_for_the_berth_and_then_for_the_crane() -> None:
    """Cargo booked by a ship in the roads: vehicle in position, berth in the queue, vehicle moving in, then crane."""
    text = """
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  GATE_STARTED v0 ta.gate
        0.5 h  GATE_ENDED v0 ta.gate
        0.5 h  POSITIONED v0 ta.quay = 1
        1.0 h  RELEASED c0 = 60000
        1.0 h  WAITING c0 ta.quay = 0
        2.0 h  ACCEPTED c0 v0 ta.quay
        2.0 h  BERTH_JOINED v0 ta.berths
        4.0 h  BERTH_GIVEN v0 ta.berths
        5.0 h  BERTHED v0 ta.berths
        7.0 h  LOAD_STARTED c0 v0 ta.cranes
        8.0 h  ENDED = 1
    """
    assert by_cause(text) == {"vehicle": 2, "berth": 2, "calendar": 1, "crane": 1, "handling": 1}
    assert chapters(text) == [
        (1.0, "vehicle", "waits for a vehicle at ta.quay"),
        (2.0, "berth", "its vehicle waits for a berth at ta.quay"),
        (4.0, "vehicle", "its vehicle moves in to ta.quay"),
        (5.0, "calendar", "waits to be loaded at ta.quay, closed"),
        (6.0, "crane", "waits to be loaded at ta.quay"),
        (7.0, "handling", "being loaded at ta.cranes"),
    ]


def test_booked_in_the_roads_and_never_berthed_still_closes() -> None:
    """The log ends while the ship queues: nothing is counted as crane."""
    text = """
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  POSITIONED v0 ta.quay = 1
        1.0 h  RELEASED c0 = 60000
        1.0 h  WAITING c0 ta.quay = 0
        2.0 h  ACCEPTED c0 v0 ta.quay
        2.0 h  BERTH_JOINED v0 ta.berths
        4.0 h  ENDED = 1
    """
    assert by_cause(text) == {"vehicle": 1, "berth": 2}


def test_a_gate_post_counts_as_handling() -> None:
    """Hours at a post of kind gate are handling, in its queue and in service."""
    found = by_cause(consignment=1, toml='[[posts]]\nid = "desk"\nkind = "gate"')
    assert "customs" not in found
    assert found["handling"] == 6


def test_work_that_is_finished_whatever_closes_is_handling_throughout() -> None:
    """Where a terminal finishes what it began, a closed hour during loading is no calendar hour."""
    found = by_cause(consignment=1, toml='[[terminals]]\nid = "ta"\non_close = "finish"')
    assert "calendar" not in found
    assert found["handling"] == 5


def test_the_gate_of_a_terminal_is_handling_and_the_queue_before_it_berth() -> None:
    """Cargo that comes back by ship passes the gate of ta: an hour in the queue, half an hour in the lane."""
    text = """
        0.0 h  ARRIVED v0 ta.gate
        0.0 h  GATE_STARTED v0 ta.gate
        0.0 h  GATE_ENDED v0 ta.gate
        0.0 h  BERTH_JOINED v0 ta.berths
        0.0 h  BERTH_GIVEN v0 ta.berths
        0.0 h  BERTHED v0 ta.berths
        0.0 h  POSITIONED v0 ta.quay = 0
        0.0 h  CLOSED v0 ta.quay = 0
        0.0 h  DEPARTED v0 ta.quay = 0
        0.0 h  ARRIVED v0 tb.gate
        0.0 h  POSITIONED v0 tb.quay = 0
        1.0 h  RELEASED c0 = 60000
        1.0 h  WAITING c0 tb.quay = 0
        1.0 h  ACCEPTED c0 v0 tb.quay
        1.0 h  LOAD_STARTED c0 v0 tb.cranes
        2.0 h  LOAD_ENDED c0 v0 tb.cranes = 1
        2.0 h  DEPARTED v0 tb.quay = 60000
       12.0 h  ARRIVED v0 ta.gate = 60000
       13.0 h  GATE_STARTED v0 ta.gate
       13.5 h  GATE_ENDED v0 ta.gate
       13.5 h  BERTH_JOINED v0 ta.berths
       13.5 h  BERTH_GIVEN v0 ta.berths
       14.5 h  BERTHED v0 ta.berths
       15.0 h  ENDED = 1
    """
    assert by_cause(text) == {"moving": 11, "handling": 1.5, "berth": 1, "crane": 0.5}


THREE_PORTS = """
[[nodes]]
id = "c"
kind = "seaport"
country = "KZ"
lat = 44.5
lon = 50.3
[[legs]]
id = "b-c"
mode = "sea"
ends = ["b", "c"]
distance = "50 km"
transit = "5 h"
[[legs]]
id = "c-a"
mode = "sea"
ends = ["c", "a"]
distance = "50 km"
transit = "5 h"
[[terminals]]
id = "tc"
node = "c"
mode = "sea"
berths = 1
rate = "20 t/h"
[[services]]
id = "ships"
stops = ["a", "b", "c"]
[[routes]]
id = "out"
nodes = ["a", "c"]
"""


def test_cargo_that_stays_aboard_during_a_call_waits_for_the_vehicle() -> None:
    """Two legs: off tb the queue counts as berth and weather, alongside there as vehicle; at tc as crane."""
    text = """
        0.0 h  ARRIVED v0 ta.gate
        1.0 h  RELEASED c0 = 60000
        1.0 h  LOAD_STARTED c0 v0 ta.cranes
        2.0 h  LOAD_ENDED c0 v0 ta.cranes = 0
        3.0 h  DEPARTED v0 ta.quay = 60000
       16.5 h  ARRIVED v0 tb.gate = 60000
       16.5 h  BERTH_JOINED v0 tb.berths
       20.0 h  BERTH_GIVEN v0 tb.berths
       21.0 h  BERTHED v0 tb.berths
       24.0 h  DEPARTED v0 tb.quay = 60000
       29.0 h  ARRIVED v0 tc.gate = 60000
       29.0 h  BERTH_JOINED v0 tc.berths
       29.0 h  BERTH_GIVEN v0 tc.berths
       29.0 h  BERTHED v0 tc.berths
       30.0 h  UNLOAD_STARTED c0 v0 tc.cranes = 1
       31.0 h  ENDED = 1
    """
    assert by_cause(text, toml=THREE_PORTS) == {
        "moving": 19.5, "handling": 2, "weather": 2.5, "berth": 1, "crane": 1, "vehicle": 4,
    }  # fmt: skip


def test_a_ship_that_passes_by_in_the_roads_never_asked_for_a_berth() -> None:
    """It waits off tb for cargo that does not come, and goes on: those hours are the vehicle's."""
    text = """
        0.0 h  ARRIVED v0 ta.gate
        1.0 h  RELEASED c0 = 60000
        1.0 h  LOAD_STARTED c0 v0 ta.cranes
        2.0 h  LOAD_ENDED c0 v0 ta.cranes = 0
        2.0 h  DEPARTED v0 ta.quay = 60000
       12.0 h  ARRIVED v0 tb.gate = 60000
       12.0 h  POSITIONED v0 tb.quay = 1
       18.0 h  CLOSED v0 tb.quay = 0
       18.0 h  DEPARTED v0 tb.quay = 60000
       20.0 h  ENDED = 1
    """
    assert by_cause(text, toml=THREE_PORTS) == {"moving": 12, "handling": 1, "vehicle": 6}


spans = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100)).map(lambda pair: (pair[0], sum(pair))), max_size=8)


@given(spans, spans, spans)
def test_seconds_by_cause_add_up_to_the_span(shut: list[tuple[int, int]], off: list[tuple[int, int]],
                                             asked: list[tuple[int, int]]) -> None:  # fmt: skip
    """Whatever is shut and whoever lies off: each second of a span has exactly one cause, as asked second by second."""
    hours_of = timeline([Window(from_s, to_s, 0, "weather") for from_s, to_s in shut], 1000)
    off_from, off_to, from_s, to_s = (
        np.array([pair[side] for pair in pairs], dtype=np.int64) for pairs in (off, asked) for side in (0, 1)
    )
    steps = while_absent(off_from, off_to, while_shut(hours_of.pieces[0], reasons(hours_of), "berth"), "vehicle")
    seconds = seconds_within(steps, from_s, to_s)
    assert seconds.sum(axis=1).tolist() == (to_s - from_s).tolist()
    for row, (begin, end) in enumerate(asked):
        lies_off = [any(one <= second < other for one, other in off) for second in range(begin, end)]
        is_shut = [any(one <= second < other for one, other in shut) for second in range(begin, end)]
        weather = sum(a and b for a, b in zip(lies_off, is_shut, strict=True))
        assert seconds[row, CAUSES.index("weather")] == weather
        assert seconds[row, CAUSES.index("berth")] == sum(lies_off) - weather


def test_a_single_cause_takes_the_whole_span() -> None:
    """A step function without steps."""
    assert seconds_within(always("moving"), np.array([3]), np.array([10]))[0, CAUSES.index("moving")] == 7


def test_pieces_are_split_by_their_own_functions_and_the_wanted_parts_are_told() -> None:
    """Four pieces of two consignments: open, across a closed hour, in it, and earlier than the piece before."""
    hours_of = timeline([Window(10, 20, 0, "calendar")], 100)
    shut = while_shut(hours_of.pieces[0], reasons(hours_of), "crane")
    seconds = np.zeros((2, len(CAUSES)), dtype=np.int64)
    sails, beside, loaded = int(Doing.SAILS), int(Doing.BESIDE), int(Doing.LOADED)
    pieces = np.array([[1, 0, 3, 0, sails, 7], [0, 5, 25, 1, beside, 8], [0, 15, 16, 1, beside, 8], [1, 0, 4, 1, loaded, 9]])
    is_wanted = np.zeros((len(Doing), len(CAUSES)), dtype=bool)
    is_wanted[Doing.BESIDE, CAUSES.index("crane")] = True
    parts = split(pieces, stairs([always("moving"), shut]), is_wanted, seconds)
    assert [column.tolist() for column in parts] == [[0], [CAUSES.index("crane")], [8], [10]]
    moving, calendar, crane = (seconds[:, CAUSES.index(cause)].tolist() for cause in ("moving", "calendar", "crane"))
    assert (moving, calendar, crane) == ([0, 3], [11, 0], [10, 4])
