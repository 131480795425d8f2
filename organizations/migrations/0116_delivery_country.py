"""State another country of delivery than that of the address, from a date on."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

import organizations.countries
from foundation.audit.sql_files import read_sql


def _country() -> models.CharField[Any, Any]:
    return models.CharField(
        blank=True,
        choices=organizations.countries.country_choices,
        db_default="",
        default="",
        max_length=2,
        verbose_name="country of delivery",
    )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0110_einvoices")]

    operations = [
        migrations.AddField("billingdetails", "delivery_country", _country()),
        migrations.AddField("billingdetailsevent", "delivery_country", _country()),
        migrations.AddConstraint(
            "billingdetails",
            models.CheckConstraint(
                condition=models.Q(("delivery_country__regex", "^([A-Z]{2})?$")),
                name="organizations_billing_delivery",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0116_delivery_country.sql"),
            read_sql(__file__, "0110_einvoices.sql"),
        ),
    ]
