"""Names that must be the id of something: every key that refers to a node, a calendar, a service, …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import Problem
from sim.scenario.checks.view import View, listed
from sim.scenario.schema import Scenario

__all__ = ["REFERENCES", "clashes", "known_regimes", "references", "regimes"]

REFERENCES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "terminals": {"node": ("nodes",), "hours": ("calendars",), "entry_hours": ("calendars",), "gate.hours": ("calendars",)},
    "yards": {"node": ("nodes",)},
    "posts": {"node": ("nodes",), "hours": ("calendars",), "commodities": ("commodities",)},
    "legs": {"ends": ("nodes",)},
    "services": {"stops": ("nodes",), "commodities": ("commodities",)},
    "routes": {"nodes": ("nodes",), "services": ("services",)},
    "demand": {"commodity": ("commodities",), "routes": ("routes",)},
    "background": {"terminal": ("terminals",)},
    "disruptions": {"on": ("terminals", "posts", "legs", "services")},
    "tariffs": {
        "commodities": ("commodities",), "streams": ("demand",), "services": ("services",), "legs": ("legs",),
        "nodes": ("nodes",), "terminals": ("terminals",), "posts": ("posts",), "of": ("tariffs",),
    },
}  # fmt: skip
"""By list of the file and key of its elements: the lists one of which must have that id."""

_SCALES = {"by_commodity": "commodities", "by_leg": "legs"}
_REGIMES = ("release", "free-zone")


def references(view: View) -> Iterator[Problem]:
    """Whatever refers to an id refers to one that is there."""
    for section, keys in REFERENCES.items():
        for element in getattr(view.scenario, section):
            for key, targets in keys.items():
                yield from _unknown(view, f"{section}.{element.id}.{key}", _value(element, key), targets)
    for key, target in _SCALES.items():
        yield from _unknown(view, f"scale.{key}", getattr(view.scenario.scale, key), (target,))


def _value(element: object, key: str) -> Any:
    for word in key.split("."):
        element = getattr(element, word, None)
    return element


def _unknown(view: View, key: str, value: object, targets: tuple[str, ...]) -> Iterator[Problem]:
    """A problem for each id in `value` (one, a list of them, or the keys of a table) that none of `targets` has."""
    known = frozenset[str]().union(*(view.known(target) for target in targets))
    words: dict[str, str] = {}
    if isinstance(value, str):
        words = {key: value}
    elif isinstance(value, Mapping):
        words = {f"{key}.{word}": word for word in value}
    elif isinstance(value, tuple):
        words = {f"{key}.{index}": word for index, word in enumerate(value)}
    for at, word in words.items():
        if word not in known:
            kinds = " or ".join(targets)
            yield view.problem(at, f"refers to none of the {kinds}", found=word, expected=listed(known), near=known)


def known_regimes(scenario: Scenario) -> set[str]:
    """The customs regimes: release, free-zone, and those that a stream and a tariff or a post agree on."""
    of_streams = {stream.regime for stream in scenario.demand}
    of_tariffs = {word for tariff in scenario.tariffs for word in tariff.regimes}
    of_posts = {word for post in scenario.posts for word in post.regimes}
    return {*_REGIMES, *(of_streams & (of_tariffs | of_posts))}


def regimes(view: View) -> Iterator[Problem]:
    """A customs regime is one of those known."""
    known = known_regimes(view.scenario)
    for stream in view.scenario.demand:
        if stream.regime not in known:
            yield view.problem(f"demand.{stream.id}.regime", "is a regime that no tariff and no post knows",
                               found=stream.regime, expected=listed(known), near=known)  # fmt: skip
    for section in ("tariffs", "posts"):
        for element in getattr(view.scenario, section):
            for index, word in enumerate(element.regimes):
                if word not in known:
                    yield view.problem(f"{section}.{element.id}.regimes.{index}", "is a regime that no stream has",
                                       found=word, expected=listed(known), near=known)  # fmt: skip


def clashes(view: View) -> Iterator[Problem]:
    """No post has the id of a terminal: figures show both as facilities. What a disruption strikes has a name of its own."""
    for word in sorted(view.known("terminals") & view.known("posts")):
        yield view.problem(f"posts.{word}.id", "is the id of a terminal too", found=word, expected="an id of its own")
    targets = REFERENCES["disruptions"]["on"]
    for disruption in view.scenario.disruptions:
        for index, word in enumerate(disruption.on):
            having = [target for target in targets if word in view.known(target)]
            if len(having) > 1 and having != ["terminals", "posts"]:
                yield view.problem(f"disruptions.{disruption.id}.on.{index}", f"is an id of {' and of '.join(having)}",
                                   found=word, expected="a name that only one thing has")  # fmt: skip
