"""The history of a tariff plan."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.audit.history import Change, Entry
from tariffs.models import Proration, Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db


def address(tariff: Tariff) -> str:
    return f"/tariffs/{tariff.pk}/history/"


def entries_of(client: Client, tariff: Tariff) -> list[Entry]:
    entries: list[Entry] = client.get(address(tariff)).context["entries"]
    return entries


def changes_of(client: Client, tariff: Tariff) -> list[Change]:
    return [change for entry in entries_of(client, tariff) for change in entry.changes]


def fields_of(change: Change) -> list[tuple[str, str | None, str | None]]:
    return [(field.label, field.before, field.after) for field in change.fields]


def test_shows_each_field_in_words(operator: Client) -> None:
    tariff = TariffFactory.create(name="Basic")
    Tariff.objects.update(
        has_anpr=True, is_archived=True, proration=Proration.DAY, dvr_space_gb=12_000, note="Note"
    )

    change = next(each for each in changes_of(operator, tariff) if each.action == "update")

    assert fields_of(change) == [
        ("Note", None, "Note"),
        ("Proration", "by the second", "by the day"),
        ("DVR space, GB", "50", "12,000"),
        ("ANPR", "no", "yes"),
        ("Archived", "no", "yes"),
    ]


def test_shows_prices_as_money_with_their_dates(operator: Client) -> None:
    price = TariffPriceFactory.create(amount=Decimal("9.125"), valid_from=date(2026, 11, 1))
    price.amount = Decimal(10)
    price.save()
    price.delete()

    changes = [each for each in changes_of(operator, price.tariff) if each.kind]

    assert {each.kind for each in changes} == {"Price version"}
    assert {each.name for each in changes} == {"1 Nov 2026"}
    assert {each.action: fields_of(each) for each in changes} == {
        "insert": [("Monthly price", None, "EUR\xa09.125")],
        "update": [("Monthly price", "EUR\xa09.125", "EUR\xa010.00")],
        "delete": [("Monthly price", "EUR\xa010.00", None)],
    }


def test_shows_a_changed_date_of_a_price(operator: Client) -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 11, 1))
    price.valid_from = date(2026, 12, 1)
    price.save()

    change = next(each for each in changes_of(operator, price.tariff) if each.action == "update")

    assert fields_of(change) == [("Valid from", "1 Nov 2026", "1 Dec 2026")]


@pytest.mark.django_db(transaction=True)
def test_shows_who_set_a_price(operator: Client) -> None:
    tariff = TariffFactory.create()
    operator.post(
        f"/tariffs/{tariff.pk}/prices/add/", {"amount": "12.5", "valid_from": "2026-12-01"}
    )

    who = {entry.who for entry in entries_of(operator, tariff) if entry.changes[-1].kind}

    assert len(who) == 1
    assert who.pop().startswith("operator")


def test_the_history_of_a_deleted_plan_is_kept(operator: Client) -> None:
    tariff = TariffPriceFactory.create(tariff__name="Short-lived").tariff
    number = tariff.pk
    operator.post(f"/tariffs/{number}/delete/", {"organization_count": 0})

    response = operator.get(f"/tariffs/{number}/history/")

    assert not Tariff.objects.exists()
    assert "Short-lived" in response.text
    assert "delete" in [each.action for each in response.context["entries"][0].changes]
    assert f"/tariffs/{number}/edit/" not in response.text


def test_the_number_of_queries_is_constant(operator: Client) -> None:
    tariff = TariffPriceFactory.create().tariff

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            operator.get(address(tariff))
        return len(queries)

    Tariff.objects.update(note="1")
    few = count()
    for month in range(1, 12):
        TariffPriceFactory.create(tariff=tariff, valid_from=date(2027, month, 1))
        Tariff.objects.update(note=str(month + 1))

    assert count() == few


def test_is_linked_from_the_plan(
    operator: Client,
) -> None:
    tariff = TariffFactory.create()

    assert address(tariff) in operator.get(f"/tariffs/{tariff.pk}/edit/").text


def test_support_finds_it_in_the_list(support: Client) -> None:
    tariff = TariffFactory.create()

    assert address(tariff) in support.get("/tariffs/").text
    assert support.get(address(tariff)).status_code == 200


def test_is_closed_to_owners(owner: Client) -> None:
    assert owner.get(address(TariffFactory.create())).status_code == 403


def test_requires_sign_in(client: Client) -> None:
    answer = client.get(address(TariffFactory.create()))

    assert answer["Location"].startswith("/accounts/login/")


def test_cannot_be_posted_to(operator: Client) -> None:
    assert operator.post(address(TariffFactory.create())).status_code == 405


def test_an_unknown_plan_is_not_found(operator: Client) -> None:
    assert operator.get("/tariffs/1/history/").status_code == 404
