"""Filters of the list of people."""

from typing import ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role, User
from accounts.querysets import UserQuerySet
from foundation.lists.filters import search_filter

STATES = (
    ("active", pgettext_lazy("a person", "Active")),
    ("invited", _("Not yet activated")),
    ("blocked", pgettext_lazy("a person", "Blocked")),
)


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search, role and state."""

    q = search_filter(_("Name or email address"))
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("Status"), method="filter_state", choices=STATES, empty_label=_("All")
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def search(self, people: UserQuerySet, name: str, text: str) -> UserQuerySet:
        """Keep people found by name or address."""
        return people.search(text)

    def filter_state(self, people: UserQuerySet, name: str, state: str) -> UserQuerySet:
        """Keep people in this state."""
        return people.in_state(state)
