"""Create the tables of cameras and of which tariff plan each one used when, with their events."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from pghistory.utils import JSONField

from foundation.audit.sql_files import create_functions
from foundation.lists.search import Words

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)
# The columns of every table of events; those of the row follow.
EVENT: list[Any] = [
    ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
    ("pgh_label", models.TextField(help_text="The event label.")),
    ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
    ("pgh_context", JSONField(null=True)),
    ("id", models.BigIntegerField()),
]
# The columns that a table and its events share.
USAGE_INTERVAL: list[Any] = [
    ("started_at", models.DateTimeField(verbose_name="started at")),
    ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
]
# A foreign key as events copy it: what it points to may be gone.
COPIED_KEY: dict[str, Any] = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
    "related_query_name": "+",
}
# What an event is of.
OBJECT_KEY: dict[str, Any] = {
    "db_constraint": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0001_initial"),
        ("tariffs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Camera",
            fields=[
                ID,
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="cameras",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "camera",
                "verbose_name_plural": "cameras",
                "ordering": ("name",),
                "indexes": [
                    GinIndex(
                        SearchVector(Words("name"), Words("title"), config="simple"),
                        name="usage_camera_words",
                    ),
                    models.Index(
                        fields=["organization", "name"],
                        include=("id", "title"),
                        name="usage_camera_of_org",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CameraEvent",
            fields=[
                *EVENT,
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                (
                    "organization",
                    models.ForeignKey(
                        "organizations.organization", verbose_name="organization", **COPIED_KEY
                    ),
                ),
                ("pgh_obj", models.ForeignKey("usage.camera", **OBJECT_KEY)),
            ],
        ),
        migrations.CreateModel(
            name="UsageInterval",
            fields=[
                ID,
                *USAGE_INTERVAL,
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="usage_intervals",
                        to="usage.camera",
                        verbose_name="camera",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="usage_intervals",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "tariff",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="usage_intervals",
                        to="tariffs.tariff",
                        verbose_name="tariff plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "usage interval",
                "verbose_name_plural": "usage intervals",
                "ordering": ("camera", "started_at"),
                "indexes": [
                    models.Index(fields=["organization", "ended_at"], name="usage_interval_of_org"),
                    models.Index(
                        fields=["organization", "camera", "started_at"],
                        include=("ended_at", "tariff"),
                        name="usage_interval_statement",
                    ),
                ],
                "constraints": [
                    ExclusionConstraint(
                        expressions=(
                            (
                                Func(
                                    F("camera_id"),
                                    F("camera_id"),
                                    Value("[]"),
                                    function="int8range",
                                    output_field=BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                Func(
                                    F("started_at"),
                                    F("ended_at"),
                                    function="tstzrange",
                                    output_field=DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ),
                        name="usage_interval_no_overlap",
                        violation_error_message="The camera is already in use at that time.",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
                        name="usage_interval_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            started_at=Func(
                                Value("second"),
                                F("started_at"),
                                function="date_trunc",
                                output_field=models.DateTimeField(),
                            )
                        )
                        & (
                            Q(ended_at=None)
                            | Q(
                                ended_at=Func(
                                    Value("second"),
                                    F("ended_at"),
                                    function="date_trunc",
                                    output_field=models.DateTimeField(),
                                )
                            )
                        ),
                        name="usage_interval_whole_seconds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageIntervalEvent",
            fields=[
                *EVENT,
                *USAGE_INTERVAL,
                ("camera", models.ForeignKey("usage.camera", verbose_name="camera", **COPIED_KEY)),
                (
                    "organization",
                    models.ForeignKey(
                        "organizations.organization", verbose_name="organization", **COPIED_KEY
                    ),
                ),
                ("pgh_obj", models.ForeignKey("usage.usageinterval", **OBJECT_KEY)),
                (
                    "tariff",
                    models.ForeignKey("tariffs.tariff", verbose_name="tariff plan", **COPIED_KEY),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["camera"], name="usage_usage_camera__57dfb2_idx"),
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
