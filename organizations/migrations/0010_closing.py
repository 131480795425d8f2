"""Add when an organization is closed, and record it with other changes of organizations."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from foundation.audit.sql_files import read_sql

CLOSED_AT: dict[str, Any] = {
    "name": "closed_at",
    "field": models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
}
CLOSED_ON: dict[str, Any] = {
    "name": "closed_on",
    "field": models.DateField(blank=True, null=True, verbose_name="last day before closing"),
}


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_billing_details_by_date")]

    operations = [
        migrations.AddField("organization", **CLOSED_AT),
        migrations.AddField("organization", **CLOSED_ON),
        migrations.AddField("organizationevent", **CLOSED_AT),
        migrations.AddField("organizationevent", **CLOSED_ON),
        migrations.AddIndex(
            "organization",
            models.Index(
                condition=Q(closed_at__isnull=False),
                fields=["closed_at"],
                name="organizations_closed",
            ),
        ),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_on=None)
                | Q(closed_at__isnull=False, closed_on__isnull=False),
                name="organizations_closed_on_and_at",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0010_closing.sql"), read_sql(__file__, "0010_closing_back.sql")
        ),
    ]
