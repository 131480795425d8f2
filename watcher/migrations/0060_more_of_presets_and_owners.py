from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("watcher", "0050_suspending"),
    ]

    operations = [
        migrations.AddField(
            model_name="platformorganization",
            name="owner_is_blocked",
            field=models.BooleanField(null=True, verbose_name="owner is blocked"),
        ),
        migrations.AddField(
            model_name="platformpreset",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="seen to be deleted at"),
        ),
        migrations.AddField(
            model_name="platformpreset",
            name="dvr_is_null",
            field=models.BooleanField(default=False, verbose_name="DVR depth is null"),
        ),
    ]
