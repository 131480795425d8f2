"""An import or a matching that is killed half-way loses nothing and doubles nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum

from bank.models import BankFile, BankLine, BankPosting, LineState
from bank.reading.tests.files import camt, statement
from bank.tests import month
from bank.tests.factories import an_account, paid, upload
from bank.tests.month import MOVEMENTS
from invoices.models import OpenItem
from invoices.tests.factories import issued_invoice
from local_run.tests.helpers import CLONE, wait_until
from payments.models import Allocation, Payment
from tests.database import url_of
from tests.fixtures import StartWorker
from tests.jobs import SETTINGS, jobs

pytestmark = pytest.mark.django_db(transaction=True)

# Imports a file; "half" stops for ever before the transaction is committed.
IMPORT = """
import sys
import django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from bank import importing

def stop(currency):
    print("half", flush=True)
    sys.stdin.read()

if sys.argv[2] == "half":
    importing.defer_matching = stop
importing.import_file(
    name="month.xml", content=Path(sys.argv[1]).read_bytes(),
    now=datetime(2026, 12, 1, tzinfo=UTC), by=None,
)
print("done", flush=True)
"""


def importing(file: Path, how: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(file), how],
        cwd=CLONE,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_an_import_that_is_killed_leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    month.account()
    movements = month.movements(month.unsaved_invoices())
    file = tmp_path / "month.xml"
    file.write_bytes(month.as_camt(movements))

    with importing(file, "half") as killed:
        assert said(killed) == "half"
        killed.kill()

    assert not BankFile.objects.exists()
    assert not BankLine.objects.exists()
    with importing(file, "whole") as repeated:
        assert said(repeated) == "done"
    assert BankLine.objects.count() == MOVEMENTS
    total = BankLine.objects.aggregate(Sum("amount"))["amount__sum"]
    assert total == sum(each.amount for each in movements)
    # The job that matches was deferred once, by the import that was committed.
    assert [each["task_name"] for each in jobs()] == ["bank.match"]


def test_workers_that_are_killed_record_each_payment_once(start_worker: StartWorker) -> None:
    an_account(posts_certain=True)
    invoices = [issued_invoice() for _ in range(40)]
    upload(camt(statement(*(paid(text=each.number) for each in invoices))))
    number = len(invoices)

    def recorded() -> int:
        return Payment.objects.count()

    for least in (1, number // 2):
        worker = start_worker()
        wait_until(lambda least=least: recorded() >= least, 60)  # type: ignore[misc]
        worker.kill()
    start_worker()
    wait_until(lambda: not BankLine.objects.open().exists(), 60)

    assert recorded() == BankPosting.objects.count() == Allocation.objects.count() == number
    assert BankLine.objects.filter(state=LineState.POSTED).count() == number
    assert not OpenItem.objects.exclude(outstanding=0).exists()
