"""Concurrent changes of organizations, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import transaction

from foundation.web.versions import EditedByOthers, version_of
from organizations import operations
from organizations.billing.operations import change_billing_details, stored_billing_details
from organizations.taxes.operations import TaxInUse, delete_tax
from organizations.tests.factories import OrganizationFactory, a_tax
from organizations.tests.test_billing import DELIVERY
from organizations.tests.test_billing import fields as billing_fields
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


def test_a_tax_cannot_be_deleted_while_it_is_chosen(background: ThreadPoolExecutor) -> None:
    organization, tax = OrganizationFactory.create(), a_tax()
    shown = version_of(stored_billing_details(organization, None))
    with transaction.atomic():
        change_billing_details(
            pk=organization.pk,
            version_id=None,
            valid_from=None,
            shown=shown,
            delivery=DELIVERY,
            **billing_fields(tax=tax),
        )
        deleting = background.submit(delete_tax, tax_id=tax.pk)
        wait_until_blocked(deleting)

    with pytest.raises(TaxInUse):
        deleting.result()
    assert organization.billing_details.get().tax == tax


def test_the_second_of_two_first_versions_is_a_conflict(background: ThreadPoolExecutor) -> None:
    organization = OrganizationFactory.create()
    opened: dict[str, Any] = {
        "pk": organization.pk,
        "version_id": None,
        "valid_from": None,
        "shown": version_of(stored_billing_details(organization, None)),
        "delivery": DELIVERY,
    }
    with transaction.atomic():
        change_billing_details(**opened, **billing_fields(tax=None))
        later = background.submit(
            change_billing_details, **opened, **billing_fields(tax=None, city="Kiel")
        )
        wait_until_blocked(later)

    with pytest.raises(EditedByOthers):
        later.result()
    assert organization.billing_details.get().city == "Hamburg"
