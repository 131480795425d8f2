"""Index payments by the words of their reference, by amount and by day, for their list.

The table of payments cannot be written while the indexes are created: about a minute for three
million payments.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from foundation.search.index import FoldedText, Trigrams


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("search", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "payment",
            GinIndex(Trigrams(FoldedText("reference")), name="payments_payment_search"),
        ),
        migrations.AddIndex(
            "payment", models.Index(fields=["amount"], name="payments_payment_by_amount")
        ),
        migrations.AddIndex(
            "payment", models.Index(fields=["-paid_on", "-id"], name="payments_payment_newest")
        ),
    ]
