"""Store the email addresses and names of people folded too, for searches.

The table, which has a few rows for each organization, is written again: some seconds for 100,000.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F

from foundation.search.index import FoldedText, Trigrams


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_mail_texts"), ("search", "0001_initial")]

    operations = [
        migrations.RemoveIndex("user", "accounts_user_search"),
        migrations.AddField(
            "user",
            "folded",
            models.GeneratedField(
                db_persist=True,
                editable=False,
                expression=FoldedText("email", "name"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex("user", GinIndex(Trigrams(F("folded")), name="accounts_user_search")),
    ]
