import pytest

from sim.bench.checkout import corridor
from sim.bench.processes import widened
from sim.scenario import load
from sim.scenario.offered_load import offered_load


def test_a_wider_corridor_is_as_busy() -> None:
    """Seven times the cargo through seven times as much of everything: every facility and fleet bears the same load."""
    base = load(str(corridor()))
    wide = load(str(corridor()), tuple(widened(base, 7)))
    for here, there in zip(offered_load(base.scenario).loads, offered_load(wide.scenario).loads, strict=True):
        assert here.name == there.name
        assert here.by_month == pytest.approx(there.by_month)
