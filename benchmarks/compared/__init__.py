"""Scripts that benchmarks/two_builds.py runs in both builds; each prints its results as JSON."""
