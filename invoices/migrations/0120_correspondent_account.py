"""Keep the correspondent account of the provider's bank, which payment codes in Russia state."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("invoices", "0111_one_schedule_a_time")]

    operations = [
        *(
            migrations.AddField(
                model,
                "correspondent_account",
                models.CharField(
                    blank=True,
                    db_default="",
                    default="",
                    max_length=20,
                    verbose_name="correspondent account",
                ),
            )
            for model in ("provider", "providerevent")
        ),
        migrations.RunSQL(
            read_sql(__file__, "0120_correspondent_account.sql"),
            read_sql(__file__, "0110_use_credit.sql"),
        ),
    ]
