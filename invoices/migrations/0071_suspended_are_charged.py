"""Let the provider decide whether suspended organizations are charged by default."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("invoices", "0068_uninvoiced_tallies")]

    operations = [
        *(
            migrations.AddField(
                model,
                "charges_suspended",
                models.BooleanField(
                    db_default=False, default=False, verbose_name="charge suspended organizations"
                ),
            )
            for model in ("provider", "providerevent")
        ),
        migrations.RunSQL(
            read_sql(__file__, "0071_suspended_are_charged.sql"),
            read_sql(__file__, "0060_product_name.sql"),
        ),
    ]
