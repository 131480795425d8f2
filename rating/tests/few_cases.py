"""A pytest plugin for mutation testing: run few random cases, the same ones each time."""

from hypothesis import settings

settings.register_profile("few", max_examples=15, derandomize=True, database=None)
settings.load_profile("few")
