"""The pages of direct debits."""

from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import OwnerFactory
from debits.models import DebitBatch, DebitSettings, Mandate
from debits.operations import stored_values, withdraw
from debits.recording import not_collected
from debits.shown import newest_collections
from debits.tests.factories import (
    COLLECTED_ON,
    NOW,
    a_batch,
    an_invoice_with_mandate,
    debit_settings,
)
from foundation.web.versions import version_of
from invoices.issuing.operations import cancel
from invoices.tests.factories import issued_invoice
from payments.tests.factories import a_payment

pytestmark = pytest.mark.django_db

MANDATE = {
    "reference": "M-2026/7",
    "signed_on": "2026-01-05",
    "holder": "Harbour Ltd",
    "iban": "DE75 5121 0800 1245 1261 99",
    "bic": "",
}


def a_day(client: Client) -> str:
    """Return the date that the page proposes."""
    day: date = client.get("/debits/make/").context["form"]["on"].value()
    return str(day)


def test_what_is_due_is_collected_from_the_page(operator_client: Client) -> None:
    debit_settings()
    invoice = an_invoice_with_mandate()
    page = operator_client.get("/debits/make/")
    (found,) = page.context["found"]
    assert found.item.pk == invoice.pk

    sent: dict[str, Any] = {
        "invoice": [invoice.pk],
        "shown": [f"{invoice.pk} {found.version}"],
        "request": str(page.context["request_id"]),
    }
    address = f"/debits/make/?on={a_day(operator_client)}"
    page = operator_client.post(address, sent, follow=True)

    assert "The file was made." in page.text
    batch = DebitBatch.objects.get()
    answer = operator_client.get(f"/debits/{batch.pk}/file.xml")
    assert answer.content == bytes(batch.content)
    # A second click shows the same batch.
    operator_client.post(address, sent)
    assert DebitBatch.objects.count() == 1


def test_nothing_selected_is_refused(operator_client: Client) -> None:
    debit_settings()
    an_invoice_with_mandate()
    address = f"/debits/make/?on={a_day(operator_client)}"
    page = operator_client.post(address, {"request": str(uuid4())}, follow=True)
    assert "Select at least one invoice." in page.text


def test_without_settings_the_page_leads_to_them(operator_client: Client) -> None:
    page = operator_client.get("/debits/make/", follow=True)
    assert page.redirect_chain[-1][0] == "/debits/settings/"


def test_a_date_without_banks_is_refused_on_its_field(operator_client: Client) -> None:
    debit_settings()
    page = operator_client.get("/debits/make/?on=2099-12-25")
    assert "Banks do not collect on this date." in str(page.context["form"].errors["on"])


class TestSettings:
    VALUES: ClassVar = {
        "creditor_id": "de98 zzz 0999 9999 999",
        "iban": "DE02 1203 0000 0000 2020 51",
        "bic": "",
        "scheme": "CORE",
        "lead_days": "2",
        "notice_days": "14",
    }

    def test_numbers_are_stored_without_spaces(self, operator_client: Client) -> None:
        version = version_of(stored_values(None))
        operator_client.post("/debits/settings/", {**self.VALUES, "version": version})
        stored = DebitSettings.objects.get()
        assert (stored.creditor_id, stored.iban) == (
            "DE98ZZZ09999999999",
            "DE02120300000000202051",
        )

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("creditor_id", "DE97ZZZ09999999999"),
            ("iban", "DE03120300000000202051"),
            ("bic", "044525225"),
            ("bic", "BYLA"),
            ("lead_days", "0"),
            ("notice_days", "0"),
            ("notice_days", "61"),
        ],
    )
    def test_a_wrong_number_is_refused_on_its_field(
        self, operator_client: Client, name: str, value: str
    ) -> None:
        page = operator_client.post("/debits/settings/", {**self.VALUES, name: value})
        assert page.context["form"].errors.keys() == {name}


