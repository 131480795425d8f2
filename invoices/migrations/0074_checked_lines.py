"""Check the stored lines and totals by the constraints of the migration before."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    # Each check must not keep the lock of the one before.
    atomic = False

    dependencies = [("invoices", "0073_lines_of_all_kinds")]

    operations = [
        ValidateConstraint("invoice", "invoices_total_adds_up"),
        ValidateConstraint("invoiceline", "invoices_line_not_negative"),
    ]
