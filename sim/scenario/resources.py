"""The resources of a scenario: what there could be one more of, or a tenth more, each by its dotted key. Nothing is run
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.scenario.schema import Scenario
from sim.units import MASS
from sim.world.places import Terminal

__all__ = ["FORMS", "UNLIMITED", "Resource", "form_of", "resources"]

FORMS = (
    "services.….vehicles", "terminals.….berths", "terminals.….cranes", "terminals.….rate", "terminals.….gate.lanes",
    "posts.….servers", "yards.….capacity",
)  # fmt: skip
"""Keys of resources, their ids left out."""

UNLIMITED = 100
"""Servers from which a post is taken to have no limit that is felt."""
MORE = 1.1
"""What a rate or a capacity is tried with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource, and what a step more of it is."""

    key: str
    """Dotted key of how much there is of it."""
    title: str
    now: str
    """How much there is."""
    then: str
    """How much there is with a step more."""
    changes: Mapping[str, object]
    """The step, as changes of a scenario by dotted key."""


def form_of(key: str) -> str:
    """A key of a resource with its id left out: ``services.….vehicles``."""
    table, _, rest = key.partition(".")
    ends = (form.rpartition("….")[2] for form in FORMS if form.startswith(f"{table}."))
    end = next((end for end in ends if rest.endswith(f".{end}")), rest.rpartition(".")[2])
    return f"{table}.….{end}"


def resources(scenario: Scenario) -> list[Resource]:
    """Fleets, berths, cranes, gate lanes and servers, to which one is added; handling rates and yards, a tenth more."""
    found = [
        _one_more(f"services.{service.id}.vehicles", f"{service.title or service.id}: fleet", service.vehicles)
        for service in scenario.services
    ]
    for terminal in scenario.terminals:
        found += _of_terminal(terminal)
    for post in scenario.posts:
        if post.servers < UNLIMITED:
            found.append(_one_more(f"posts.{post.id}.servers", f"{post.id}: servers", post.servers))
    for yard in scenario.yards:
        key = f"yards.{yard.id}.capacity"
        more = MASS.text(round(yard.capacity * MORE))
        found.append(
            Resource(key=key, title=f"{yard.id}: room", now=MASS.text(yard.capacity), then=more, changes={key: more})
        )
    return found


def _of_terminal(terminal: Terminal) -> Iterator[Resource]:
    where = f"terminals.{terminal.id}"
    yield _one_more(f"{where}.berths", f"{terminal.id}: berths", terminal.berths)
    if terminal.cranes is not None:
        yield _one_more(f"{where}.cranes", f"{terminal.id}: cranes", terminal.cranes)
    rates = {f"{where}.rate": terminal.rate} | {f"{where}.rates.{form}": rate for form, rate in terminal.rates.items()}
    more = {key: f"{rate * MORE:.6g} t/h" for key, rate in rates.items()}
    yield Resource(key=f"{where}.rate", title=f"{terminal.id}: handling rate", changes=more,
                   now=f"{terminal.rate:.3g} t/h", then=f"{terminal.rate * MORE:.3g} t/h")  # fmt: skip
    if terminal.gate is not None:
        yield _one_more(f"{where}.gate.lanes", f"{terminal.id}: gate lanes", terminal.gate.lanes)


def _one_more(key: str, title: str, now: int) -> Resource:
    return Resource(key=key, title=title, now=str(now), then=str(now + 1), changes={key: now + 1})
