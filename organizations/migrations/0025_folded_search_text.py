"""Store what organizations are searched by folded too.

The table, which has a row for each organization, is written again: some seconds for 100,000.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F

from foundation.search.index import FoldedText, Trigrams


class Migration(migrations.Migration):
    dependencies = [("organizations", "0024_members"), ("search", "0001_initial")]

    operations = [
        migrations.RemoveIndex("searchtext", "organizations_search"),
        migrations.AddField(
            "searchtext",
            "folded",
            models.GeneratedField(
                db_persist=True,
                editable=False,
                expression=FoldedText("text"),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "searchtext", GinIndex(Trigrams(F("folded")), name="organizations_search")
        ),
    ]
