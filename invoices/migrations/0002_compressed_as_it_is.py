"""Store what is compressed already as it is: PostgreSQL would try in vain to compress it again."""

from django.db import migrations

FORWARD = """
ALTER TABLE invoices_frozencharges ALTER content SET STORAGE EXTERNAL;
ALTER TABLE invoices_storeddocument ALTER pdf SET STORAGE EXTERNAL;
"""
BACKWARD = """
ALTER TABLE invoices_frozencharges ALTER content SET STORAGE EXTENDED;
ALTER TABLE invoices_storeddocument ALTER pdf SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
