"""Let the provider name the product in the header of pages."""

from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0052_run_exclusions"),
    ]

    operations = [
        migrations.AddField(
            model_name="provider",
            name="product_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="name in the header",
            ),
        ),
        migrations.AddField(
            model_name="providerevent",
            name="product_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="name in the header",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0060_product_name.sql"),
            read_sql(__file__, "0060_product_name_back.sql"),
        ),
    ]
