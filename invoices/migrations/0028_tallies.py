"""Keep the sums that the list of invoices shows. Counting takes a second for 100,000 invoices."""

from django.db import migrations, models
from django.db.models import Q

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("invoices", "0027_billed_names")]

    operations = [
        migrations.CreateModel(
            name="DocumentTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("state", models.CharField(max_length=11)),
                ("due_on", models.DateField(null=True)),
                ("period_from", models.DateField()),
                ("period_until", models.DateField()),
                ("documents", models.BigIntegerField()),
                ("total", models.DecimalField(decimal_places=4, max_digits=30)),
                ("outstanding", models.DecimalField(decimal_places=4, max_digits=30)),
            ],
            options={
                "verbose_name": "tally of documents",
                "verbose_name_plural": "tallies of documents",
            },
        ),
        create_functions(__file__, "0028_tallies.sql"),
        migrations.RunSQL("SELECT invoices_recount_tallies()", migrations.RunSQL.noop),
        migrations.AddIndex(
            "invoice", models.Index(fields=["period_from", "id"], name="invoices_by_period")
        ),
        migrations.AddIndex(
            "invoice", models.Index(fields=["due_on", "id"], name="invoices_by_due_date")
        ),
        migrations.RemoveIndex("invoice", "invoices_by_month"),
        migrations.RemoveIndex("invoice", "invoices_by_due"),
        migrations.AddIndex(
            "openitem",
            models.Index(
                condition=Q(is_cancelled=False, outstanding__gt=0),
                fields=["due_on"],
                name="invoices_unpaid",
            ),
        ),
        migrations.AddIndex(
            "openitem",
            models.Index(
                condition=Q(is_cancelled=True), fields=["invoice"], name="invoices_cancelled"
            ),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                condition=Q(kind="credit_note"),
                fields=["-issued_at", "-id"],
                name="invoices_credit_notes",
            ),
        ),
    ]
