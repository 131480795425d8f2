"""Record every change of organizations and of the tariffs available to them."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import organizations.models
from foundation.audit.recording import record_as_found


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_initial"),
        ("tariffs", "0002_audit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AvailabilityEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OrganizationEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "trial_first_on",
                    models.DateField(blank=True, null=True, verbose_name="trial, first date"),
                ),
                (
                    "trial_last_on",
                    models.DateField(blank=True, null=True, verbose_name="trial, last date"),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default=organizations.models.default_time_zone,
                        max_length=64,
                        validators=[organizations.models.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "contract_number",
                    models.CharField(blank=True, max_length=100, verbose_name="contract number"),
                ),
                (
                    "contract_signed_on",
                    models.DateField(blank=True, null=True, verbose_name="contract date"),
                ),
                (
                    "watcher_id",
                    models.CharField(
                        blank=True, max_length=100, null=True, verbose_name="Watcher id"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Availability",
            fields=[],
            options={
                "verbose_name": "available tariff plan",
                "verbose_name_plural": "available tariff plans",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("organizations.organization_tariffs",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="873a803617c102d94554bec62384b3f1c879f93e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_07e3c",
                    table="organizations_organization",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organizations_organizationevent" ("contract_number", "contract_signed_on", "id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "title", "trial_first_on", "trial_last_on", "watcher_id") SELECT new_values."contract_number", new_values."contract_signed_on", new_values."id", new_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."time_zone", new_values."title", new_values."trial_first_on", new_values."trial_last_on", new_values."watcher_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="eb16ba3c5588b7dbd27febc2e437c61e4526871a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5a753",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="organizations_organization",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "organizations_organizationevent" ("contract_number", "contract_signed_on", "id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "title", "trial_first_on", "trial_last_on", "watcher_id") VALUES (NEW."contract_number", NEW."contract_signed_on", NEW."id", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."time_zone", NEW."title", NEW."trial_first_on", NEW."trial_last_on", NEW."watcher_id"); RETURN NULL;',
                    hash="63bb4170a9f762caa49fac167b9c1b3518982ecd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_73a92",
                    table="organizations_organization",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organization",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organizations_organizationevent" ("contract_number", "contract_signed_on", "id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "title", "trial_first_on", "trial_last_on", "watcher_id") SELECT old_values."contract_number", old_values."contract_signed_on", old_values."id", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."time_zone", old_values."title", old_values."trial_first_on", old_values."trial_last_on", old_values."watcher_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="366b5ac107ce7199bf3d4de31ccb0e0154320f97",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_84ac6",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="organizations_organization",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="availabilityevent",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                db_tablespace="",
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="availabilityevent",
            name="tariff",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                db_tablespace="",
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="tariffs.tariff",
            ),
        ),
        migrations.AddField(
            model_name="organizationevent",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="organizationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            model_name="availabilityevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="organizations.availability",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availability",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="3327d9d557284f6fe65e1fd604cc3086193aded5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_f7456",
                    table="organizations_organization_tariffs",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availability",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organizations_availabilityevent" ("id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id") SELECT new_values."id", new_values."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', new_values."id", new_values."tariff_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="1abc23501468e0fb31817486a4d660acf9a24cb0",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_96548",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="organizations_organization_tariffs",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availability",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "organizations_availabilityevent" ("id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id") VALUES (NEW."id", NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."tariff_id"); RETURN NULL;',
                    hash="3f6b90baaaf2ab2efce4573d37056cb16d919a4f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3e65a",
                    table="organizations_organization_tariffs",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availability",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "organizations_availabilityevent" ("id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id") SELECT old_values."id", old_values."organization_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', old_values."id", old_values."tariff_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8804a97127d98ef7d986b644a985de38c953456f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b084c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="organizations_organization_tariffs",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organizationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="e05edc2012f130f25688723aef4721d0a472432b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_5cce9",
                    table="organizations_organizationevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="organizationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b57d657ff616d824ae4a63d9d1c32f035699505a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_88049",
                    table="organizations_organizationevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="availabilityevent",
            index=models.Index(fields=["organization"], name="organizatio_organiz_12c21f_idx"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availabilityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF current_setting('billing.may_truncate', true) = 'on' THEN\n                RETURN NULL;\n            END IF;\n            RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;\n        ",
                    hash="182f7e55d740bf2337efff1603c58358badab926",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_98762",
                    table="organizations_availabilityevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="availabilityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="346c3cf82ec702ba99552fea368d5df9ca7fd495",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f80d1",
                    table="organizations_availabilityevent",
                    when="BEFORE",
                ),
            ),
        ),
        record_as_found("organizations", "Organization", "Availability"),
    ]
