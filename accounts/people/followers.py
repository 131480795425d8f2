"""Tell higher layers that a person was changed, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from foundation.followers import Followers

_followers = Followers[[User, Mapping[str, Any]]]()
register = _followers.register
tell = _followers.tell
"""Is called with the person, and the values before of what has changed: `email`, `is_active`."""
