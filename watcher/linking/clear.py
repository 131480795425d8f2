"""Find proposals that leave no doubt: they are shown together, and linked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from organizations.models import Organization
from tariffs.models import Tariff
from watcher.linking.proposals import Proposal, organizations_for, tariffs_for, tenants_for
from watcher.models import PlatformOrganization, PlatformPreset

MOST_SELECTED = 10_000
"""Among so many tenants at most, clear proposals are looked for."""
MOST_AT_ONCE = 1_000
"""So many links at most are shown on one page, and made at once."""
_AT_A_TIME = 500


class Pair(NamedTuple):
    """A tenant, and the only organization here that is likely to be the same."""

    tenant: PlatformOrganization
    organization: Proposal


class PresetPair(NamedTuple):
    """A preset, and the only tariff that it is likely to mean."""

    preset: PlatformPreset
    tariff: Proposal


@dataclass
class ClearPresets:
    """Which presets can be linked, and how many cannot be, as in `Clear`."""

    pairs: list[PresetPair] = field(default_factory=list)
    unclear: int = 0
    without: int = 0


@dataclass
class Clear:
    """What can be linked, and how many tenants cannot be, because of what.

    `unclear` have several likely organizations, or one that is as likely another tenant. `rest` is
    how many tenants are left for the next time, because there are `MOST_AT_ONCE` pairs.
    """

    pairs: list[Pair] = field(default_factory=list)
    unclear: int = 0
    without: int = 0
    rest: int = 0


def clear_proposals(tenant_pks: Sequence[int], now: datetime) -> Clear:
    """Return what leaves no doubt among tenants that are not linked; pass over others."""
    found = Clear()
    unlinked = PlatformOrganization.objects.unlinked().filter(pk__in=tenant_pks)
    tenants = list(unlinked.order_by("title", "pk"))
    for start in range(0, len(tenants), _AT_A_TIME):
        _add(found, tenants[start : start + _AT_A_TIME], now)
        if len(found.pairs) >= MOST_AT_ONCE:
            not_looked_at = max(len(tenants) - start - _AT_A_TIME, 0)
            found.rest = not_looked_at + len(found.pairs[MOST_AT_ONCE:])
            del found.pairs[MOST_AT_ONCE:]
            break
    return found


def clear_presets() -> ClearPresets:
    """Return what leaves no doubt among `MOST_AT_ONCE` presets that are not linked.

    Several presets may mean one tariff, so others are no doubt.
    """
    found = ClearPresets()
    presets = PlatformPreset.objects.unlinked().order_by("title", "pk")[:MOST_AT_ONCE]
    tariffs = list(Tariff.objects.filter(is_archived=False))
    proposed = tariffs_for(presets, tariffs)
    for preset in presets:
        match _likeliest(proposed[preset.pk]):
            case []:
                found.without += 1
            case [tariff]:
                found.pairs.append(PresetPair(preset, tariff))
            case _:
                found.unclear += 1
    return found


def _add(found: Clear, tenants: Sequence[PlatformOrganization], now: datetime) -> None:
    proposed = organizations_for(tenants, now)
    likeliest = {each: _likeliest(proposed[each.pk]) for each in tenants}
    ids = [each.id for proposals in likeliest.values() for each in proposals]
    organizations = Organization.objects.filter(pk__in=ids).select_related("owner")
    claims = tenants_for(list(organizations))
    for tenant, proposals in likeliest.items():
        if not proposals:
            found.without += 1
        elif len(proposals) == 1 and _is_only_of(tenant, proposals[0], claims):
            found.pairs.append(Pair(tenant, proposals[0]))
        else:
            found.unclear += 1


def _likeliest(proposals: Sequence[Proposal]) -> list[Proposal]:
    return [each for each in proposals if each.rank == proposals[0].rank]


def _is_only_of(
    tenant: PlatformOrganization,
    proposal: Proposal,
    claims: dict[int, dict[PlatformOrganization, int]],
) -> bool:
    """Return whether an organization is as likely no other tenant."""
    ranks = claims.get(proposal.id, {})
    return {each for each, rank in ranks.items() if rank <= proposal.rank} == {tenant}
