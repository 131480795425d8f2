"""Create the tables of tokens, of answers given again, and of the requests of a minute."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0100_discounts_from_0"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "A person"), ("machine", "A machine")],
                        max_length=7,
                        verbose_name="used by",
                    ),
                ),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("hint", models.CharField(max_length=12, verbose_name="begins with")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="scopes"
                    ),
                ),
                ("for_all", models.BooleanField(verbose_name="for all organizations")),
                (
                    "addresses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43),
                        default=list,
                        size=None,
                        verbose_name="allowed addresses",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expires at"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked at"),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last used at"),
                ),
                (
                    "last_used_from",
                    models.GenericIPAddressField(
                        editable=False, null=True, verbose_name="last used from"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="api_token_named"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "machine"])),
                        name="api_token_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scopes__len__gt", 0)), name="api_token_has_scopes"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at", None),
                            ("expires_at__gt", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="api_token_expires_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at", None),
                            ("revoked_at__gte", models.F("created_at")),
                            _connector="OR",
                        ),
                        name="api_token_revoked_later",
                    ),
                ],
                "verbose_name": "token",
                "verbose_name_plural": "tokens",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="TokenOrganization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="api.token",
                        verbose_name="token",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("token", "organization"), name="api_token_organization_once"
                    )
                ],
                "verbose_name": "organization of a token",
                "verbose_name_plural": "organizations of tokens",
            },
        ),
        migrations.AddField(
            model_name="token",
            name="organizations",
            field=models.ManyToManyField(
                related_name="tokens",
                through="api.TokenOrganization",
                to="organizations.organization",
                verbose_name="organizations",
            ),
        ),
        migrations.CreateModel(
            name="TokenOrganizationEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
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
                        to="api.tokenorganization",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="api.token",
                        verbose_name="token",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["token"], name="api_tokenor_token_i_767f7a_idx")],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="api.token",
                    ),
                ),
                ("minute", models.BigIntegerField()),
                ("number", models.IntegerField()),
            ],
            options={
                "verbose_name": "number of requests",
                "verbose_name_plural": "numbers of requests",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 0)), name="api_count_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField()),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("stored_at", models.DateTimeField()),
                (
                    "token",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="api.token",
                    ),
                ),
            ],
            options={
                "verbose_name": "stored answer",
                "verbose_name_plural": "stored answers",
                "indexes": [models.Index(fields=["stored_at"], name="api_answer_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("token", "key"), name="api_answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="api_answer_has_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "A person"), ("machine", "A machine")],
                        max_length=7,
                        verbose_name="used by",
                    ),
                ),
                ("hint", models.CharField(max_length=12, verbose_name="begins with")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="scopes"
                    ),
                ),
                ("for_all", models.BooleanField(verbose_name="for all organizations")),
                (
                    "addresses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43),
                        default=list,
                        size=None,
                        verbose_name="allowed addresses",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expires at"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked at"),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="api.token",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["user"], name="api_tokenev_user_id_cfaae3_idx")],
            },
        ),
        create_functions(__file__, "0001_triggers.sql"),
        migrations.RunSQL("ALTER TABLE api_requestcount SET UNLOGGED", migrations.RunSQL.noop),
    ]
