"""Store documents that someone has checked, with what came of it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0145_documents_style"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField(db_index=True, verbose_name="requested at")),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("content", models.BinaryField()),
                (
                    "profile",
                    models.CharField(blank=True, max_length=20, verbose_name="profile"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "In progress"),
                            ("done", "Checked"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("result", models.JSONField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "checked document",
                "verbose_name_plural": "checked documents",
                "ordering": ("-asked_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result__isnull", False), ("state", "done"))
                        | (~models.Q(("state", "done")) & models.Q(("result__isnull", True))),
                        name="invoices_check_has_result",
                    )
                ],
            },
        ),
    ]
