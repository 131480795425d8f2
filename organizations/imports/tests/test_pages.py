"""Tests of the pages that import organizations, their jobs, and the command."""

import csv
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from foundation.imports.models import UploadedPart
from organizations.imports.columns import COLUMNS, TERM_COLUMNS
from organizations.models import Fee, Organization
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory
from tests.jobs import jobs, run_jobs

IN_JOBS = pytest.mark.django_db(transaction=True)
UPLOAD = "/organizations/import/"
EVERY = (*COLUMNS, *TERM_COLUMNS)
WITH_TERMS = """\
title,owner,contract_number,entry,first_day,text,amount,percent,currency
Acme,jo@example.com,C-1,fee,2026-12-01,Router,5.00,,EUR
acme,,,discount,2026-12-01,,,10,
"""
FILE = "title,owner,contract_date,country\nAcme,jo@example.com,2026-10-01,DE\n"


def upload(client: Client, content: str, **values: Any) -> str:
    """Upload a file, and have it checked."""
    file = SimpleUploadedFile("a.csv", content.encode(), content_type="text/csv")
    answer = client.post(UPLOAD, {"file": file, **values})
    run_jobs()
    return str(answer.headers["Location"])


def confirm(client: Client, review: str) -> Any:
    """Confirm what is shown, have it imported, and return the page that says so."""
    client.post(review, {"shown": client.get(review).context["report"].version})
    run_jobs()
    return client.get(review)


@IN_JOBS
def test_a_file_is_shown_first_and_imported_once_it_is_confirmed(operator_client: Client) -> None:
    review = upload(operator_client, FILE)

    page = operator_client.get(review)

    assert "1 Oct 2026" in page.text
    assert "Germany" in page.text
    assert "new owner" in page.text
    assert not Organization.objects.exists()
    done = confirm(operator_client, review).text
    assert "1 organization created, 0 organizations changed" in done
    assert Organization.objects.get().contract_signed_on == date(2026, 10, 1)
    assert not UploadedPart.objects.exists()
    again = operator_client.get(upload(operator_client, FILE))
    assert "Everything in the file is already recorded" in again.text


@IN_JOBS
def test_organizations_and_their_agreements_are_shown_and_imported_together(
    operator_client: Client,
) -> None:
    review = upload(operator_client, WITH_TERMS)

    page = operator_client.get(review).text

    assert "New entries of agreements" in page
    assert "Router" in page
    assert not Organization.objects.exists()
    done = confirm(operator_client, review).text
    assert "1 organization created, 0 organizations changed" in done
    assert "2 entries were added to agreements." in done
    assert [fee.name for fee in Fee.objects.filter(organization__title="Acme")] == ["Router"]
    again = operator_client.get(upload(operator_client, WITH_TERMS)).text
    assert "Everything in the file is already recorded" in again


@IN_JOBS
def test_what_has_an_error_in_its_agreement_can_be_left_out(operator_client: Client) -> None:
    file = WITH_TERMS + "Nobody,,,fee,2026-12-01,Router,5,,EUR\nAcme,,,fee,2026-12-01,TV,x,,EUR\n"
    review = upload(operator_client, file)
    assert "amount: “x” is not a number." in operator_client.get(review).text

    operator_client.post(f"{review}leave-out/")
    run_jobs()
    done = confirm(operator_client, review).text

    assert "2 entries were added to agreements." in done
    returned = operator_client.get(f"{review}left-out/").getvalue().decode()
    assert "title: Organization “Nobody” does not exist." in returned
    assert [fee.name for fee in Fee.objects.all()] == ["Router"]


@IN_JOBS
def test_differences_are_shown_and_a_preview_that_is_out_of_date_is_shown_again(
    operator_client: Client,
) -> None:
    OrganizationFactory.create(title="Acme", contract_number="C-0")
    review = upload(operator_client, "title,contract_number\nacme,C-1\n")
    page = operator_client.get(review)
    assert [shown for _outcome, shown in page.context["changed"]] == [
        [("title", "Acme", "acme"), ("contract_number", "C-0", "C-1")]
    ]
    Organization.objects.update(contract_number="C-2")

    page = confirm(operator_client, review)

    assert "Nothing was imported: check again" in page.text
    assert Organization.objects.get().contract_number == "C-2"
    confirm(operator_client, review)
    assert Organization.objects.get().title == "acme"


