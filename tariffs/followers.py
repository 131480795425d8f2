"""Tell higher layers that a tariff plan was changed, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.followers import Followers
from tariffs.models import Tariff

_followers = Followers[[Tariff, Mapping[str, Any]]]()
register = _followers.register


def tell(tariff: Tariff, before: Mapping[str, Any]) -> None:
    """Pass on the values before, by field name, of what has changed, if anything has."""
    if before:
        _followers.tell(tariff, before)
