"""Check a document: what any electronic invoice states, and which official rules it breaks.

A job has a process of its own do it (`apart`, `examining`), with limits on time and memory: the
documents come from anyone. That process does not load Django, and only it loads saxonche, which
runs the rules.
"""
