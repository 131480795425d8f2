"""Conditions for many ids: the same rows as by IN, with one parameter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from foundation.among import among
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 2, 20])
def test_the_same_rows_are_found_as_by_in(number: int) -> None:
    ids = [each.pk for each in OwnerFactory.create_batch(21)]

    found = User.objects.filter(among("pk", ids[:number]))

    assert sorted(each.pk for each in found) == ids[:number]


def test_foreign_keys_and_relations_are_compared() -> None:
    organization = OrganizationFactory.create()
    OrganizationFactory.create()
    ids = range(organization.owner_id, organization.owner_id - 20, -1)

    for field in ("owner", "owner__pk"):
        assert list(Organization.objects.filter(among(field, ids))) == [organization]
    assert not Organization.objects.filter(~among("owner", ids), pk=organization.pk)


def test_many_ids_are_one_parameter() -> None:
    _, parameters = User.objects.filter(among("pk", range(1000))).query.sql_with_params()

    assert parameters == (list(range(1000)),)


def test_no_ids_need_no_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert list(User.objects.filter(among("pk", ()))) == []

    assert len(queries) == 0
