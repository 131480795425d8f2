"""Let one index give all that a statement reads, in its order.

Without it PostgreSQL sorts an organization's intervals, or, reading by cursor, walks the index of
all cameras to be spared that. docs/decisions/pricing-speed.md has figures.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("usage", "0003_cameras_of_organization_by_name"),)

    operations = (
        migrations.AddIndex(
            model_name="usageinterval",
            index=models.Index(
                fields=["organization", "camera", "started_at"],
                include=["ended_at", "tariff"],
                name="usage_interval_statement",
            ),
        ),
    )
