"""Link organizations and presets of the platform to those here, and end links.

A link is made by a person who has seen both sides. It can be made again without effect, so a form
may be sent twice; a link that contradicts another is refused, because somebody else may have made
that one.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from organizations.models import Organization
from tariffs.models import Tariff
from watcher.models import PlatformOrganization, PlatformPreset, PresetLink


class LinkRefusal(Exception):
    """Something cannot be linked."""


class GoneFromPlatform(LinkRefusal):
    """The platform does not have it any more, or we do not."""


class TenantTaken(LinkRefusal):
    """Another organization here has the tenant; `title` is its title."""

    def __init__(self, title: str = "") -> None:
        super().__init__(title)
        self.title = title


class OrganizationTaken(LinkRefusal):
    """The organization here has another tenant; `watcher_id` is its ID."""

    def __init__(self, watcher_id: str) -> None:
        super().__init__(watcher_id)
        self.watcher_id = watcher_id


class PresetTaken(LinkRefusal):
    """The preset means another tariff than the person saw; `tariff` is its name, or empty."""

    def __init__(self, tariff: str) -> None:
        super().__init__(tariff)
        self.tariff = tariff


class TariffArchived(LinkRefusal):
    """The tariff is archived, so no camera can get it."""


@transaction.atomic
def link_organization(*, tenant_pk: int, organization_id: int) -> None:
    """Store that a tenant is an organization.

    Raises:
        Organization.DoesNotExist, PlatformOrganization.DoesNotExist: one of them was deleted.
        GoneFromPlatform, TenantTaken, OrganizationTaken: they cannot be linked.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    tenant = PlatformOrganization.objects.select_for_update(no_key=True).get(pk=tenant_pk)
    if organization.watcher_id == tenant.tenant_id:
        return
    taken = Organization.objects.filter(watcher_id=tenant.tenant_id).first()
    _refuse(tenant, organization, taken)
    organization.watcher_id = tenant.tenant_id
    try:
        with transaction.atomic():
            organization.save(update_fields=("watcher_id",))
    except IntegrityError:  # The form of another organization has just stored it.
        raise TenantTaken from None


def _refuse(
    tenant: PlatformOrganization, organization: Organization, taken: Organization | None
) -> None:
    """Refuse to link what is gone, or linked otherwise; `taken` is what the tenant is linked to."""
    if tenant.gone_at is not None:
        raise GoneFromPlatform
    if organization.watcher_id:
        raise OrganizationTaken(organization.watcher_id)
    if taken is not None:
        raise TenantTaken(taken.title)


@transaction.atomic
def link_organizations(pairs: Mapping[int, int]) -> None:
    """Store for tenants which organizations they are, by primary keys, all or none.

    Raises:
        LinkRefusal: one of them cannot be linked, or was deleted.
    """
    found = Organization.objects.filter(pk__in=pairs.values()).order_by("pk")
    organizations = {each.pk: each for each in found.select_for_update(no_key=True)}
    there = PlatformOrganization.objects.filter(pk__in=pairs).order_by("pk")
    tenants = {each.pk: each for each in there.select_for_update(no_key=True)}
    if len(organizations) < len(pairs) or len(tenants) < len(pairs):
        raise GoneFromPlatform
    ids = [each.tenant_id for each in tenants.values()]
    taken = {each.watcher_id: each for each in Organization.objects.filter(watcher_id__in=ids)}
    for tenant_pk, organization_id in pairs.items():
        tenant, organization = tenants[tenant_pk], organizations[organization_id]
        _refuse(tenant, organization, taken.get(tenant.tenant_id))
        organization.watcher_id = tenant.tenant_id
    try:
        with transaction.atomic():
            Organization.objects.bulk_update(organizations.values(), ("watcher_id",))
    except IntegrityError:  # The form of another organization has just stored one of them.
        raise TenantTaken from None


@transaction.atomic
def unlink_organization(*, organization_id: int, watcher_id: str) -> None:
    """Remove the Watcher ID of an organization, if it is still the one that the person saw."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    if organization.watcher_id == watcher_id:
        organization.watcher_id = None
        organization.save(update_fields=("watcher_id",))


@transaction.atomic
def link_preset(*, preset_pk: int, tariff_id: int | None, shown_id: int | None) -> None:
    """Store which tariff a preset means, or without one, that it means none.

    `shown_id` is the tariff that the person saw it to mean.

    Raises:
        PlatformPreset.DoesNotExist, Tariff.DoesNotExist: one of them was deleted.
        GoneFromPlatform, PresetTaken, TariffArchived: they cannot be linked.
    """
    preset = PlatformPreset.objects.select_for_update(no_key=True).get(pk=preset_pk)
    link = PresetLink.objects.select_related("tariff").filter(preset=preset).first()
    present_id = link.tariff_id if link else None
    if present_id == tariff_id:
        return
    if present_id != shown_id:
        raise PresetTaken(link.tariff.name if link else "")
    if tariff_id is None:
        PresetLink.objects.filter(preset=preset).delete()
        return
    if preset.gone_at is not None:
        raise GoneFromPlatform
    # Locked, so that it is neither archived nor deleted meanwhile.
    tariff = Tariff.objects.select_for_update(no_key=True).get(pk=tariff_id)
    if tariff.is_archived:
        raise TariffArchived
    PresetLink.objects.update_or_create(preset=preset, defaults={"tariff": tariff})


@transaction.atomic
def link_presets(pairs: Mapping[int, int]) -> None:
    """Store for presets that mean no tariff which they mean, by primary keys, all or none.

    Raises:
        LinkRefusal: one of them cannot be linked, or was deleted.
    """
    found = PlatformPreset.objects.filter(pk__in=pairs).order_by("pk")
    presets = list(found.select_for_update(no_key=True))
    # Locked, so that none is archived or deleted meanwhile.
    tariffs = Tariff.objects.filter(pk__in=pairs.values()).order_by("pk")
    are_archived = {each.pk: each.is_archived for each in tariffs.select_for_update(no_key=True)}
    if len(presets) < len(pairs) or set(pairs.values()) - are_archived.keys():
        raise GoneFromPlatform
    if any(each.gone_at is not None for each in presets):
        raise GoneFromPlatform
    if any(are_archived.values()):
        raise TariffArchived
    linked = PresetLink.objects.filter(preset__in=pairs).select_related("tariff")
    if other := linked.first():
        raise PresetTaken(other.tariff.name)
    PresetLink.objects.bulk_create(
        PresetLink(preset_id=preset, tariff_id=tariff) for preset, tariff in pairs.items()
    )
