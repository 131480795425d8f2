"""Operations on tariff plans and their prices.

Every operation first locks the tariff's row. While it holds the lock, nobody can commit a new usage
interval of the tariff, because the check of the foreign key on commit locks the same row. So what
an operation reads about the tariff's use stays true until it commits.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.web.versions import refuse_overwriting
from rating.periods import first_instant
from tariffs.dearer import DearerPrices, dearer_than
from tariffs.followers import tell
from tariffs.models import Tariff, TariffPrice
from tariffs.provider_calendar import provider_date
from tariffs.steps import Steps, lowest, replace_steps, steps_of, text_of


class TariffFields(TypedDict):
    """The editable values of a tariff plan without its prices."""

    name: str
    note: str
    currency: str
    proration: str
    is_default: bool
    dvr_depth_days: int
    dvr_space_gb: int
    has_anpr: bool


class TariffRefusal(Exception):
    """A change was refused; the text of the exception tells the user why."""

    reason: ClassVar[Promise]

    def __str__(self) -> str:
        return str(self.reason)


class TariffGone(TariffRefusal):
    """The tariff has been deleted."""

    reason = _("This tariff plan has been deleted.")


class NameTaken(TariffRefusal):
    """Another tariff has this name, regardless of case."""

    reason = _("A tariff plan with this name already exists.")


class TermsFixed(TariffRefusal):
    """A camera has used the tariff, so its currency and proration cannot change."""

    reason = _(
        "Cameras have used this tariff plan, so its currency and proration can no "
        "longer be changed."
    )


class TariffUsed(TariffRefusal):
    """A camera has used the tariff, so it cannot be deleted."""

    reason = _("Cameras have used this tariff plan, so it cannot be deleted.")


class TariffPlanned(TariffRefusal):
    """Changes of cameras to the tariff are planned, so it cannot be deleted."""

    reason = _(
        "Cameras are planned to use this tariff plan, so it cannot be deleted. Withdraw the "
        "planned changes first."
    )


class TariffAgreed(TariffRefusal):
    """Terms of organizations are about the tariff, so it cannot be deleted."""

    reason = _(
        "Something was agreed with an organization about this tariff plan, so it cannot be "
        "deleted. Archive it instead."
    )


class OrganizationsChanged(TariffRefusal):
    """The number of organizations with the tariff differs from the one shown."""

    reason = _(
        "The number of organizations with this tariff plan has changed "
        "since you opened this page. Check it and try again."
    )


class PriceGone(TariffRefusal):
    """The price version has been withdrawn, or its amount differs from the one shown."""

    reason = _(
        "This price has been withdrawn or replaced since you opened the "
        "page. Review the current prices."
    )


class PriceInForce(TariffRefusal):
    """The price version is already in force, so it cannot be withdrawn."""

    reason = _(
        "This price already applies, so it can no longer be withdrawn. Set a new price instead."
    )


@dataclass(frozen=True)
class PriceChange:
    """The effect of setting a price, as shown for confirmation."""

    amount: Decimal
    valid_from: date
    until: date | None
    """The date of the next version, which the change does not affect; None if there is none."""
    previous: Decimal | None
    """The amount in force on that date so far; None if there was none."""
    steps: Steps
    previous_steps: Steps
    """The volume steps of the new version, and those in force on that date so far."""
    dearer: DearerPrices
    """The organizations that may pay more than the list, if its price is lowered."""
    replaces: bool
    """Whether a version with that date exists."""
    is_past: bool
    """Whether that date is before today."""
    camera_count: int
    """The number of cameras that have used the tariff during the time whose price changes."""

    @property
    def last(self) -> date | None:
        """The last date with the new price; None if it applies indefinitely."""
        return self.until and self.until - timedelta(days=1)

    @property
    def needs_confirmation(self) -> bool:
        """Whether it changes past prices or an existing version, or some pay more than the list."""
        is_same = self.amount == self.previous and self.steps == self.previous_steps
        concerns_others = self.is_past or self.replaces or bool(self.dearer.number)
        return concerns_others and not (self.replaces and is_same)

    @property
    def shown(self) -> str:
        """All values on one line, to compare with those a person was shown."""
        return "|".join(map(str, astuple(self)))


class PriceNotConfirmed(TariffRefusal):
    """The change needs confirmation, or differs from the confirmed change."""

    reason = _("Confirm this price.")

    def __init__(self, change: PriceChange) -> None:
        super().__init__()
        self.change = change


@transaction.atomic
def create_tariff(
    *, amount: Decimal, valid_from: date, steps: Steps = (), **fields: Unpack[TariffFields]
) -> Tariff:
    """Create a tariff with its first price version, whose `steps` are those of `set_price`.

    Raises:
        NameTaken: another tariff has the name, regardless of case.
    """
    tariff = Tariff(**fields)
    _save(tariff)
    replace_steps(tariff.prices.create(amount=amount, valid_from=valid_from), steps)
    return tariff


@transaction.atomic
def change_tariff(*, tariff_id: int, shown: str, **fields: Unpack[TariffFields]) -> Tariff:
    """Change a tariff; its currency and proration only if no camera has ever used it.

    `shown` is the version (see `foundation.web.versions`) of the `stored_values` that were shown.

    Raises:
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
        TermsFixed: a camera has used the tariff, and the currency or proration differs.
        NameTaken: another tariff has the name, regardless of case.
        TariffGone: the tariff does not exist.
    """
    tariff = _locked(tariff_id)
    refuse_overwriting(shown=shown, stored=stored_values(tariff), given=fields)
    terms = (fields["currency"], fields["proration"])
    if terms != (tariff.currency, tariff.proration) and is_used(tariff):
        raise TermsFixed
    stored = stored_values(tariff)
    for field, value in fields.items():
        setattr(tariff, field, value)
    _save(tariff)
    tell(tariff, {name: stored[name] for name in stored if stored[name] != fields[name]})  # type: ignore[literal-required]
    return tariff


@transaction.atomic
def set_price(
    *,
    tariff_id: int,
    amount: Decimal,
    valid_from: date,
    now: datetime,
    steps: Steps = (),
    confirmed: str = "",
) -> TariffPrice:
    """Set a tariff's monthly price from a date until the date of the next version.

    `steps` are in order, each with another bound above 0. `confirmed` is the `PriceChange.shown`
    that a person has confirmed.

    Raises:
        PriceNotConfirmed: the date is in the past or already has a version, or organizations would
            pay more than the list, and the change is not the confirmed one. The exception holds the
            change to show.
        TariffGone: the tariff does not exist.
    """
    tariff = _locked(tariff_id)
    change = _price_change(tariff, amount, steps, valid_from, now)
    if change.needs_confirmation and change.shown != confirmed:
        raise PriceNotConfirmed(change)
    price, _created = tariff.prices.update_or_create(
        valid_from=valid_from, defaults={"amount": amount}
    )
    replace_steps(price, steps)
    return price


@transaction.atomic
def withdraw_price(
    *, tariff_id: int, price_id: int, amount: Decimal, now: datetime, steps: str = ""
) -> None:
    """Delete a price version that is not yet in force, if it still has the amount shown.

    `steps` is the `text_of` the steps that were shown.

    Raises:
        PriceInForce: its date has begun, even if only for a camera in a time zone further east.
        PriceGone: it no longer exists, or has another amount or other steps.
        TariffGone: the tariff does not exist.
    """
    tariff = _locked(tariff_id)
    price = tariff.prices.filter(pk=price_id, amount=amount).first()
    if price is None or text_of(steps_of(price)) != steps:
        raise PriceGone
    day = price.valid_from
    if day <= provider_date(now) or _cameras_between(tariff, day, None, now):
        raise PriceInForce
    price.delete()


@transaction.atomic
def archive(*, tariff_id: int) -> Tariff:
    """Archive a tariff: cameras that use it keep it, but it can no longer be assigned.

    Raises:
        TariffGone: the tariff does not exist.
    """
    return _set_archived(tariff_id, True)


@transaction.atomic
def restore(*, tariff_id: int) -> Tariff:
    """Restore an archived tariff, so that it can be assigned again.

    Raises:
        TariffGone: the tariff does not exist.
    """
    return _set_archived(tariff_id, False)


@transaction.atomic
def delete(*, tariff_id: int, organization_count: int) -> None:
    """Delete a tariff that no camera has ever used, and remove it from its organizations.

    Raises:
        TariffUsed: a camera has used it.
        TariffPlanned: the database keeps it for a change that is still to be carried out.
        TariffAgreed: it is kept for what was agreed with an organization.
        OrganizationsChanged: the number of its organizations is not `organization_count`.
        TariffGone: the tariff does not exist.
    """
    tariff = _locked(tariff_id)
    if is_used(tariff):
        raise TariffUsed
    if tariff.organizations.count() != organization_count:
        raise OrganizationsChanged
    try:
        with transaction.atomic():
            tariff.delete()
    except ProtectedError as error:
        raise TariffAgreed from error
    except IntegrityError as error:
        raise TariffPlanned from error


def stored_values(tariff: Tariff) -> dict[str, Any]:
    """Return the editable values of a tariff as stored, by field name."""
    return {name: getattr(tariff, name) for name in TariffFields.__annotations__}


def is_used(tariff: Tariff) -> bool:
    """Return whether any camera has ever used the tariff."""
    return tariff.usage_intervals.exists()


def _locked(tariff_id: int) -> Tariff:
    try:
        return Tariff.objects.select_for_update().get(pk=tariff_id)
    except Tariff.DoesNotExist as error:
        raise TariffGone from error


def _save(tariff: Tariff) -> None:
    try:
        with transaction.atomic():
            tariff.save()
    except IntegrityError as error:
        if "tariffs_tariff_name_unique" in str(error):
            raise NameTaken from error
        raise


def _set_archived(tariff_id: int, is_archived: bool) -> Tariff:
    tariff = _locked(tariff_id)
    tariff.is_archived = is_archived
    tariff.save(update_fields=["is_archived"])
    return tariff


def _price_change(
    tariff: Tariff, amount: Decimal, steps: Steps, valid_from: date, now: datetime
) -> PriceChange:
    previous = tariff.prices.filter(valid_from__lte=valid_from).order_by("-valid_from").first()
    following = tariff.prices.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    until = following.valid_from if following else None
    previous_steps = steps_of(previous) if previous else ()
    new, dearer = lowest(amount, steps), DearerPrices()
    if previous is None or new < lowest(previous.amount, previous_steps):
        dearer = dearer_than(tariff.pk, new, valid_from, until)
    return PriceChange(
        amount=amount,
        valid_from=valid_from,
        until=until,
        previous=previous.amount if previous else None,
        steps=steps,
        previous_steps=previous_steps,
        dearer=dearer,
        replaces=previous is not None and previous.valid_from == valid_from,
        is_past=valid_from < provider_date(now),
        camera_count=_cameras_between(tariff, valid_from, until, now),
    )


def _cameras_between(tariff: Tariff, first: date, until: date | None, now: datetime) -> int:
    """Count the cameras that used the tariff from `first` until `until` (excluded) or `now`.

    Dates begin in the time zone of each camera's organization on that date.
    """
    intervals = tariff.usage_intervals.order_by()
    found = intervals.none()
    for (start, end), organizations in _organizations_by_span(tariff, first, until).items():
        end = min(end, now) if end else now
        if start < end:
            found |= intervals.filter(organizations).overlapping(start, end)
    return found.values("camera").distinct().count()


def _organizations_by_span(
    tariff: Tariff, first: date, until: date | None
) -> dict[tuple[datetime, datetime | None], Q]:
    """Return the organizations that have used a tariff, by the instants of `[first, until)`."""
    using = tariff.usage_intervals.order_by()
    names = using.filter(organization__time_zone_from=None)
    zones: defaultdict[tuple[datetime, datetime | None], list[str]] = defaultdict(list)
    for name in names.values_list("organization__time_zone", flat=True).distinct():
        zone = ZoneInfo(name)
        end = first_instant(until, zone) if until else None
        zones[first_instant(first, zone), end].append(name)
    # Only organizations whose time zone has changed are looked at one by one.
    organizations = tariff.organizations.model._default_manager.order_by()
    moved = organizations.filter(pk__in=using.values("organization"), time_zone_from__isnull=False)
    ids: defaultdict[tuple[datetime, datetime | None], list[int]] = defaultdict(list)
    for each in moved.prefetch_related("earlier_time_zones"):
        ids[each.start_of(first), each.start_of(until) if until else None].append(each.pk)
    unmoved = Q(organization__time_zone_from=None)
    return {
        span: (unmoved & Q(organization__time_zone__in=zones[span])) | Q(organization__in=ids[span])
        for span in zones.keys() | ids.keys()
    }
