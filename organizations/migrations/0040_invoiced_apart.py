"""Mark one-off charges that an invoice of their own states, so that statements leave them out."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql

IS_INVOICED_APART = models.BooleanField(
    db_default=False, default=False, editable=False, verbose_name="invoiced separately"
)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0037_suspensions_on_platforms")]

    operations = [
        migrations.AddField("oneoffcharge", "is_invoiced_apart", IS_INVOICED_APART),
        migrations.AddField("oneoffchargeevent", "is_invoiced_apart", IS_INVOICED_APART),
        migrations.RunSQL(
            read_sql(__file__, "0040_invoiced_apart.sql"),
            read_sql(__file__, "0040_invoiced_apart_back.sql"),
        ),
    ]
