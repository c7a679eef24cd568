"""The ledger, third of the three documents: who pays what to whom for what happened.

Settlement reads scenario, draws and log and changes none of them; money never touches the clock. Every line is in whole USD
cents, and the lines of a rule add up to what it charged.
"""

from sim.ledger.record import CARRIER, Entry, Ledger, cents_off, landed_cents
from sim.ledger.settling import settle

__all__ = ["CARRIER", "Entry", "Ledger", "cents_off", "landed_cents", "settle"]
