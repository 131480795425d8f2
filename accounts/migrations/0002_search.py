"""Search people within words."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from foundation.search.index import FoldedText, Trigrams


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("search", "0001_initial")]

    operations = [
        migrations.RemoveIndex("user", "accounts_user_words"),
        migrations.AddIndex(
            "user", GinIndex(Trigrams(FoldedText("email", "name")), name="accounts_user_search")
        ),
    ]
