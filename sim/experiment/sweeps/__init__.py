"""Sweeps: a scenario run at many design points, stored as it goes, resumed by the same command.

What is varied stands in `factors`, at which points in `designs`, how a file or a table says it in `asking`, what is kept in
`database`, how what is missing gets done in `driving`. All points use the same seed, and chance is drawn by name, so that
points differ by what was varied and not by luck. How one replication is run is said elsewhere, and so is where.
"""
