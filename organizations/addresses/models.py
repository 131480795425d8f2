"""New billing addresses, which apply once an operator approves them."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from organizations.addresses.querysets import AddressRequestQuerySet
from organizations.countries import country_choices

MAX_REASON = 500


class AddressState(models.TextChoices):
    """What became of a new address."""

    OPEN = "open", pgettext_lazy("address", "Waiting for approval")
    APPROVED = "approved", pgettext_lazy("address", "Approved")
    REFUSED = "refused", pgettext_lazy("address", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("address", "Withdrawn")


@audited(exclude=("seen",), found_by=("organization",))
class AddressRequest(models.Model):
    """A name, an address and a tax ID that an owner wants invoices to state.

    An organization has at most one that is open. `seen` has the values that applied when it was
    made, by field name, so that the approver learns what was changed since.
    """

    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        related_name="address_requests",
        verbose_name=_("organization"),
        db_index=False,
    )
    name = models.CharField(_("legal name"), max_length=200)
    street = models.CharField(_("street address"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country"), max_length=2, choices=country_choices)
    tax_number = models.CharField(_("tax ID"), max_length=50, blank=True)
    seen = models.JSONField(encoder=DjangoJSONEncoder, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=AddressState, default=AddressState.OPEN
    )
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
        db_index=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        db_index=False,
    )
    reason = models.CharField(_("reason"), max_length=MAX_REASON, blank=True)

    objects = AddressRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("new billing address")
        verbose_name_plural = _("new billing addresses")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organization",),
                condition=Q(state="open"),
                name="organizations_address_one_open",
            ),
            models.CheckConstraint(
                condition=~(Q(name="") | Q(street="") | Q(city="") | Q(country="")),
                name="organizations_address_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | Q(
                    state__in=["approved", "refused", "withdrawn"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="organizations_address_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(reason=""),
                name="organizations_address_refused_why",
            ),
        )
        indexes = (
            models.Index(fields=("organization", "-id"), name="organizations_addresses"),
            models.Index(
                fields=("id",), condition=Q(state="open"), name="organizations_addresses_open"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="decided_stay",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["approved", "refused", "withdrawn"]),
            ),
        )

    def __str__(self) -> str:
        return date_format(self.asked_at)

    @property
    def is_open(self) -> bool:
        return self.state == AddressState.OPEN
