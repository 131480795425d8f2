"""Jobs: what procrastinate runs in workers."""
