"""Fold texts again in which search finds more letters than before."""

from django.db import migrations

from foundation.search.folded_again import folded_again


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0045_partners"),
        ("accounts", "0014_time_zone"),
        ("search", "0004_more_letters"),
    ]

    operations = [
        folded_again("organizations_searchtext", ("text",)),
        folded_again("accounts_user", ("email", "name")),
    ]
