"""Tests of credits of months without charges: who sees them, and what becomes of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from invoices.issuing import operations
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, BilledUseFactory, ProviderFactory
from invoices.uninvoiced.tests.stored import keep_all
from invoices.uninvoiced.waiting_credits import waiting_credits
from organizations.models import OneOffCharge, Organization
from organizations.tests.factories import OneOffChargeFactory
from rating.money import Amount
from rating.periods import Period

pytestmark = pytest.mark.django_db

TEXT = "These credits are not deducted yet"


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)
    ProviderFactory.create()


@pytest.fixture
def organization() -> Organization:
    """Return an organization whose camera, at EUR 9.00, is in use from October on."""
    use = BilledUseFactory.create(started_at=datetime(2026, 10, 1, tzinfo=UTC))
    organization: Organization = use.organization
    return organization


def credit(organization: Organization, day: date = date(2026, 9, 12)) -> OneOffCharge:
    charge: OneOffCharge = OneOffChargeFactory.create(
        organization=organization, text="Outage", quantity=Decimal(-1), amount=5, day=day
    )
    return charge


def issue(organization: Organization, start: date) -> Invoice:
    (invoice,) = operations.issue(
        organization_id=organization.pk,
        period=Period(start, date(2026, 11, 1)),
        now=IN_NOVEMBER,
        by=None,
    )
    return invoice


def text_of(answer: Any) -> str:
    return " ".join(strip_tags(answer.text).replace("\N{NO-BREAK SPACE}", " ").split())


def agreement(client: Client, organization: Organization) -> str:
    return text_of(client.get(reverse("organizations:agreement", args=[organization.pk])))


def preview(client: Client, organization: Organization, start: str) -> Any:
    address = reverse("invoices:issue", args=[organization.pk])
    return client.get(address, {"from": start, "to": "2026-10-31"})


def test_a_credit_of_a_month_without_charges_is_shown(
    operator_client: Client, organization: Organization
) -> None:
    charge = credit(organization)
    keep_all(IN_NOVEMBER)

    assert [(each.charge, each.amount) for each in waiting_credits(organization.pk)] == [
        (charge, Amount(Decimal("5.00"), "EUR"))
    ]
    for name in ("organizations:agreement", "invoices:of_organization"):
        page = text_of(operator_client.get(reverse(name, args=[organization.pk])))
        assert TEXT in page
        assert "EUR 5.00, Outage, 12 Sep 2026" in page


def test_the_preview_leads_to_the_period_that_deducts_it(
    operator_client: Client, organization: Organization
) -> None:
    credit(organization)
    keep_all(IN_NOVEMBER)

    page = preview(operator_client, organization, "2026-10-01")

    assert TEXT in text_of(page)
    address = f"/organizations/{organization.pk}/invoices/issue/?from=2026-09-01&amp;to=2026-10-31"
    assert f'href="{address}"' in page.text
    assert TEXT not in text_of(preview(operator_client, organization, "2026-09-01"))
    assert issue(organization, date(2026, 9, 1)).net == 4
    assert not waiting_credits(organization.pk)
    assert TEXT not in agreement(operator_client, organization)


def test_a_later_date_lets_a_later_invoice_deduct_it(organization: Organization) -> None:
    charge = credit(organization)
    keep_all(IN_NOVEMBER)

    charge.day = date(2026, 10, 1)
    charge.save()

    assert not waiting_credits(organization.pk)
    assert issue(organization, date(2026, 10, 1)).net == 4


@pytest.mark.parametrize("day", [date(2026, 10, 12), date(2026, 11, 1)])
def test_a_credit_that_will_be_deducted_is_not_shown(
    operator_client: Client, organization: Organization, day: date
) -> None:
    credit(organization, day)
    keep_all(IN_NOVEMBER)

    assert not waiting_credits(organization.pk)
    assert TEXT not in agreement(operator_client, organization)


def test_a_charge_of_the_same_month_does_not_wait(organization: Organization) -> None:
    OneOffChargeFactory.create(organization=organization)
    credit(organization)
    keep_all(IN_NOVEMBER)

    assert not waiting_credits(organization.pk)


def test_owners_are_not_told(client: Client, organization: Organization) -> None:
    credit(organization)
    keep_all(IN_NOVEMBER)
    client.force_login(organization.owner)

    page = agreement(client, organization)

    assert "Outage" in page
    assert TEXT not in page


def test_one_query_finds_them(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        credit(organization)
    keep_all(IN_NOVEMBER)

    with django_assert_num_queries(1):
        assert len(waiting_credits(organization.pk)) == 3
