"""Create the table of imports, with its events. Imports before this migration cannot be undone."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions

# The columns that the table and its events share.
USAGE_IMPORT: list[Any] = [
    ("imported_at", models.DateTimeField(verbose_name="imported at")),
    ("file_name", models.CharField(blank=True, max_length=255, verbose_name="file")),
    ("sha256", models.CharField(max_length=64)),
    ("replaced_from", models.DateField(null=True, verbose_name="replaced from")),
    ("replaced_until", models.DateField(null=True, verbose_name="replaced until")),
    ("lines", models.PositiveIntegerField(verbose_name="lines")),
    ("intervals_added", models.PositiveIntegerField(verbose_name="intervals added")),
    ("intervals_changed", models.PositiveIntegerField(verbose_name="intervals changed")),
    ("intervals_removed", models.PositiveIntegerField(verbose_name="intervals removed")),
    ("cameras_created", models.PositiveIntegerField(verbose_name="cameras created")),
    ("events_after", models.BigIntegerField()),
    ("events_until", models.BigIntegerField()),
    ("camera_events_after", models.BigIntegerField()),
    ("camera_events_until", models.BigIntegerField()),
    ("undone_at", models.DateTimeField(null=True, verbose_name="undone at")),
]
# A foreign key to a person, and one as events copy it.
PERSON: dict[str, Any] = {
    "null": True,
    "db_index": False,
    "on_delete": models.PROTECT,
    "related_name": "+",
}
COPIED_PERSON: dict[str, Any] = PERSON | {
    "db_constraint": False,
    "on_delete": models.DO_NOTHING,
    "related_query_name": "+",
}


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UsageImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *USAGE_IMPORT,
                (
                    "imported_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, verbose_name="imported by", **PERSON
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="undone by", **PERSON),
                ),
            ],
            options={
                "verbose_name": "import of usage",
                "verbose_name_plural": "imports of usage",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(replaced_from=None, replaced_until=None)
                        | Q(replaced_from__isnull=False, replaced_until__gt=F("replaced_from")),
                        name="usage_import_months_in_order",
                    ),
                    models.CheckConstraint(
                        condition=Q(undone_at=None, undone_by=None)
                        | Q(undone_at__gte=F("imported_at"), undone_by__isnull=False),
                        name="usage_import_undone_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageImportEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", JSONField(null=True)),
                ("id", models.BigIntegerField()),
                *USAGE_IMPORT,
                (
                    "imported_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, verbose_name="imported by", **COPIED_PERSON
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        "usage.usageimport",
                        db_constraint=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, verbose_name="undone by", **COPIED_PERSON
                    ),
                ),
            ],
        ),
        create_functions(__file__, "0002_imports.sql"),
    ]
