"""Put into the index of an organization's cameras all that usages.csv says of one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0002_audit"),
        ("usage", "0007_camera_is_with_its_payer"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="camera",
            name="usage_camera_of_org",
        ),
        migrations.AddIndex(
            model_name="camera",
            index=models.Index(
                fields=["organization", "name"], include=("id", "title"), name="usage_camera_of_org"
            ),
        ),
    ]