@IN_JOBS
def test_errors_are_listed_by_line_and_column(operator_client: Client) -> None:
    page = operator_client.get(upload(operator_client, FILE + "Zeta,x,,Narnia\n"))

    assert [each.line for each in page.context["wrong_lines"]] == [3]
    assert "owner: Enter a valid email address. country: “Narnia”" in page.text
    assert not Organization.objects.exists()


@IN_JOBS
def test_the_lines_without_errors_can_be_imported(operator_client: Client) -> None:
    review = upload(operator_client, FILE + "Zeta,x,,\n")
    assert "Import the 1 line without errors" in operator_client.get(review).text

    operator_client.post(f"{review}leave-out/")
    run_jobs()
    confirm(operator_client, review)

    assert Organization.objects.get().title == "Acme"
    returned = operator_client.get(f"{review}left-out/").getvalue().decode()
    assert returned == (
        "title,owner,contract_date,country,error\r\n"
        "Zeta,x,,,owner: Enter a valid email address.\r\n"
    )


@IN_JOBS
def test_new_owners_are_invited_only_after_the_confirmation(operator_client: Client) -> None:
    OwnerFactory.create(email="known@example.com")
    content = FILE + "Zeta,known@example.com,,\nOmega,JO@example.com,,\n"
    review = upload(operator_client, content, invite="on")
    assert not mail.outbox

    confirm(operator_client, review)

    assert [each.to for each in mail.outbox] == [["jo@example.com"]]
    assert "http://127.0.0.1:8000/accounts/activate/" in str(mail.outbox[0].body)


@IN_JOBS
def test_owners_are_not_invited_unless_asked_for(operator_client: Client) -> None:
    page = operator_client.get(review := upload(operator_client, FILE))
    assert "New owners are not invited by email." in page.text

    confirm(operator_client, review)

    assert User.objects.filter(email="jo@example.com").exists()
    assert not mail.outbox
    assert not jobs()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_has_all_columns(operator_client: Client, kind: str) -> None:
    content = operator_client.get(f"{UPLOAD}template.{kind}").getvalue()
    if kind == "csv":
        assert [tuple(row) for row in csv.reader(StringIO(content.decode()))] == [EVERY]
    else:
        book: Any = load_workbook(BytesIO(content))
        assert [tuple(cell.value for cell in row) for row in book.active] == [EVERY]


@pytest.mark.django_db
def test_the_page_explains_every_column(operator_client: Client) -> None:
    text = operator_client.get(UPLOAD).text
    assert [column for column in EVERY if column not in text] == []


@pytest.mark.django_db
def test_the_list_leads_to_the_import_and_the_export_with_all_details(
    operator_client: Client, support_client: Client
) -> None:
    assert UPLOAD in operator_client.get("/organizations/").text
    OrganizationFactory.create()
    page = operator_client.get("/organizations/?q=organization&page=1").text
    assert "/organizations/details.csv?q=organization" in page
    assert "details.csv" not in support_client.get("/organizations/").text


@pytest.mark.django_db
def test_the_export_with_all_details_needs_a_constant_number_of_queries(
    operator_client: Client,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator_client.get("/organizations/details.csv").getvalue()
        return len(captured)

    def add(number: int) -> None:
        for _each in range(number):
            BillingDetailsFactory.create(organization=OrganizationFactory.create())

    add(1)
    queries()
    few = queries()
    add(5)
    assert queries() == few


@IN_JOBS
def test_the_command_imports_a_file_and_prints_the_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: LazySettings
) -> None:
    settings.BASE_URL = "https://billing.example.com"
    file = tmp_path / "organizations.csv"
    file.write_text(FILE)

    call_command("import_organizations", file, "--dry-run", "--invite")
    assert "Nothing has been changed." in capsys.readouterr().out
    call_command("import_organizations", file, "--invite")
    run_jobs()

    assert "Organizations created: 1" in capsys.readouterr().out
    assert "https://billing.example.com/accounts/activate/" in str(mail.outbox[0].body)
    call_command("import_organizations", file)
    assert "Nothing to change." in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_prints_wrong_lines_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: LazySettings
) -> None:
    file = tmp_path / "organizations.csv"
    file.write_text(FILE + ",,,\nZeta,,,\n")
    with pytest.raises(CommandError, match=r"1 line has errors\. Nothing was imported"):
        call_command("import_organizations", file, verbosity=0)
    assert capsys.readouterr().err.startswith("line 4: owner: Enter the email address")
    settings.BASE_URL = ""
    with pytest.raises(CommandError, match="Set BASE_URL"):
        call_command("import_organizations", file, "--invite")
    assert not Organization.objects.exists()
