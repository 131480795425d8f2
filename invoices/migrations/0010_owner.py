"""Keep with each document who owned its organization when it was issued.

Both tables are rewritten under an exclusive lock: some seconds for 100,000 documents.
"""

from typing import Any

from django.conf import settings
from django.db import migrations, models

from foundation.audit.sql_files import read_sql


def _owner(null: bool, **options: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, null=null, verbose_name="owner", **options
    )


OF_INVOICE: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}
# As events copy a foreign key: what it points to may be gone.
OF_EVENT: dict[str, Any] = {
    "db_constraint": False,
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
    "related_query_name": "+",
}


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0005_tax_categories"),
        ("organizations", "0010_closing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("invoice", "owner", _owner(True, **OF_INVOICE)),
        migrations.AddField("invoiceevent", "owner", _owner(True, **OF_EVENT)),
        migrations.RunSQL(read_sql(__file__, "0010_owner_of_issued.sql"), migrations.RunSQL.noop),
        migrations.AlterField("invoice", "owner", _owner(False, **OF_INVOICE)),
        migrations.AlterField("invoiceevent", "owner", _owner(False, **OF_EVENT)),
        migrations.AddIndex(
            "invoice", models.Index(fields=["owner", "-issued_at"], name="invoices_of_owner")
        ),
        migrations.RunSQL(
            read_sql(__file__, "0010_owner.sql"), read_sql(__file__, "0010_owner_back.sql")
        ),
    ]
