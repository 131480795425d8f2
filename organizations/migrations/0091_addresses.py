"""Create the table of new billing addresses, which owners propose, and that of their events."""

from typing import Any

import django.core.serializers.json
import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import organizations.countries
from foundation.audit.sql_files import create_functions


def values() -> list[tuple[str, Any]]:
    """Return the columns of an address that its table of events has too."""
    return [
        ("name", models.CharField(max_length=200, verbose_name="legal name")),
        ("street", models.CharField(max_length=200, verbose_name="street address")),
        ("postal_code", models.CharField(blank=True, max_length=20, verbose_name="postal code")),
        ("city", models.CharField(max_length=100, verbose_name="city")),
        (
            "country",
            models.CharField(
                choices=organizations.countries.country_choices,
                max_length=2,
                verbose_name="country",
            ),
        ),
        ("tax_number", models.CharField(blank=True, max_length=50, verbose_name="tax ID")),
        (
            "state",
            models.CharField(
                choices=[
                    ("open", "Waiting for approval"),
                    ("approved", "Approved"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="open",
                max_length=9,
                verbose_name="state",
            ),
        ),
        ("asked_at", models.DateTimeField(verbose_name="asked at")),
        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
    ]


def reference(to: str, name: str = "+", **options: Any) -> Any:
    """Return a foreign key of an address."""
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=name,
        to=to,
        **options,
    )


def copied(to: str, **options: Any) -> Any:
    """Return the same foreign key of its events."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        related_query_name="+",
        to=to,
        **options,
    )


USER = settings.AUTH_USER_MODEL
MAYBE: dict[str, Any] = {"blank": True, "null": True}


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0090_debtor_numbers"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *values(),
                (
                    "seen",
                    models.JSONField(
                        editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                (
                    "organization",
                    reference(
                        "organizations.organization",
                        "address_requests",
                        verbose_name="organization",
                    ),
                ),
                ("asked_by", reference(USER, verbose_name="asked by")),
                ("decided_by", reference(USER, verbose_name="decided by", **MAYBE)),
            ],
            options={
                "verbose_name": "new billing address",
                "verbose_name_plural": "new billing addresses",
                "ordering": ("-pk",),
                "constraints": [
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
                ],
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="organizations_addresses"),
                    models.Index(
                        fields=["id"],
                        condition=Q(state="open"),
                        name="organizations_addresses_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AddressRequestEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                *values(),
                ("organization", copied("organizations.organization", verbose_name="organization")),
                ("asked_by", copied(USER, verbose_name="asked by")),
                ("decided_by", copied(USER, verbose_name="decided by", **MAYBE)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="organizations.addressrequest",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["organization"], name="organizatio_organiz_b86257_idx"),
                ],
            },
        ),
        create_functions(__file__, "0091_addresses.sql"),
    ]
