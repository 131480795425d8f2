"""CSV files of accounts: somebody says once what their columns mean, and it is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from bank.importing import store_file
from bank.models import BankAccount, BankFile, CsvLayout, CsvUpload
from bank.reading.csv_columns import Layout
from bank.reading.csv_statement import headings_in, read_csv, rows_in, table_in
from bank.reading.values import UnreadableStatementError

FORMAT = "csv"


@transaction.atomic
def receive_csv(
    *, account_id: int, name: str, content: bytes, encoding: str, now: datetime, by: User | None
) -> BankFile | None:
    """Store a file if it has the headings that are known of its account; return it.

    Otherwise keep it until somebody has said what its columns mean, and return None. It takes the
    place of another one that waits.

    Raises:
        UnreadableStatementError: it cannot be read completely, or does not add up.
    """
    account = _locked(account_id)
    rows = rows_in(content, encoding)
    layout = CsvLayout.objects.filter(account=account).first()
    if layout and table_in(rows, layout.headings):
        CsvUpload.objects.filter(account=account).delete()
        return _imported(account, layout, name, content, encoding, now, by)
    if not headings_in(rows):
        raise UnreadableStatementError(
            _(
                "This is no CSV file with at least three columns. Check that you chose the right "
                "file."
            )
        )
    CsvUpload.objects.update_or_create(
        account=account,
        defaults={
            "name": Truncator(name).chars(200),
            "encoding": encoding,
            "content": content,
            "uploaded_at": now,
        },
    )
    return None


@transaction.atomic
def choose_columns(
    *,
    account_id: int,
    headings: Mapping[str, str],
    decimal_mark: str,
    date_order: str,
    now: datetime,
    by: User | None,
) -> BankFile:
    """Import the file that waits by what somebody says about its columns, and remember that.

    Raises:
        CsvUpload.DoesNotExist: no file of the account waits.
        UnreadableStatementError: it cannot be read so. Nothing is remembered.
    """
    account = _locked(account_id)
    waiting = CsvUpload.objects.get(account=account)
    layout, _is_new = CsvLayout.objects.update_or_create(
        account=account,
        defaults={
            "headings": dict(headings),
            "decimal_mark": decimal_mark,
            "date_order": date_order,
        },
    )
    content = bytes(waiting.content)
    file = _imported(account, layout, waiting.name, content, waiting.encoding, now, by)
    waiting.delete()
    return file


def forget_columns(*, account_id: int) -> None:
    """Ask about the columns of the account's next CSV file again."""
    CsvLayout.objects.filter(account=account_id).delete()


def _locked(account_id: int) -> BankAccount:
    return BankAccount.objects.select_for_update(no_key=True).get(pk=account_id)


def _imported(
    account: BankAccount,
    layout: CsvLayout,
    name: str,
    content: bytes,
    encoding: str,
    now: datetime,
    by: User | None,
) -> BankFile:
    known = Layout(
        headings=layout.headings,
        decimal_mark=layout.decimal_mark,
        date_order=layout.date_order,
        encoding=encoding,
    )
    statements = read_csv(content, known, account=account.number, currency=account.currency)
    return store_file(statements, format_name=FORMAT, name=name, content=content, now=now, by=by)
