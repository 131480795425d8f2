"""Plan moves of cameras, and mark planned changes that were not possible as dealt with."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0024_members"),
        ("tariffs", "0002_tallies"),
        ("usage", "0024_planned_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="plannedchange",
            name="usage_planned_says_what",
        ),
        migrations.RemoveConstraint(
            model_name="plannedchange",
            name="usage_planned_withdrawn_by_somebody",
        ),
        migrations.RenameField("plannedchange", "withdrawn_by", "settled_by"),
        migrations.RenameField("plannedchangeevent", "withdrawn_by", "settled_by"),
        migrations.AddField(
            model_name="plannedchange",
            name="destination",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="planned_arrivals",
                to="organizations.organization",
                verbose_name="moves to",
            ),
        ),
        migrations.AlterField(
            model_name="plannedchange",
            name="settled_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="settled by",
            ),
        ),
        migrations.AddField(
            model_name="plannedchangeevent",
            name="destination",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="organizations.organization",
                verbose_name="moves to",
            ),
        ),
        migrations.AlterField(
            model_name="plannedchangeevent",
            name="settled_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="settled by",
            ),
        ),
        migrations.AlterField(
            model_name="plannedchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("connect", "Connect"),
                    ("tariff", "Change tariff"),
                    ("move", "Move"),
                    ("disconnect", "Disconnect"),
                ],
                max_length=10,
                verbose_name="change",
            ),
        ),
        migrations.AlterField(
            model_name="plannedchange",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Planned"),
                    ("done", "Done"),
                    ("withdrawn", "Withdrawn"),
                    ("impossible", "Not possible"),
                    ("settled", "Not possible, dealt with"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="plannedchangeevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("connect", "Connect"),
                    ("tariff", "Change tariff"),
                    ("move", "Move"),
                    ("disconnect", "Disconnect"),
                ],
                max_length=10,
                verbose_name="change",
            ),
        ),
        migrations.AlterField(
            model_name="plannedchangeevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Planned"),
                    ("done", "Done"),
                    ("withdrawn", "Withdrawn"),
                    ("impossible", "Not possible"),
                    ("settled", "Not possible, dealt with"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="plannedchange",
            index=models.Index(
                condition=models.Q(("state", "impossible")),
                fields=["at", "id"],
                name="usage_planned_impossible",
            ),
        ),
        migrations.AddIndex(
            model_name="plannedchange",
            index=models.Index(
                condition=models.Q(("destination__isnull", False)),
                fields=["destination", "at", "id"],
                name="usage_planned_of_destination",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("camera__isnull", False), ("kind", "disconnect"), ("tariff", None)),
                    models.Q(
                        models.Q(
                            ("kind", "connect"),
                            models.Q(("camera__isnull", False), ("kind__in", ("tariff", "move"))),
                            _connector="OR",
                        ),
                        models.Q(
                            ("tariff__isnull", False),
                            models.Q(("state", "waiting"), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="usage_planned_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("kind", "move"), _negated=True), ("destination", None)),
                    models.Q(
                        models.Q(("destination", models.F("organization")), _negated=True),
                        ("destination__isnull", False),
                        ("kind", "move"),
                    ),
                    _connector="OR",
                ),
                name="usage_planned_moves_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_by__isnull", False), ("state__in", ("withdrawn", "settled"))
                    ),
                    models.Q(
                        models.Q(("state__in", ("withdrawn", "settled")), _negated=True),
                        ("settled_by", None),
                    ),
                    _connector="OR",
                ),
                name="usage_planned_settled_by_somebody",
            ),
        ),
        migrations.RunSQL(
            read_sql(__file__, "0027_planned_moves.sql"),
            read_sql(__file__, "0027_planned_moves_back.sql"),
        ),
    ]
