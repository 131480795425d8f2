"""Store which one-off charges an invoice of their own states."""

from django.db import migrations, models
from django.db.models import DO_NOTHING, PROTECT

from foundation.audit.sql_files import create_functions, read_sql


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0075_carried_credits"),
        ("organizations", "0040_invoiced_apart"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoicedCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="invoiced_charges",
                        to="invoices.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoiced one-off charge",
                "verbose_name_plural": "invoiced one-off charges",
                "indexes": [models.Index(fields=["invoice"], name="invoices_charges_of_invoice")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("charge", "invoice"), name="invoices_invoiced_charge_once"
                    )
                ],
            },
        ),
        create_functions(__file__, "0076_invoiced_charges.sql"),
        migrations.RunSQL(
            read_sql(__file__, "0076_kept_charges.sql"),
            read_sql(__file__, "0076_kept_charges_back.sql"),
        ),
    ]
