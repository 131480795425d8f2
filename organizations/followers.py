"""Tell higher layers that organizations were changed, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping

from foundation.followers import Followers

FOLLOWED = ("title", "contract_number")
"""The fields of which others are told."""
_followers = Followers[[Mapping[int, Mapping[str, str]]]]()
register = _followers.register


def tell(former: Mapping[int, Mapping[str, str]]) -> None:
    """Pass on the values before of those that have changed among `FOLLOWED`, by id and field."""
    if changed := {pk: values for pk, values in former.items() if values}:
        _followers.tell(changed)
