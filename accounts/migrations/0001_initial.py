"""Create the table of people who can sign in, with its events, and what all audit triggers call."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
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
USER: list[Any] = [
    ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
    (
        "role",
        models.CharField(
            choices=[("operator", "Operator"), ("support", "Support"), ("owner", "Owner")],
            default="owner",
            max_length=8,
            verbose_name="role",
        ),
    ),
    ("is_active", models.BooleanField(default=True, verbose_name="can sign in")),
]
# What an event is of.
OBJECT_KEY: dict[str, Any] = {
    "db_constraint": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
}


class Migration(migrations.Migration):
    initial = True

    # pghistory makes _pgh_attach_context there, which 0001_audit.sql replaces.
    dependencies = [("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ID,
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "A user with this email address already exists."},
                        max_length=254,
                        unique=True,
                        verbose_name="email address",
                    ),
                ),
                *USER,
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("en", "English"), ("ru", "Русский")],
                        db_default="",
                        default="",
                        editable=False,
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=timezone.now, editable=False, verbose_name="created at"
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ("email",),
                "indexes": [
                    GinIndex(
                        SearchVector(Words("email"), Words("name"), config="simple"),
                        name="accounts_user_words",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(email=Lower("email")), name="accounts_user_email_lower_case"
                    ),
                    models.CheckConstraint(
                        condition=Q(role__in=["operator", "support", "owner"]),
                        name="accounts_user_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UserEvent",
            fields=[
                *EVENT,
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "A user with this email address already exists."},
                        max_length=254,
                        verbose_name="email address",
                    ),
                ),
                *USER,
                (
                    "date_joined",
                    models.DateTimeField(
                        default=timezone.now, editable=False, verbose_name="created at"
                    ),
                ),
                ("pgh_obj", models.ForeignKey(settings.AUTH_USER_MODEL, **OBJECT_KEY)),
            ],
        ),
        create_functions(__file__, "0001_audit.sql"),
        create_functions(__file__, "0001_triggers.sql"),
    ]
