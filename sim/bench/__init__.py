"""The benchmark: how long engines and the whole pipeline take on a frozen corridor, beside the same corridor in plain SimPy.

Here live the machine's clock, the order in which contenders take turns, and the child processes in which starts and memory
are measured. What is measured is used as it is, from outside: nothing below knows that it is being timed. The corridor and
the yardstick stand in tests/benchmarks of a checkout; an installed program has none.
"""
