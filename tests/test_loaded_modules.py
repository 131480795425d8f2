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
costly = {"facturx", "lxml", "openpyxl", "pypdf", "sepaxml", "typst", "xlsxwriter"}
print(*sorted(costly & set(sys.modules)))
"""


def test_libraries_for_spreadsheets_and_documents_are_loaded_only_when_they_are_needed() -> None:
    """They take 44 MB, nearly a third of a worker or a web process."""
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


def test_the_process_that_tries_an_image_does_not_load_django() -> None:
    """On a busy machine, loading it took longer than an image may take."""
    program = "import sys, invoices.documents.trial, invoices.documents.printing as printing"
    tried = f"{program}; printing.is_printable_picture(b''); print('django' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", tried], cwd=CLONE, stdout=subprocess.PIPE, check=True, text=True
    )
    assert loaded.stdout.strip() == "False"