class TestMandates:
    def test_a_mandate_is_added_and_ended(self, operator_client: Client) -> None:
        organization = issued_invoice().organization
        address = f"/organizations/{organization.pk}/mandates/"
        page = operator_client.post(f"{address}add/", MANDATE, follow=True)
        assert "M-2026/7" in page.text
        mandate = Mandate.objects.get()
        assert mandate.iban == "DE75512108001245126199"
        assert f"{address}add/" not in page.text

        page = operator_client.post(f"/mandates/{mandate.pk}/end/", follow=True)
        assert f"{address}add/" in page.text

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("reference", "Vertrag №7"),
            ("reference", "/7"),
            ("iban", "DE75 5121"),
            ("iban", "TR33 0006 1005 1978 6457 8413 26"),
            ("signed_on", "2099-01-01"),
            ("holder", ""),
        ],
    )
    def test_a_wrong_value_is_refused_on_its_field(
        self, operator_client: Client, name: str, value: str
    ) -> None:
        organization = issued_invoice().organization
        address = f"/organizations/{organization.pk}/mandates/add/"
        page = operator_client.post(address, {**MANDATE, name: value})
        assert page.context["form"].errors.keys() == {name}

    def test_a_reference_is_used_once(self, operator_client: Client) -> None:
        an_invoice_with_mandate("M-2026/7")
        organization = issued_invoice().organization
        address = f"/organizations/{organization.pk}/mandates/add/"
        page = operator_client.post(address, MANDATE)
        assert "Another mandate has this reference." in str(page.context["form"].errors)


def test_a_batch_that_is_decided_is_left_as_it_is(operator_client: Client) -> None:
    an_invoice_with_mandate()
    batch = a_batch()
    operator_client.post(f"/debits/{batch.pk}/withdraw/")
    page = operator_client.post(f"/debits/{batch.pk}/collected/", follow=True)
    assert "Nothing was changed." in page.text
    assert batch.collected_on == COLLECTED_ON


class TestOwners:
    def test_they_see_their_mandate_masked_and_what_is_collected(self) -> None:
        invoice = an_invoice_with_mandate("M-2026/7")
        other = an_invoice_with_mandate("M-8")
        batch = a_batch()
        browser = Client()
        browser.force_login(invoice.owner)

        page = browser.get(f"/organizations/{invoice.organization_id}/payments/")

        assert "M-2026/7" in page.text
        assert "DE•• •••• 6199" in page.text
        assert "DE75512108001245126199" not in page.text
        assert "to be collected on 20 Nov 2026" in page.text
        assert other.number not in page.text
        assert "M-8" not in page.text
        collection = batch.collections.get(invoice=invoice)
        not_collected(collection_id=collection.pk, reason="AC04", now=NOW, by=None)
        page = browser.get(f"/organizations/{invoice.organization_id}/payments/")
        assert "Failed" in page.text
        assert "AC04" in page.text

    def test_what_an_earlier_owner_paid_is_not_shown(self) -> None:
        invoice = an_invoice_with_mandate()
        a_batch()
        organization = invoice.organization
        organization.owner = OwnerFactory.create()
        organization.save()
        browser = Client()
        browser.force_login(organization.owner)
        page = browser.get(f"/organizations/{organization.pk}/payments/")
        assert invoice.number not in page.text

    def test_withdrawn_collections_are_not_shown(self) -> None:
        invoice = an_invoice_with_mandate()
        withdraw(batch_id=a_batch().pk, now=NOW, by=None)
        assert newest_collections(invoice.organization, invoice.owner) == []


def test_a_batch_says_what_is_no_longer_owed(operator_client: Client) -> None:
    debit_settings()
    paid, cancelled, _owed = (an_invoice_with_mandate(f"M-{number}") for number in range(3))
    batch = a_batch()
    address = f"/debits/{batch.pk}/"
    assert "less is outstanding" not in operator_client.get(address).text

    a_payment(paid)
    cancel(invoice_id=cancelled.pk, now=NOW, by=None)

    page = operator_client.get(address)
    assert "Of 2 invoices less is outstanding than is collected." in page.text
    assert page.text.count("outstanding now:") == 2

    withdraw(batch_id=batch.pk, now=NOW, by=None)
    assert "less is outstanding" not in operator_client.get(address).text


def test_who_cancels_an_invoice_reads_of_its_pending_collection(operator_client: Client) -> None:
    debit_settings()
    invoice = an_invoice_with_mandate()
    address = f"/invoices/{invoice.pk}/cancel/"
    assert "direct debit" not in operator_client.get(address).text
    batch = a_batch()

    page = operator_client.get(address).text
    assert "A direct debit of EUR\xa010.71 on 20 Nov 2026 is pending for this invoice." in page
    assert f'href="/debits/{batch.pk}/"' in page

    withdraw(batch_id=batch.pk, now=NOW, by=None)
    assert "direct debit" not in operator_client.get(address).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_numbers_of_queries_are_constant(
    number: int, operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        an_invoice_with_mandate(f"M-{each}")
    debit_settings()
    with django_assert_num_queries(9):
        operator_client.get("/debits/make/")
    batch = a_batch()
    with django_assert_num_queries(9):
        operator_client.get(f"/debits/{batch.pk}/")
