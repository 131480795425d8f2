"""Links are made by people, once, and never over another link."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from watcher.linking import operations
from watcher.models import PresetLink
from watcher.tests.factories import (
    SEEN_AT,
    PlatformOrganizationFactory,
    PlatformPresetFactory,
    PresetLinkFactory,
)

pytestmark = pytest.mark.django_db


def test_a_tenant_is_linked_and_again_without_effect() -> None:
    tenant, organization = PlatformOrganizationFactory.create(), OrganizationFactory.create()

    for _number in range(2):
        operations.link_organization(tenant_pk=tenant.pk, organization_id=organization.pk)

    organization.refresh_from_db()
    assert organization.watcher_id == tenant.tenant_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM organizations_organizationevent WHERE pgh_label = 'update'"
        )
        assert cursor.fetchone() == (1,)


def test_a_tenant_of_another_organization_is_refused() -> None:
    tenant = PlatformOrganizationFactory.create()
    OrganizationFactory.create(title="Harbour", watcher_id=tenant.tenant_id)
    other = OrganizationFactory.create()

    with pytest.raises(operations.TenantTaken, match="Harbour"):
        operations.link_organization(tenant_pk=tenant.pk, organization_id=other.pk)


def test_an_organization_of_another_tenant_is_refused() -> None:
    tenant = PlatformOrganizationFactory.create()
    organization = OrganizationFactory.create(watcher_id="other")

    with pytest.raises(operations.OrganizationTaken, match="other"):
        operations.link_organization(tenant_pk=tenant.pk, organization_id=organization.pk)


def test_what_is_gone_is_not_linked() -> None:
    tenant = PlatformOrganizationFactory.create(gone_at=SEEN_AT)
    preset = PlatformPresetFactory.create(gone_at=SEEN_AT)
    tariff = TariffFactory.create()

    with pytest.raises(operations.GoneFromPlatform):
        operations.link_organization(
            tenant_pk=tenant.pk, organization_id=OrganizationFactory.create().pk
        )
    with pytest.raises(operations.GoneFromPlatform):
        operations.link_preset(preset_pk=preset.pk, tariff_id=tariff.pk, shown_id=None)


def test_a_link_that_has_changed_meanwhile_is_not_removed() -> None:
    organization = OrganizationFactory.create(watcher_id="new")

    operations.unlink_organization(organization_id=organization.pk, watcher_id="old")
    organization.refresh_from_db()
    assert organization.watcher_id == "new"

    operations.unlink_organization(organization_id=organization.pk, watcher_id="new")
    organization.refresh_from_db()
    assert organization.watcher_id is None


@pytest.mark.django_db(transaction=True)
def test_two_people_who_link_one_tenant_at_once_make_one_link() -> None:
    tenant = PlatformOrganizationFactory.create()
    both = [OrganizationFactory.create().pk for _number in range(2)]
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def link(organization_id: int) -> None:
        together.wait(timeout=60)
        try:
            operations.link_organization(tenant_pk=tenant.pk, organization_id=organization_id)
            outcomes.append("linked")
        except operations.TenantTaken:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=link, args=(pk,)) for pk in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["linked", "refused"]
    assert Organization.objects.filter(watcher_id=tenant.tenant_id).count() == 1


def test_several_presets_may_mean_one_tariff() -> None:
    tariff = TariffFactory.create()
    for preset in (PlatformPresetFactory.create(), PlatformPresetFactory.create()):
        for _number in range(2):
            operations.link_preset(preset_pk=preset.pk, tariff_id=tariff.pk, shown_id=None)

    assert PresetLink.objects.filter(tariff=tariff).count() == 2


def test_a_preset_means_one_tariff_by_the_database() -> None:
    link = PresetLinkFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        PresetLink.objects.create(preset=link.preset, tariff=TariffFactory.create())


def test_a_link_that_somebody_else_has_made_is_not_overwritten_unseen() -> None:
    link, mine = PresetLinkFactory.create(), TariffFactory.create()

    with pytest.raises(operations.PresetTaken, match=link.tariff.name):
        operations.link_preset(preset_pk=link.preset_id, tariff_id=mine.pk, shown_id=None)

    operations.link_preset(preset_pk=link.preset_id, tariff_id=mine.pk, shown_id=link.tariff_id)
    link.refresh_from_db()
    assert link.tariff == mine
    operations.link_preset(preset_pk=link.preset_id, tariff_id=None, shown_id=mine.pk)
    assert not PresetLink.objects.exists()


def test_an_archived_tariff_is_refused() -> None:
    preset, tariff = PlatformPresetFactory.create(), TariffFactory.create(is_archived=True)

    with pytest.raises(operations.TariffArchived):
        operations.link_preset(preset_pk=preset.pk, tariff_id=tariff.pk, shown_id=None)


def test_links_of_presets_are_in_the_audit_trail() -> None:
    PresetLinkFactory.create().delete()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM watcher_presetlinkevent ORDER BY pgh_id")
        assert cursor.fetchall() == [("insert",), ("delete",)]
