"""Files with headings of their own, of each kind that can be imported."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from foundation.imports.models import ColumnMapping, UploadedFile, UploadedPart
from invoices.tests.factories import issued_invoice
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from payments.models import Payment
from tariffs.tests.factories import TariffFactory
from tests.jobs import jobs, run_jobs
from usage.models import Camera

pytestmark = pytest.mark.django_db(transaction=True)

PAYMENTS = "Beleg;Tag;Amount;Currency;Konto\n"
PAYMENT = "INV-2026-000001;02.11.2026;4,00;EUR;Kasse\n"
CHOSEN = {"invoice": "0", "date": "1", "amount": "2", "currency": "3"}


def upload(client: Client, content: str | bytes, kind: str = "payments") -> str:
    """Upload a file, have it checked, and return the address of its page."""
    encoded = content.encode() if isinstance(content, str) else content
    answer = client.post(reverse(f"{kind}:import"), {"file": SimpleUploadedFile("a.csv", encoded)})
    run_jobs()
    return str(answer.headers["Location"])


def choose(client: Client, review: str, **chosen: str) -> Any:
    """Choose headings by their places, have the file checked, and return its page."""
    client.post(f"{review}columns/", chosen)
    run_jobs()
    return client.get(review)


def confirm(client: Client, review: str) -> None:
    report = client.get(review).context["report"]
    client.post(review, {"shown": getattr(report, "version", "")})
    run_jobs()
    assert UploadedFile.objects.get(pk=review.split("/")[-2]).state == "imported"


def mapped(page: Any) -> list[tuple[str, str]]:
    return list(page.context["mapped"])


@pytest.fixture
def _invoice(db: None) -> None:
    issued_invoice()


@pytest.mark.usefixtures("_invoice")
def test_payments_are_read_as_chosen(operator_client: Client) -> None:
    review = upload(operator_client, PAYMENTS + PAYMENT)
    page = operator_client.get(review)
    form = page.context["columns_form"]
    assert {name: form[name].initial for name in form.fields if form[name].initial} == {
        "amount": "2",
        "currency": "3",
    }
    assert not Payment.objects.exists()

    page = choose(operator_client, review, **CHOSEN)

    assert mapped(page) == [
        ("Invoice", "Beleg"),
        ("Date", "Tag"),
        ("Amount", "Amount"),
        ("Currency", "Currency"),
    ]
    assert page.context["not_read"] == ["Konto"]
    confirm(operator_client, review)
    assert Payment.objects.get().amount == Decimal(4)
    assert Payment.objects.get().reference == ""


def test_organizations_are_read_as_chosen(operator_client: Client) -> None:
    # "city" is one of our names, but is not chosen.
    content = "Kunde,E-Mail,city\nAcme,jo@example.com,-\n"
    review = upload(operator_client, content, "organizations")

    page = choose(operator_client, review, title="0", owner="1")

    assert not page.context["report"].is_refused
    confirm(operator_client, review)
    assert Organization.objects.get(title="Acme").owner.email == "jo@example.com"


def test_usage_is_read_as_chosen(operator_client: Client) -> None:
    OrganizationFactory.create(title="Acme", tariffs=[TariffFactory.create(name="Basic")])
    content = "Kunde,Kamera,Tarif,Von,Bis\nAcme,gate-01,Basic,2026-09-01T00:00:00Z,\n"
    review = upload(operator_client, content, "usage")

    chosen = {"organization": "0", "camera": "1", "tariff": "2", "started_at": "3", "ended_at": "4"}
    choose(operator_client, review, **chosen)

    confirm(operator_client, review)
    assert Camera.objects.get().name == "gate-01"


@pytest.mark.usefixtures("_invoice")
def test_the_next_file_with_the_same_headings_is_read_without_asking(
    operator_client: Client,
) -> None:
    choose(operator_client, upload(operator_client, PAYMENTS + PAYMENT), **CHOSEN)
    mapping = ColumnMapping.objects.get()
    mapping.last_used_by = None
    mapping.save()

    review = upload(
        operator_client,
        "KONTO,Currency,Amount,Tag,Beleg,error\nKasse,EUR,4,2026-11-02,INV-2026-000001,?\n",
    )

    page = operator_client.get(review)
    assert ("Invoice", "Beleg") in mapped(page)
    assert page.context["report"].new == 1
    used = ColumnMapping.objects.get()
    assert used.last_used_by is not None
    assert used.last_used_at > mapping.last_used_at


@pytest.mark.usefixtures("_invoice")
def test_an_xlsx_file_with_the_same_headings_is_read_without_asking(
    operator_client: Client,
) -> None:
    choose(operator_client, upload(operator_client, PAYMENTS + PAYMENT), **CHOSEN)
    book, content = Workbook(), BytesIO()
    for line in (PAYMENTS, PAYMENT):
        book.worksheets[0].append(line.strip().split(";"))
    book.save(content)

    review = upload(operator_client, content.getvalue())

    assert operator_client.get(review).context["report"].new == 1


@pytest.mark.usefixtures("_invoice")
def test_another_kind_of_import_or_another_set_of_headings_is_asked_about(
    operator_client: Client,
) -> None:
    choose(operator_client, upload(operator_client, PAYMENTS + PAYMENT), **CHOSEN)

    for kind, content in (("usage", PAYMENTS), ("payments", PAYMENTS.strip() + ";Bank\n")):
        page = operator_client.get(upload(operator_client, content, kind))
        assert page.context["columns_form"]


@pytest.mark.usefixtures("_invoice")
def test_what_was_chosen_wrongly_can_be_changed_even_if_every_line_is_wrong(
    operator_client: Client,
) -> None:
    review = upload(operator_client, PAYMENTS + PAYMENT)
    page = choose(operator_client, review, **CHOSEN | {"date": "4"})
    assert "“Kasse” is not a valid date." in page.text
    assert not page.context["can_leave_out"]
    form = operator_client.get(f"{review}columns/").context["columns_form"]
    assert form["date"].initial == "4"

    page = choose(operator_client, review, **CHOSEN)

    assert page.context["report"].new == 1
    assert ColumnMapping.objects.get().headings["date"] == "tag"


@pytest.mark.usefixtures("_invoice")
def test_what_was_chosen_can_be_forgotten(operator_client: Client) -> None:
    review = upload(operator_client, PAYMENTS + PAYMENT)
    choose(operator_client, review, **CHOSEN)

    page = operator_client.post(f"{review}columns/forget/", follow=True)

    assert page.context["columns_form"]["date"].initial == ""
    assert "The choice was forgotten." in page.text
    assert not ColumnMapping.objects.exists()
    assert operator_client.get(upload(operator_client, PAYMENTS + PAYMENT)).context["columns_form"]
    assert choose(operator_client, review, **CHOSEN).context["report"].new == 1


@pytest.mark.usefixtures("_invoice")
def test_lines_with_errors_come_back_with_the_headings_of_the_file(
    operator_client: Client,
) -> None:
    review = upload(operator_client, PAYMENTS + PAYMENT + "x;02.11.2026;4,00;EUR;Bank\n")
    assert choose(operator_client, review, **CHOSEN).context["can_leave_out"]

    operator_client.post(f"{review}leave-out/")
    run_jobs()

    returned = operator_client.get(f"{review}left-out/").getvalue().decode()
    assert returned.startswith("Beleg;Tag;Amount;Currency;Konto;error\r\nx;02.11.2026;")


def test_a_heading_that_is_in_the_file_twice_cannot_be_chosen(operator_client: Client) -> None:
    page = operator_client.get(upload(operator_client, "Beleg;" + PAYMENTS, "organizations"))

    form: Any = page.context["columns_form"]
    assert [label for _value, label in form.fields["title"].choices] == [
        "Choose a heading",
        "Tag",
        "Amount",
        "Currency",
        "Konto",
    ]
    assert "in the file more than once: Beleg." in page.text


def test_the_same_heading_for_two_columns_is_an_error_at_the_second(
    operator_client: Client,
) -> None:
    review = upload(operator_client, PAYMENTS)

    page = operator_client.post(f"{review}columns/", CHOSEN | {"date": "0"})

    assert "This heading is already chosen for Invoice." in page.text
    assert 'aria-invalid="true"' in page.text
    assert not ColumnMapping.objects.exists()
    assert not jobs()


def test_a_file_without_a_heading_for_each_required_column_is_refused(
    operator_client: Client,
) -> None:
    page = operator_client.get(upload(operator_client, "Beleg,Tag,Betrag\n"))

    assert "The first line must name the columns" in page.text
    assert not UploadedPart.objects.exists()


def test_only_headings_are_remembered(operator_client: Client) -> None:
    choose(operator_client, upload(operator_client, PAYMENTS + PAYMENT), **CHOSEN)

    assert ColumnMapping.objects.get().headings == {
        "invoice": "beleg",
        "date": "tag",
        "amount": "amount",
        "currency": "currency",
    }


@pytest.mark.usefixtures("_invoice")
def test_nothing_can_be_chosen_for_a_file_that_has_our_names_or_is_imported(
    operator_client: Client,
) -> None:
    own = upload(operator_client, "invoice,date,amount,currency\n")
    done = upload(operator_client, PAYMENTS + PAYMENT)
    choose(operator_client, done, **CHOSEN)
    confirm(operator_client, done)

    for review in (own, done):
        assert operator_client.get(f"{review}columns/").headers["Location"] == review
        operator_client.post(f"{review}columns/", CHOSEN)
        operator_client.post(f"{review}columns/forget/")
    assert ColumnMapping.objects.count() == 1
    assert not jobs()
