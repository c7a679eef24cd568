"""Statistics of experiments: quantiles, steady state, selection of the best, screening, many tests at once.

Here live methods only: plain numbers in, plain numbers out. No scenario, no engine and no file is known here, and nothing
is run but what the caller hands over as a function. Each method names the paper or the handbook that it is taken from.
"""
