"""The kinds of terms that organizations have are noted, however terms are stored."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from foundation.fast_sql import insert
from organizations.agreement.reading import ALL_KINDS, agreement_of
from organizations.billing.details import details_of, details_of_all
from organizations.models import AgreedKind, Discount, Organization, Partnership
from organizations.tests.factories import (
    BillingDetailsFactory,
    DiscountExemptionFactory,
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
    PartnershipFactory,
    SuspensionFactory,
)
from rating.periods import Period

pytestmark = pytest.mark.django_db

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
FACTORIES: dict[str, Callable[..., Any]] = {
    "price": IndividualPriceFactory.create,
    "discount": DiscountFactory.create,
    "exemption": DiscountExemptionFactory.create,
    "suspension": SuspensionFactory.create,
    "fee": FeeFactory.create,
    "one_off": OneOffChargeFactory.create,
    "minimum": MinimumFactory.create,
    "billed_to": PartnershipFactory.create,
}


def kinds_of(organization: Organization) -> list[str]:
    return sorted(organization.agreed_kinds.values_list("kind", flat=True))


def check_at_once() -> None:
    """Check constraints that are otherwise checked when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_kind_that_is_read_is_noted() -> None:
    assert {*FACTORIES, "customer"} == ALL_KINDS


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_kind_is_noted_once(kind: str) -> None:
    term = FACTORIES[kind]()
    type(term).objects.filter(pk=term.pk).update(organization=term.organization_id)

    assert kinds_of(term.organization) == [kind]


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_term_that_is_moved_is_noted_for_its_new_organization(kind: str) -> None:
    term, other = FACTORIES[kind](), OrganizationFactory.create()
    type(term).objects.filter(pk=term.pk).update(organization=other)

    assert kinds_of(other) == [kind]


def test_a_partnership_is_noted_for_both() -> None:
    partnership = PartnershipFactory.create()
    other = OrganizationFactory.create()
    Partnership.objects.update(partner=other)

    assert kinds_of(partnership.organization) == ["billed_to"]
    assert kinds_of(partnership.partner) == kinds_of(other) == ["customer"]


def test_terms_that_are_copied_are_noted() -> None:
    organizations = OrganizationFactory.create_batch(3)
    insert(
        [
            Discount(organization=each, first_on=SEPTEMBER.start, percent=Decimal(5))
            for each in organizations[:2]
        ]
    )

    assert [kinds_of(each) for each in organizations] == [["discount"], ["discount"], []]


def test_a_note_stays_when_its_terms_are_withdrawn() -> None:
    discount = DiscountFactory.create()
    discount.delete()

    assert kinds_of(discount.organization) == ["discount"]
    assert not agreement_of(discount.organization_id, SEPTEMBER).terms


@pytest.mark.parametrize(
    "change",
    [lambda notes: notes.delete(), lambda notes: notes.update(kind="fee")],
    ids=["deleted", "changed"],
)
def test_a_note_cannot_be_lost(change: Callable[[Any], object]) -> None:
    DiscountFactory.create()
    check_at_once()
    with pytest.raises(IntegrityError, match="must be kept"):
        change(AgreedKind.objects.all())


def test_notes_cannot_be_truncated() -> None:
    DiscountFactory.create()
    check_at_once()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL billing.may_truncate = off")
        with pytest.raises(IntegrityError, match="must be kept"):
            cursor.execute("TRUNCATE organizations_agreedkind")


def test_notes_go_with_their_organization() -> None:
    organization = DiscountFactory.create().organization
    organization.delete()
    check_at_once()

    assert not AgreedKind.objects.exists()


def test_details_have_the_kinds_with_them(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with_terms, without = (BillingDetailsFactory.create().organization for _ in range(2))
    DiscountFactory.create(organization=with_terms)
    FeeFactory.create(organization=with_terms)
    unknown = OrganizationFactory.create()

    with django_assert_num_queries(1):
        found = details_of_all([with_terms, without, unknown])
    kinds = {pk: each.agreed_kinds for pk, each in found.items()}

    assert kinds.keys() == {with_terms.pk, without.pk}
    assert sorted(kinds[with_terms.pk] or ()) == ["discount", "fee"]
    assert not kinds[without.pk]
    assert kinds[without.pk] is not None
    assert details_of(unknown.pk).agreed_kinds is None


def test_without_terms_nothing_more_is_read(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert not agreement_of(1, SEPTEMBER, []).terms
