"""Properties of every log, in random corridors."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine import simulate
from sim.events import Kind
from tests.properties.audits import AUDITS
from tests.properties.corridors import World, corridors, played, worlds
from tests.properties.loading import LOADING_AUDITS

MANY = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FEW = settings(MANY, max_examples=15)


@MANY
@given(world=worlds())
def test_every_audit_holds(world: World) -> None:
    """Every audit of `audits` and of `loading` holds in the log of every corridor."""
    for audit in (*AUDITS, *LOADING_AUDITS):
        audit(world)


@FEW
@given(world=worlds())
def test_the_same_input_gives_the_same_log(world: World) -> None:
    """Played again, the same network and draws give the same log, row by row."""
    again = simulate(world.network, world.draws)
    for column in ("at_s", "kind", "consignment", "vehicle", "facility", "value"):
        assert getattr(again, column).tolist() == getattr(world.log, column).tolist()


@FEW
@given(document=corridors(), later=st.sampled_from(["1 d", "9 d"]))
def test_a_longer_drain_changes_nothing_before_it(document: dict[str, Any], later: str) -> None:
    """Without chance in its closures, a corridor that is watched for longer has the same log until the shorter run ends."""
    document["disruptions"] = [table for table in document["disruptions"] if table["kind"] == "dated"]
    document["run"]["drain"] = "0 d"
    short = played(document)
    document["run"]["drain"] = later
    long = played(document)
    n = int(np.argmax(np.isin(short.log.kind, (Kind.GRIDLOCK, Kind.ENDED))))
    for column in ("at_s", "kind", "vehicle", "facility"):
        assert getattr(short.log, column)[:n].tolist() == getattr(long.log, column)[:n].tolist()
