"""A pytest plugin for mutation testing: run few random cases, the same ones each time.

A failure is not reduced: it only has to be noticed.
"""

from hypothesis import Phase, settings

settings.register_profile(
    "few",
    max_examples=15,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)
settings.load_profile("few")
