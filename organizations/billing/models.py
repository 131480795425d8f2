"""Versions of billing details."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited
from organizations.billing.identifiers import endpoint_schemes, legal_schemes
from organizations.billing.profiles import BuyerKind, Profile
from organizations.countries import country_choices
from organizations.taxes.models import Tax


@audited(found_by=("organization",))
class BillingDetails(models.Model):
    """An organization's billing details from a calendar date until the next version.

    Without a date they apply from the beginning.
    """

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="billing_details",
        # The constraint below has an index that begins with it.
        db_index=False,
    )
    valid_from = models.DateField(_("applies from"), null=True, blank=True)
    # The defaults are also in the database, so that COPY can omit these columns.
    name = models.CharField(_("legal name"), max_length=200, blank=True, default="", db_default="")
    street = models.CharField(
        _("street address"), max_length=200, blank=True, default="", db_default=""
    )
    postal_code = models.CharField(
        _("postal code"), max_length=20, blank=True, default="", db_default=""
    )
    city = models.CharField(_("city"), max_length=100, blank=True, default="", db_default="")
    country = models.CharField(
        _("country"), max_length=2, choices=country_choices, blank=True, default="", db_default=""
    )
    # Where services are supplied, if not in the country of the address.
    delivery_country = models.CharField(
        _("country of delivery"),
        max_length=2,
        choices=country_choices,
        blank=True,
        default="",
        db_default="",
    )
    # Not `tax_id`, which is the column of `tax`.
    tax_number = models.CharField(_("tax ID"), max_length=50, blank=True, default="", db_default="")
    # Empty until chosen, so that an invoice cannot be issued by mistake.
    tax = models.ForeignKey(
        Tax,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="billing_details",
        verbose_name=_("tax"),
    )
    buyer_kind = models.CharField(
        _("kind of buyer"),
        max_length=10,
        choices=BuyerKind,
        blank=True,
        default=BuyerKind.UNKNOWN.value,
        db_default=BuyerKind.UNKNOWN.value,
    )
    profile = models.CharField(
        _("form of electronic invoices"),
        max_length=20,
        choices=Profile,
        default=Profile.EN16931.value,
        db_default=Profile.EN16931.value,
    )
    endpoint = models.CharField(
        _("electronic address"), max_length=100, blank=True, default="", db_default=""
    )
    endpoint_scheme = models.CharField(
        _("scheme of the electronic address"),
        max_length=4,
        choices=endpoint_schemes,
        blank=True,
        default="",
        db_default="",
    )
    legal_id = models.CharField(_("legal ID"), max_length=50, blank=True, default="", db_default="")
    legal_scheme = models.CharField(
        _("scheme of the legal ID"),
        max_length=4,
        choices=legal_schemes,
        blank=True,
        default="",
        db_default="",
    )
    buyer_reference = models.CharField(
        _("buyer reference or Leitweg-ID"), max_length=100, blank=True, default="", db_default=""
    )
    order_reference = models.CharField(
        _("purchase order"), max_length=100, blank=True, default="", db_default=""
    )
    contract_reference = models.CharField(
        _("contract"), max_length=100, blank=True, default="", db_default=""
    )
    project_reference = models.CharField(
        _("project"), max_length=100, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("billing details")
        verbose_name_plural = _("billing details")
        ordering = (models.F("valid_from").asc(nulls_first=True),)
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "valid_from"),
                nulls_distinct=False,
                name="organizations_billing_one_a_date",
            ),
            models.CheckConstraint(
                condition=Q(country__regex="^([A-Z]{2})?$"),
                name="organizations_billing_country",
            ),
            models.CheckConstraint(
                condition=Q(profile__in=Profile.values)
                & (Q(endpoint="", endpoint_scheme="") | (~Q(endpoint="") & ~Q(endpoint_scheme="")))
                & (Q(legal_scheme="") | ~Q(legal_id="")),
                name="organizations_billing_profile",
            ),
            models.CheckConstraint(
                condition=Q(delivery_country__regex="^([A-Z]{2})?$"),
                name="organizations_billing_delivery",
            ),
        )

    def __str__(self) -> str:
        return since_text(self.valid_from)


def since_text(valid_from: object) -> str:
    """Return from when details apply, as a person reads it."""
    if valid_from is None:
        return gettext("from the beginning")
    return gettext("from %s") % date_format(valid_from)  # type: ignore[arg-type]
