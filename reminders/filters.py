"""Filter the list of reminders."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.lists.filters import search_filter
from organizations.filters import SEARCHED, SEARCHED_IN_SHORT
from organizations.models import Organization
from reminders.models import FollowUp, Level, Reminder, ReminderState
from reminders.querysets import ReminderQuerySet

ALL, MAIL_FAILED = "all", "mail_failed"
_SHOWN = (
    (FollowUp.SUSPEND, _("Suspension proposed")),
    (FollowUp.RESTORE, _("Restoring proposed")),
    (ReminderState.APPROVED, ReminderState.APPROVED.label),
    (ReminderState.SENT, ReminderState.SENT.label),
    (MAIL_FAILED, _("Could not be sent")),
    (ReminderState.SKIPPED, ReminderState.SKIPPED.label),
    (ALL, pgettext_lazy("reminders", "All")),
)


class ReminderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search reminders by organization; filter them by level, currency and what is to be done."""

    q = search_filter(SEARCHED, SEARCHED_IN_SHORT)
    level = django_filters.ModelChoiceFilter(
        label=_("Level"), queryset=Level.objects.all(), empty_label=_("All")
    )
    currency = django_filters.ChoiceFilter(label=_("Currency"), empty_label=_("All"))
    show = django_filters.ChoiceFilter(
        label=_("Show"), empty_label=_("To be sent"), choices=_SHOWN, method="shown"
    )

    class Meta:
        model = Reminder
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["currency"].extra["choices"] = [(each, each) for each in currencies]

    @property
    def shows(self) -> str:
        """What is shown: nothing for those to be sent."""
        asked: str = self.data.get("show", "")
        return asked if asked in [value for value, _label in _SHOWN] else ""

    def search(self, reminders: ReminderQuerySet, name: str, text: str) -> ReminderQuerySet:
        """Keep those of organizations that are found."""
        found = Organization.objects.search(text).order_by().values("pk")
        return reminders.filter(organization__in=found)

    def shown(self, reminders: ReminderQuerySet, name: str, value: str) -> ReminderQuerySet:
        """Keep those in a state, with a failed mail, or of which something follows."""
        match value:
            case FollowUp.SUSPEND | FollowUp.RESTORE:
                return reminders.followed().filter(follow_up=value)
            case "mail_failed":
                return reminders.mail_failed()
            case "all":
                return reminders
            case _:
                return reminders.filter(state=value)

    def filter_queryset(self, queryset: ReminderQuerySet) -> Any:
        """Leave out all but the proposed ones unless others are asked for."""
        if not self.shows:
            # Written as in the index of undecided reminders.
            queryset = queryset.undecided().filter(state=ReminderState.PROPOSED)
        return super().filter_queryset(queryset)
