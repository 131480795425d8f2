"""Date no allocation into a closed month: closings know the instant until which they close.

Rewrites the closings, of which there is one a month.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import migrations, models
from django.utils import timezone

from foundation.audit.sql_files import create_functions


def fill(apps: Any, _schema_editor: Any) -> None:
    """Enter when the last day of each closing ended."""
    closings = apps.get_model("payments", "BooksClosing")
    zone = timezone.get_default_timezone()
    for each in closings.objects.all():
        ends_at = datetime.combine(each.last_on + timedelta(days=1), time(), zone)
        closings.objects.filter(pk=each.pk).update(ends_at=ends_at)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0120_books"),
    ]

    operations = [
        migrations.AddField(
            "booksclosing",
            "ends_at",
            models.DateTimeField(null=True, verbose_name="closed until"),
        ),
        # Closings are otherwise only reopened.
        migrations.RunSQL(
            "ALTER TABLE payments_booksclosing DISABLE TRIGGER USER", migrations.RunSQL.noop
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(
            "ALTER TABLE payments_booksclosing ENABLE TRIGGER USER", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            "booksclosing", "ends_at", models.DateTimeField(verbose_name="closed until")
        ),
        create_functions(__file__, "0130_allocations.sql"),
    ]
