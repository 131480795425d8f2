"""Say in words what differs, what to do about it, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from foundation.web.attention import Entry
from rating.money import Amount
from tariffs.money import format_money
from watcher.drift.filters import DifferenceFilter
from watcher.drift.kinds import CAMERAS, Kind
from watcher.drift.models import Difference, DifferenceQuerySet, DifferenceSum
from watcher.models import Connection
from watcher.services import DAY, GIGABYTE, services_in_words


@dataclass(frozen=True)
class Sums:
    """What differences come to: their number, and what they cost a month by currency."""

    number: int
    unpriced: int
    amounts: list[Amount]
    """What would be charged more a month, if all were as they are on the platform."""


def sums_of(filterset: DifferenceFilter) -> Sums:
    """Return what the differences of a list come to; of all, or of a kind, from stored sums."""
    if filterset.kind_only is None:
        return _computed(filterset.qs)
    stored = DifferenceSum.objects.filter(is_ignored=filterset.shows_ignored)
    if filterset.kind_only:
        stored = stored.filter(kind=filterset.kind_only)
    number = unpriced = 0
    amounts: dict[str, Decimal] = {}
    for each in stored:
        if each.currency:
            amounts[each.currency] = amounts.get(each.currency, Decimal(0)) + each.amount
        else:
            number, unpriced = number + each.number, unpriced + each.unpriced
    return Sums(number, unpriced, _in_order(amounts))


def _computed(rows: DifferenceQuerySet) -> Sums:
    # One query, because to find the rows takes longer than to add them up.
    by_currency = rows.order_by().values("here_currency", "there_currency")
    number = unpriced = 0
    amounts: dict[str, Decimal] = {}
    for each in by_currency.annotate(
        number=Count("pk"),
        unpriced=Count("pk", filter=Q(is_unpriced=True)),
        here=Sum("here_amount"),
        there=Sum("there_amount"),
    ):
        number, unpriced = number + each["number"], unpriced + each["unpriced"]
        for amount, currency, sign in (
            (each["there"], each["there_currency"], 1),
            (each["here"], each["here_currency"], -1),
        ):
            if amount is not None:
                amounts[currency] = amounts.get(currency, Decimal(0)) + sign * amount
    return Sums(number, unpriced, _in_order(amounts))


def _in_order(amounts: Mapping[str, Decimal]) -> list[Amount]:
    return [Amount(amounts[currency], currency) for currency in sorted(amounts)]


def cost_of(difference: Difference) -> list[Amount]:
    """Return what would be charged more a month if it were as on the platform, by currency."""
    amounts: dict[str, Decimal] = {}
    if difference.here_amount is not None:
        amounts[difference.here_currency] = -difference.here_amount
    if difference.there_amount is not None:
        before = amounts.get(difference.there_currency, Decimal(0))
        amounts[difference.there_currency] = before + difference.there_amount
    return _in_order(amounts)


def here_of(difference: Difference) -> list[str]:
    """Return what billing has, line by line."""
    kind, here = Kind(difference.kind), difference.here
    if kind in CAMERAS:
        if difference.organization is None:
            return [pgettext("camera", "not in use")]
        return [difference.organization.title, str(difference.tariff or "")]
    match kind:
        case Kind.TITLE | Kind.PRESET_TITLE:
            return [here["title"]]
        case Kind.OWNER:
            return [here["email"]]
        case Kind.OWNER_BLOCKED:
            return [_blocked(here["is_blocked"])]
        case Kind.PRESET_SERVICES:
            return services_in_words(
                here["days"] * DAY, here["gigabytes"] * GIGABYTE, has_anpr=here["anpr"]
            )
        case Kind.ORGANIZATION_HERE if here["watcher_id"]:
            return [_("Watcher ID %(id)s") % {"id": here["watcher_id"]}]
        case Kind.ORGANIZATION_HERE:
            return [_("no Watcher ID")]
        case Kind.LIMIT if "most_cameras" in here:
            return [_limit(here["most_cameras"])]
        case Kind.LIMIT:
            return [_("more cameras are in use")]
        case Kind.ORGANIZATION_THERE | Kind.PRESET_THERE:
            return [_("not linked")]
    return [str(difference.tariff or "")]


def there_of(difference: Difference) -> list[str]:
    """Return what the platform has, line by line."""
    kind, there = Kind(difference.kind), difference.there
    if kind in CAMERAS:
        return _camera_there(difference)
    match kind:
        case Kind.TITLE | Kind.PRESET_TITLE:
            return [there["title"]]
        case Kind.OWNER:
            return list(filter(None, [there["email"], there["login"]]))
        case Kind.OWNER_BLOCKED:
            return [_blocked(there["is_blocked"])]
        case Kind.PRESET_SERVICES:
            return [
                *_depth(there),
                *services_in_words(None, there["bytes"], has_anpr=there["anpr"]),
            ]
        case Kind.LIMIT:
            return [_limit(there["most_cameras"])]
        case Kind.PRESET_ADJUSTABLE:
            return [_("cameras may differ")]
        case Kind.PRESET_DELETED:
            return [_("deleted, but cameras have it")]
        case Kind.ORGANIZATION_THERE:
            return [str(difference.tenant or difference.key)]
        case Kind.PRESET_THERE:
            return [str(difference.preset or difference.key)]
    return [_("not there")]


def _camera_there(difference: Difference) -> list[str]:
    if difference.tenant is None:
        return [_("not there")]
    lines = [str(difference.tenant), str(difference.preset or _("unknown preset"))]
    if difference.there.get("is_disabled"):
        lines.append(pgettext("camera", "disabled"))
    return lines


def _depth(there: Mapping[str, object]) -> list[str]:
    """Return the depth of a preset: 0, null and none stated are three values."""
    seconds = there["seconds"]
    if seconds:
        assert isinstance(seconds, int)
        return services_in_words(seconds, None, has_anpr=False)
    if seconds == 0:
        return [_("DVR depth: 0")]
    return [_("DVR depth: null") if there["is_null"] else _("DVR depth: not stated")]


def _limit(most_cameras: int | None) -> str:
    return (
        _("no limit") if most_cameras is None else number_format(most_cameras, force_grouping=True)
    )


def _blocked(is_blocked: object) -> str:
    return pgettext("user", "blocked") if is_blocked else pgettext("user", "not blocked")


@dataclass(frozen=True)
class Hint:
    """What to do about a difference for which no button does it."""

    text: str
    address: str = ""


def hint_of(difference: Difference) -> Hint | None:
    """Return what to do by hand, if Watcher's cannot be taken over."""
    organization = difference.organization_id
    match Kind(difference.kind):
        case Kind.ORGANIZATION_THERE:
            address = reverse("watcher:choose_organization", args=[difference.tenant_id])
            return Hint(_("Link it"), address)
        case Kind.PRESET_THERE | Kind.PRESET_DELETED:
            address = reverse("watcher:link_preset", args=[difference.preset_id])
            return Hint(_("Say what the preset means"), address)
        case Kind.ORGANIZATION_HERE if not difference.here["watcher_id"]:
            return Hint(_("Link it"), reverse("watcher:unlinked"))
        case Kind.OWNER if organization is not None:
            address = reverse("organizations:edit", args=[organization])
            return Hint(_("Edit the organization"), address)
        case Kind.PRESET_HERE:
            return Hint(_("Link a preset"), reverse("watcher:presets"))
        case Kind.LIMIT if organization is not None:
            return Hint(_("State a limit"), reverse("watcher:organization", args=[organization]))
        case Kind.PRESET_ADJUSTABLE:
            return Hint(_("Change it in Watcher"))
        case Kind.PRESET_SERVICES if difference.tariff_id is not None:
            address = reverse("tariffs:edit", args=[difference.tariff_id])
            return Hint(_("Edit the tariff plan"), address)
    return None


