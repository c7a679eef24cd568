"""Insurance: a share of the customs value."""

from sim.tariffs.rule import Rule

__all__ = ["RULE"]

RULE = Rule(name="insurance", fact="release", payee="insurer")
"""Charged at the release."""
