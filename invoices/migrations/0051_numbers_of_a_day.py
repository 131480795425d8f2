"""Index invoices by day and number, in the order of their list.

The table of invoices cannot be written while the indexes are created.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0050_uninvoiced"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["-issued_on", "-number"], name="invoices_by_day"),
        ),
        migrations.RemoveIndex(model_name="invoice", name="invoices_credit_notes"),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=Q(("kind", "credit_note")),
                fields=["-issued_on", "-number"],
                name="invoices_credit_notes",
            ),
        ),
    ]
