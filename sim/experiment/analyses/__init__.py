"""Analyses: what matters, which alternative is best, what to change first. Each plans points or scenarios, has them run by a
sweep or a comparison, and reckons with what comes back; the reckoning itself stands in `statistics`.
"""
