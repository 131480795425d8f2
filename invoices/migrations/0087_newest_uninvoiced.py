"""List the months without an invoice by an index, the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "0086_more_letters")]

    operations = [
        migrations.RemoveIndex("uninvoicedmonth", "invoices_uninvoiced_of_month"),
        migrations.AddIndex(
            "uninvoicedmonth",
            models.Index(fields=("-month", "-id"), name="invoices_uninvoiced_newest"),
        ),
    ]
