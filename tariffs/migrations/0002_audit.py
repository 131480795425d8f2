"""Record every change of tariffs and their prices."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import tariffs.currencies
from foundation.audit.recording import record_as_found


class Migration(migrations.Migration):
    dependencies = [
        ("tariffs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TariffEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                (
                    "currency",
                    models.CharField(
                        choices=tariffs.currencies.currency_choices,
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "proration",
                    models.CharField(
                        choices=[("second", "by the second"), ("day", "by the day")],
                        default="second",
                        max_length=6,
                        verbose_name="proration",
                    ),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False, verbose_name="apply to new organizations by default"
                    ),
                ),
                ("dvr_depth_days", models.PositiveIntegerField(verbose_name="DVR depth, days")),
                ("dvr_space_gb", models.PositiveIntegerField(verbose_name="DVR space, GB")),
                ("has_anpr", models.BooleanField(default=False, verbose_name="ANPR")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TariffPriceEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="monthly price",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariff",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="f238782343a2c87ed96c07d98384453033f16aca",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_ee3e9",
                    table="tariffs_tariff",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariff",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tariffs_tariffevent" ("currency", "dvr_depth_days", "dvr_space_gb", "has_anpr", "id", "is_archived", "is_default", "name", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proration") SELECT new_values."currency", new_values."dvr_depth_days", new_values."dvr_space_gb", new_values."has_anpr", new_values."id", new_values."is_archived", new_values."is_default", new_values."name", new_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."proration" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="62ae969ef162acf9db8b8d3ebf7b26e68039164b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9e26c",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="tariffs_tariff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariff",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tariffs_tariffevent" ("currency", "dvr_depth_days", "dvr_space_gb", "has_anpr", "id", "is_archived", "is_default", "name", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proration") VALUES (NEW."currency", NEW."dvr_depth_days", NEW."dvr_space_gb", NEW."has_anpr", NEW."id", NEW."is_archived", NEW."is_default", NEW."name", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."proration"); RETURN NULL;',
                    hash="0c2cf83c1dfc64fba95029c54ccad52ecffba8ae",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d716d",
                    table="tariffs_tariff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariff",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tariffs_tariffevent" ("currency", "dvr_depth_days", "dvr_space_gb", "has_anpr", "id", "is_archived", "is_default", "name", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proration") SELECT old_values."currency", old_values."dvr_depth_days", old_values."dvr_space_gb", old_values."has_anpr", old_values."id", old_values."is_archived", old_values."is_default", old_values."name", old_values."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."proration" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="3b6cf98c7569a5b794807926f1234c6682cf135f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a9a96",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="tariffs_tariff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffprice",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="e15faa965cc2057ec0d33e5e3ce6ae2d401e579a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_65053",
                    table="tariffs_tariffprice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffprice",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tariffs_tariffpriceevent" ("amount", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id", "valid_from") SELECT new_values."amount", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."tariff_id", new_values."valid_from" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="bae4d1750f061e02a5feb02879b70c7b33b5df4b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_10bec",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="tariffs_tariffprice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffprice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tariffs_tariffpriceevent" ("amount", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id", "valid_from") VALUES (NEW."amount", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."tariff_id", NEW."valid_from"); RETURN NULL;',
                    hash="1ee0fdf971f54d02fb5bdc20277a0bbfa09e385e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1a9e5",
                    table="tariffs_tariffprice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffprice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tariffs_tariffpriceevent" ("amount", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id", "valid_from") SELECT old_values."amount", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."tariff_id", old_values."valid_from" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b082315de58babe63a1b531381b67af43e01a8c7",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_67103",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="tariffs_tariffprice",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="tariffevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tariffs.tariff",
            ),
        ),
        migrations.AddField(
            model_name="tariffpriceevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tariffs.tariffprice",
            ),
        ),
        migrations.AddField(
            model_name="tariffpriceevent",
            name="tariff",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="tariffs.tariff",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="f6b9b9fe6bbfe612812a5612f4c364f637d63b7e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_51578",
                    table="tariffs_tariffevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c6f2c5e3e7625b48c24330447c49761897cedf5c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e0e43",
                    table="tariffs_tariffevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="tariffpriceevent",
            index=models.Index(fields=["tariff"], name="tariffs_tar_tariff__7ddc5b_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffpriceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="f99d2810d502527df09dd91504d00d0fa7b8106f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_e76da",
                    table="tariffs_tariffpriceevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tariffpriceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b5a5d15f180c64fed4c1112f0132d290cbf9ae30",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f1d22",
                    table="tariffs_tariffpriceevent",
                    when="BEFORE",
                ),
            ),
        ),
        record_as_found("tariffs", "Tariff", "TariffPrice"),
    ]
