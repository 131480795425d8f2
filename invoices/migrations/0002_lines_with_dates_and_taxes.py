"""State the dates and the tax of each line, and the taxes of a document in a table.

The columns of a line are filled from its month and its document. This rewrites all lines, which
takes about ten seconds for a million, and locks them and the invoices for that time.
"""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q

from foundation.audit.sql_files import read_sql

TAX_CATEGORIES = [
    ("S", "Standard rate"),
    ("Z", "Zero rate"),
    ("E", "Exempt from tax"),
    ("AE", "Reverse charge"),
    ("O", "Not subject to tax"),
]


def _category() -> Any:
    return models.CharField(choices=TAX_CATEGORIES, max_length=2, verbose_name="tax")


def _percent(**options: Any) -> Any:
    return models.DecimalField(
        decimal_places=2, max_digits=5, verbose_name="tax rate, %", **options
    )


def _money(name: str) -> Any:
    return models.DecimalField(decimal_places=4, max_digits=20, verbose_name=name)


def _on_lines() -> list[Any]:
    columns = [
        ("period_from", models.DateField(verbose_name="from")),
        ("period_until", models.DateField(verbose_name="until")),
        ("tax_category", _category()),
        ("tax_percent", _percent()),
    ]
    added = []
    for name, field in columns:
        nullable = field.clone()
        nullable.null = True
        added.append(migrations.AddField("invoiceline", name, nullable))
    return added


def _required_on_lines() -> list[Any]:
    return [
        migrations.AlterField("invoiceline", "period_from", models.DateField(verbose_name="from")),
        migrations.AlterField(
            "invoiceline", "period_until", models.DateField(verbose_name="until")
        ),
        migrations.AlterField("invoiceline", "tax_category", _category()),
        migrations.AlterField("invoiceline", "tax_percent", _percent()),
    ]


def _nullable_on_invoices() -> list[Any]:
    """Let the columns be empty, so that they can be added again when this is reversed."""
    columns = {
        "tax_category": models.CharField(
            choices=TAX_CATEGORIES, max_length=2, null=True, verbose_name="tax"
        ),
        "tax_rate": _percent(null=True),
        "tax_reason": models.CharField(
            blank=True, max_length=200, null=True, verbose_name="tax note"
        ),
    }
    return [
        migrations.AlterField(model, name, field.clone())
        for model in ("invoice", "invoiceevent")
        for name, field in columns.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="InvoiceTax",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("category", _category()),
                ("percent", _percent()),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="tax note")),
                ("reason_code", models.CharField(blank=True, max_length=30)),
                ("net", _money("net")),
                ("amount", _money("tax")),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="taxes",
                        to="invoices.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "tax of an invoice",
                "verbose_name_plural": "taxes of invoices",
                "ordering": ("invoice", "position"),
                "constraints": (
                    models.UniqueConstraint(
                        fields=("invoice", "position"), name="invoices_tax_position"
                    ),
                    models.UniqueConstraint(
                        fields=("invoice", "category", "percent"), name="invoices_tax_once"
                    ),
                ),
            },
        ),
        *_on_lines(),
        *_nullable_on_invoices(),
        migrations.AlterField(
            "invoiceline", "month", models.DateField(null=True, verbose_name="month")
        ),
        migrations.RunSQL(
            read_sql(__file__, "0002_taxes.sql"), read_sql(__file__, "0002_taxes_back.sql")
        ),
        *_required_on_lines(),
        migrations.RemoveField("invoiceline", "month"),
        migrations.RemoveField("invoice", "tax_category"),
        migrations.RemoveField("invoice", "tax_rate"),
        migrations.RemoveField("invoice", "tax_reason"),
        migrations.RemoveField("invoiceevent", "tax_category"),
        migrations.RemoveField("invoiceevent", "tax_rate"),
        migrations.RemoveField("invoiceevent", "tax_reason"),
        migrations.AddConstraint(
            "invoiceline",
            models.CheckConstraint(
                condition=Q(period_until__gt=F("period_from")),
                name="invoices_line_period_in_order",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0002_triggers.sql"), read_sql(__file__, "0002_triggers_back.sql")
        ),
    ]
