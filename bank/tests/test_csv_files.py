"""The columns of an account's CSV files are asked for once, and remembered."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bank.models import BankAccount, BankFile, BankLine, CsvLayout, CsvUpload
from bank.reading.tests.files import ACCOUNT, camt, statement
from bank.tests.factories import a_line, an_account, paid, upload

pytestmark = pytest.mark.django_db

UPLOAD = reverse("bank:upload")
LINES = reverse("bank:lines")
FILE = "Buchungstag;Zweck;Betrag\n02.11.2026;INV-1;10,71\n"
# The places of the headings, as the form sends them.
CHOICE = {"date": "0", "text": "1", "amount": "2", "decimal_mark": ",", "date_order": "dmy"}


@pytest.fixture
def account() -> BankAccount:
    return an_account()


def send(client: Client, account: BankAccount, text: str = FILE, encoding: str = "utf-8") -> Any:
    file = SimpleUploadedFile("statement.csv", text.encode(encoding))
    data = {"file": file, "account": account.pk, "encoding": encoding}
    return client.post(UPLOAD, data)


def choose(client: Client, account: BankAccount, **changes: str) -> Any:
    return client.post(reverse("bank:columns", args=[account.pk]), {**CHOICE, **changes})


def test_the_first_file_leads_to_its_columns(operator_client: Client, account: BankAccount) -> None:
    answer = send(operator_client, account)

    page = reverse("bank:columns", args=[account.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert not BankFile.objects.exists()
    form = operator_client.get(page).context["form"]
    # Proposed, never chosen without asking.
    assert {name: form[name].initial for name in ("date", "text", "amount", "decimal_mark")} == {
        "date": "0",
        "text": "",
        "amount": "2",
        "decimal_mark": "",
    }


def test_it_is_imported_and_its_columns_remembered(
    operator_client: Client, account: BankAccount
) -> None:
    send(operator_client, account)
    assert choose(operator_client, account)["Location"] == LINES

    line = BankLine.objects.get()
    assert (str(line.amount), line.text) == ("10.7100", "INV-1")
    assert not CsvUpload.objects.exists()
    answer = send(operator_client, account, FILE.replace("INV-1", "INV-2"))
    assert answer["Location"] == LINES
    assert BankLine.objects.count() == 2


def test_other_headings_are_asked_for_again(operator_client: Client, account: BankAccount) -> None:
    send(operator_client, account)
    choose(operator_client, account)

    answer = send(operator_client, account, "Datum;Zweck;Betrag\n02.11.2026;x;1,00\n")

    assert answer["Location"] == reverse("bank:columns", args=[account.pk])


def test_what_is_forgotten_is_asked_for_again(
    operator_client: Client, account: BankAccount
) -> None:
    send(operator_client, account)
    choose(operator_client, account)
    page = reverse("bank:edit_account", args=[account.pk])
    assert "buchungstag" in operator_client.get(page).text

    operator_client.post(reverse("bank:forget_columns", args=[account.pk]))

    assert "buchungstag" not in operator_client.get(page).text
    send(operator_client, account)
    assert CsvUpload.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decimal_mark": "."}, "__all__"),
        ({"date_order": "ymd"}, "__all__"),
        ({"date_order": ""}, "date_order"),
        ({"date": ""}, "date"),
        ({"amount": ""}, "amount"),
        ({"amount": "", "debit": "2"}, "amount"),
        ({"debit": "1", "text": ""}, "amount"),
        ({"text": "2"}, "amount"),
    ],
)
def test_a_wrong_choice_changes_nothing(
    operator_client: Client, account: BankAccount, changes: dict[str, str], field: str
) -> None:
    send(operator_client, account)

    answer = choose(operator_client, account, **changes)

    errors = answer.context["form"].errors
    assert field in errors or (changes == {"text": "2"} and "text" in errors)
    assert not CsvLayout.objects.exists()
    assert not BankFile.objects.exists()
    assert CsvUpload.objects.exists()


def test_a_later_file_that_cannot_be_read_is_refused_with_its_line(
    operator_client: Client, account: BankAccount
) -> None:
    send(operator_client, account)
    choose(operator_client, account)

    answer = send(operator_client, account, FILE + "03.11.2026;x;1.00\n")

    assert "Line 3:" in answer.context["form"].errors["file"][0]
    assert BankLine.objects.count() == 1


def test_the_encoding_is_that_which_was_chosen(
    operator_client: Client, account: BankAccount
) -> None:
    text = FILE.replace("INV-1", "Müller")
    send(operator_client, account, text, "cp1252")
    choose(operator_client, account)

    assert BankLine.objects.get().text == "Müller"


def test_a_csv_file_without_an_account_is_refused(
    operator_client: Client, account: BankAccount
) -> None:
    file = SimpleUploadedFile("statement.csv", FILE.encode())

    answer = operator_client.post(UPLOAD, {"file": file})

    assert "choose its account" in answer.context["form"].errors["file"][0]


def test_a_file_that_states_its_account_needs_no_choice(
    operator_client: Client, account: BankAccount
) -> None:
    file = SimpleUploadedFile("statement.xml", camt(statement(paid())))

    answer = operator_client.post(UPLOAD, {"file": file, "account": account.pk})

    assert answer["Location"] == LINES


@pytest.mark.parametrize("text", ["", "no table\n", "a;b\n1;2\n"])
def test_what_is_no_table_is_refused(
    operator_client: Client, account: BankAccount, text: str
) -> None:
    file = SimpleUploadedFile("statement.csv", f"{text} ".encode())

    answer = operator_client.post(UPLOAD, {"file": file, "account": account.pk})

    assert "file" in answer.context["form"].errors
    assert not CsvUpload.objects.exists()


def test_lines_are_known_across_formats(operator_client: Client, account: BankAccount) -> None:
    a_line(text="INV-1")

    send(operator_client, account, FILE + "02.11.2026;INV-2;10,71\n")
    choose(operator_client, account)

    newest = BankFile.objects.latest("pk").statements.get()
    assert (newest.new, newest.known) == (1, 1)
    again = upload(camt(statement(paid(text="INV-1"), paid(text="INV-2")))).statements.get()
    assert (again.new, again.known) == (0, 2)
    assert account.number == ACCOUNT
