"""Let lines state fees, one-off charges, minimums and credits, and totals be 0.

No row is rewritten: a type without bounds, a longer text and columns with constant defaults only
change the catalog. The next migration checks the stored rows while the tables can be used.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

SECTIONS = [
    ("usage", "usage"),
    ("fees", "fees"),
    ("one_off", "one-off charges"),
    ("minimum", "minimum"),
    ("credits", "credits"),
]


class Migration(migrations.Migration):
    dependencies = [("invoices", "0072_terms")]

    operations = [
        migrations.RemoveConstraint("invoice", "invoices_total_adds_up"),
        migrations.RemoveConstraint("invoiceline", "invoices_line_not_negative"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    ALTER TABLE invoices_invoiceline
                        ALTER COLUMN tariff TYPE varchar(200),
                        ALTER COLUMN monthly_price TYPE numeric
                    """,
                    """
                    ALTER TABLE invoices_invoiceline
                        ALTER COLUMN tariff TYPE varchar(100),
                        ALTER COLUMN monthly_price TYPE numeric(20, 4)
                    """,
                )
            ],
            state_operations=[
                migrations.RenameField("invoiceline", "tariff", "item"),
                migrations.AlterField(
                    "invoiceline",
                    "item",
                    models.CharField(
                        blank=True, db_column="tariff", max_length=200, verbose_name="item"
                    ),
                ),
                migrations.RenameField("invoiceline", "monthly_price", "price"),
                migrations.AlterField(
                    "invoiceline",
                    "price",
                    models.DecimalField(
                        db_column="monthly_price",
                        decimal_places=8,
                        max_digits=24,
                        verbose_name="price",
                    ),
                ),
                migrations.RenameField("invoiceline", "camera_months", "quantity"),
                migrations.AlterField(
                    "invoiceline",
                    "quantity",
                    models.DecimalField(
                        db_column="camera_months",
                        decimal_places=6,
                        max_digits=16,
                        verbose_name="quantity",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "invoiceline",
            "section",
            models.CharField(
                choices=SECTIONS,
                db_default="usage",
                default="usage",
                max_length=10,
                verbose_name="section",
            ),
        ),
        migrations.AddField(
            "invoiceline",
            "gross_price",
            models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=20,
                null=True,
                verbose_name="gross price",
            ),
        ),
        migrations.AddField(
            "invoiceline",
            "days",
            models.SmallIntegerField(blank=True, null=True, verbose_name="charged days"),
        ),
        AddConstraintNotValid(
            "invoice",
            models.CheckConstraint(
                condition=Q(total=F("net") + F("tax_amount"), total__gte=0),
                name="invoices_total_adds_up",
            ),
        ),
        AddConstraintNotValid(
            "invoiceline",
            models.CheckConstraint(
                condition=Q(price__gte=0)
                & (Q(amount__gte=0, quantity__gte=0) | ~Q(corrects="") | Q(section="credits")),
                name="invoices_line_not_negative",
            ),
        ),
    ]
