"""Tell notifications from statements, whose bank references are comparable only among themselves.

Reads the files that are stored as `camt` and locks them for seconds to a minute, as it is done once.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("bank", "0002_csv_files"),
    ]

    operations = [
        migrations.RunSQL(
            """
            UPDATE bank_bankfile SET format = CASE
                WHEN position('BkToCstmrDbtCdtNtfctn'::bytea IN content) BETWEEN 1 AND 20000
                THEN 'camt.054' ELSE 'camt.053' END
            WHERE format = 'camt'
            """,
            "UPDATE bank_bankfile SET format = 'camt' WHERE format LIKE 'camt.%'",
        )
    ]
