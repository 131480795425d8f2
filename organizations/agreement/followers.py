"""What follows in higher layers when an organization is suspended, restored or closed."""

from __future__ import annotations

from foundation.followers import Followers

STOPPED: Followers[[int]] = Followers()
"""A suspension, or the closing, of an organization was added, changed or taken back.

The organization, which is given by its id, is locked.
"""
