"""The nouns of the corridor: cargo, places, transport, demand, calendars, and the network they form.

Frozen data with docstrings that the scenario language shows to the analyst; behaviour stands in functions beside them.
No file is read here, nothing is drawn, no clock runs.
"""
