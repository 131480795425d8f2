"""Create the tables of the connection, what the platform had last, and what its presets mean."""

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

import foundation.search.index
from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tariffs", "0003_volume_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiSession",
            fields=[
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("client", "client API"),
                            ("admin", "administrator API"),
                            ("v2", "API v2"),
                        ],
                        max_length=6,
                        primary_key=True,
                        serialize=False,
                        verbose_name="part of the API",
                    ),
                ),
                ("access_token", models.TextField(blank=True)),
                ("refresh_token", models.TextField(blank=True)),
                ("renewed_at", models.DateTimeField(null=True, verbose_name="renewed at")),
            ],
            options={
                "verbose_name": "session in Watcher",
                "verbose_name_plural": "sessions in Watcher",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("access_token", ""),
                            ("access_token__startswith", "gAAAA"),
                            _connector="OR",
                        ),
                        name="watcher_session_access_encrypted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refresh_token", ""),
                            ("refresh_token__startswith", "gAAAA"),
                            _connector="OR",
                        ),
                        name="watcher_session_refresh_encrypted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("address", models.URLField(verbose_name="address")),
                (
                    "api_version",
                    models.CharField(
                        choices=[
                            ("v3-26", "API v3 of Watcher 26 and later"),
                            ("v3-25", "API v3 of Watcher 25"),
                            ("v2", "API v2"),
                        ],
                        default="v3-26",
                        max_length=5,
                        verbose_name="version of the API",
                    ),
                ),
                (
                    "client_base",
                    models.CharField(
                        default="/watcher/client-api/v3",
                        max_length=100,
                        verbose_name="path of the client API",
                    ),
                ),
                (
                    "admin_base",
                    models.CharField(
                        blank=True,
                        default="/watcher/admin-api/v3",
                        max_length=100,
                        verbose_name="path of the administrator API",
                    ),
                ),
                (
                    "v2_base",
                    models.CharField(
                        default="/vsaas/api/v2", max_length=100, verbose_name="path of API v2"
                    ),
                ),
                (
                    "sign_in",
                    models.CharField(
                        choices=[
                            ("password", "Login and password"),
                            ("system_key", "System key (API v2)"),
                            ("user_key", "Login and key of a user (API v2)"),
                        ],
                        default="password",
                        max_length=10,
                        verbose_name="sign in with",
                    ),
                ),
                ("login", models.CharField(blank=True, max_length=255, verbose_name="login")),
                ("secret", models.TextField(verbose_name="password or key")),
                (
                    "secret_changed_at",
                    models.DateTimeField(verbose_name="password or key changed at"),
                ),
                (
                    "pause_ms",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(10000)],
                        verbose_name="pause after each call, milliseconds",
                    ),
                ),
                (
                    "reads",
                    models.BooleanField(
                        default=False, verbose_name="read organizations, presets and cameras"
                    ),
                ),
                (
                    "writes_presets",
                    models.BooleanField(default=False, verbose_name="write presets"),
                ),
                (
                    "writes_organizations",
                    models.BooleanField(
                        default=False, verbose_name="write organizations and limits"
                    ),
                ),
                (
                    "writes_users",
                    models.BooleanField(default=False, verbose_name="write users of owners"),
                ),
                (
                    "writes_cameras",
                    models.BooleanField(default=False, verbose_name="write cameras"),
                ),
                (
                    "suspends",
                    models.BooleanField(default=False, verbose_name="carry out suspensions"),
                ),
            ],
            options={
                "verbose_name": "connection to Watcher",
                "verbose_name_plural": "connections to Watcher",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="watcher_connection_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("api_version__in", ["v3-26", "v3-25", "v2"])),
                        name="watcher_connection_version_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sign_in", "password"), ("api_version", "v2"), _connector="OR"
                        ),
                        name="watcher_connection_keys_of_v2",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pause_ms__lte", 10000)),
                        name="watcher_connection_pause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secret__startswith", "gAAAA")),
                        name="watcher_connection_encrypted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConnectionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.SmallIntegerField(default=1, editable=False, serialize=False)),
                ("address", models.URLField(verbose_name="address")),
                (
                    "api_version",
                    models.CharField(
                        choices=[
                            ("v3-26", "API v3 of Watcher 26 and later"),
                            ("v3-25", "API v3 of Watcher 25"),
                            ("v2", "API v2"),
                        ],
                        default="v3-26",
                        max_length=5,
                        verbose_name="version of the API",
                    ),
                ),
                (
                    "client_base",
                    models.CharField(
                        default="/watcher/client-api/v3",
                        max_length=100,
                        verbose_name="path of the client API",
                    ),
                ),
                (
                    "admin_base",
                    models.CharField(
                        blank=True,
                        default="/watcher/admin-api/v3",
                        max_length=100,
                        verbose_name="path of the administrator API",
                    ),
                ),
                (
                    "v2_base",
                    models.CharField(
                        default="/vsaas/api/v2", max_length=100, verbose_name="path of API v2"
                    ),
                ),
                (
                    "sign_in",
                    models.CharField(
                        choices=[
                            ("password", "Login and password"),
                            ("system_key", "System key (API v2)"),
                            ("user_key", "Login and key of a user (API v2)"),
                        ],
                        default="password",
                        max_length=10,
                        verbose_name="sign in with",
                    ),
                ),
                ("login", models.CharField(blank=True, max_length=255, verbose_name="login")),
                (
                    "secret_changed_at",
                    models.DateTimeField(verbose_name="password or key changed at"),
                ),
                (
                    "pause_ms",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(10000)],
                        verbose_name="pause after each call, milliseconds",
                    ),
                ),
                (
                    "reads",
                    models.BooleanField(
                        default=False, verbose_name="read organizations, presets and cameras"
                    ),
                ),
                (
                    "writes_presets",
                    models.BooleanField(default=False, verbose_name="write presets"),
                ),
                (
                    "writes_organizations",
                    models.BooleanField(
                        default=False, verbose_name="write organizations and limits"
                    ),
                ),
                (
                    "writes_users",
                    models.BooleanField(default=False, verbose_name="write users of owners"),
                ),
                (
                    "writes_cameras",
                    models.BooleanField(default=False, verbose_name="write cameras"),
                ),
                (
                    "suspends",
                    models.BooleanField(default=False, verbose_name="carry out suspensions"),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="watcher.connection",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlatformOrganization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen at")),
                ("changed_at", models.DateTimeField(verbose_name="seen to change at")),
                (
                    "gone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="seen to be gone at"),
                ),
                (
                    "tenant_id",
                    models.CharField(max_length=100, unique=True, verbose_name="ID in Watcher"),
                ),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="title")),
                (
                    "owner_id",
                    models.CharField(blank=True, max_length=100, verbose_name="ID of the owner"),
                ),
                (
                    "owner_login",
                    models.CharField(blank=True, max_length=255, verbose_name="login of the owner"),
                ),
                (
                    "owner_email",
                    models.CharField(blank=True, max_length=255, verbose_name="email of the owner"),
                ),
                (
                    "owner_external_id",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="external ID of the owner"
                    ),
                ),
                (
                    "most_cameras",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="limit of cameras"
                    ),
                ),
                (
                    "most_users",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="limit of users"
                    ),
                ),
            ],
            options={
                "verbose_name": "organization in Watcher",
                "verbose_name_plural": "organizations in Watcher",
                "ordering": ("title", "pk"),
                "indexes": [
                    models.Index(fields=["title", "id"], name="watcher_organization_by_title"),
                    models.Index(
                        django.db.models.functions.text.Upper("title"),
                        name="watcher_organization_titled",
                    ),
                    models.Index(
                        django.db.models.functions.text.Upper("owner_login"),
                        name="watcher_organization_of_login",
                    ),
                    models.Index(
                        django.db.models.functions.text.Upper("owner_email"),
                        name="watcher_organization_of_email",
                    ),
                    models.Index(
                        condition=models.Q(("owner_external_id", ""), _negated=True),
                        fields=["owner_external_id"],
                        name="watcher_organization_called",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        foundation.search.index.Trigrams(
                            foundation.search.index.FoldedText(
                                "title",
                                "tenant_id",
                                "owner_login",
                                "owner_email",
                                "owner_external_id",
                            )
                        ),
                        name="watcher_organization_search",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlatformPreset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_seen_at", models.DateTimeField(verbose_name="first seen at")),
                ("changed_at", models.DateTimeField(verbose_name="seen to change at")),
                (
                    "gone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="seen to be gone at"),
                ),
                (
                    "preset_id",
                    models.CharField(max_length=100, unique=True, verbose_name="ID in Watcher"),
                ),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="title")),
                (
                    "is_adjustable",
                    models.BooleanField(null=True, verbose_name="cameras may differ"),
                ),
                (
                    "dvr_seconds",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="DVR depth, seconds"
                    ),
                ),
                (
                    "dvr_bytes",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="DVR space, bytes"
                    ),
                ),
                ("has_anpr", models.BooleanField(default=False, verbose_name="ANPR")),
                (
                    "external_id",
                    models.CharField(blank=True, max_length=255, verbose_name="ID in billing"),
                ),
            ],
            options={
                "verbose_name": "preset in Watcher",
                "verbose_name_plural": "presets in Watcher",
                "ordering": ("title", "pk"),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        foundation.search.index.Trigrams(
                            foundation.search.index.FoldedText("title", "preset_id")
                        ),
                        name="watcher_preset_search",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlatformCamera",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="title")),
                ("is_disabled", models.BooleanField(default=False, verbose_name="disabled")),
                ("created_at", models.DateTimeField(null=True, verbose_name="created at")),
                ("since_at", models.DateTimeField(verbose_name="so since")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cameras",
                        to="watcher.platformorganization",
                        verbose_name="organization in Watcher",
                    ),
                ),
                (
                    "preset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cameras",
                        to="watcher.platformpreset",
                        verbose_name="preset in Watcher",
                    ),
                ),
            ],
            options={
                "verbose_name": "camera in Watcher",
                "verbose_name_plural": "cameras in Watcher",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="PresetLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "preset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="watcher.platformpreset",
                        verbose_name="preset in Watcher",
                    ),
                ),
                (
                    "tariff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.tariff",
                        verbose_name="tariff plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "preset linked to a tariff plan",
                "verbose_name_plural": "presets linked to tariff plans",
            },
        ),
        migrations.CreateModel(
            name="ConnectionState",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "sign_in_refused_at",
                    models.DateTimeField(null=True, verbose_name="sign-in refused at"),
                ),
                ("tested_at", models.DateTimeField(null=True, verbose_name="tested at")),
                ("report", models.JSONField(default=dict, verbose_name="report")),
                ("failure", models.JSONField(default=dict, verbose_name="failure")),
                (
                    "tested_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tested by",
                    ),
                ),
            ],
            options={
                "verbose_name": "state of the connection",
                "verbose_name_plural": "states of the connection",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="watcher_state_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="PresetLinkEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="watcher.presetlink",
                    ),
                ),
                (
                    "preset",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="watcher.platformpreset",
                        verbose_name="preset in Watcher",
                    ),
                ),
                (
                    "tariff",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="tariffs.tariff",
                        verbose_name="tariff plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["preset"], name="watcher_pre_preset__d0a59e_idx"),
                    models.Index(fields=["tariff"], name="watcher_pre_tariff__86a89e_idx"),
                ],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
    ]
