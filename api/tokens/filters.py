"""Filters of the list of tokens."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from api.tokens.models import Token
from api.tokens.querysets import TokenQuerySet
from foundation.lists.filters import search_filter

STATES = (
    ("active", pgettext_lazy("a token", "Active")),
    ("expired", pgettext_lazy("a token", "Expired")),
    ("revoked", pgettext_lazy("a token", "Revoked")),
)


class TokenFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search and state."""

    q = search_filter(_("Name or person"))
    state = django_filters.ChoiceFilter(
        label=_("Status"), method="filter_state", choices=STATES, empty_label=_("All")
    )

    class Meta:
        model = Token
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def search(self, tokens: TokenQuerySet, name: str, text: str) -> TokenQuerySet:
        """Keep tokens found by their name or person."""
        return tokens.search(text)

    def filter_state(self, tokens: TokenQuerySet, name: str, state: str) -> TokenQuerySet:
        """Keep tokens in this state."""
        return tokens.in_state(state, self.now)
