"""What `caspian check` warns of: what one place has and another like it lacks, and distances that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import load, loads
from sim.scenario.notices import notices

ROOT = Path(__file__).parents[2]
SECOND_PORT = """
extends = "baseline"
[[nodes]]
id = "amirabad"
kind = "seaport"
country = "IR"
lat = 36.86
lon = 53.38
[[legs]]
id = "qazvin-amirabad"
mode = "road"
ends = ["qazvin", "amirabad"]
distance = "430 km"
transit = "10 h"
[[legs]]
id = "amirabad-aktau"
mode = "sea"
ends = ["amirabad", "aktau"]
distance = "419 nm"
[[terminals]]
id = "amirabad-quay"
node = "amirabad"
mode = "sea"
berths = 4
rate = "60 t/h"
[[terminals]]
id = "amirabad-trucks"
node = "amirabad"
mode = "road"
berths = 6
rate = "40 t/h"
[[services]]
id = "amirabad-road"
mode = "road"
stops = ["qazvin", "amirabad"]
vehicles = 10
capacity = "24 t"
[[services]]
id = "amirabad-sea"
mode = "sea"
stops = ["amirabad", "aktau"]
vehicles = 1
capacity = "3000 t"
speed = "10 kn"
[[routes]]
id = "out-by-amirabad"
nodes = ["qazvin", "amirabad", "aktau", "hub"]
services = ["amirabad-road", "amirabad-sea", "shuttle"]
[[demand]]
id = "cement-out"
routes = { out = 0.9, out-by-amirabad = 0.1 }
"""


def _said(text: str) -> set[str]:
    return {f"{remark.key}: {remark.message}" for remark in notices(loads(text))}


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml")))
def test_what_is_shipped_gives_no_notice(name: str) -> None:
    """What the catalogue leaves out, it leaves out everywhere alike."""
    assert notices(load(name)) == []


def test_a_scenario_without_tariffs_is_not_reminded_of_them() -> None:
    """Nor of customs, weather or draught, where no place has them."""
    assert notices(load(str(ROOT / "tests" / "tiny.toml"))) == []


def test_a_second_port_that_costs_nothing_is_warned_of() -> None:
    """Everything that Anzali has and Amirabad lacks is named, each with a place to copy from."""
    assert _said(SECOND_PORT) == {
        "services.amirabad-road: no freight tariff applies to cement; compare services.trucks",
        "services.amirabad-sea: no freight tariff applies to cement; compare services.trucks",
        "terminals.amirabad-quay: no handling tariff applies to cement; compare terminals.anzali-quay",
        "nodes.amirabad: no storage tariff applies to cement; compare nodes.anzali",
        "services.amirabad-sea: no port-dues tariff applies at amirabad-quay, aktau-quay; compare services.vessels",
        "services.amirabad-sea: no demurrage tariff applies at amirabad-quay, aktau-quay; compare services.vessels",
        "nodes.amirabad: no customs post serves exports; compare nodes.anzali",
        "terminals.amirabad-quay: no weather closes it; compare terminals.anzali-quay",
        "terminals.amirabad-quay: neither permitted draught nor depth limits ships; compare terminals.anzali-quay",
        "services.amirabad-sea: no design draught, so that no water is too shallow; compare services.vessels",
        "services.amirabad-road: no emission factor; compare services.reefer-trucks",
        "services.amirabad-sea: no emission factor; compare services.vessels",
    }


def test_goods_that_are_released_without_duty_are_warned_of() -> None:
    """A new commodity in the free zone owes nothing yet; released, it would pass duty-free, and that is said."""
    walnuts = """
    extends = "baseline"
    [[commodities]]
    id = "walnuts"
    form = "container"
    value = "4000 USD/t"
    teu_load = "12 t/TEU"
    [[demand]]
    id = "walnuts-out"
    commodity = "walnuts"
    direction = "export"
    volume = "3 kt/yr"
    lot = "24 t"
    routes = { out = 1.0 }
    regime = "REGIME"
    [[demand]]
    id = "cement-out"
    regime = "REGIME"
    """
    assert _said(walnuts.replace("REGIME", "free-zone")) == set()
    assert _said(walnuts.replace("REGIME", "release")) == {
        "demand.walnuts-out.routes.out: no duty tariff applies to walnuts; compare demand.cement-out.routes.out"
    }


def test_a_form_of_cargo_that_no_tariff_names_is_warned_of() -> None:
    """The service charges others, and other services charge for it: one of those is named."""
    said = _said('extends = "baseline"\n[[tariffs]]\nid = "sea-freight"\nforms = ["bulk"]\n')
    assert "services.vessels: no freight tariff applies to machinery; compare services.trucks" in said


def test_a_post_without_a_fee_is_warned_of() -> None:
    """Customs at the new port that charge nothing, where those of Anzali do."""
    post = '[[posts]]\nid = "amirabad-export"\nnode = "amirabad"\ndirection = "export"\ntime = "2 h"\n'
    said = _said(SECOND_PORT + post)
    assert "nodes.amirabad: no fee tariff applies to cement; compare nodes.anzali" in said
    assert not any("no customs post" in remark for remark in said)


@pytest.mark.parametrize(("km", "words"), [(100, "shorter than the great circle"), (900, "more than 3 times")])
def test_a_distance_that_cannot_be_is_warned_of(km: int, words: str) -> None:
    """Qazvin and Anzali lie 149 km apart."""
    said = _said(f'extends = "baseline"\n[[legs]]\nid = "qazvin-anzali"\ndistance = "{km} km"\n')
    assert [remark.split(":")[0] for remark in said] == ["legs.qazvin-anzali.distance"]
    assert all(f"{km} km between nodes that lie 149 km apart" in remark and words in remark for remark in said)
