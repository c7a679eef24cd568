"""Experiments: one replication, many of them with intervals, a sweep over a grid, and what they leave on disk.

Here live the order of work and the process pool, the stopping rule, the judgement of the warm-up and the results folder.
What a replication is made of (draws, engine, ledger, KPIs) is said below; what people look at is made above.
"""
