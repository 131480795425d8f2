"""Store uploaded files in parts, with what the jobs that read them found.

Files that wait for a confirmation are deleted: they are kept for a day at most, and no job has
checked them. The people who uploaded them are asked to do so again.
"""

import django.db.models.deletion
from django.db import migrations, models

STATES = ["checking", "checked", "refused", "importing", "imported", "failed"]


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]

    operations = [
        migrations.RunSQL("DELETE FROM imports_uploadedfile", migrations.RunSQL.noop),
        migrations.RemoveField("uploadedfile", "content"),
        migrations.AlterField("uploadedfile", "uploaded_at", models.DateTimeField(db_index=True)),
        migrations.AddField(
            "uploadedfile", "size", models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField("uploadedfile", "options", models.JSONField(default=dict)),
        migrations.AddField(
            "uploadedfile",
            "language",
            models.CharField(max_length=10, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "uploadedfile",
            "state",
            models.CharField(
                max_length=10,
                default="checking",
                choices=[(state, state.capitalize()) for state in STATES],
            ),
        ),
        migrations.AddField("uploadedfile", "report", models.JSONField(null=True)),
        migrations.AddField("uploadedfile", "shown", models.TextField(blank=True)),
        migrations.AddField("uploadedfile", "has_changed", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="UploadedPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="imports.uploadedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("upload", "number"), name="imports_part_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadProgress",
            fields=[
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="imports.uploadedfile",
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=10)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("is_cancelled", models.BooleanField(default=False)),
            ],
        ),
    ]
