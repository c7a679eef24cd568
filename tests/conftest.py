"""What every test shares: examples that hypothesis derives from the test itself, so that a run repeats exactly."""

from hypothesis import settings

settings.register_profile("caspian", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("caspian")
