"""Store the notes that French invoices state, with events, and what each invoice states of them.

The column of invoices is added without rewriting the table.
"""

import django.core.serializers.json
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models

from foundation.audit.sql_files import create_functions

NOTES = (
    ("are_stated", models.BooleanField(default=False, verbose_name="follow the French rules")),
    (
        "penalties",
        models.CharField(blank=True, max_length=500, verbose_name="late payment penalties (PMD)"),
    ),
    (
        "recovery",
        models.CharField(blank=True, max_length=500, verbose_name="recovery costs (PMT)"),
    ),
    (
        "discount",
        models.CharField(
            blank=True,
            max_length=500,
            verbose_name="discount for early payment, or that there is none (AAB)",
        ),
    ),
)


class Migration(migrations.Migration):
    dependencies = [("invoices", "0150_check_documents")]

    operations = [
        migrations.AddField(
            "invoice",
            "french",
            models.JSONField(
                blank=True, encoder=django.core.serializers.json.DjangoJSONEncoder, null=True
            ),
        ),
        migrations.CreateModel(
            name="FrenchNotes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *((name, field.clone()) for name, field in NOTES),
            ],
            options={
                "verbose_name": "French notes",
                "verbose_name_plural": "French notes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="invoices_french_notes_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("are_stated", False))
                        | (
                            ~models.Q(("penalties", ""))
                            & ~models.Q(("recovery", ""))
                            & ~models.Q(("discount", ""))
                        ),
                        name="invoices_french_notes_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrenchNotesEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                *((name, field.clone()) for name, field in NOTES),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="invoices.frenchnotes",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        create_functions(__file__, "0151_french_notes.sql"),
    ]
