"""What workers and web processes load when they start."""

import os
import subprocess
import sys

from local_run.tests.helpers import CLONE

_LOAD = """
import sys
import django
django.setup()
import billing_admin.worker
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted({"openpyxl", "xlsxwriter"} & set(sys.modules)))
"""


def test_libraries_for_spreadsheets_are_loaded_only_when_they_are_needed() -> None:
    """They take 20 MB, a fifth of a worker."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "billing_admin.settings_test"}
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD],
        cwd=CLONE,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    assert loaded.stdout.strip() == ""
