"""Create the tables of reminders, their levels, and what was arranged about them."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("invoices", "0110_use_credit"),
        ("organizations", "0080_reminders_to_contacts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrangement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("is_pause", models.BooleanField(default=True, verbose_name="no reminders at all")),
                (
                    "extra_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="In addition to its own.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="more days before each level",
                    ),
                ),
                ("charges_fees", models.BooleanField(default=True, verbose_name="charge fees")),
                (
                    "charges_interest",
                    models.BooleanField(default=True, verbose_name="charge interest"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder_arrangements",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "arrangement about reminders",
                "verbose_name_plural": "arrangements about reminders",
                "ordering": ("organization", "first_on"),
                "indexes": [
                    models.Index(fields=["organization", "last_on"], name="reminders_arrangements")
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("organization_id"),
                                    models.F("organization_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("first_on"),
                                    models.F("last_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="reminders_arrangements_apart",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on", None),
                            ("last_on__gte", models.F("first_on")),
                            _connector="OR",
                        ),
                        name="reminders_arrangement_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="reminders_arrangement_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArrangementEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("is_pause", models.BooleanField(default=True, verbose_name="no reminders at all")),
                (
                    "extra_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="In addition to its own.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="more days before each level",
                    ),
                ),
                ("charges_fees", models.BooleanField(default=True, verbose_name="charge fees")),
                (
                    "charges_interest",
                    models.BooleanField(default=True, verbose_name="charge interest"),
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
                        to="reminders.arrangement",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["organization"], name="reminders_a_organiz_5433ae_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="Level",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="days overdue",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="interest, % a year",
                    ),
                ),
                (
                    "days_to_pay",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="new payment term (days)",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "reminder level",
                "verbose_name_plural": "reminder levels",
                "ordering": ("days", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("days",),
                        name="reminders_level_one_a_day",
                        violation_error_message="Another level has the same number of days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__gte", 1),
                            ("days__lte", 365),
                            ("days_to_pay__gte", 1),
                            ("days_to_pay__lte", 365),
                        ),
                        name="reminders_level_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", 0), ("rate__lte", 100)),
                        name="reminders_level_rate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="reminders_level_has_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="days overdue",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="interest, % a year",
                    ),
                ),
                (
                    "days_to_pay",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="new payment term (days)",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reminders.level",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LevelFee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="fee"),
                ),
                (
                    "level",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fees",
                        to="reminders.level",
                        verbose_name="reminder level",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder fee",
                "verbose_name_plural": "reminder fees",
                "ordering": ("currency",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "currency"), name="reminders_fee_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="reminders_fee_above_0"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelFeeEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="fee"),
                ),
                (
                    "level",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reminders.level",
                        verbose_name="reminder level",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reminders.levelfee",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["level"], name="reminders_l_level_i_d16b1c_idx")],
            },
        ),
        migrations.CreateModel(
            name="LevelText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Русский")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=2000, verbose_name="introduction"),
                ),
                (
                    "level",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="reminders.level",
                        verbose_name="reminder level",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a reminder",
                "verbose_name_plural": "texts of reminders",
                "ordering": ("language",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("level", "language"), name="reminders_text_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelTextEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("ru", "Русский")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                (
                    "introduction",
                    models.TextField(blank=True, max_length=2000, verbose_name="introduction"),
                ),
                (
                    "level",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reminders.level",
                        verbose_name="reminder level",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reminders.leveltext",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["level"], name="reminders_l_level_i_3d716b_idx")],
            },
        ),
        migrations.CreateModel(
            name="PaymentPromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("first_on", models.DateField(verbose_name="promised on")),
                ("last_on", models.DateField(verbose_name="promised until")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=20,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payment_promises",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise to pay",
                "verbose_name_plural": "promises to pay",
                "ordering": ("organization", "first_on", "pk"),
                "indexes": [
                    models.Index(fields=["organization", "last_on"], name="reminders_promises")
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("organization_id"),
                                    models.F("organization_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.functions.text.Ord(
                                                        django.db.models.functions.text.Substr(
                                                            "currency", 1, 1
                                                        )
                                                    ),
                                                    "*",
                                                    models.Value(256),
                                                ),
                                                "+",
                                                django.db.models.functions.text.Ord(
                                                    django.db.models.functions.text.Substr(
                                                        "currency", 2, 1
                                                    )
                                                ),
                                            ),
                                            "*",
                                            models.Value(256),
                                        ),
                                        "+",
                                        django.db.models.functions.text.Ord(
                                            django.db.models.functions.text.Substr("currency", 3, 1)
                                        ),
                                    ),
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.functions.text.Ord(
                                                        django.db.models.functions.text.Substr(
                                                            "currency", 1, 1
                                                        )
                                                    ),
                                                    "*",
                                                    models.Value(256),
                                                ),
                                                "+",
                                                django.db.models.functions.text.Ord(
                                                    django.db.models.functions.text.Substr(
                                                        "currency", 2, 1
                                                    )
                                                ),
                                            ),
                                            "*",
                                            models.Value(256),
                                        ),
                                        "+",
                                        django.db.models.functions.text.Ord(
                                            django.db.models.functions.text.Substr("currency", 3, 1)
                                        ),
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("first_on"),
                                    models.F("last_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="reminders_promises_apart",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on", None),
                            ("last_on__gte", models.F("first_on")),
                            _connector="OR",
                        ),
                        name="reminders_promise_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                        name="reminders_promise_above_0",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="reminders_promise_currency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentPromiseEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("first_on", models.DateField(verbose_name="promised on")),
                ("last_on", models.DateField(verbose_name="promised until")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=20,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
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
                        to="reminders.paymentpromise",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["organization"], name="reminders_p_organiz_eced8d_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("is_last", models.BooleanField(verbose_name="last level")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Being sent"),
                            ("sent", "Sent"),
                            ("skipped", "Skipped"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="as of")),
                (
                    "total",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="overdue"),
                ),
                ("fee", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="fee")),
                (
                    "interest",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="interest"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="new due date")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("subject", models.CharField(blank=True, max_length=400, verbose_name="subject")),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why skipped"),
                ),
                (
                    "follow_up",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("waiting", "Waiting for payment"),
                            ("suspend", "Suspension proposed"),
                            ("suspended", "Suspended"),
                            ("restore", "Restoring proposed"),
                            ("done", "Closed"),
                        ],
                        default="",
                        max_length=9,
                        verbose_name="follow-up",
                    ),
                ),
                (
                    "follow_up_reason",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="why not suspended"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "fee_charge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.oneoffcharge",
                        verbose_name="one-off charge",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="reminders.level",
                        verbose_name="reminder level",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["proposed", "approved"])),
                        fields=["id"],
                        name="reminders_undecided",
                    ),
                    models.Index(
                        condition=models.Q(("follow_up__in", ["", "done"]), _negated=True),
                        fields=["organization"],
                        name="reminders_followed",
                    ),
                    models.Index(fields=["organization", "-id"], name="reminders_of_organization"),
                    models.Index(fields=["owner", "-id"], name="reminders_of_owner"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"])),
                        fields=("organization", "currency"),
                        name="reminders_one_undecided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "approved", "sent", "skipped"])
                        ),
                        name="reminders_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "skipped"), ("reason", ""), _connector="XOR"),
                        name="reminders_skipped_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__gt", models.F("as_of")), ("state", "sent")),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("due_on", None),
                                ("fee_charge", None),
                                ("follow_up", ""),
                            ),
                            _connector="OR",
                        ),
                        name="reminders_sent_with_due_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "follow_up__in",
                                ["", "waiting", "suspend", "suspended", "restore", "done"],
                            )
                        ),
                        name="reminders_follow_up_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee__gte", 0), ("interest__gte", 0), ("total__gt", 0)),
                        name="reminders_amounts_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("is_last", models.BooleanField(verbose_name="last level")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Being sent"),
                            ("sent", "Sent"),
                            ("skipped", "Skipped"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="as of")),
                (
                    "total",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="overdue"),
                ),
                ("fee", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="fee")),
                (
                    "interest",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="interest"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="new due date")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("subject", models.CharField(blank=True, max_length=400, verbose_name="subject")),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why skipped"),
                ),
                (
                    "follow_up",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("waiting", "Waiting for payment"),
                            ("suspend", "Suspension proposed"),
                            ("suspended", "Suspended"),
                            ("restore", "Restoring proposed"),
                            ("done", "Closed"),
                        ],
                        default="",
                        max_length=9,
                        verbose_name="follow-up",
                    ),
                ),
                (
                    "follow_up_reason",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="why not suspended"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "fee_charge",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="organizations.oneoffcharge",
                        verbose_name="one-off charge",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="reminders.level",
                        verbose_name="reminder level",
                    ),
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
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reminders.reminder",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["organization"], name="reminders_r_organiz_9a26f1_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outstanding",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="overdue"),
                ),
                ("days_overdue", models.PositiveIntegerField(verbose_name="days overdue")),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, verbose_name="interest, % a year"
                    ),
                ),
                ("interest_days", models.PositiveIntegerField(verbose_name="days of interest")),
                (
                    "interest",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="interest"),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organizations.oneoffcharge",
                        verbose_name="one-off charge",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder_items",
                        to="invoices.invoice",
                        verbose_name="invoice",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="reminders.level",
                        verbose_name="reminder level",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="reminders.reminder",
                        verbose_name="reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice of a reminder",
                "verbose_name_plural": "invoices of reminders",
                "ordering": ("reminder", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "level"), name="reminders_level_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interest__gte", 0), ("outstanding__gt", 0)),
                        name="reminders_item_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", False), ("interest", 0), _connector="OR"
                        ),
                        name="reminders_interest_of_a_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be sent"),
                            ("sent", "Sent"),
                            ("failed", "Could not be sent"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="requested at")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="reminders.reminder",
                        verbose_name="reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail of a reminder",
                "verbose_name_plural": "mails of reminders",
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["reminder"],
                        name="reminders_mail_failed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reminder", "email"), name="reminders_mail_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_automatic",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise they are proposed, and an operator sends them.",
                        verbose_name="send reminders automatically",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder settings",
                "verbose_name_plural": "reminder settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="reminders_settings_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderSettingsEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "is_automatic",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise they are proposed, and an operator sends them.",
                        verbose_name="send reminders automatically",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reminders.remindersettings",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SmallAmount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3, unique=True, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="least amount"
                    ),
                ),
            ],
            options={
                "verbose_name": "least amount of reminders",
                "verbose_name_plural": "least amounts of reminders",
                "ordering": ("currency",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="reminders_least_above_0"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SmallAmountEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, max_digits=20, verbose_name="least amount"
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reminders.smallamount",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
