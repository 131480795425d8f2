"""Rows read and stored with fast SQL are the same as with the ORM."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.fast_sql import columns_of, insert, made_of
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff, TariffPrice
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db


def price(tariff_id: int, amount: str, day: date = date(2026, 1, 1)) -> TariffPrice:
    return TariffPrice(tariff_id=tariff_id, amount=Decimal(amount), valid_from=day)


def unsaved(pk: int, name: str) -> Tariff:
    tariff: Tariff = TariffFactory.build(name=name)
    tariff.pk = pk
    return tariff


def test_batches_are_stored_with_given_and_generated_keys() -> None:
    tariffs = [unsaved(901, "Ninth"), unsaved(902, "Tenth")]

    insert(tariffs, [price(901, "9.5"), price(902, "10"), price(902, "11", date(2026, 2, 1))], [])

    for tariff in tariffs:
        stored = Tariff.objects.get(pk=tariff.pk)
        assert stored.__dict__ | {"_state": None} == tariff.__dict__ | {"_state": None}
    prices = TariffPrice.objects.filter(tariff__in=(901, 902)).order_by("tariff", "valid_from")
    assert [(each.tariff_id, each.amount, each.valid_from) for each in prices] == [
        (901, Decimal("9.5"), date(2026, 1, 1)),
        (902, Decimal(10), date(2026, 1, 1)),
        (902, Decimal(11), date(2026, 2, 1)),
    ]


def test_inserting_nothing_does_nothing() -> None:
    insert([], [])


def test_a_refused_row_raises_djangos_error_and_work_can_continue() -> None:
    tariff = TariffFactory.create()

    with pytest.raises(IntegrityError, match="tariffs_tariff"), transaction.atomic():
        insert([price(tariff.pk, "1")], [unsaved(903, tariff.name)])

    assert not TariffPrice.objects.exists()
    insert([price(tariff.pk, "2")])
    assert TariffPrice.objects.get().amount == 2


def test_an_object_made_from_columns_equals_the_stored_one() -> None:
    OrganizationFactory.create(
        title="Harbour",
        trial_first_on=date(2026, 1, 1),
        trial_last_on=date(2026, 1, 2),
        tax_category="S",
        tax_rate=Decimal(19),
    )
    stored = Organization.objects.get()

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns_of(Organization)} FROM organizations_organization")
        made = made_of(Organization, cursor.fetchone())

    assert made.__dict__ | {"_state": None} == stored.__dict__ | {"_state": None}
    assert (made._state.adding, made._state.db) == (False, "default")
    with CaptureQueriesContext(connection) as queries:
        made.title = "Port"
        made.save()
    assert [query["sql"].split()[0] for query in queries] == ["UPDATE"]
