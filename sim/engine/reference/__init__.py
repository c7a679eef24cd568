"""The reference engine: SimPy, written to be read and extended.

A story per consignment, vehicle, call of another trade and closing timeline (`stories`), and facilities that start work
(`gates`, `berths`, `quays` with their `stands`, `cranes`, `posts`, with `yards` passive between them). Facilities start
work only when the `clock` says so, under the rule of the instant; stories and everything else only change state and mark
facilities.
"""

from sim.engine.reference.run import simulate

__all__ = ["simulate"]
