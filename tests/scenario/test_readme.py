"""The scenarios of the README are ones that a newcomer can copy: they load, leave nothing out, and cost something."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.replication import replicate
from sim.ledger.record import landed_cents
from sim.scenario import loads
from sim.scenario.notices import notices
from sim.scenario.offered_load import offered_load

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(r"^```toml\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def test_the_readme_shows_three_scenarios() -> None:
    """The knobs, a commodity with a post, and a second port."""
    assert [re.search("walnuts|amirabad|throughput", block) is not None for block in BLOCKS] == [True] * 3


@pytest.mark.parametrize("block", BLOCKS, ids=["knobs", "walnuts", "amirabad"])
def test_what_the_readme_shows_checks_without_a_warning(block: str) -> None:
    """Neither a load that is too high nor anything that was left out."""
    resolved = loads(block, "readme")
    assert notices(resolved) == []
    assert offered_load(resolved.scenario).warnings() == []


def test_cement_by_the_readmes_second_port_pays_for_each_leg() -> None:
    """A short run with half of the cement that way: road, sea and shuttle are paid for, as are port and papers."""
    changes = {"run.warm_up": "0 d", "run.run_length": "30 d", "run.drain": "60 d",
               "demand.cement-out.routes": {"out": 0.5, "out-by-amirabad": 0.5}}  # fmt: skip
    evidence = replicate(loads(BLOCKS[2], "readme").replace(changes).scenario, seed=2026, replication=0)
    names = [route.id for route in evidence.scenario.routes]
    by_amirabad = [flow.route == names.index("out-by-amirabad") for flow in evidence.network.flows]
    draws = evidence.draws
    here = np.array(by_amirabad)[draws.shipment_flow[draws.shipment]]
    paid = landed_cents(evidence.ledger, len(draws.shipment))[here]
    rules = [entry.id for entry in evidence.ledger.rules]
    arrived = paid[:, rules.index("hub-handling")] > 0
    assert arrived.any()
    for rule in ("truck-freight", "sea-freight", "shuttle-freight", "anzali-handling", "iran-export-papers"):
        assert (paid[arrived, rules.index(rule)] > 0).all(), rule
