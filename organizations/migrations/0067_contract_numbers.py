"""Find organizations by their contract number.

The index of 100,000 organizations is made in less than a second, in which none can be changed.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0060_exchange_titles"),
        ("tariffs", "0003_volume_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(
                condition=models.Q(("contract_number", ""), _negated=True),
                fields=["contract_number"],
                name="organizations_by_contract",
            ),
        ),
    ]
