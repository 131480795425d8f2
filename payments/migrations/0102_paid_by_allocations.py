"""Have triggers keep open items and what is left of payments by allocations."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import read_sql

# A foreign key as events copy it: what it points to may be gone.
COPIED_KEY: dict[str, Any] = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": django.db.models.deletion.DO_NOTHING,
    "related_name": "+",
    "related_query_name": "+",
}


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0101_allocate_payments"),
        ("organizations", "0070_keep_agreed_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "payment", "currency", models.CharField(max_length=3, verbose_name="currency")
        ),
        migrations.AlterField(
            "payment",
            "organization",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AlterField(
            "payment",
            "owner",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            "paymentevent", "currency", models.CharField(max_length=3, verbose_name="currency")
        ),
        migrations.AlterField(
            "paymentevent",
            "organization",
            models.ForeignKey(
                to="organizations.organization", verbose_name="organization", **COPIED_KEY
            ),
        ),
        migrations.AlterField(
            "paymentevent",
            "owner",
            models.ForeignKey(to=settings.AUTH_USER_MODEL, verbose_name="owner", **COPIED_KEY),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0102_triggers.sql"), read_sql(__file__, "0102_triggers_back.sql")
        ),
    ]
