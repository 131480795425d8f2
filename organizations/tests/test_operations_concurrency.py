"""Concurrent changes of organizations, on real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from foundation.web.versions import EditedByOthers
from organizations import operations
from organizations.tests.factories import OrganizationFactory
from organizations.tests.test_operations import change, fields
from tariffs.operations import archive
from tariffs.tests.factories import TariffFactory
from tariffs.tests.test_operations_concurrency import wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_tariff_cannot_be_archived_while_it_is_made_available(
    background: ThreadPoolExecutor,
) -> None:
    tariff = TariffFactory.create()
    with transaction.atomic():
        organization = operations.create_organization(tariffs=[tariff], **fields())
        archiving = background.submit(archive, tariff_id=tariff.pk)
        wait_until_blocked(archiving)

    assert archiving.result().is_archived
    assert organization.tariffs.get() == tariff


def test_the_later_of_two_changes_of_one_organization_is_refused(
    background: ThreadPoolExecutor,
) -> None:
    organization = OrganizationFactory.create()
    first, second = TariffFactory.create_batch(2)
    with transaction.atomic():
        change(organization, [first], title="First")
        later = background.submit(change, organization, [second], title="Second")
        wait_until_blocked(later)

    with pytest.raises(EditedByOthers) as refusal:
        later.result()
    assert refusal.value.fields == ["tariffs", "title"]
    organization.refresh_from_db()
    assert organization.title == "First"
    assert organization.tariffs.get() == first
