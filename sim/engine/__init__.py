"""Engines: network and draws in, event log out.

An engine is a function of its two arguments and nothing else: it has no machine clock, no randomness, no files, no
money, no printing and no globals. Here stands the table that names the engines, and the one door to them. They never meet:
each is the other's proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from sim.draws import Draws
from sim.engine.compiled.limits import refusal, refused
from sim.errors import CaspianError, nearest
from sim.events import EventLog
from sim.world.network import Network

__all__ = ["ENGINES", "Choice", "chosen_engine", "is_prepared", "prepare", "simulate"]

ENGINES = {"reference": "sim.engine.reference", "compiled": "sim.engine.compiled.run"}
"""Engine by name, and the module whose `simulate` runs it; imported when first used."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine, and why it was taken where another would have been quicker ("" where none would)."""

    name: str
    why: str = ""


def chosen_engine(engine: str, network: Network) -> Choice:
    """The engine that `engine` stands for: itself, or for ``"auto"`` the quickest that can run the network.

    Raises `CaspianError` where there is no such engine, or where it refuses the network.
    """
    if engine not in ("auto", *ENGINES):
        hint = nearest(engine, ("auto", *ENGINES))
        known = ", ".join(("auto", *ENGINES))
        raise CaspianError(f"unknown engine '{engine}'; there are {known}" + (f"; did you mean '{hint}'?" if hint else "."))
    why = "" if engine == "reference" else refusal(network)
    if why and engine == "compiled":
        raise refused(why)
    if engine == "auto":
        return Choice("reference", why) if why else Choice("compiled")
    return Choice(engine)


def prepare(engine: str) -> None:
    """Have an engine compiled, if it is to be, before many processes would do so at once."""
    if engine == "compiled":
        import_module(ENGINES[engine]).prepare()


def is_prepared(engine: str) -> bool:
    """Whether an engine can begin at once; one that has to be compiled first takes about half a minute, once."""
    return engine != "compiled" or bool(import_module(ENGINES[engine]).is_prepared())


def simulate(network: Network, draws: Draws, engine: str = "auto") -> EventLog:
    """What happens in `network` under `draws`: the same log, bit for bit, from every engine.

    Raises `VoyagesRanOut` where a vehicle makes more voyages than were drawn.
    """
    module = import_module(ENGINES[chosen_engine(engine, network).name])
    return cast(EventLog, module.simulate(network, draws))
