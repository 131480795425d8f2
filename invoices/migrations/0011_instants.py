"""Keep with each document the instants that its period covers.

They are computed here, not by PostgreSQL, which may have other time zones than the product. The
tables are rewritten under an exclusive lock: some seconds for 100,000 documents.
"""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q

from foundation.audit.sql_files import read_sql

_BOUNDS = """
    SELECT organization.time_zone, period_from FROM invoices_invoice AS invoice
    JOIN organizations_organization AS organization ON organization.id = invoice.organization_id
    UNION
    SELECT organization.time_zone, period_until FROM invoices_invoice AS invoice
    JOIN organizations_organization AS organization ON organization.id = invoice.organization_id
"""
# Triggers refuse to change documents and events, so they are disabled meanwhile.
_FILL = """
    ALTER TABLE invoices_invoice DISABLE TRIGGER USER;
    UPDATE invoices_invoice AS invoice SET starts_at = start.begins_at, ends_at = next.begins_at
    FROM organizations_organization AS organization, first_instant AS start, first_instant AS next
    WHERE organization.id = invoice.organization_id
        AND (start.time_zone, start.day) = (organization.time_zone, invoice.period_from)
        AND (next.time_zone, next.day) = (organization.time_zone, invoice.period_until);
    ALTER TABLE invoices_invoice ENABLE TRIGGER USER;
    ALTER TABLE invoices_invoiceevent DISABLE TRIGGER USER;
    UPDATE invoices_invoiceevent AS event
    SET starts_at = invoice.starts_at, ends_at = invoice.ends_at
    FROM invoices_invoice AS invoice WHERE invoice.id = event.pgh_obj_id;
    ALTER TABLE invoices_invoiceevent ENABLE TRIGGER USER;
    DROP TABLE first_instant
"""


def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Set the instants of all documents: until now, an organization had one time zone."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_BOUNDS)
        bounds = cursor.fetchall()
        cursor.execute(
            "CREATE TEMPORARY TABLE first_instant (time_zone text, day date, begins_at timestamptz)"
        )
        cursor.executemany(
            "INSERT INTO first_instant VALUES (%s, %s, %s)",
            [
                (zone, day, datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC))
                for zone, day in bounds
            ],
        )
        cursor.execute(_FILL)


def _instant(name: str, null: bool) -> Any:
    return models.DateTimeField(null=null, verbose_name=name)


class Migration(migrations.Migration):
    dependencies = [("invoices", "0010_owner"), ("organizations", "0011_time_zones")]

    operations = [
        migrations.AddField("invoice", "starts_at", _instant("starts at", True)),
        migrations.AddField("invoice", "ends_at", _instant("ends at", True)),
        migrations.AddField("invoiceevent", "starts_at", _instant("starts at", True)),
        migrations.AddField("invoiceevent", "ends_at", _instant("ends at", True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("invoice", "starts_at", _instant("starts at", False)),
        migrations.AlterField("invoice", "ends_at", _instant("ends at", False)),
        migrations.AlterField("invoiceevent", "starts_at", _instant("starts at", False)),
        migrations.AlterField("invoiceevent", "ends_at", _instant("ends at", False)),
        migrations.AddConstraint(
            "invoice",
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="invoices_instants_in_order"
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0011_instants.sql"), read_sql(__file__, "0010_owner.sql")
        ),
    ]
