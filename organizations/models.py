"""Subscribers' organizations, each of which gets its own statements."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited
from foundation.constraints import UniqueExpression
from foundation.search.index import folded_field, search_index
from organizations.addresses.models import AddressRequest
from organizations.agreement.models import (
    AgreedKind,
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    PlatformSuspension,
    Suspension,
)
from organizations.billing.models import BillingDetails
from organizations.contacts.models import Contact
from organizations.members.models import Membership
from organizations.notes.models import Note
from organizations.partners.models import Partnership
from organizations.querysets import OrganizationQuerySet
from organizations.tags.models import Tag, Tagging
from organizations.taxes.models import Tax, TaxCategory, TaxPercent
from rating.periods import Calendar, Period, ZoneVersion, epoch
from tariffs.models import Tariff

UNIQUE_TITLE = "organizations_title_unique"
"""The constraint that titles are unique. It can be checked at the end of a transaction."""
UNIQUE_DEBTOR = "organizations_debtor_unique"
"""The same for debtor numbers."""
MAX_DEBTOR_NUMBER = 20

# Django looks for the models of the app here. Some of them are defined with their topic.
__all__ = [
    "AddressRequest",
    "AgreedKind",
    "Availability",
    "BillingDetails",
    "Contact",
    "Discount",
    "DiscountExemption",
    "EarlierTimeZone",
    "Fee",
    "IndividualPrice",
    "Membership",
    "Minimum",
    "Note",
    "OneOffCharge",
    "Organization",
    "Partnership",
    "PlatformSuspension",
    "SearchText",
    "Suspension",
    "Tag",
    "Tagging",
    "Tax",
    "TaxCategory",
    "TaxPercent",
]

# Dates of a time zone begin up to 14 hours before or after those of UTC, and after a change of time
# zone up to two dates wait for those before them.
_MOST_DAYS_AWAY = timedelta(days=4)


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the tz database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a valid time zone. Use a name like Europe/Berlin."),
            params={"name": name},
        )


def default_time_zone() -> str:
    """Return the provider's time zone."""
    return settings.TIME_ZONE


# Invoices of a month begin and end at the same instants for most organizations.
@lru_cache(maxsize=1_000)
def _start_of(zones: tuple[ZoneVersion, ...], day: date) -> datetime:
    (start,) = Calendar(zones, Period(day, day)).starts
    return datetime.fromtimestamp(start, UTC)


