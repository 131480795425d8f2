"""Fold all letters that unaccent folds, such as ħ and ŧ, and capitals that only compatibility has.

What tables store of such texts is folded again by migrations of their apps; `folded_again`.
"""

from django.db import migrations

from foundation.audit.sql_files import read_sql


class Migration(migrations.Migration):
    dependencies = [("search", "0003_has_pieces")]

    operations = [
        migrations.RunSQL(
            read_sql(__file__, "0004_more_letters.sql"),
            read_sql(__file__, "0004_more_letters_back.sql"),
        )
    ]
