"""Let an index give an organization's cameras by name; it serves the foreign key as well."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (
        ("organizations", "0001_initial"),
        ("usage", "0002_used_tariff_is_fixed"),
    )

    operations = (
        migrations.AddIndex(
            model_name="camera",
            index=models.Index(fields=["organization", "name"], name="usage_camera_of_org"),
        ),
        migrations.AlterField(
            model_name="camera",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cameras",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
    )
