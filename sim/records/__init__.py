"""Records: the event log read as tables, one row per consignment, visit, ride, call, voyage and stay at a berth.

An engine writes events in the order in which they happen; accounts ask by consignment and by vehicle. Here the log is put
into those orders, once per replication. Nothing is judged here: no cause, no money, no figure.
"""

from sim.records.reading import legs_of_rides, occurrence, read
from sim.records.tables import Berthings, Calls, Cargo, Records, Rides, Spells, Visits, Voyages, reached

__all__ = [
    "Berthings", "Calls", "Cargo", "Records", "Rides", "Spells", "Visits", "Voyages", "legs_of_rides", "occurrence",
    "reached", "read",
]  # fmt: skip
