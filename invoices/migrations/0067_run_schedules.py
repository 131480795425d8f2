"""Store when runs are started each month, with events, and what has come of each start."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0066_run_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunSchedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "day",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="day of the month",
                    ),
                ),
                ("at", models.TimeField(verbose_name="time")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("drafts", "Create drafts for release"),
                            ("issue", "Issue the invoices and email them"),
                        ],
                        default="drafts",
                        max_length=6,
                        verbose_name="what it does",
                    ),
                ),
                ("is_paused", models.BooleanField(default=False, verbose_name="paused")),
                ("next_on", models.DateField(verbose_name="next date")),
            ],
            options={
                "verbose_name": "scheduled run",
                "verbose_name_plural": "scheduled runs",
                "ordering": ("day", "at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("day__gte", 1), ("day__lte", 31)),
                        name="invoices_schedule_day_of_a_month",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RunScheduleEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "day",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="day of the month",
                    ),
                ),
                ("at", models.TimeField(verbose_name="time")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("drafts", "Create drafts for release"),
                            ("issue", "Issue the invoices and email them"),
                        ],
                        default="drafts",
                        max_length=6,
                        verbose_name="what it does",
                    ),
                ),
                ("is_paused", models.BooleanField(default=False, verbose_name="paused")),
                ("next_on", models.DateField(verbose_name="next date")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="invoices.runschedule",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ScheduledStart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("month", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("nothing", "Nothing to do"),
                            ("refused", "Not started"),
                            ("failed", "Failed"),
                        ],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=50)),
                (
                    "schedule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="starts",
                        to="invoices.runschedule",
                    ),
                ),
            ],
            options={
                "verbose_name": "start of a scheduled run",
                "verbose_name_plural": "starts of scheduled runs",
                "ordering": ("-due_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("schedule", "due_on"), name="invoices_scheduled_start_once"
                    )
                ],
            },
        ),
        create_functions(__file__, "0067_schedule_audit.sql"),
    ]
