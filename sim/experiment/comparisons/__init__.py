"""Comparisons: scenarios run under the same chance, told apart with a stated certainty, and their difference explained by
cause.

What makes the difference of one replication stands in `explaining`, what may be said of it in `verdicts`, and how scenarios
are run for it in `comparing`. What is printed and drawn of it is made above.
"""
