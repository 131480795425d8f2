"""The columns of a file of organizations, as it is imported and exported."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from organizations.agreement.imports.columns import COLUMNS as COLUMNS_OF_TERMS
from organizations.agreement.imports.columns import LABELS as LABELS_OF_TERMS
from organizations.billing.models import BillingDetails
from organizations.models import Organization

REQUIRED = ("title",)
OPTIONAL = (
    "owner",
    "owner_name",
    "watcher_id",
    "tariffs",
    "trial_first",
    "trial_last",
    "time_zone",
    "time_zone_from",
    "contract_number",
    "contract_date",
    "tags",
    "legal_name",
    "street",
    "postal_code",
    "city",
    "country",
    "tax_id",
    "tax",
    "email_for_invoices",
    "invoice_language",
    "attach_charges",
    "contract_end",
    "debtor_number",
    "buyer_kind",
    "e_invoice_form",
    "electronic_address",
    "electronic_address_scheme",
    "legal_id",
    "legal_id_scheme",
    "buyer_reference",
    "purchase_order",
    "buyers_contract",
    "project",
)
COLUMNS = (*REQUIRED, *OPTIONAL)
TERM_COLUMNS = COLUMNS_OF_TERMS[1:]
"""The columns of what a line adds to the agreement, which an import reads too."""

_RENAMED = {
    "trial_first": "trial_first_on",
    "trial_last": "trial_last_on",
    "contract_date": "contract_signed_on",
    "contract_end": "contract_last_on",
    "legal_name": "name",
    "tax_id": "tax_number",
    "email_for_invoices": "billing_email",
    "e_invoice_form": "profile",
    "electronic_address": "endpoint",
    "electronic_address_scheme": "endpoint_scheme",
    "legal_id_scheme": "legal_scheme",
    "purchase_order": "order_reference",
    "buyers_contract": "contract_reference",
    "project": "project_reference",
}
FIELDS = {column: _RENAMED.get(column, column) for column in COLUMNS}
"""The field of an organization, or of its billing details, in each column."""
COLUMN_OF = {field: column for column, field in FIELDS.items()}

_NAMES = {
    field.name: field.verbose_name
    for model in (BillingDetails, Organization)
    for field in (*model._meta.fields, *model._meta.many_to_many)
}
LABELS = {column: _NAMES.get(name, _("owner’s name")) for column, name in FIELDS.items()}
LABELS |= {column: LABELS_OF_TERMS[column] for column in TERM_COLUMNS}
"""What people call each column."""
ALSO = {
    "trial_first": (
        *(_("trial from"), _("start of trial")),
        *(_("test from"), _("start of test"), _("first day of test")),
    ),
    "trial_last": (
        *(_("trial to"), _("end of trial")),
        *(_("test to"), _("end of test"), _("last day of test")),
    ),
}
"""What else other systems call some of them."""

LED_BY = {column: "entry" for column in TERM_COLUMNS if column != "entry"}
"""The columns that say something only of an entry, and the column that names it."""

REMOVE = "-"
"""A cell that empties a value. An empty cell changes nothing."""
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("watcher_id", "trial_first_on", "trial_last_on", "time_zone_from"), None),
    **dict.fromkeys(("contract_signed_on", "contract_last_on", "tax", "debtor_number"), None),
    **dict.fromkeys(("contract_number", "name", "street", "postal_code", "city"), ""),
    **dict.fromkeys(("country", "tax_number", "billing_email", "buyer_kind"), ""),
    **dict.fromkeys(("endpoint", "endpoint_scheme", "legal_id", "legal_scheme"), ""),
    **dict.fromkeys(("buyer_reference", "order_reference"), ""),
    **dict.fromkeys(("contract_reference", "project_reference"), ""),
    **dict.fromkeys(("tariffs", "tags"), ()),
}
"""What such a cell means, by field. Other fields cannot be empty."""
