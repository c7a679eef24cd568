"""Which engine runs: by name, or the quickest that can; a result says which one it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.engine import Choice, chosen_engine
from sim.errors import CaspianError
from sim.experiment.runs import Plan, run
from sim.report import summary
from sim.scenario import Resolved, loads
from sim.scenario.wiring import network_of
from sim.world.network import Network

TINY = (Path(__file__).parents[1] / "tiny.toml").read_text(encoding="utf-8")
GIANT = {"services.ship.capacity": "3000 kt"}


@pytest.fixture(scope="module")
def tiny() -> Resolved:
    """A month of a tiny corridor."""
    return loads(TINY, "tiny")


@pytest.fixture(scope="module")
def network(tiny: Resolved) -> Network:
    """It in numbers."""
    return network_of(tiny.scenario)


def test_auto_takes_the_compiled_engine(network: Network) -> None:
    """The quickest engine that can is taken, and nothing is to be said of it."""
    assert chosen_engine("auto", network) == Choice("compiled")
    assert chosen_engine("reference", network) == Choice("reference")


def test_an_unknown_engine_is_told_apart_from_the_nearest(network: Network) -> None:
    """What engines there are is said, and the nearest name."""
    with pytest.raises(CaspianError, match="there are auto, reference, compiled; did you mean 'compiled'"):
        chosen_engine("compield", network)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"horizon_s": 1 << 31}, "its horizon of 68 years is beyond 68"),
        ({"facility_names": ("desk",) * 40_000}, "its 40000 facilities are more than 32767"),
    ],
)
def test_what_the_compiled_engine_cannot_hold_it_refuses_by_name(
    network: Network, change: dict[str, object], why: str
) -> None:
    """Asked for by name it refuses and says why; auto takes the reference engine and says why."""
    changed = replace(network, **change)  # type: ignore[arg-type]
    with pytest.raises(CaspianError, match=why):
        chosen_engine("compiled", changed)
    assert chosen_engine("auto", changed) == Choice("reference", why)


def test_a_run_says_which_engine_ran_and_why(tiny: Resolved) -> None:
    """A ship of three million tonnes is beyond the compiled engine: the run is the reference engine's, and says so."""
    giant = run(tiny.replace(GIANT), Plan(replications=1), jobs=1)
    assert (giant.engine, giant.engine_note) == ("reference", "a vehicle of 3000 kt is beyond 2147 kt")
    assert ("Engine", f"reference, since the compiled one refuses: {giant.engine_note}") in summary.lines(giant)
    assert ("Engine", "compiled") in summary.lines(run(tiny, Plan(replications=1), jobs=1))


def test_both_engines_give_the_same_rows_under_one_digest(tiny: Resolved) -> None:
    """KPIs, checks and the digest of the draws are equal to the last bit, and so are the tables that are kept."""
    by_reference, by_compiled = (
        run(tiny, Plan(replications=2, engine=engine, keep="all"), jobs=1) for engine in ("reference", "compiled")
    )
    assert by_reference.resolved.digest == by_compiled.resolved.digest
    for one, other in zip(by_reference.rows, by_compiled.rows, strict=True):
        assert str(one.kpis) == str(other.kpis)
        assert (one.checks, one.draws, one.files) == (other.checks, other.draws, other.files)
