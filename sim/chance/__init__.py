"""Chance: named streams of uniforms, and the distributions that turn them into numbers.

The only place where random numbers come from. What is drawn with them, and for whom, is said elsewhere.
"""
