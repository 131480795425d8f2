"""Queries and inserts that bypass the ORM do the same as the ORM."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from foundation.fast_sql import FastQuery, Rows, count_up, insert, take_ids
from invoices.models import Invoice, NumberSeries
from invoices.provider.models import Provider
from invoices.provider.parties import stored_providers
from invoices.runs.models import InvoiceRun, RunItem
from invoices.tests.factories import OCTOBER, issued_invoice
from organizations.billing.details import details_rows
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory, a_tax
from tariffs.models import Tariff, TariffPrice
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import Camera
from usage.statements.price_list import tariff_versions
from usage.statements.usage_query import named_usages, named_usages_of_all, usages
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

OCTOBER_IN_UTC = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


def prepare_usages() -> tuple[Any, ...]:
    """Create usage of an own and a moved camera, and usage of others and of other months."""
    organization, other = OrganizationFactory.create_batch(2)
    change = datetime(2026, 10, 9, 8, 7, 6, tzinfo=UTC)
    moved = CameraFactory.create(organization=other, name="moved", title="Has moved")
    for camera in (moved, CameraFactory.create(organization=organization, name="own")):
        tariff = TariffFactory.create()
        UsageIntervalFactory.create(
            camera=camera, organization=organization, tariff=tariff, ended_at=change
        )
        UsageIntervalFactory.create(camera=camera, started_at=change)
    past = UsageIntervalFactory.create(
        camera__organization=organization, ended_at=datetime(2026, 10, 1, tzinfo=UTC)
    )
    UsageIntervalFactory.create(
        camera=past.camera, started_at=datetime(2026, 11, 1, tzinfo=UTC), tariff=past.tariff
    )
    return (organization.pk, *OCTOBER_IN_UTC)


def prepare_tariffs() -> tuple[Any, ...]:
    tariff = TariffPriceFactory.create(valid_from=date(2026, 3, 1)).tariff
    TariffPriceFactory.create(tariff=tariff, valid_from=date(2026, 1, 1), amount=Decimal("8.25"))
    TariffFactory.create()
    return ()


def prepare_usages_of_all() -> tuple[Any, ...]:
    """Create usage of two organizations; one has a camera that has moved from the other."""
    first, *period = prepare_usages()
    moved = Camera.objects.get(name="moved")
    second = OrganizationFactory.create()
    end = datetime(2026, 10, 20, tzinfo=UTC)
    moved.usage_intervals.filter(ended_at=None).update(ended_at=end)
    Camera.objects.filter(pk=moved.pk).update(organization=second)
    UsageIntervalFactory.create(camera__organization=second)
    return ([second.pk, first], *period)


def prepare_details() -> tuple[Any, ...]:
    tax = a_tax()
    tax.percents.create(percent=16, valid_from=date(2026, 7, 1))
    details = BillingDetailsFactory.create(valid_from=date(2026, 10, 1), tax=tax)
    for day, other in ((None, a_tax("AE")), (date(2026, 11, 1), None)):
        BillingDetailsFactory.create(organization=details.organization, valid_from=day, tax=other)
    BillingDetailsFactory.create()
    return (details.organization_id,)


@pytest.mark.parametrize(
    ("query", "prepare", "number"),
    [
        (usages, prepare_usages, 3),
        (named_usages, prepare_usages, 3),
        (named_usages_of_all, prepare_usages_of_all, 4),
        (tariff_versions, prepare_tariffs, 3),
        (details_rows, prepare_details, 4),
    ],
    ids=["usages", "named_usages", "named_usages_of_all", "tariff_versions", "details_rows"],
)
def test_rows_are_the_same_as_those_of_the_queryset(
    query: FastQuery[Any], prepare: Callable[[], tuple[Any, ...]], number: int
) -> None:
    values = prepare()
    expected = list(query.queryset(*values))
    assert len(expected) == number

    # Run twice, because the SQL is compiled only the first time.
    for _ in range(2):
        assert query.rows(*values) == expected
        assert list(query.in_batches(*values, size=2)) == expected
        assert list(query.stream(*values, size=2)) == expected


def test_the_sql_does_not_depend_on_the_values() -> None:
    first = prepare_usages()
    other = UsageIntervalFactory.create().organization_id
    second = (other, *OCTOBER_IN_UTC)
    expected = [list(usages.queryset(*values)) for values in (first, second)]

    assert [usages.rows(*values) for values in (first, second)] == expected
    assert usages.sql(*first)[0] == usages.sql(*second)[0]
    assert expected[0] != expected[1]


def test_objects_are_the_same_as_those_of_the_queryset() -> None:
    issued_invoice()
    (expected,) = stored_providers.queryset()

    (made,) = stored_providers.objects()

    assert made.__dict__ | {"_state": None} == expected.__dict__ | {"_state": None}
    assert (made._state.adding, made._state.db) == (False, "default")
    assert stored_providers.objects() == list(stored_providers.queryset())


def test_saving_an_object_updates_its_row() -> None:
    issued_invoice()
    (made,) = stored_providers.objects()

    with CaptureQueriesContext(connection) as queries:
        made.name = "Port"
        made.save()

    assert [query["sql"].split()[0] for query in queries] == ["UPDATE"]
    assert Provider.objects.get().name == "Port"


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


def test_insert_stores_the_same_as_bulk_create() -> None:
    tariff = TariffFactory.create()
    columns = [field.attname for field in TariffPrice._meta.fields if not field.primary_key]
    made = [price(tariff.pk, "9.5"), price(tariff.pk, "10.1234", date(2026, 2, 1))]

    insert(made)
    inserted = list(TariffPrice.objects.order_by("valid_from").values_list(*columns))
    TariffPrice.objects.all().delete()
    TariffPrice.objects.bulk_create(made)

    assert list(TariffPrice.objects.order_by("valid_from").values_list(*columns)) == inserted


def test_rows_are_stored_with_json_that_they_share() -> None:
    run = InvoiceRun.objects.create(month=OCTOBER.start, started_at=OCTOBER_IN_UTC[1])
    organizations = OrganizationFactory.create_batch(3)
    names = ("run_id", "organization_id", "state", "reason", "details", "done_at")
    shared, other = {"first": OCTOBER.start}, {"number": Decimal("1.50")}
    details = [shared, other, shared]

    insert(
        Rows(
            RunItem,
            names,
            [
                (run.pk, each.pk, "refused", "", own, None)
                for each, own in zip(organizations, details, strict=True)
            ],
        ),
        Rows(RunItem, names, []),
    )

    stored = RunItem.objects.order_by("organization")
    expected = [{"first": "2026-10-01"}, {"number": "1.50"}, {"first": "2026-10-01"}]
    assert [each.details for each in stored] == expected


def test_empty_batches_are_ignored() -> None:
    insert([], [])


def test_a_refused_row_raises_djangos_error_and_the_connection_stays_usable() -> None:
    tariff = TariffFactory.create()

    with pytest.raises(IntegrityError, match="tariffs_tariff"), transaction.atomic():
        insert([price(tariff.pk, "1")], [unsaved(903, tariff.name)])

    assert not TariffPrice.objects.exists()
    insert([price(tariff.pk, "2")])
    assert TariffPrice.objects.get().amount == 2


@pytest.mark.parametrize("model", [Camera, Invoice])
def test_ids_are_taken_in_order_from_the_sequence_of_the_table(
    model: type[models.Model],
) -> None:
    (before,) = take_ids(model, 1)

    assert take_ids(model, 3) == [before + 1, before + 2, before + 3]
    assert take_ids(model, 0) == []
    made = CameraFactory.create() if model is Camera else issued_invoice()
    assert made.pk == before + 4


def test_a_counter_counts_up_like_get_or_create_and_update() -> None:
    def count_up_with_the_orm(by: int, **key: Any) -> int:
        series, _is_new = NumberSeries.objects.get_or_create(**key, defaults={"last_number": 0})
        NumberSeries.objects.filter(pk=series.pk).update(last_number=models.F("last_number") + by)
        series.refresh_from_db()
        return series.last_number

    for year, by in ((2026, 1), (2026, 3), (2027, 2), (2026, 1)):
        counted = count_up(NumberSeries, "last_number", by, prefix="A", year=year)
        assert counted == count_up_with_the_orm(by, prefix="B", year=year)
    counters = NumberSeries.objects.order_by("prefix", "year").values_list("prefix", "last_number")
    assert list(counters) == [("A", 5), ("A", 2), ("B", 5), ("B", 2)]
