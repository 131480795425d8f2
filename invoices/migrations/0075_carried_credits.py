"""Store what invoices leave of credits, and protect one-off charges of invoiced periods."""

from django.db import migrations, models
from django.db.models import DO_NOTHING, PROTECT

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0074_checked_lines"),
        ("organizations", "0034_agreements"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarriedCredit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="carried_credits",
                        to="invoices.invoice",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=200, verbose_name="text")),
                ("day", models.DateField(verbose_name="date")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=DO_NOTHING,
                        related_name="+",
                        to="organizations.oneoffcharge",
                    ),
                ),
            ],
            options={
                "verbose_name": "carried credit",
                "verbose_name_plural": "carried credits",
                "ordering": ("invoice", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "position"), name="invoices_carried_credit_position"
                    ),
                    models.UniqueConstraint(
                        fields=("charge",), name="invoices_carried_credit_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(amount__gt=0), name="invoices_carried_credit_positive"
                    ),
                ],
            },
        ),
        create_functions(__file__, "0075_carried_credits.sql"),
    ]
