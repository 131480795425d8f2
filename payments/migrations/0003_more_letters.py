"""Fold texts again in which search finds more letters than before."""

from django.db import migrations

from foundation.search.folded_again import folded_again


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_search"), ("search", "0004_more_letters")]

    operations = [folded_again("payments_payment", ("reference",), index="payments_payment_search")]
