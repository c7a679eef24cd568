"""Two engines, one log, bit for bit: shipped scenarios, a corridor under stress, and the tool that says where logs part.

Random corridors and stories agree too: there every corridor and every story is played by both. The long form is `full.py`.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.draws import Draws
from sim.engine import simulate
from sim.engine.agreement import parting
from sim.engine.compiled import packing
from sim.events import EventLog, Kind
from sim.scenario import load
from sim.scenario.wiring import network_of
from sim.world.network import Network
from tests.agreement.both import drawn_and_played
from tests.stories.telling import play, shipped

STRESS = Path(__file__).with_name("stress.toml")
SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "scenarios").glob("*.toml"))
TWICE = ("baseline", "as-is-2026", "tariffs-cut", "throughput-doubled", "transit-faster")
SIXTY_DAYS = {"run.warm_up": "10 d", "run.run_length": "50 d", "run.drain": "10 d"}


@pytest.mark.parametrize(("name", "replication"), [*((name, 0) for name in SHIPPED), *((name, 1) for name in TWICE)])
def test_both_engines_log_the_same_events_of_a_shipped_scenario(name: str, replication: int) -> None:
    """Over sixty days of every shipped scenario, the compiled engine's log is the reference's, row by row."""
    scenario = load(name).replace(SIXTY_DAYS).scenario
    _, log = drawn_and_played(scenario, network_of(scenario), scenario.run.seed, replication)

    assert len(log) > 10_000


@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_log_the_same_events_where_everything_is_too_small(seed: int) -> None:
    """With full yards, full vessels and long closures too; and it is so full that discharges are refused by the hundred."""
    scenario = load(str(STRESS)).replace(SIXTY_DAYS).scenario
    _, log = drawn_and_played(scenario, network_of(scenario), seed)

    assert len(log.where(Kind.NO_SLOT)) > 100
    assert len(log.where(Kind.SHUT)) > 100


def test_a_log_that_was_given_too_little_room_is_played_again_with_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tables of the compiled engine are too small it notices, and the log is whole all the same."""
    story = play(shipped("d", "50 t at 2 h", "50 t at 40 h"))
    enough, asked = packing._sizes, []

    def too_little(network: Network, draws: Draws, room: int) -> dict[str, int]:
        asked.append(room)
        return enough(network, draws, room) | {"log_capacity": 3 * room, "agenda_capacity": 2 * room}

    monkeypatch.setattr(packing, "_sizes", too_little)
    log = simulate(story.network, story.draws, "compiled")

    assert parting(story.network, story.log, log) == ""
    assert asked == [1, 4, 16, 64]


def test_it_is_said_where_two_logs_part_and_how_things_stand_there() -> None:
    """The events before, the first in which they differ, and what each log says of whom that event names."""
    story = play(shipped("d", "50 t at 2 h"))
    row = int(np.flatnonzero(story.log.kind == Kind.LOAD_STARTED)[0])
    late = story.log.at_s.copy()
    late[row:] += 60
    other = replace(story.log, at_s=late)

    said = parting(story.network, story.log, other, ("one", "two"))

    assert f"the logs part at event {row} (one has {len(other)}, two {len(other)})" in said
    assert f"  one    {story.log.at_s[row]} s LOAD_STARTED consignment 0, vehicle 0, facility ta.cranes = 0" in said
    assert f"  two    {late[row]} s LOAD_STARTED consignment 0, vehicle 0, facility ta.cranes = 0" in said
    assert "consignment 0\n  one    was " in said
    assert parting(story.network, story.log, story.log) == ""


def test_a_log_that_ends_early_parts_from_one_that_goes_on() -> None:
    """A log that is the beginning of another is not the same."""
    story = play(shipped("d", "50 t at 2 h"))
    short = EventLog(**{name: getattr(story.log, name)[:-1] for name in EventLog.__slots__})

    assert "has ended" in parting(story.network, short, story.log)
