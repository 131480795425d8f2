"""What the stand-in of Watcher has when it starts: what billing knows at that time.

The stand-in forgets everything when it ends. A camera is in it as the ledger has it, or, if billing
has not taken over what Watcher has, as it was read last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from secrets import token_hex

from django.db.models import Exists, OuterRef, Q, Subquery

from organizations.models import Organization
from tariffs.models import Tariff
from usage.models import UsageInterval
from watcher.models import CameraChange, PlatformCamera, PlatformOrganization, PlatformPreset
from watcher.reading.operations import reading_settings
from watcher.services import DAY, GIGABYTE
from watcher.standin.state import records
from watcher.standin.state.watcher import Watcher
from watcher.writing.presets import EXTERNAL_ID_PREFIX, external_id_of

SERVICE_USER = ("demo-billing", "demo-watcher-42")
"""Login and password of the connection; only the stand-in accepts them."""
_CHANGED_BY = "admin"
# Watcher's IDs are whole numbers. Organizations with another Watcher ID are not in the stand-in.
_WHOLE_NUMBER = r"^[1-9][0-9]{0,8}$"


def linked_organizations() -> dict[int, Organization]:
    """Return the organizations whose Watcher ID can be one of the stand-in, by that ID."""
    found = Organization.objects.filter(watcher_id__regex=_WHOLE_NUMBER).select_related("owner")
    return {int(each.watcher_id or 0): each for each in found.order_by("pk")}


def fill_from_ledger(watcher: Watcher) -> None:
    """Fill an empty Watcher with organizations, tariffs, and the cameras that are in use."""
    with watcher.state.lock:
        presets = _add_presets(watcher)
        _add_organizations(watcher, presets)
        service = watcher.users.add(
            name=SERVICE_USER[0], password=SERVICE_USER[1], access_level="admin"
        )
        for pk in watcher.state.organizations:
            watcher.organizations.add_member(pk, user_id=service.id)
        watcher.state.add_cameras(_cameras(presets))
        watcher.state.log.clear()


# --- Presets --------------------------------------------------------------------------------------


def _add_presets(watcher: Watcher) -> dict[int, int]:
    """Add the presets read last, and one for each tariff that has none; return IDs by tariff."""
    made: dict[int, int] = {}
    linked: dict[int, int] = {}
    known = PlatformPreset.objects.filter(gone_at=None, preset_id__regex=_WHOLE_NUMBER)
    for preset in known.select_related("link").order_by("pk"):
        pk = _add_preset(watcher, preset, int(preset.preset_id))
        number = preset.external_id.removeprefix(EXTERNAL_ID_PREFIX)
        if number != preset.external_id and number.isdecimal():
            made.setdefault(int(number), pk)
        if link := getattr(preset, "link", None):
            linked.setdefault(link.tariff_id, pk)
    for tariff in Tariff.objects.order_by("pk"):
        if tariff.pk not in made | linked:
            preset = _preset_of(tariff)
            made[tariff.pk] = _add_preset(watcher, preset, watcher.state.next_id())
    return made | linked


def _preset_of(tariff: Tariff) -> PlatformPreset:
    return PlatformPreset(
        title=tariff.name,
        is_adjustable=False,
        dvr_seconds=tariff.dvr_depth_days * DAY,
        dvr_bytes=tariff.dvr_space_gb * GIGABYTE,
        has_anpr=tariff.has_anpr,
        external_id=external_id_of(tariff),
    )


def _add_preset(watcher: Watcher, preset: PlatformPreset, pk: int) -> int:
    dvr = records.Dvr()
    if preset.dvr_seconds:
        dvr["expiration"] = preset.dvr_seconds
    if preset.dvr_bytes:
        dvr["storage_limit"] = preset.dvr_bytes
    watcher.state.keep_ids(pk)
    watcher.state.presets[pk] = records.Preset(
        id=pk,
        title=preset.title,
        changed_at=watcher.clock.now_ms(),
        changed_by=_CHANGED_BY,
        is_adjustable=bool(preset.is_adjustable),
        dvr=dvr,
        vision_alg="plates" if preset.has_anpr else None,
        billing_external_id=preset.external_id,
    )
    return pk


# --- Organizations --------------------------------------------------------------------------------


def _add_organizations(watcher: Watcher, presets: dict[int, int]) -> None:
    """Add the organizations of the ledger, and those that only Watcher has, as read last."""
    linked = linked_organizations()
    only_there = PlatformOrganization.objects.filter(gone_at=None, tenant_id__regex=_WHOLE_NUMBER)
    titles = {pk: each.title for pk, each in linked.items()}
    titles |= {
        int(each.tenant_id): each.title
        for each in only_there.order_by("pk")
        if int(each.tenant_id) not in linked
    }
    usable = _presets_by_organization(presets)
    for pk in titles:
        watcher.state.keep_ids(pk)
    for pk, title in titles.items():
        organization = linked.get(pk)
        watcher.state.organizations[pk] = records.Organization(
            id=pk,
            title=title,
            owner_id=None,
            created_at=watcher.clock.now_ms(),
            preset_ids=usable[organization.pk] if organization else set(watcher.state.presets),
        )
        if organization:
            owner_id = _owner_id(watcher, organization)
            watcher.organizations.change(pk, owner_id=owner_id)


def _presets_by_organization(presets: dict[int, int]) -> defaultdict[int, set[int]]:
    usable: defaultdict[int, set[int]] = defaultdict(set)
    available = Organization.tariffs.through.objects.order_by()
    for organization_id, tariff_id in available.values_list("organization", "tariff"):
        usable[organization_id].add(presets[tariff_id])
    return usable


def _owner_id(watcher: Watcher, organization: Organization) -> int:
    """Return the user of an organization's owner, who may own others too."""
    owner = organization.owner
    if owner.email not in watcher.state.logins:
        watcher.users.add(
            name=owner.email,
            password=token_hex(16),
            email=owner.email,
            fullname=owner.name,
            external_id=organization.contract_number,
        )
    return watcher.state.logins[owner.email]


