"""Create the table of notices."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_time_zone")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be sent"),
                            ("sent", "Sent"),
                            ("failed", "Could not be sent"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="requested at")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("about", models.CharField(max_length=100, verbose_name="about")),
                (
                    "language",
                    models.CharField(
                        choices=settings.LANGUAGES, max_length=10, verbose_name="language"
                    ),
                ),
                ("subject", models.CharField(max_length=400, verbose_name="subject")),
                ("introduction", models.TextField(verbose_name="introduction")),
                ("quoted", models.TextField(blank=True, verbose_name="message")),
                ("path", models.CharField(max_length=200, verbose_name="page")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("about", "email"), name="accounts_notice_once"),
                ],
                "indexes": [
                    models.Index(
                        fields=["tried_at"],
                        condition=models.Q(state="failed"),
                        name="accounts_notices_failed",
                    ),
                ],
            },
        ),
    ]
