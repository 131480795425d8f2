"""Correct recorded usage: plan what changes, show it, then apply all of it or nothing."""
