"""Cases: places of one group, some of which have what others lack. What lacks it while another has it is a gap.

So a scenario that does without something altogether, such as tariffs, is never reminded of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Case", "gaps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Whether the place at `key` has what `lack` would say is missing, for the cargo or terminal `what`."""

    key: str
    group: Hashable
    """Places of the same group are compared."""
    lack: str
    """Such as 'no freight tariff applies to'; `what` follows."""
    what: str = ""
    met: bool
    elsewhere: bool = False
    """True where only another place that has it makes this one a gap."""


def gaps(cases: Iterable[Case]) -> Iterator[tuple[str, str]]:
    """Key and message of each place that lacks something, with a place that does not, for the same `what` if any."""
    seen = list(dict.fromkeys(cases))
    lacking: dict[tuple[str, str, str], list[str]] = {}
    for case in seen:
        having = [other for other in seen if other.met and (other.group, other.lack) == (case.group, case.lack)]
        peers = [other.key for other in having if other.key != case.key and other.what == case.what]
        peer = next(iter(peers or [other.key for other in having if other.key != case.key]), "")
        if not case.met and (peer or (having and not case.elsewhere)):
            lacking.setdefault((case.key, case.lack, peer), []).append(case.what)
    for (key, lack, peer), whats in lacking.items():
        message = f"{lack} {', '.join(dict.fromkeys(whats))}".strip()
        yield key, f"{message}; compare {peer}" if peer else message
