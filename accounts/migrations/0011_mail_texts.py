"""Let operators edit the texts of emails."""

import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="email")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Русский")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=2000, verbose_name="introduction"),
                ),
            ],
            options={
                "verbose_name": "text of an email",
                "verbose_name_plural": "texts of emails",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "language"), name="accounts_mail_text_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailTextEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20, verbose_name="email")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Русский")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=2000, verbose_name="introduction"),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.mailtext",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        create_functions(__file__, "0011_mail_texts.sql"),
    ]
