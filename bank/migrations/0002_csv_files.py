"""Keep what the columns of CSV files mean, and files for which nobody has said so yet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bank", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CsvUpload",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="csv_upload",
                        serialize=False,
                        to="bank.bankaccount",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                (
                    "encoding",
                    models.CharField(
                        choices=[
                            ("utf-8", "UTF-8"),
                            ("cp1252", "Windows-1252 (Western Europe)"),
                            ("cp1251", "Windows-1251 (Cyrillic)"),
                        ],
                        max_length=10,
                        verbose_name="encoding",
                    ),
                ),
                ("content", models.BinaryField()),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
            ],
            options={
                "verbose_name": "CSV file without columns",
                "verbose_name_plural": "CSV files without columns",
            },
        ),
        migrations.CreateModel(
            name="CsvLayout",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="csv_layout",
                        serialize=False,
                        to="bank.bankaccount",
                    ),
                ),
                ("headings", models.JSONField(verbose_name="columns")),
                (
                    "decimal_mark",
                    models.CharField(
                        choices=[(",", "1.234,56 · 1 234,56"), (".", "1,234.56 · 1 234.56")],
                        max_length=1,
                        verbose_name="decimals",
                    ),
                ),
                (
                    "date_order",
                    models.CharField(
                        choices=[
                            ("dmy", "31.12.2026 · 31/12/2026"),
                            ("mdy", "12/31/2026"),
                            ("ymd", "2026-12-31"),
                        ],
                        max_length=3,
                        verbose_name="dates",
                    ),
                ),
            ],
            options={
                "verbose_name": "columns of a bank account",
                "verbose_name_plural": "columns of bank accounts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date_order__in", ["dmy", "mdy", "ymd"]),
                            ("decimal_mark__in", [",", "."]),
                        ),
                        name="bank_csvlayout_is_known",
                    )
                ],
            },
        ),
    ]
