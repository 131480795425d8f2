"""Add what billing may do for owners in Watcher, and limits of cameras there."""

import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions, read_sql


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0070_keep_agreed_kinds"),
        ("watcher", "0031_find_open_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="sends_messages",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="send messages to owners"
            ),
        ),
        migrations.AddField(
            model_name="connection",
            name="signs_on",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="let owners open Watcher"
            ),
        ),
        migrations.AddField(
            model_name="connectionevent",
            name="sends_messages",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="send messages to owners"
            ),
        ),
        migrations.AddField(
            model_name="connectionevent",
            name="signs_on",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="let owners open Watcher"
            ),
        ),
        migrations.CreateModel(
            name="CameraLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "most_cameras",
                    models.PositiveIntegerField(verbose_name="most cameras in Watcher"),
                ),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "limit of cameras in Watcher",
                "verbose_name_plural": "limits of cameras in Watcher",
            },
        ),
        migrations.CreateModel(
            name="CameraLimitEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "most_cameras",
                    models.PositiveIntegerField(verbose_name="most cameras in Watcher"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="watcher.cameralimit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="cameralimit",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_cameras__gte", 1)), name="watcher_camera_limit_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="cameralimitevent",
            index=models.Index(fields=["organization"], name="watcher_cam_organiz_be74d9_idx"),
        ),
        create_functions(__file__, "0040_camera_limits.sql"),
        migrations.RunSQL(
            read_sql(__file__, "0040_connection.sql"),
            read_sql(__file__, "0040_connection_back.sql"),
        ),
    ]
