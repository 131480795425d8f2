"""The list of all payments, and its search."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    SEPTEMBER,
    BilledUseFactory,
    issued_invoice,
)
from payments import list_views
from payments.models import Payment
from payments.operations import reverse_payment
from payments.tests.factories import a_payment
from payments.tests.test_operations import pay

pytestmark = pytest.mark.django_db

PAGE = reverse("payments:list")


def found(client: Client, page: str = PAGE, **query: str) -> list[Payment]:
    table = client.get(page, query).context["table"]
    return [row.record for row in table.paginated_rows]


def test_payments_are_listed_newest_first(operator_client: Client) -> None:
    first, second = a_payment(), a_payment()

    assert found(operator_client) == [second, first]


@pytest.mark.parametrize("text", ["rf18", "5.00", "5,00", "5", "EUR 5.00", "5,00\xa0€", "000001"])
def test_a_payment_is_found_by_reference_amount_and_invoice(
    operator_client: Client, text: str
) -> None:
    payment = a_payment()

    assert found(operator_client, q=text) == [payment]


@pytest.mark.parametrize("text", ["rf19", "5.01", "?"])
def test_other_texts_do_not_find_it(operator_client: Client, text: str) -> None:
    # Titles of other organizations have numbers.
    use = BilledUseFactory.create(camera__organization__title="Warehouse")
    a_payment(issued_invoice(use.organization))

    assert found(operator_client, q=text) == []


def test_a_reversal_is_found_by_the_amount_of_the_payment(operator_client: Client) -> None:
    payment = a_payment()
    reversal = reverse_payment(payment_id=payment.pk, reason="", now=IN_NOVEMBER, by=None)

    assert found(operator_client, q="5.00") == [reversal, payment]


def test_owners_find_only_payments_of_their_invoices(owner_client: Client, owner: User) -> None:
    a_payment()
    own = BilledUseFactory.create(camera__organization__owner=owner).organization
    payment = a_payment(issued_invoice(own))

    assert found(owner_client) == found(owner_client, q="rf18") == [payment]


def test_the_payments_of_an_organization_are_searched(operator_client: Client) -> None:
    october = a_payment()
    organization = october.organization
    september = pay(issued_invoice(organization, SEPTEMBER), "3")
    a_payment()
    page = reverse("payments:of_organization", args=[organization.pk])

    assert found(operator_client, page, q="3.00") == [september]
    assert found(operator_client, page, q="rf18") == [october]


def test_a_long_list_says_that_it_is_cut_and_is_not_sorted(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_views, "MOST_LISTED", 1)
    a_payment()
    newest = a_payment()

    assert found(operator_client, sort="amount") == [newest]
    assert "more than 1 payments" in operator_client.get(PAGE).text


def test_the_number_of_queries_is_constant(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        a_payment()
    assert Invoice.objects.count() == 3
    operator_client.get(PAGE)

    with django_assert_num_queries(6):
        operator_client.get(PAGE)


def test_payment_methods_are_named(operator_client: Client) -> None:
    a_payment()

    assert "Bank transfer</td>" in operator_client.get(PAGE).text
