"""Create the tables of suspensions on the platform, with the events of their settings."""

import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0070_keep_agreed_kinds"),
        ("usage", "0036_known_instants"),
        ("watcher", "0040_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SuspendedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[("limit", "limit"), ("users", "users"), ("cameras", "cameras")],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("key", models.CharField(max_length=200, verbose_name="ID in Watcher")),
                (
                    "limit_before",
                    models.PositiveIntegerField(null=True, verbose_name="limit before"),
                ),
                (
                    "limit_meanwhile",
                    models.PositiveIntegerField(null=True, verbose_name="limit meanwhile"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "To be changed"),
                            ("changing", "Being changed"),
                            ("changed", "Changed"),
                            ("restored", "Restored"),
                            ("left", "Left as it is"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "what a suspension changes in Watcher",
                "verbose_name_plural": "what suspensions change in Watcher",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="SuspensionSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("blocks_users", models.BooleanField(default=True, verbose_name="block users")),
                (
                    "disables_cameras",
                    models.BooleanField(default=False, verbose_name="disable cameras"),
                ),
                (
                    "limits_cameras",
                    models.BooleanField(default=False, verbose_name="let no cameras be added"),
                ),
            ],
            options={
                "verbose_name": "settings of suspensions",
                "verbose_name_plural": "settings of suspensions",
            },
        ),
        migrations.CreateModel(
            name="SuspensionSettingsEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.SmallIntegerField(default=1, editable=False, serialize=False)),
                ("blocks_users", models.BooleanField(default=True, verbose_name="block users")),
                (
                    "disables_cameras",
                    models.BooleanField(default=False, verbose_name="disable cameras"),
                ),
                (
                    "limits_cameras",
                    models.BooleanField(default=False, verbose_name="let no cameras be added"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WatcherSuspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tenant_id",
                    models.CharField(blank=True, max_length=100, verbose_name="ID in Watcher"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suspending", "To be suspended"),
                            ("suspended", "Suspended"),
                            ("restoring", "To be restored"),
                            ("restored", "Restored"),
                        ],
                        default="suspending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("ways", models.JSONField(default=list, verbose_name="how")),
                ("prepared", models.JSONField(default=list, verbose_name="prepared")),
                ("told_at", models.DateTimeField(verbose_name="told at")),
                ("planned_at", models.DateTimeField(null=True, verbose_name="planned at")),
                ("suspended_at", models.DateTimeField(null=True, verbose_name="suspended at")),
                ("restored_at", models.DateTimeField(null=True, verbose_name="restored at")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(verbose_name="next attempt at")),
                ("failing_since", models.DateTimeField(null=True, verbose_name="fails since")),
                ("failure", models.JSONField(default=dict, verbose_name="failure")),
            ],
            options={
                "verbose_name": "suspension in Watcher",
                "verbose_name_plural": "suspensions in Watcher",
                "ordering": ("-pk",),
            },
        ),
        migrations.AddField(
            model_name="camerachange",
            name="is_suspended",
            field=models.BooleanField(default=False, verbose_name="disabled by a suspension"),
        ),
        migrations.AddConstraint(
            model_name="camerachange",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_suspended", False), ("is_disabled", True), _connector="OR"),
                name="watcher_change_suspended_is_disabled",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="watcher_suspension_settings_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspensionsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("blocks_users", True),
                    ("disables_cameras", True),
                    ("limits_cameras", True),
                    _connector="OR",
                ),
                name="watcher_suspension_settings_some",
            ),
        ),
        migrations.AddField(
            model_name="suspensionsettingsevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="watcher.suspensionsettings",
            ),
        ),
        migrations.AddField(
            model_name="watchersuspension",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="watcher_suspensions",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="suspendeditem",
            name="suspension",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="watcher.watchersuspension",
            ),
        ),
        migrations.AddIndex(
            model_name="watchersuspension",
            index=models.Index(
                condition=models.Q(("state__in", ("suspending", "restoring"))),
                fields=["next_attempt_at"],
                name="watcher_suspension_due",
            ),
        ),
        migrations.AddIndex(
            model_name="watchersuspension",
            index=models.Index(
                condition=models.Q(("failing_since__isnull", False)),
                fields=["failing_since"],
                name="watcher_suspension_failing",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchersuspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("restored_at", None)),
                fields=("organization",),
                name="watcher_suspension_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchersuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("restored_at__isnull", False), ("state", "restored")),
                    models.Q(models.Q(("state", "restored"), _negated=True), ("restored_at", None)),
                    _connector="OR",
                ),
                name="watcher_suspension_restored_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchersuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("planned_at__isnull", False), models.Q(("tenant_id", ""), _negated=True)
                    ),
                    models.Q(("planned_at", None), ("state", "suspending"), ("tenant_id", "")),
                    _connector="OR",
                ),
                name="watcher_suspension_planned_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchersuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "suspended"), _negated=True),
                    ("suspended_at__isnull", False),
                    _connector="OR",
                ),
                name="watcher_suspension_suspended_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchersuspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failing_since", None), ("failure", {})),
                    models.Q(
                        models.Q(("failing_since__isnull", False)),
                        models.Q(("failure", {}), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="watcher_suspension_fails_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="suspendeditem",
            index=models.Index(
                condition=models.Q(("by", "cameras")),
                fields=["key"],
                name="watcher_suspended_camera",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspendeditem",
            constraint=models.UniqueConstraint(
                fields=("suspension", "by", "key"), name="watcher_suspended_item_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspendeditem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("by", "limit"),
                        ("limit_before__gt", models.F("limit_meanwhile")),
                        ("limit_meanwhile__gte", 1),
                    ),
                    models.Q(
                        models.Q(("by", "limit"), _negated=True),
                        ("limit_before", None),
                        ("limit_meanwhile", None),
                    ),
                    _connector="OR",
                ),
                name="watcher_suspended_item_limit",
            ),
        ),
        create_functions(__file__, "0050_suspending.sql"),
    ]
