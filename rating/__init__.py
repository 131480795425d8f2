"""Calculate what usage costs. Pure Python: values in, values out; no Django, clock or settings."""