@audited()
class Organization(models.Model):
    """One contract of a subscriber, with its owner, available tariffs and trial."""

    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="organizations",
        verbose_name=_("owner"),
    )
    tariffs = models.ManyToManyField(
        Tariff, related_name="organizations", blank=True, verbose_name=_("tariff plans")
    )
    trial_first_on = models.DateField(_("first day of trial"), null=True, blank=True)
    trial_last_on = models.DateField(_("last day of trial"), null=True, blank=True)
    tags = models.ManyToManyField(
        Tag, through=Tagging, related_name="organizations", blank=True, verbose_name=_("tags")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    # The first date in `time_zone`: `earlier_time_zones` apply before it. Empty: it always applied.
    time_zone_from = models.DateField(_("time zone applies from"), null=True, blank=True)
    contract_number = models.CharField(_("contract number"), max_length=100, blank=True)
    contract_signed_on = models.DateField(_("contract date"), null=True, blank=True)
    contract_last_on = models.DateField(_("last day of the contract"), null=True, blank=True)
    # Nothing is billed from `closed_at` on, the first instant after `closed_on`.
    closed_on = models.DateField(_("last day before closing"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    watcher_id = models.CharField(
        _("Watcher ID"),
        max_length=100,
        null=True,
        blank=True,
        unique=True,
    )
    # What an accounting program calls the organization; empty: accounting counts a number.
    debtor_number = models.CharField(  # noqa: DJ001 (several have none, and it is unique)
        _("debtor number"), max_length=MAX_DEBTOR_NUMBER, null=True, blank=True
    )
    # The defaults are also in the database, so that COPY can omit these columns.
    billing_email = models.EmailField(
        _("email for invoices"), blank=True, default="", db_default=""
    )
    invoice_language = models.CharField(
        _("invoice language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default="en",
        db_default="en",
    )
    attach_charges = models.BooleanField(
        _("attach the charges of each camera"), default=False, db_default=False
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ("title", "pk")
        constraints = (
            UniqueExpression(
                name=UNIQUE_TITLE,
                expression=Upper("title"),
                violation_error_message=_("An organization with this title already exists."),
            ),
            models.UniqueConstraint(
                fields=("debtor_number",), name=UNIQUE_DEBTOR, deferrable=Deferrable.IMMEDIATE
            ),
            models.CheckConstraint(
                condition=~models.Q(debtor_number=""), name="organizations_debtor_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(trial_first_on=None, trial_last_on=None)
                | models.Q(
                    trial_first_on__isnull=False, trial_last_on__gte=models.F("trial_first_on")
                ),
                name="organizations_trial_in_order",
                violation_error_message=_(
                    "Enter both the first and the last day of the trial. The last day "
                    "cannot be before the first."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None, closed_at=None)
                | models.Q(closed_on__isnull=False, closed_at__isnull=False),
                name="organizations_closed_on_and_at",
            ),
            models.CheckConstraint(
                condition=models.Q(contract_signed_on=None)
                | models.Q(contract_last_on=None)
                | models.Q(contract_last_on__gte=models.F("contract_signed_on")),
                name="organizations_contract_in_order",
                violation_error_message=_(
                    "The last day of the contract is before the contract date. Correct one of them."
                ),
            ),
        )
        indexes = (
            models.Index(fields=("title", "id"), name="organizations_by_title"),
            models.Index(
                fields=("closed_at",),
                condition=models.Q(closed_at__isnull=False),
                name="organizations_closed",
            ),
            models.Index(
                fields=("contract_number",),
                condition=~models.Q(contract_number=""),
                name="organizations_by_contract",
            ),
            models.Index(
                fields=("trial_last_on",),
                condition=models.Q(trial_last_on__isnull=False),
                name="organizations_trial_ends",
            ),
        )
        triggers = (
            # A member who becomes the owner of the contract is no longer a member.
            pgtrigger.Trigger(
                name="owner_is_no_member",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__owner__df=pgtrigger.F("new__owner")),
                func="""
                    DELETE FROM organizations_membership
                    WHERE organization_id = NEW.id AND user_id = NEW.owner_id;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.title

    @cached_property
    def zones(self) -> tuple[ZoneVersion, ...]:
        """The time zones by date, in order; docs/pricing.md, "Time".

        Only organizations whose time zone has changed need a query, unless it was prefetched.
        """
        last = zoneinfo.ZoneInfo(self.time_zone)
        if self.time_zone_from is None:
            return ZoneVersion.always(last)
        earlier = [
            ZoneVersion(each.valid_from or date.min, zoneinfo.ZoneInfo(each.time_zone))
            for each in self.earlier_time_zones.all()
        ]
        return (
            *sorted(earlier, key=lambda each: each.valid_from),
            ZoneVersion(self.time_zone_from, last),
        )

    def start_of(self, day: date) -> datetime:
        """Return the first instant of a date, in UTC, in the time zones of the organization."""
        return _start_of(self.zones, day)

    def date_at(self, instant: datetime) -> date:
        """Return the date of the organization in which an instant lies."""
        return date.fromordinal(self._calendar_around(instant).ordinal_at(epoch(instant)))

    def zone_at(self, instant: datetime) -> zoneinfo.ZoneInfo:
        """Return the time zone in force at an instant."""
        return self._calendar_around(instant).zone_at(epoch(instant))

    def _calendar_around(self, instant: datetime) -> Calendar:
        day = instant.astimezone(UTC).date()
        return Calendar(self.zones, Period(day - _MOST_DAYS_AWAY, day + _MOST_DAYS_AWAY))

    def is_closed(self, now: datetime) -> bool:
        """Return whether the organization's last day is over."""
        return self.closed_at is not None and self.closed_at <= now

    def trial_state(self, now: datetime) -> str:
        """Return `none`, `from` (upcoming), `until` (running) or `ended`, by the local date."""
        if self.trial_first_on is None or self.trial_last_on is None:
            return "none"
        today = self.date_at(now)
        if today < self.trial_first_on:
            return "from"
        return "until" if today <= self.trial_last_on else "ended"


class SearchText(models.Model):
    """What an organization is searched by, together: one index finds words of several tables.

    These are its title, contract number, and owner's name and email, and all legal names and tax
    IDs of its billing details. Triggers keep it; migrations/sql/0012_search_text.sql.
    """

    organization = models.OneToOneField(
        Organization,
        models.DO_NOTHING,
        primary_key=True,
        related_name="search_text",
        db_constraint=False,
    )
    text = models.TextField()
    folded = folded_field("text")

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")
        indexes = (search_index("folded", name="organizations_search"),)

    def __str__(self) -> str:
        return self.text


@audited(found_by=("organization",))
class EarlierTimeZone(models.Model):
    """A time zone that an organization had from a date on, until another was in force.

    Without a date, it applied from the beginning. `Organization.time_zone` is the last one.
    """

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="earlier_time_zones",
        verbose_name=_("organization"),
        db_index=False,
    )
    valid_from = models.DateField(_("applies from"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])

    class Meta:
        verbose_name = _("earlier time zone")
        verbose_name_plural = _("earlier time zones")
        ordering = ("organization", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "valid_from"),
                name="organizations_one_time_zone_a_date",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.time_zone} {self.valid_from or ''}".rstrip()


@audited(found_by=("organization",))
class Availability(Organization.tariffs.through):  # type: ignore[name-defined,misc]
    """A row of `Organization.tariffs`: the tariff is available to the organization's cameras."""

    class Meta:
        proxy = True
        verbose_name = _("available tariff plan")
        verbose_name_plural = _("available tariff plans")

    def __str__(self) -> str:
        return f"{self.organization_id} {self.tariff_id}"
