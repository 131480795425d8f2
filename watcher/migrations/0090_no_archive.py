"""Let the settings of reading say which DVR depth means no archive."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql

NO_ARCHIVE = models.CharField(
    blank=True,
    choices=[
        ("", "Not known"),
        ("zero", "0"),
        ("null", "null"),
        ("unstated", "Not stated"),
        ("any", "0, null or not stated"),
    ],
    default="",
    max_length=10,
    verbose_name="DVR depth that means no archive",
)


class Migration(migrations.Migration):
    dependencies = [("watcher", "0080_audit_requests")]

    operations = [
        migrations.AddField("readingsettings", "no_archive", NO_ARCHIVE.clone()),
        migrations.AddField("readingsettingsevent", "no_archive", NO_ARCHIVE.clone()),
        migrations.AddConstraint(
            "readingsettings",
            models.CheckConstraint(
                condition=models.Q(("no_archive__in", ["", "zero", "null", "unstated", "any"])),
                name="watcher_reading_settings_no_archive",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0090_no_archive.sql"),
            read_sql(__file__, "0090_no_archive_back.sql"),
        ),
    ]
