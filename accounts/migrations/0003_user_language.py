"""Remember in which language a person reads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_audit"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("ru", "Русский")],
                db_default="",
                default="",
                editable=False,
                max_length=10,
                verbose_name="language",
            ),
        ),
    ]
