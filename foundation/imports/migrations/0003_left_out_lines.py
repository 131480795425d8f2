"""Store which lines of a file stay out, and the file that returns them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_read_in_jobs")]

    operations = [
        migrations.AddField("uploadedfile", "left_out", models.JSONField(null=True)),
        migrations.CreateModel(
            name="LeftOutPart",
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
                        related_name="left_out_parts",
                        to="imports.uploadedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("upload", "number"), name="imports_left_out_part_number"
                    )
                ],
            },
        ),
    ]
