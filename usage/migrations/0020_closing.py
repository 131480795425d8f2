"""Refuse usage that begins after its organization was closed, and find deleted usage.

Creating the index blocks changes of usage while the table of events is read: about a second for a
million events.
"""

from django.db import migrations, models
from django.db.models import Q

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("organizations", "0010_closing"), ("usage", "0002_record_imports")]

    operations = [
        migrations.AddIndex(
            "usageintervalevent",
            models.Index(
                condition=Q(pgh_label="delete"),
                fields=["organization"],
                name="usage_deleted_of_org",
            ),
        ),
        create_functions(__file__, "0020_closing.sql"),
    ]
