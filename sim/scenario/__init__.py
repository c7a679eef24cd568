"""The scenario language: TOML files with units, layered, validated and checked, into one frozen `Scenario`.

`load` and `loads` are the door. What the tables mean is the nouns' business; what happens in such a world is nobody's here.
"""

from sim.scenario.resolved import Resolved, load, loads
from sim.scenario.schema import Scenario
from sim.scenario.writing import to_toml

__all__ = ["Resolved", "Scenario", "load", "loads", "to_toml"]
