"""Let billing details say how electronic invoices are stated, with the buyer's references."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q

import organizations.billing.identifiers
from foundation.audit.sql_files import read_sql


def _text(name: str, length: int, **options: Any) -> models.Field[Any, Any]:
    return models.CharField(
        blank=True, db_default="", default="", max_length=length, verbose_name=name, **options
    )


_KINDS = [
    ("", "Not stated"),
    ("company", "Company"),
    ("public", "Public body"),
    ("person", "Private person"),
]
_PROFILES = [
    ("en16931", "EN 16931"),
    ("factur-x", "Factur-X"),
    ("xrechnung-cii", "XRechnung 3.0 (CII)"),
    ("xrechnung-ubl", "XRechnung 3.0 (UBL)"),
    ("peppol", "Peppol BIS Billing 3"),
]


def _fields() -> dict[str, models.Field[Any, Any]]:
    return {
        "buyer_kind": _text("kind of buyer", 10, choices=_KINDS),
        "profile": models.CharField(
            choices=_PROFILES,
            db_default="en16931",
            default="en16931",
            max_length=20,
            verbose_name="form of electronic invoices",
        ),
        "endpoint": _text("electronic address", 100),
        "endpoint_scheme": _text(
            "scheme of the electronic address",
            4,
            choices=organizations.billing.identifiers.endpoint_schemes,
        ),
        "legal_id": _text("legal ID", 50),
        "legal_scheme": _text(
            "scheme of the legal ID",
            4,
            choices=organizations.billing.identifiers.legal_schemes,
        ),
        "buyer_reference": _text("buyer reference or Leitweg-ID", 100),
        "order_reference": _text("purchase order", 100),
        "contract_reference": _text("contract", 100),
        "project_reference": _text("project", 100),
    }


class Migration(migrations.Migration):
    dependencies = [("organizations", "0100_discounts_from_0")]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model in ("billingdetails", "billingdetailsevent")
            for name, field in _fields().items()
        ),
        migrations.AddConstraint(
            model_name="billingdetails",
            constraint=models.CheckConstraint(
                condition=Q(profile__in=[code for code, _name in _PROFILES])
                & (Q(endpoint="", endpoint_scheme="") | (~Q(endpoint="") & ~Q(endpoint_scheme="")))
                & (Q(legal_scheme="") | ~Q(legal_id="")),
                name="organizations_billing_profile",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0110_einvoices.sql"), read_sql(__file__, "0110_einvoices_back.sql")
        ),
    ]
