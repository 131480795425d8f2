"""Filter the list of lines."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from bank.models import BankAccount, BankLine, BankStatement, LineState
from bank.querysets import BankLineQuerySet
from foundation.lists.filters import DatesFilter, search_filter

ALL = "all"


class LineFilter(DatesFilter):
    """Search lines by name and text; filter them by account and state; by default, open ones."""

    q = search_filter(_("Name or text"))
    account = django_filters.ModelChoiceFilter(
        label=_("Bank account"), queryset=BankAccount.objects.all(), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("To be decided"),
        choices=(
            (LineState.POSTED, _("Recorded")),
            (LineState.IGNORED, _("Ignored")),
            (ALL, _("All")),
        ),
        method="in_state",
    )

    only = _("Only lines of %(dates)s are shown.")

    class Meta(DatesFilter.Meta):
        model = BankLine
        fields: ClassVar[list[str]] = []

    def search(self, lines: BankLineQuerySet, name: str, text: str) -> BankLineQuerySet:
        """Keep those whose name or text has each word."""
        return lines.search(text)

    def in_state(self, lines: BankLineQuerySet, name: str, state: str) -> BankLineQuerySet:
        """Keep those in a state."""
        return lines if state == ALL else lines.filter(state=state)

    def since(self, lines: BankLineQuerySet, name: str, day: date) -> BankLineQuerySet:
        """Keep lines of a date or later."""
        return lines.filter(booked_on__gte=day)

    def until(self, lines: BankLineQuerySet, name: str, day: date) -> BankLineQuerySet:
        """Keep lines of a date or earlier."""
        return lines.filter(booked_on__lte=day)

    def filter_queryset(self, queryset: BankLineQuerySet) -> Any:
        """Leave out those that are decided, unless a state is chosen."""
        is_chosen = self.data.get("state", "") in (LineState.POSTED, LineState.IGNORED, ALL)
        return super().filter_queryset(queryset if is_chosen else queryset.open())


class StatementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter what files stated by account."""

    account = django_filters.ModelChoiceFilter(
        label=_("Bank account"), queryset=BankAccount.objects.all(), empty_label=_("All")
    )

    class Meta:
        model = BankStatement
        fields: ClassVar[list[str]] = []
