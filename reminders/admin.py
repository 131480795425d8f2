"""Reminders and their levels in Django admin, where support staff look them up."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin
from organizations.models import Organization
from reminders.models import Arrangement, Level, PaymentPromise, Reminder
from tariffs.money import format_money


class OfOrganizationAdmin(LookupAdmin):
    """Find rows by their organization."""

    history_page = "organizations:history"
    history_of = "organization_id"
    search_fields = ("organization",)
    search_help_text = _("Search by organization, contract number or owner.")
    ordering = ("-pk",)
    sortable_by = ()
    list_select_related: ClassVar[Any] = ("organization",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows of the organizations that match the search."""
        if search_term:
            found = Organization.objects.search(search_term).order_by().values("pk")
            queryset = queryset.filter(organization__in=found)
        return queryset, False


@admin.register(Reminder)
class ReminderAdmin(OfOrganizationAdmin):
    """Find reminders by their organization."""

    list_display = ("as_of", "organization", "level", "state", "shown_total", "decided_at")
    list_select_related = ("organization", "level")
    raw_id_fields = ("organization", "owner", "level", "fee_charge", "decided_by")
    fields = (
        "organization",
        "owner",
        "level",
        "state",
        "as_of",
        "shown_total",
        "shown_fee",
        "shown_interest",
        "fee_charge",
        "due_on",
        "subject",
        "introduction",
        "proposed_at",
        "decided_at",
        "decided_by",
        "reason",
        "follow_up",
        "follow_up_reason",
    )
    readonly_fields = ("shown_total", "shown_fee", "shown_interest")

    @admin.display(description=_("overdue"))
    def shown_total(self, reminder: Reminder) -> str:
        """Format what is overdue."""
        return format_money(reminder.total, reminder.currency)

    @admin.display(description=_("fee"))
    def shown_fee(self, reminder: Reminder) -> str:
        """Format the fee."""
        return format_money(reminder.fee, reminder.currency)

    @admin.display(description=_("interest"))
    def shown_interest(self, reminder: Reminder) -> str:
        """Format the interest."""
        return format_money(reminder.interest, reminder.currency)


@admin.register(Arrangement)
class ArrangementAdmin(OfOrganizationAdmin):
    """Find arrangements by their organization."""

    list_display = ("organization", "first_on", "last_on", "is_pause", "reason")
    raw_id_fields = ("organization",)


@admin.register(PaymentPromise)
class PaymentPromiseAdmin(OfOrganizationAdmin):
    """Find promises by their organization."""

    list_display = ("organization", "currency", "first_on", "last_on", "note")
    raw_id_fields = ("organization",)
    fields = ("organization", "currency", "shown_amount", "first_on", "last_on", "note")
    readonly_fields = ("shown_amount",)

    @admin.display(description=_("amount"))
    def shown_amount(self, promise: PaymentPromise) -> str:
        """Format the amount, or a dash if everything was promised."""
        return "–" if promise.amount is None else format_money(promise.amount, promise.currency)


@admin.register(Level)
class LevelAdmin(LookupAdmin):
    """Levels, also those that are no longer in use."""

    history_page = "reminders:level_history"
    list_display = ("name", "days", "rate", "days_to_pay", "is_active")
    ordering = ("days", "pk")
    sortable_by = ()
