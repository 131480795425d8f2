"""Store how each instant of a usage interval is known: columns without a value."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("usage", "0028_more_letters")]

    operations = [
        migrations.AddField(
            model_name="usageinterval",
            name="ended_within_seconds",
            field=models.IntegerField(
                editable=False, null=True, verbose_name="how the end is known"
            ),
        ),
        migrations.AddField(
            model_name="usageinterval",
            name="started_within_seconds",
            field=models.IntegerField(
                editable=False, null=True, verbose_name="how the start is known"
            ),
        ),
        migrations.AddField(
            model_name="usageintervalevent",
            name="ended_within_seconds",
            field=models.IntegerField(
                editable=False, null=True, verbose_name="how the end is known"
            ),
        ),
        migrations.AddField(
            model_name="usageintervalevent",
            name="started_within_seconds",
            field=models.IntegerField(
                editable=False, null=True, verbose_name="how the start is known"
            ),
        ),
        migrations.AddConstraint(
            model_name="usageinterval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_within_seconds", None), ("ended_at__isnull", False), _connector="OR"
                ),
                name="usage_interval_end_is_known",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0036_known_instants.sql"),
            read_sql(__file__, "0036_known_instants_back.sql"),
        ),
    ]
