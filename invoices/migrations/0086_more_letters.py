"""Fold texts again in which search finds more letters than before."""

from django.db import migrations

from foundation.search.folded_again import folded_again


class Migration(migrations.Migration):
    dependencies = [("invoices", "0085_partners"), ("search", "0004_more_letters")]

    operations = [folded_again("invoices_billedname", ("title", "buyer"))]
