"""Create the table of mails about signing in."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInMail",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("activation", "Activation"),
                            ("password_reset", "Forgotten password"),
                            ("confirm_address", "Confirmation of a new address"),
                            ("address_change", "Requested change of address"),
                            ("address_changed", "Changed address"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=settings.LANGUAGES,
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "details",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="details",
                    ),
                ),
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
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_mails",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in email",
                "verbose_name_plural": "sign-in emails",
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        fields=["email", "kind", "asked_at"], name="accounts_sign_in_mail_sent"
                    ),
                    models.Index(fields=["asked_at"], name="accounts_sign_in_mail_asked"),
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["tried_at"],
                        name="accounts_sign_in_mail_failed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False), ("kind", "password_reset"), _connector="OR"
                        ),
                        name="accounts_sign_in_mail_of_person",
                    )
                ],
            },
        ),
    ]
