"""Tell payers of collections, keep the part of the file that asks for one, and why it failed."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import read_sql

NOTICE_DAYS = models.PositiveSmallIntegerField(
    default=14,
    help_text=(
        "How many days before the collection payers are told of it. SEPA asks for 14, unless "
        "you agreed on fewer with them."
    ),
    validators=[
        django.core.validators.MinValueValidator(1),
        django.core.validators.MaxValueValidator(60),
    ],
    verbose_name="notice in days",
)


class Migration(migrations.Migration):
    dependencies = [
        ("debits", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DebitNotice",
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
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="debits.debitbatch",
                        verbose_name="batch",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="debits.mandate",
                        verbose_name="mandate",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of a collection",
                "verbose_name_plural": "notices of collections",
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["batch"],
                        name="debits_notice_failed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "mandate", "email"), name="debits_notice_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            "collection",
            "block",
            models.CharField(blank=True, max_length=35, verbose_name="payment information ID"),
        ),
        migrations.AddField(
            "collection",
            "reason",
            models.CharField(blank=True, max_length=200, verbose_name="why returned"),
        ),
        migrations.AddConstraint(
            "collection",
            models.CheckConstraint(
                condition=models.Q(
                    ("is_pending", False),
                    models.Q(("payment", None), ("returned_at", None)),
                    _connector="OR",
                ),
                name="debits_pending_until_recorded",
            ),
        ),
        migrations.AddConstraint(
            "collection",
            models.CheckConstraint(
                condition=models.Q(("reason", ""), ("returned_at__isnull", False), _connector="OR"),
                name="debits_returned_for_it",
            ),
        ),
        migrations.AddField("debitsettings", "notice_days", NOTICE_DAYS),
        migrations.AddField("debitsettingsevent", "notice_days", NOTICE_DAYS),
        migrations.AddConstraint(
            "debitsettings",
            models.CheckConstraint(
                condition=models.Q(("notice_days__gte", 1), ("notice_days__lte", 60)),
                name="debits_settings_notice_days",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0010_notices.sql"), read_sql(__file__, "0010_notices_back.sql")
        ),
    ]
