"""Let the provider decide whether what is left of payments pays the next invoice."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("invoices", "0096_partners_in_other_zones")]

    operations = [
        *(
            migrations.AddField(
                model,
                "uses_credit",
                models.BooleanField(
                    db_default=False, default=False, verbose_name="use credit for new invoices"
                ),
            )
            for model in ("provider", "providerevent")
        ),
        migrations.RunSQL(
            read_sql(__file__, "0110_use_credit.sql"),
            read_sql(__file__, "0071_suspended_are_charged.sql"),
        ),
    ]