def address_of(difference: Difference) -> str:
    """Return the page of what differs, or nothing if it is not here."""
    if difference.camera_id is not None:
        return reverse("usage:camera", args=[difference.camera_id])
    if difference.kind in CAMERAS:
        return ""
    if difference.organization_id is not None:
        return reverse("organizations:edit", args=[difference.organization_id])
    if difference.tariff_id is not None:
        return reverse("tariffs:edit", args=[difference.tariff_id])
    return ""


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home shows of differences."""
    if not Connection.objects.filter(reads=True).exists():
        return
    stored = list(DifferenceSum.objects.filter(is_ignored=False))
    number = sum(each.number for each in stored if not each.currency)
    if not number:
        return
    amounts: dict[str, Decimal] = {}
    for each in stored:
        if each.currency:
            amounts[each.currency] = amounts.get(each.currency, Decimal(0)) + each.amount
    text = ngettext(
        "%(shown)s difference from Watcher", "%(shown)s differences from Watcher", number
    )
    yield Entry(
        text % {"shown": number_format(number, force_grouping=True)},
        reverse("watcher:differences"),
        sums=[_signed(each) for each in _in_order(amounts) if each],
    )


def _signed(amount: Amount) -> str:
    sign = "+" if amount.number > 0 else ""
    return _("%(amount)s a month") % {
        "amount": f"{sign}{format_money(amount.number, amount.currency)}"
    }
