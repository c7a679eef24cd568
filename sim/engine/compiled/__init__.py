"""The compiled engine: the same runs as the reference engine's, the same log bit for bit, some eighty times as fast.

It plays the same model over flat tables (`tables`, filled by `packing`) in a loop (`play`) compiled by numba. Its rooms are
those of the reference engine under the same names (`gates`, `berths`, `quays` with `loading`, `cranes`, `posts`, `yards`,
`supply`, `stories`), function by function, so that whoever changes one engine finds the place in the other; `agenda`,
`hours` and `lists` are what SimPy, `Timeline` and Python's lists are there. `rows` says how a record is reached, `limits`
what is refused.

numba is imported with `run` and not before.
"""