# --- Cameras --------------------------------------------------------------------------------------


def _cameras(presets: dict[int, int]) -> Iterator[records.Camera]:
    tenant_of = {each.pk: pk for pk, each in linked_organizations().items()}
    as_read = {each.name: each for each in _not_taken_over()}
    read = {
        name: (created_at, is_disabled)
        for name, created_at, is_disabled in PlatformCamera.objects.order_by().values_list(
            "name", "created_at", "is_disabled"
        )
    }
    for each in as_read.values():
        assert each.preset is not None
        yield _camera(
            name=each.name,
            title=each.title,
            organization_id=int(each.organization.tenant_id),
            preset_id=int(each.preset.preset_id),
            created_at=each.created_at or each.since_at,
            since=each.since_at,
            disabled=each.is_disabled,
        )
    held = set(CameraChange.objects.open().order_by().values_list("name", flat=True))
    first_use = UsageInterval.objects.filter(camera=OuterRef("camera")).order_by("started_at")
    uses = UsageInterval.objects.in_use().filter(organization__in=tenant_of).order_by()
    rows = uses.values_list(
        "camera__name",
        "camera__title",
        "organization",
        "tariff",
        "started_at",
        Subquery(first_use.values("started_at")[:1]),
    )
    for name, title, organization_id, tariff_id, started_at, first_at in rows:
        if name in as_read or name in held:
            continue
        created_at, is_disabled = read.get(name, (None, False))
        yield _camera(
            name=name,
            title=title,
            organization_id=tenant_of[organization_id],
            preset_id=presets[tariff_id],
            created_at=created_at or first_at,
            since=started_at,
            disabled=is_disabled,
        )


def _not_taken_over() -> Iterator[PlatformCamera]:
    """Yield the cameras that the ledger need not have as Watcher has them.

    A change of them is held back, their organization is not linked, or they are disabled and not
    charged.
    """
    linked = Organization.objects.order_by().filter(watcher_id=OuterRef("organization__tenant_id"))
    held = CameraChange.objects.open().order_by().filter(name=OuterRef("name"))
    differs = Q(Exists(held)) | ~Q(Exists(linked))
    if not reading_settings().charges_disabled:
        differs |= Q(is_disabled=True)
    found = PlatformCamera.objects.filter(
        differs,
        organization__tenant_id__regex=_WHOLE_NUMBER,
        preset__preset_id__regex=_WHOLE_NUMBER,
    )
    yield from found.select_related("organization", "preset").order_by()


def _camera(
    *,
    name: str,
    title: str,
    organization_id: int,
    preset_id: int,
    created_at: datetime,
    since: datetime,
    disabled: bool,
) -> records.Camera:
    changed_at = _milliseconds(since)
    return records.Camera(
        name=name,
        title=title,
        organization_id=organization_id,
        preset_id=preset_id,
        created_at=min(_milliseconds(created_at), changed_at),
        changed_at=changed_at,
        changed_by=_CHANGED_BY,
        since=changed_at,
        disabled=disabled,
    )


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp()) * 1000
