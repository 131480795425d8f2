"""Store what files call our columns, and that a file waits for someone to say so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = ["checking", "unmapped", "checked", "refused", "importing", "imported", "failed"]


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0003_left_out_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Only the choices differ, so no statement is executed.
        migrations.AlterField(
            "uploadedfile",
            "state",
            models.CharField(
                max_length=10,
                default="checking",
                choices=[(state, state.capitalize()) for state in STATES],
            ),
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("fingerprint", models.CharField(max_length=64)),
                ("headings", models.JSONField()),
                ("last_used_at", models.DateTimeField()),
                (
                    "last_used_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping of columns",
                "verbose_name_plural": "mappings of columns",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "fingerprint"), name="imports_headings_once"
                    )
                ],
            },
        ),
    ]
