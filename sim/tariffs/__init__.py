"""Tariffs: a family of rules, each of which turns a fact (a carriage, a lift, a stay, a call, an entry) into a charge.

Rules are pure functions of facts; they know no log, no clock and no engine. Which facts there were is read elsewhere.
"""

from sim.tariffs.tariff import RuleName, Tariff

__all__ = ["RuleName", "Tariff"]
