"""Keep the profile and the references of documents, and what they state of the provider."""

from __future__ import annotations

from typing import Any

import django.core.serializers.json
from django.db import migrations, models
from django.db.models import Q

import organizations.billing.identifiers
from foundation.audit.sql_files import read_sql


def _text(name: str, length: int, **options: Any) -> models.Field[Any, Any]:
    return models.CharField(
        blank=True, db_default="", default="", max_length=length, verbose_name=name, **options
    )


def _fields() -> dict[str, models.Field[Any, Any]]:
    return {
        "contact_name": _text("contact person or department", 100),
        "contact_phone": _text("telephone", 50),
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
    }


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0120_correspondent_account"),
        ("organizations", "0110_einvoices"),
    ]

    operations = [
        migrations.AddField(
            "invoice",
            "profile",
            models.CharField(db_default="en16931", default="en16931", max_length=20),
        ),
        migrations.AddField(
            "invoice",
            "references",
            models.JSONField(
                db_column="stated_references",
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
            ),
        ),
        *(
            migrations.AddField(model, name, field)
            for model in ("provider", "providerevent")
            for name, field in _fields().items()
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.CheckConstraint(
                condition=(
                    Q(endpoint="", endpoint_scheme="") | (~Q(endpoint="") & ~Q(endpoint_scheme=""))
                )
                & (Q(legal_scheme="") | ~Q(legal_id="")),
                name="invoices_provider_schemes",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0130_einvoices.sql"),
            read_sql(__file__, "0120_correspondent_account.sql"),
        ),
    ]
