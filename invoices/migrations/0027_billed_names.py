"""Search invoices by the last digits of their numbers, and by names that are stored once."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import PROTECT

from foundation.audit.sql_files import create_functions
from foundation.search.index import FoldedText, Trigrams
from invoices.listing.search import Serial


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0025_indexes_of_jobs"),
        ("organizations", "0012_search_text"),
        ("search", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BilledName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("buyer", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name": "billed name",
                "verbose_name_plural": "billed names",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "title", "buyer"), name="invoices_billed_name_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            """
            INSERT INTO invoices_billedname (organization_id, title, buyer)
            SELECT DISTINCT organization_id, organization_title, buyer_name FROM invoices_invoice
            """,
            migrations.RunSQL.noop,
        ),
        create_functions(__file__, "0027_billed_names.sql"),
        migrations.AddIndex(
            "billedname",
            GinIndex(Trigrams(FoldedText("title", "buyer")), name="invoices_billed_name_search"),
        ),
        migrations.RemoveIndex("invoice", "invoices_words"),
        migrations.AddIndex("invoice", models.Index(Serial("number"), name="invoices_by_serial")),
    ]
