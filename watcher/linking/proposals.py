"""Propose what may belong together, for a page of a list: with as many queries for each page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from organizations.models import Organization
from tariffs.models import Tariff
from watcher.models import PlatformOrganization, PlatformPreset
from watcher.services import DAY, is_same_size

MOST_PROPOSED = 3
_BY_CONTRACT, _BY_TITLE, _BY_OWNER = range(3)
"""What an organization and a tenant have in common: the likeliest first."""


@dataclass(frozen=True)
class Proposal:
    """A row here that may be the one of the platform, and in words, why.

    The lower the `rank`, the likelier it is.
    """

    id: int
    name: str
    why: str
    rank: int


def organizations_for(
    tenants: Sequence[PlatformOrganization], now: datetime
) -> dict[int, list[Proposal]]:
    """Return proposals for each unlinked tenant, by its primary key: the likeliest first.

    A contract number comes before a title, and a title before the owner's address.
    """
    free = Organization.objects.open(now).filter(watcher_id=None).order_by("title", "pk")
    by_contract, by_title, by_owner = (defaultdict(list) for _number in range(3))
    numbers = {each.owner_external_id for each in tenants if each.owner_external_id}
    titles = {each.title.upper() for each in tenants if each.title}
    addresses = {address for each in tenants for address in _addresses(each)}
    for found in free.filter(contract_number__in=numbers):
        by_contract[found.contract_number].append(found)
    for found in free.annotate(upper=Upper("title")).filter(upper__in=titles):
        by_title[found.title.upper()].append(found)
    for found in free.filter(owner__email__in=addresses).select_related("owner"):
        by_owner[found.owner.email].append(found)
    return {
        each.pk: _first(
            [
                *_because(
                    by_contract[each.owner_external_id], _("same contract number"), _BY_CONTRACT
                ),
                *_because(by_title[each.title.upper()], _("same title"), _BY_TITLE),
                *_because(
                    (found for address in _addresses(each) for found in by_owner[address]),
                    _("same owner"),
                    _BY_OWNER,
                ),
            ]
        )
        for each in tenants
    }


def _because(found: Iterable[Organization | Tariff], why: str, rank: int) -> list[Proposal]:
    return [Proposal(each.pk, str(each), why, rank) for each in found]


def tenants_for(
    organizations: Sequence[Organization],
) -> dict[int, dict[PlatformOrganization, int]]:
    """Return the unlinked tenants that may be each organization, by its primary key.

    Each has its rank, as in `Proposal`; the likeliest come first.
    """
    free = PlatformOrganization.objects.unlinked()
    titles = {each.title.upper() for each in organizations}
    numbers = {each.contract_number for each in organizations if each.contract_number}
    addresses = {each.owner.email for each in organizations}
    found = free.annotate(
        title_upper=Upper("title"), email=Upper("owner_email"), login=Upper("owner_login")
    ).filter(
        Q(title_upper__in=titles)
        | Q(owner_external_id__in=numbers, owner_external_id__gt="")
        | Q(email__in={each.upper() for each in addresses})
        | Q(login__in={each.upper() for each in addresses})
    )
    by_key: defaultdict[tuple[str, str | None], list[PlatformOrganization]] = defaultdict(list)
    for each in found:
        by_key["title", each.title.upper()].append(each)
        by_key["number", each.owner_external_id].append(each)
        for address in _addresses(each):
            by_key["owner", address].append(each)
    proposed: dict[int, dict[PlatformOrganization, int]] = {}
    for organization in organizations:
        ranks: dict[PlatformOrganization, int] = {}
        for rank, key in (
            (_BY_CONTRACT, ("number", organization.contract_number or None)),
            (_BY_TITLE, ("title", organization.title.upper())),
            (_BY_OWNER, ("owner", organization.owner.email)),
        ):
            for tenant in by_key.get(key, ()):
                ranks.setdefault(tenant, rank)
        proposed[organization.pk] = dict(list(ranks.items())[:MOST_PROPOSED])
    return proposed


def tariffs_for(
    presets: Iterable[PlatformPreset], tariffs: Sequence[Tariff]
) -> dict[int, list[Proposal]]:
    """Return proposals for each preset, by its primary key: by its names, then by its services."""
    by_name = {each.name.upper(): each for each in tariffs}
    by_depth: defaultdict[int | None, list[Tariff]] = defaultdict(list)
    for tariff in tariffs:
        by_depth[tariff.dvr_depth_days * DAY].append(tariff)
    return {
        preset.pk: _first(
            [
                *_because(
                    (
                        by_name[name.upper()]
                        for name in (preset.external_id, preset.title)
                        if name.upper() in by_name
                    ),
                    _("same name"),
                    0,
                ),
                *_because(
                    (each for each in by_depth[preset.dvr_seconds] if _is_like(preset, each)),
                    _("same services"),
                    1,
                ),
            ]
        )
        for preset in presets
    }


def _is_like(preset: PlatformPreset, tariff: Tariff) -> bool:
    """Return whether a preset has the services of a tariff. Unknown ones are like nothing."""
    if preset.dvr_seconds is None or preset.dvr_bytes is None:
        return False
    return (
        preset.dvr_seconds == tariff.dvr_depth_days * DAY
        and preset.has_anpr == tariff.has_anpr
        and is_same_size(preset.dvr_bytes, tariff.dvr_space_gb)
    )


def _addresses(tenant: PlatformOrganization) -> list[str]:
    """Return the addresses of the owner in lower case, as they are stored here."""
    both = (tenant.owner_email.lower(), tenant.owner_login.lower())
    return list(dict.fromkeys(each for each in both if "@" in each))


def _first(found: Iterable[Proposal]) -> list[Proposal]:
    proposals: dict[int, Proposal] = {}
    for each in found:
        proposals.setdefault(each.id, each)
    return list(proposals.values())[:MOST_PROPOSED]
