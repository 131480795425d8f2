"""Allow discounts of 0 percent, as the rules do; the database has accepted them all along."""

from __future__ import annotations

from typing import Any

import django.core.validators
from django.db import migrations, models


def _percent() -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        decimal_places=2,
        max_digits=5,
        validators=[
            django.core.validators.MinValueValidator(0),
            django.core.validators.MaxValueValidator(100),
        ],
        verbose_name="discount, %",
    )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0091_addresses")]

    operations = [
        migrations.AlterField(model_name="discount", name="percent", field=_percent()),
        migrations.AlterField(model_name="discountevent", name="percent", field=_percent()),
    ]
