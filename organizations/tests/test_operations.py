"""Operations on organizations."""

from collections.abc import Collection
from typing import Any

import pytest

from accounts.tests.factories import OwnerFactory
from foundation.web.versions import version_of
from organizations import operations
from organizations.models import Organization
from organizations.operations import OrganizationFields, TariffInUse
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db


def fields(**given: Any) -> OrganizationFields:
    """Return the values of an organization, overridden by `given`."""
    decided: OrganizationFields = {
        "title": "Acme",
        "owner": given.get("owner") or OwnerFactory.create(),
        "trial_first_on": None,
        "trial_last_on": None,
        "time_zone": "UTC",
        "contract_number": "",
        "contract_signed_on": None,
        "contract_last_on": None,
        "debtor_number": None,
        "time_zone_from": None,
        "watcher_id": None,
    }
    return {**decided, **given}  # type: ignore[typeddict-item]


def version(organization: Organization) -> str:
    """Return the version of the stored values."""
    return version_of(operations.stored_values(organization))


def change(
    organization: Organization, tariffs: Collection[Tariff], **given: Any
) -> list[TariffInUse]:
    return operations.change_organization(
        pk=organization.pk,
        shown=version(organization),
        tariffs=tariffs,
        **fields(owner=organization.owner, **given),
    )


def use(organization: Organization, tariff: Tariff, cameras: int = 1) -> None:
    for _ in range(cameras):
        UsageIntervalFactory.create(
            camera=CameraFactory.create(organization=organization), tariff=tariff
        )


def test_creates_with_tariffs() -> None:
    tariff = TariffFactory.create()

    organization = operations.create_organization(tariffs=[tariff], **fields())

    assert Organization.objects.get() == organization
    assert list(organization.tariffs.all()) == [tariff]


@pytest.mark.parametrize(
    ("same", "refusal"),
    [
        ({"title": "ACME"}, operations.TitleTaken),
        ({"title": "Other", "watcher_id": "w1"}, operations.WatcherIdTaken),
    ],
)
def test_refuses_values_of_another_organization(
    same: dict[str, str], refusal: type[Exception]
) -> None:
    OrganizationFactory.create(title="Acme", watcher_id="w1")
    other = OrganizationFactory.create(title="Globex")

    with pytest.raises(refusal):
        operations.create_organization(tariffs=[], **fields(**same))
    with pytest.raises(refusal):
        change(other, [], **same)
    other.refresh_from_db()
    assert (other.title, other.watcher_id) == ("Globex", None)


def test_refuses_to_make_an_archived_tariff_available() -> None:
    archived = TariffFactory.create(is_archived=True)
    organization = OrganizationFactory.create()

    with pytest.raises(operations.TariffNotOffered):
        operations.create_organization(tariffs=[archived], **fields())
    with pytest.raises(operations.TariffNotOffered):
        change(organization, [archived])
    assert list(Organization.objects.all()) == [organization]
    assert not organization.tariffs.exists()


def test_refuses_a_deleted_tariff() -> None:
    deleted = TariffFactory.create()
    Tariff.objects.filter(pk=deleted.pk).delete()

    with pytest.raises(operations.TariffNotOffered):
        operations.create_organization(tariffs=[deleted], **fields())


def test_changes_fields_and_tariffs() -> None:
    before, kept, after = TariffFactory.create_batch(3)
    organization = OrganizationFactory.create(tariffs=[before, kept])

    taken_off = change(organization, [kept, after], title="Changed")

    organization.refresh_from_db()
    assert organization.title == "Changed"
    assert set(organization.tariffs.all()) == {kept, after}
    assert taken_off == []


def test_returns_the_removed_tariffs_that_are_still_used() -> None:
    basic, pro, kept = (TariffFactory.create(name=name) for name in ("Basic", "Pro", "Kept"))
    organization = OrganizationFactory.create()
    use(organization, pro)
    use(organization, basic, cameras=2)
    use(organization, kept)
    use(OrganizationFactory.create(), pro)

    taken_off = change(organization, [kept])

    assert taken_off == [TariffInUse(basic, 2), TariffInUse(pro, 1)]
    assert organization.usage_intervals.filter(ended_at=None).count() == 4


def test_does_not_return_a_tariff_removed_earlier() -> None:
    organization = OrganizationFactory.create()
    use(organization, TariffFactory.create())
    change(organization, [])

    assert change(organization, []) == []


def test_an_unknown_organization_is_refused() -> None:
    with pytest.raises(Organization.DoesNotExist):
        operations.change_organization(pk=1, shown="", tariffs=[], **fields())


def test_counts_only_current_use() -> None:
    organization = OrganizationFactory.create()
    tariff = TariffFactory.create()
    use(organization, tariff, cameras=2)
    ended = organization.usage_intervals.earliest("pk")
    ended.ended_at = ended.started_at.replace(month=2)
    ended.save()

    assert operations.tariffs_in_use(organization) == [TariffInUse(tariff, 1)]
