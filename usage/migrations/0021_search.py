"""Search cameras within words.

Creating the index blocks changes of cameras: about half a minute for a million cameras.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from foundation.search.index import FoldedText, Trigrams


class Migration(migrations.Migration):
    dependencies = [("usage", "0020_closing"), ("search", "0001_initial")]

    operations = [
        migrations.RemoveIndex("camera", "usage_camera_words"),
        migrations.AddIndex(
            "camera", GinIndex(Trigrams(FoldedText("name", "title")), name="usage_camera_search")
        ),
    ]
