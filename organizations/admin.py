"""Organizations in Django admin, for support staff."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin, link_to_list
from organizations.agreement.operations import FIELDS
from organizations.models import AddressRequest, BillingDetails, Organization, Tax, TaxPercent


class RateInline(admin.TabularInline):  # type: ignore[type-arg]
    """The rates of a tax."""

    model = TaxPercent
    fields = ("valid_from", "percent")
    extra = 0
    template = "admin/looked_up_table.html"


@admin.register(Tax)
class TaxAdmin(LookupAdmin):
    """Find taxes."""

    history_page = "taxes:history"
    list_display = ("name", "category", "is_default")
    list_filter = ("category", "is_default")
    search_fields = ("name",)
    search_help_text = _("Search by name.")
    inlines = (RateInline,)


class BillingDetailsInline(admin.TabularInline):  # type: ignore[type-arg]
    """The billing details of an organization, by date."""

    model = BillingDetails
    fields = (
        *("valid_from", "name", "street", "postal_code", "city", "country", "tax_number", "tax"),
        "delivery_country",
        *("profile", "endpoint", "legal_id", "buyer_reference"),
    )
    extra = 0
    template = "admin/looked_up_table.html"


def _inline(of: type[Model], *shown: str) -> Any:
    """Return a table of the terms of a kind."""
    values = {"model": of, "fields": shown, "extra": 0, "template": "admin/looked_up_table.html"}
    return type(f"{of.__name__}Inline", (admin.TabularInline,), values)


TERMS = tuple(_inline(of, *names) for of, names in FIELDS.items())


@admin.register(Organization)
class OrganizationAdmin(LookupAdmin):
    """Find organizations."""

    history_page = "organizations:history"
    list_display = ("title", "owner", "contract_number", "trial_first_on", "trial_last_on")
    list_select_related = ("owner",)
    search_fields = ("title", "contract_number")
    search_help_text = _("Search by title, contract number or owner.")
    sortable_by = ("title",)
    raw_id_fields = ("owner",)
    readonly_fields = ("cameras", "usage", "invoices")
    inlines = (BillingDetailsInline, *TERMS)

    @admin.display(description=_("cameras"))
    def cameras(self, organization: Organization) -> SafeString:
        """Link to the organization's current cameras."""
        return link_to_list(
            "usage_camera", gettext("View current cameras"), organization__id__exact=organization.pk
        )

    @admin.display(description=_("usage intervals"))
    def usage(self, organization: Organization) -> SafeString:
        """Link to the organization's usage intervals."""
        return link_to_list(
            "usage_usageinterval",
            gettext("View usage intervals"),
            organization__id__exact=organization.pk,
        )

    @admin.display(description=_("invoices"))
    def invoices(self, organization: Organization) -> SafeString:
        """Link to the organization's invoices."""
        return link_to_list(
            "invoices_invoice", gettext("View invoices"), organization__id__exact=organization.pk
        )


@admin.register(AddressRequest)
class AddressRequestAdmin(LookupAdmin):
    """Find new billing addresses by their organization."""

    history_page = "organizations:history"
    history_of = "organization_id"
    list_display = ("organization", "name", "city", "state", "asked_at")
    list_select_related = ("organization",)
    search_fields = ("organization",)
    search_help_text = _("Search by title, contract number or owner.")
    ordering = ("-pk",)
    sortable_by = ()
    raw_id_fields = ("organization", "asked_by", "decided_by")
