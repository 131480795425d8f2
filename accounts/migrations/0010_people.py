"""Let addresses be changed by confirmation, sessions be ended, and people be listed by state."""

import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


# The three indexes lock the table of users against changes for less than a second for 100,000.
class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_should_ignore"),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="new email address")),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
            ],
            options={
                "verbose_name": "address change",
                "verbose_name_plural": "address changes",
            },
        ),
        migrations.CreateModel(
            name="AddressChangeEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("email", models.EmailField(max_length=254, verbose_name="new email address")),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="user",
            name="sessions_ended_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["role", "email"], name="accounts_user_by_role"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("password__startswith", "!")),
                fields=["email"],
                name="accounts_user_not_activated",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("is_active", False)),
                fields=["email"],
                name="accounts_user_blocked",
            ),
        ),
        migrations.AddField(
            model_name="addresschange",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="address_change",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddField(
            model_name="addresschangeevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accounts.addresschange",
            ),
        ),
        migrations.AddField(
            model_name="addresschangeevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="accounts_new_email_lower_case",
            ),
        ),
        migrations.AddIndex(
            model_name="addresschangeevent",
            index=models.Index(fields=["user"], name="accounts_ad_user_id_123bfd_idx"),
        ),
        create_functions(__file__, "0010_address_changes.sql"),
    ]
