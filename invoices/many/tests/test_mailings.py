"""Tests of sending many documents again: each once, to current addresses, with an outcome."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.many import mailings, views
from invoices.many.models import Mailing
from invoices.models import Delivery, Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from tests.jobs import due_now, run_jobs
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def invoice(title: str, email: str) -> Invoice:
    """Issue an invoice to a new organization, which is not sent; then give it an address."""
    organization = BilledOrganizationFactory.create(title=title, billing_email="")
    BilledUseFactory.create(camera__organization=organization)
    issued = issued_invoice(organization)
    organization.billing_email = email
    organization.save()
    return issued


def address(*invoices: Invoice, **query: str) -> str:
    chosen = "&".join(f"invoice={each.pk}" for each in invoices)
    return f"/invoices/send/?{chosen}" + "".join(f"&{k}={v}" for k, v in query.items())


def confirmed(client: Client, page: Any, at: str) -> Any:
    entries = {"id": page.context["id"], "shown": page.context["plan"].version}
    return client.post(at, entries, follow=True)


def test_selected_documents_are_sent_again_to_current_addresses(
    operator_client: Client, smtp_server: MailServer
) -> None:
    first, second = invoice("First", "a@example.com"), invoice("Second", "b@example.com")
    second.organization.contacts.create(name="Ann", email="ann@example.com", receives_invoices=True)
    invoice("Not selected", "c@example.com")
    lacking = invoice("Nowhere", "")

    page = operator_client.get(address(first, second, lacking))
    assert "3 emails will be sent" in page.text
    assert "Organizations that get email: 2. Addresses: 3." in page.text
    assert "1 document is not sent" in page.text
    progress = confirmed(operator_client, page, address(first, second, lacking))
    assert "0 of 3 emails processed" in progress.text
    assert not smtp_server.messages
    run_jobs()

    sent = sorted(str(mail["To"]) for mail in smtp_server.messages)
    assert sent == ["a@example.com", "ann@example.com", "b@example.com"]
    done = operator_client.get(progress.request["PATH_INFO"]).text
    assert "3 of 3 emails processed" in done
    assert "All emails were sent." in done
    assert "Without an address" in done
    assert "Sent again at" in operator_client.get("/invoices/").text


def test_a_confirmation_that_arrives_twice_sends_once(
    operator_client: Client, smtp_server: MailServer
) -> None:
    at = address(invoice("First", "a@example.com"))
    page = operator_client.get(at)

    confirmed(operator_client, page, at)
    confirmed(operator_client, page, at)
    run_jobs()
    confirmed(operator_client, page, at)
    run_jobs()

    assert len(smtp_server.messages) == 1
    assert Mailing.objects.get().documents == 1


def test_two_simultaneous_confirmations_request_once(operator: User) -> None:
    one = invoice("First", "a@example.com")
    version, mailing_id = mailings.plan_of([one.pk]).version, uuid4()

    def send() -> None:
        try:
            mailings.send_again(
                mailing_id=mailing_id,
                invoice_ids=[one.pk],
                shown=version,
                now=IN_NOVEMBER,
                by=operator,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(send) for _ in range(4)]:
            each.result()

    assert Delivery.objects.filter(mailing=mailing_id).count() == 1


def test_a_document_that_is_being_sent_is_not_sent_to_the_same_address_again(
    operator_client: Client,
) -> None:
    at = address(invoice("First", "a@example.com"))
    confirmed(operator_client, operator_client.get(at), at)

    page = operator_client.get(at)

    assert "0 emails will be sent" in page.text
    assert "1 email is already being sent and is not sent twice." in page.text


def test_nothing_is_sent_if_the_addresses_have_changed_since(operator_client: Client) -> None:
    one = invoice("First", "a@example.com")
    page = operator_client.get(address(one))
    one.organization.billing_email = "new@example.com"
    one.organization.save()

    answer = confirmed(operator_client, page, address(one))

    assert "Nothing was sent" in answer.text
    assert not Delivery.objects.exists()
    assert not Mailing.objects.exists()
    confirmed(operator_client, answer, address(one))
    assert Delivery.objects.get().email == "new@example.com"


def test_the_outcome_names_what_could_not_be_sent(
    operator_client: Client, smtp_server: MailServer
) -> None:
    good, bad = invoice("Good", "a@example.com"), invoice("Bad", "unknown@example.com")
    smtp_server.unknown = "unknown@example.com"
    at = address(good, bad)
    progress = confirmed(operator_client, operator_client.get(at), at)
    for _ in range(12):
        run_jobs()
        due_now()

    outcome = operator_client.get(progress.request["PATH_INFO"]).text

    states = Counter(Delivery.objects.values_list("email", "state"))
    assert states == {("a@example.com", "sent"): 1, ("unknown@example.com", "failed"): 1}
    assert "Some emails could not be sent." in outcome
    assert bad.number in outcome
    assert good.number not in outcome
    assert "550 5.1.1" in outcome


def test_all_that_a_filter_finds_are_selected(operator_client: Client) -> None:
    october, other = invoice("Harbour", "a@example.com"), invoice("Hill", "b@example.com")
    issued_invoice(october.organization, SEPTEMBER)

    plan = operator_client.get("/invoices/send/?all=1&month=2026-10&page=1").context["plan"]

    assert [each.invoice for each in plan.documents] == [october, other]
    of_one = operator_client.get(f"/invoices/send/?all=1&of={other.organization_id}").context[
        "plan"
    ]
    assert [each.invoice for each in of_one.documents] == [other]


def test_too_many_are_refused(operator_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_DOCUMENTS", 1)
    invoice("First", "a@example.com")
    invoice("Second", "b@example.com")

    page = operator_client.get("/invoices/send/?all=1&next=/invoices/%3Fmonth=2026-10", follow=True)

    assert "Select at most 1 invoices at a time." in page.text
    assert page.request["QUERY_STRING"] == "month=2026-10"
    assert (
        "Select at least one invoice." in operator_client.get("/invoices/send/", follow=True).text
    )


def test_the_number_of_queries_is_constant(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(3):
        invoice(f"Organization {place}", f"n{place}@example.com")

    with django_assert_num_queries(7):
        operator_client.get("/invoices/send/?all=1")
