"""Close the books: nothing can be dated into a closed month."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models import Q

from foundation.audit.sql_files import create_functions


def by(name: str) -> Any:
    """Return the column of who did something."""
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=name,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0102_paid_by_allocations"),
        ("invoices", "0110_use_credit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BooksClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_on", models.DateField(verbose_name="closed through")),
                ("closed_at", models.DateTimeField(verbose_name="closed at")),
                ("closed_by", by("closed by")),
                ("reopened_at", models.DateTimeField(null=True, verbose_name="reopened at")),
                ("reopened_by", by("reopened by")),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason"),
                ),
            ],
            options={
                "verbose_name": "closing of the books",
                "verbose_name_plural": "closings of the books",
                "ordering": ("-last_on", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("last_on",),
                        condition=Q(reopened_at=None),
                        name="payments_books_closed_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(reopened_at=None, reason="")
                        | Q(Q(reopened_at__isnull=False), ~Q(reason="")),
                        name="payments_books_reopened_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=BrinIndex("allocated_at", autosummarize=True, name="payments_allocated_at"),
        ),
        create_functions(__file__, "0120_books.sql"),
    ]
