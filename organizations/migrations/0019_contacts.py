"""Create the table of contacts, with its events."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0018_tags"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("role", models.CharField(blank=True, max_length=100, verbose_name="role")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email")),
                (
                    "telephone",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[+(]?[0-9][0-9 ()/.,;a-z-]*$",
                                "Enter a telephone number, for example +49 40 1234567.",
                            )
                        ],
                        verbose_name="telephone",
                    ),
                ),
                (
                    "receives_invoices",
                    models.BooleanField(default=False, verbose_name="receives invoices"),
                ),
                (
                    "receives_reminders",
                    models.BooleanField(default=False, verbose_name="receives payment reminders"),
                ),
                (
                    "receives_notices",
                    models.BooleanField(default=False, verbose_name="receives notices"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ContactEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("role", models.CharField(blank=True, max_length=100, verbose_name="role")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email")),
                (
                    "telephone",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[+(]?[0-9][0-9 ()/.,;a-z-]*$",
                                "Enter a telephone number, for example +49 40 1234567.",
                            )
                        ],
                        verbose_name="telephone",
                    ),
                ),
                (
                    "receives_invoices",
                    models.BooleanField(default=False, verbose_name="receives invoices"),
                ),
                (
                    "receives_reminders",
                    models.BooleanField(default=False, verbose_name="receives payment reminders"),
                ),
                (
                    "receives_notices",
                    models.BooleanField(default=False, verbose_name="receives notices"),
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
                        to="organizations.contact",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["organization", "name"], name="organizations_contacts"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), _negated=True),
                    models.Q(
                        ("receives_invoices", False),
                        ("receives_notices", False),
                        ("receives_reminders", False),
                    ),
                    _connector="OR",
                ),
                name="organizations_contact_has_email",
                violation_error_message="Enter an email address to send this to.",
            ),
        ),
        migrations.AddIndex(
            model_name="contactevent",
            index=models.Index(fields=["organization"], name="organizatio_organiz_162404_idx"),
        ),
        create_functions(__file__, "0019_contacts.sql"),
    ]
