"""Measure the speed and memory of the product against limits: `make bench`."""
