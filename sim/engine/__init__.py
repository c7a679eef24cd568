"""Engines: network and draws in, event log out.

An engine is a function of its two arguments and nothing else: it has no machine clock, no randomness, no files, no
money, no printing and no globals. Here stands the table that names the engines, and the one door to them.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from sim.draws import Draws
from sim.errors import CaspianError, nearest
from sim.events import EventLog
from sim.world.network import Network

__all__ = ["ENGINES", "chosen_engine", "simulate"]

ENGINES = {"reference": "sim.engine.reference", "compiled": "sim.engine.compiled.run"}
"""Engine by name, and the module whose `simulate` runs it; imported when first used."""


def chosen_engine(engine: str) -> str:
    """The engine that `engine` stands for: itself, or for ``"auto"`` the quickest that can run the model."""
    if engine == "auto":
        return "reference"
    if engine not in ENGINES:
        hint = nearest(engine, ENGINES)
        raise CaspianError(f"unknown engine '{engine}'" + (f"; did you mean '{hint}'?" if hint else ""))
    return engine


def simulate(network: Network, draws: Draws, engine: str = "auto") -> EventLog:
    """What happens in `network` under `draws`: the same log, bit for bit, from every engine."""
    module = import_module(ENGINES[chosen_engine(engine)])
    return cast(EventLog, module.simulate(network, draws))
