"""Refuse to truncate the notes of which kinds of terms organizations have."""

from django.db import migrations

from foundation.audit.sql_files import create_functions


class Migration(migrations.Migration):
    dependencies = [("organizations", "0067_contract_numbers")]

    operations = [create_functions(__file__, "0070_keep_agreed_kinds.sql")]
