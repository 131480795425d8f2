"""Filters of lists that people save under a name, for themselves or for their colleagues."""
