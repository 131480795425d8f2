"""Index documents by their total, and store the names on them folded, for searches.

The table of invoices cannot be written while its index is created: some seconds for a million. The
table of names, which has a few rows for each organization, is written again.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F

from foundation.search.index import FoldedText, Trigrams


class Migration(migrations.Migration):
    dependencies = [("invoices", "0060_product_name"), ("search", "0001_initial")]

    operations = [
        migrations.AddIndex("invoice", models.Index(fields=["total"], name="invoices_by_total")),
        migrations.RemoveIndex("billedname", "invoices_billed_name_search"),
        migrations.AddField(
            "billedname",
            "folded",
            models.GeneratedField(
                db_persist=True,
                editable=False,
                expression=FoldedText("title", "buyer"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "billedname",
            GinIndex(Trigrams(F("folded")), name="invoices_billed_name_search"),
        ),
    ]
