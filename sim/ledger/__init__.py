"""The ledger, third of the three documents: who pays what to whom for what happened.

Settlement reads scenario, draws and log and changes none of them; money never touches the clock. Every line is in whole USD
cents, and the lines of a rule add up to what it charged.
"""

from sim.ledger.record import CARRIER, Entry, Ledger, cents_off, landed_cents, landed_lines
from sim.ledger.settling import settle
from sim.ledger.world import World, value_micros, world_of

__all__ = [
    "CARRIER", "Entry", "Ledger", "World", "cents_off", "landed_cents", "landed_lines", "settle",
    "value_micros", "world_of",
]  # fmt: skip
