"""Search organizations within words, of their billing details too."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import DO_NOTHING

from foundation.audit.sql_files import create_functions
from foundation.search.index import FoldedText, Trigrams


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_search"),
        ("organizations", "0011_time_zones"),
        ("search", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=DO_NOTHING,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="organizations.organization",
                    ),
                ),
                ("text", models.TextField()),
            ],
            options={"verbose_name": "search text", "verbose_name_plural": "search texts"},
        ),
        create_functions(__file__, "0012_search_text.sql"),
        migrations.RunSQL(
            "SELECT organizations_write_search_text("
            "ARRAY(SELECT id FROM organizations_organization))",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            "searchtext", GinIndex(Trigrams(FoldedText("text")), name="organizations_search")
        ),
        migrations.RemoveIndex("organization", "organizations_words"),
    ]
