"""Record every change of cameras and usage intervals."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from foundation.audit.recording import record_as_found


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0002_audit"),
        ("tariffs", "0002_audit"),
        ("usage", "0004_statements_from_one_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="CameraEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UsageIntervalEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="camera",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="b4ee60999b680b548d56898d561f46c96252f630",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_1bfda",
                    table="usage_camera",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="camera",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "usage_cameraevent" ("id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") SELECT new_values."id", new_values."name", new_values."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="358623554873669d05fb5ad602b4564e179b7706",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b1a2f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="usage_camera",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="camera",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "usage_cameraevent" ("id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."id", NEW."name", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."title"); RETURN NULL;',
                    hash="99ec79cd9e923f19da9b0f7415a508a7df3145d6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_31119",
                    table="usage_camera",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="camera",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "usage_cameraevent" ("id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") SELECT old_values."id", old_values."name", old_values."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="1370d5b0cbd8a5ea39f114b667de0388ea8c8e88",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f7c78",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="usage_camera",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usageinterval",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="a8810ffd48a1d52e37b78e51c2e34515dc249c30",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_48ed6",
                    table="usage_usageinterval",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usageinterval",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "usage_usageintervalevent" ("camera_id", "ended_at", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "tariff_id") SELECT new_values."camera_id", new_values."ended_at", new_values."id", new_values."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."started_at", new_values."tariff_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="121b853a84c140d5c868155af8adc84872ec7040",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6ed2e",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="usage_usageinterval",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usageinterval",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "usage_usageintervalevent" ("camera_id", "ended_at", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "tariff_id") VALUES (NEW."camera_id", NEW."ended_at", NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."started_at", NEW."tariff_id"); RETURN NULL;',
                    hash="d298dc9d80b83f84c79badc30a9aeb6ff996c099",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_12490",
                    table="usage_usageinterval",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usageinterval",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "usage_usageintervalevent" ("camera_id", "ended_at", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "tariff_id") SELECT old_values."camera_id", old_values."ended_at", old_values."id", old_values."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."started_at", old_values."tariff_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cab51e0d714941c617f3d0a1c42598fed093f9b7",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b557b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="usage_usageinterval",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="cameraevent",
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
        migrations.AddField(
            model_name="cameraevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="usage.camera",
            ),
        ),
        migrations.AddField(
            model_name="usageintervalevent",
            name="camera",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="usage.camera",
            ),
        ),
        migrations.AddField(
            model_name="usageintervalevent",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="usageintervalevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="usage.usageinterval",
            ),
        ),
        migrations.AddField(
            model_name="usageintervalevent",
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
            model_name="cameraevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="47dc96975843c896aac7b733767a184df9df9681",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_62432",
                    table="usage_cameraevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cameraevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3b38865e34eed154ba286ad5d0d19a90fc27ec22",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7c782",
                    table="usage_cameraevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="usageintervalevent",
            index=models.Index(fields=["camera"], name="usage_usage_camera__57dfb2_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usageintervalevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="9f5f25f23340784978961210127e56b7bb30bbdc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_f632f",
                    table="usage_usageintervalevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="usageintervalevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4edd662eb4acdc333859953f4043211f427b18ad",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ed480",
                    table="usage_usageintervalevent",
                    when="BEFORE",
                ),
            ),
        ),
        record_as_found("usage", "Camera", "UsageInterval"),
    ]
