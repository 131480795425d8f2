"""Create the tables of reading, with the events of its settings."""

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

import foundation.search.index
from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0036_known_instants"),
        ("watcher", "0001_connection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Poll",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("first", "First reading: nothing was changed here"),
                            ("suspicious", "Held back: too many cameras vanished"),
                            ("failed", "Failed"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("begun_at", models.DateTimeField(verbose_name="begun at")),
                ("ended_at", models.DateTimeField(verbose_name="ended at")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="times")),
                ("cameras", models.PositiveIntegerField(default=0, verbose_name="cameras")),
                ("appeared", models.PositiveIntegerField(default=0, verbose_name="appeared")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("vanished", models.PositiveIntegerField(default=0, verbose_name="vanished")),
                ("failure", models.JSONField(default=dict, verbose_name="failure")),
            ],
            options={
                "verbose_name": "reading",
                "verbose_name_plural": "readings",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="ReadingSettings",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "every_minutes",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="read every … minutes",
                    ),
                ),
                (
                    "charges_disabled",
                    models.BooleanField(default=True, verbose_name="charge disabled cameras"),
                ),
                (
                    "most_vanished_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="cameras that may vanish at once, percent",
                    ),
                ),
                (
                    "standstill_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="report when nothing was read for … minutes",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of reading",
                "verbose_name_plural": "settings of reading",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="watcher_reading_settings_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("every_minutes__gte", 1),
                            ("every_minutes__lte", 1440),
                            ("standstill_minutes__gte", 1),
                            ("standstill_minutes__lte", 1440),
                            ("most_vanished_percent__lte", 100),
                        ),
                        name="watcher_reading_settings_in_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingSettingsEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.SmallIntegerField(default=1, editable=False, serialize=False)),
                (
                    "every_minutes",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="read every … minutes",
                    ),
                ),
                (
                    "charges_disabled",
                    models.BooleanField(default=True, verbose_name="charge disabled cameras"),
                ),
                (
                    "most_vanished_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="cameras that may vanish at once, percent",
                    ),
                ),
                (
                    "standstill_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="report when nothing was read for … minutes",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="watcher.readingsettings",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CameraChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="title")),
                (
                    "from_is_disabled",
                    models.BooleanField(default=False, verbose_name="disabled before"),
                ),
                ("is_disabled", models.BooleanField(default=False, verbose_name="disabled")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("within_seconds", models.IntegerField(verbose_name="how the time is known")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Held back"),
                            ("done", "Carried out"),
                            ("needless", "Already so here"),
                            ("dismissed", "Not carried out"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=30, verbose_name="reason")),
                ("held_since", models.DateTimeField(null=True, verbose_name="held back since")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
                (
                    "is_accepted",
                    models.BooleanField(
                        default=False, verbose_name="to be carried out all the same"
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="platform_changes",
                        to="usage.camera",
                        verbose_name="camera",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "from_organization",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="watcher.platformorganization",
                        verbose_name="organization before",
                    ),
                ),
                (
                    "from_preset",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="watcher.platformpreset",
                        verbose_name="preset before",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="watcher.platformorganization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "preset",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="watcher.platformpreset",
                        verbose_name="preset",
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="watcher.poll",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a camera in Watcher",
                "verbose_name_plural": "changes of cameras in Watcher",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["name", "id"],
                        name="watcher_change_open",
                    ),
                    models.Index(fields=["name", "-id"], name="watcher_change_of_camera"),
                    models.Index(
                        condition=models.Q(("reason", "unseen")),
                        fields=["name"],
                        name="watcher_change_unseen",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        foundation.search.index.Trigrams(
                            foundation.search.index.FoldedText("name")
                        ),
                        name="watcher_change_search",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="watcher_change_settled_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_organization__isnull", False),
                            ("organization__isnull", False),
                            _connector="OR",
                        ),
                        name="watcher_change_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "at",
                                models.Func(
                                    models.Value("second"),
                                    models.F("at"),
                                    function="date_trunc",
                                    output_field=models.DateTimeField(),
                                ),
                            )
                        ),
                        name="watcher_change_at_whole_second",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_accepted", False),
                            ("decided_by__isnull", False),
                            models.Q(("state", "open"), _negated=True),
                            _connector="OR",
                        ),
                        name="watcher_change_accepted_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingState",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("read_until", models.DateTimeField(null=True, verbose_name="read up to")),
                ("begun_at", models.DateTimeField(null=True, verbose_name="begun at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                ("cameras", models.PositiveIntegerField(default=0, verbose_name="cameras")),
                ("failing_since", models.DateTimeField(null=True, verbose_name="fails since")),
                ("failure", models.JSONField(default=dict, verbose_name="failure")),
                (
                    "vanished",
                    models.PositiveIntegerField(
                        default=0, verbose_name="cameras that have vanished"
                    ),
                ),
                (
                    "vanishing_confirmed",
                    models.PositiveIntegerField(null=True, verbose_name="confirmed"),
                ),
                (
                    "vanishing_confirmed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "state of reading",
                "verbose_name_plural": "states of reading",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="watcher_reading_state_one"
                    )
                ],
            },
        ),
        create_functions(__file__, "0010_reading.sql"),
    ]
