"""Name the relations of usage intervals, so that the names can be translated."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0002_audit"),
        ("tariffs", "0002_audit"),
        ("usage", "0005_audit"),
    ]

    operations = [
        migrations.AlterField(
            model_name="usageinterval",
            name="camera",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="usage_intervals",
                to="usage.camera",
                verbose_name="camera",
            ),
        ),
        migrations.AlterField(
            model_name="usageinterval",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="usage_intervals",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AlterField(
            model_name="usageinterval",
            name="tariff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="usage_intervals",
                to="tariffs.tariff",
                verbose_name="tariff plan",
            ),
        ),
        migrations.AlterField(
            model_name="usageintervalevent",
            name="camera",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="usage.camera",
                verbose_name="camera",
            ),
        ),
        migrations.AlterField(
            model_name="usageintervalevent",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AlterField(
            model_name="usageintervalevent",
            name="tariff",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="tariffs.tariff",
                verbose_name="tariff plan",
            ),
        ),
    ]
