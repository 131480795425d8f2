"""Clients of Flussonic Watcher's API: v3 with its client and administrator scope, and v2.

`transport` calls, `sessions` signs in, `lists` reads pages, `v3` and `v2` know the calls.
"""
