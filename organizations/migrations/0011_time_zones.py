"""Let organizations have several time zones by date."""

from typing import Any

from django.db import migrations, models
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions, read_sql
from organizations.models import validate_time_zone

TIME_ZONE_FROM: dict[str, Any] = {
    "name": "time_zone_from",
    "field": models.DateField(blank=True, null=True, verbose_name="time zone applies from"),
}
# The columns that the table and its events share.
VERSION: list[Any] = [
    ("valid_from", models.DateField(blank=True, null=True, verbose_name="applies from")),
    (
        "time_zone",
        models.CharField(max_length=64, validators=[validate_time_zone], verbose_name="time zone"),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("organizations", "0010_closing")]

    operations = [
        migrations.AddField("organization", **TIME_ZONE_FROM),
        migrations.AddField("organizationevent", **TIME_ZONE_FROM),
        migrations.CreateModel(
            name="EarlierTimeZone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *VERSION,
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="earlier_time_zones",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier time zone",
                "verbose_name_plural": "earlier time zones",
                "ordering": ("organization", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "valid_from"),
                        name="organizations_one_time_zone_a_date",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierTimeZoneEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", JSONField(null=True)),
                ("id", models.BigIntegerField()),
                *VERSION,
                (
                    "organization",
                    models.ForeignKey(
                        "organizations.organization",
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        verbose_name="organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        "organizations.earliertimezone",
                        db_constraint=False,
                        on_delete=models.DO_NOTHING,
                        related_name="+",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization"], name="organizatio_organiz_f210cb_idx")
                ],
            },
        ),
        create_functions(__file__, "0011_earlier_time_zones.sql"),
        migrations.RunSQL(
            read_sql(__file__, "0011_time_zones.sql"),
            read_sql(__file__, "0010_closing.sql"),
        ),
    ]
