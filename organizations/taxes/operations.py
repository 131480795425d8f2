"""Operations on taxes and their rates. Issued invoices never change."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.web.versions import refuse_overwriting
from organizations.models import Tax, TaxCategory, TaxPercent
from tariffs.provider_calendar import provider_date


class TaxFields(TypedDict):
    """The values of a tax that can be edited; the category is chosen once."""

    name: str
    exemption_text: str
    exemption_code: str
    is_default: bool


class TaxRefusal(Exception):
    """A change was refused; the text of the exception tells the user why."""

    reason: ClassVar[Promise]

    def __str__(self) -> str:
        return str(self.reason)


class TaxGone(TaxRefusal):
    """The tax has been deleted."""

    reason = _("This tax has been deleted.")


class TaxNameTaken(TaxRefusal):
    """Another tax has this name, regardless of case."""

    reason = _("A tax with this name already exists.")


class DefaultTaken(TaxRefusal):
    """Someone has made another tax the default at the same moment."""

    reason = _("Another tax has just been made the default. Check it and try again.")


class TaxInUse(TaxRefusal):
    """Billing details refer to the tax, so it cannot be deleted."""

    reason = _("Organizations are billed with this tax, so it cannot be deleted.")


class WithoutRates(TaxRefusal):
    """Only taxes of the standard category have rates."""

    reason = _("Only a tax of the standard rate has rates.")


class RateGone(TaxRefusal):
    """The rate has been withdrawn, or differs from the one shown."""

    reason = _(
        "This rate has been withdrawn or replaced since you opened the page. "
        "Review the current rates."
    )


class RateInForce(TaxRefusal):
    """The rate is already in force, so it cannot be withdrawn."""

    reason = _(
        "This rate already applies, so it can no longer be withdrawn. Set a new rate instead."
    )


@dataclass(frozen=True)
class RateChange:
    """The effect of setting a rate, as shown for confirmation."""

    percent: Decimal
    valid_from: date
    until: date | None
    """The date of the next version, which the change does not affect; None if there is none."""
    previous: Decimal | None
    """The rate in force on that date so far; None if there was none."""
    replaces: bool
    """Whether a version with that date exists."""
    is_past: bool
    """Whether that date is before today."""

    @property
    def last(self) -> date | None:
        """The last date with the new rate; None if it applies indefinitely."""
        return self.until and self.until - timedelta(days=1)

    @property
    def needs_confirmation(self) -> bool:
        """Whether it changes past rates or an existing version."""
        changes_nothing = self.replaces and self.percent == self.previous
        return (self.is_past or self.replaces) and not changes_nothing

    @property
    def shown(self) -> str:
        """All values on one line, to compare with those a person was shown."""
        return "|".join(map(str, astuple(self)))


class RateNotConfirmed(TaxRefusal):
    """The change needs confirmation, or differs from the confirmed change."""

    reason = _("Confirm this rate.")

    def __init__(self, change: RateChange) -> None:
        super().__init__()
        self.change = change


@transaction.atomic
def create_tax(
    *,
    category: str,
    percent: Decimal | None = None,
    valid_from: date | None = None,
    **fields: Unpack[TaxFields],
) -> Tax:
    """Create a tax; one of the standard category with its first rate.

    Raises:
        TaxNameTaken: another tax has the name, regardless of case.
        DefaultTaken: another tax has become the default at the same moment.
    """
    tax = Tax(category=category, **fields)
    _save(tax)
    if category == TaxCategory.STANDARD and percent is not None and valid_from is not None:
        tax.percents.create(percent=percent, valid_from=valid_from)
    return tax


@transaction.atomic
def change_tax(*, tax_id: int, shown: str, **fields: Unpack[TaxFields]) -> Tax:
    """Change a tax. The tax that was the default for new organizations so far no longer is.

    `shown` is the version (see `foundation.web.versions`) of the `stored_values` that were shown.

    Raises:
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
        TaxNameTaken: another tax has the name, regardless of case.
        DefaultTaken: another tax has become the default at the same moment.
        TaxGone: the tax does not exist.
    """
    tax = _locked(tax_id)
    refuse_overwriting(shown=shown, stored=stored_values(tax), given=fields)
    for field, value in fields.items():
        setattr(tax, field, value)
    _save(tax)
    return tax


@transaction.atomic
def set_rate(
    *, tax_id: int, percent: Decimal, valid_from: date, now: datetime, confirmed: str = ""
) -> TaxPercent:
    """Set a tax's rate from a date until the date of the next version.

    `confirmed` is the `RateChange.shown` that a person has confirmed.

    Raises:
        RateNotConfirmed: the date is in the past or already has a version, and the change is not
            the confirmed one. The exception holds the change to show.
        WithoutRates: the tax is not of the standard category.
        TaxGone: the tax does not exist.
    """
    tax = _locked(tax_id)
    if tax.category != TaxCategory.STANDARD:
        raise WithoutRates
    change = _rate_change(tax, percent, valid_from, now)
    if change.needs_confirmation and change.shown != confirmed:
        raise RateNotConfirmed(change)
    rate, _created = tax.percents.update_or_create(
        valid_from=valid_from, defaults={"percent": percent}
    )
    return rate


@transaction.atomic
def withdraw_rate(*, tax_id: int, rate_id: int, percent: Decimal, now: datetime) -> None:
    """Delete a rate that is not yet in force, if it still is the one shown.

    Raises:
        RateInForce: its date has begun in the provider's time zone.
        RateGone: it no longer exists, or is another rate.
        TaxGone: the tax does not exist.
    """
    tax = _locked(tax_id)
    rate = tax.percents.filter(pk=rate_id, percent=percent).first()
    if rate is None:
        raise RateGone
    if rate.valid_from <= provider_date(now):
        raise RateInForce
    rate.delete()


@transaction.atomic
def delete_tax(*, tax_id: int) -> None:
    """Delete a tax, with its rates, that no billing details refer to.

    Raises:
        TaxInUse: billing details refer to it.
        TaxGone: the tax does not exist.
    """
    tax = _locked(tax_id)
    if tax.billing_details.exists():
        raise TaxInUse
    tax.delete()


def stored_values(tax: Tax) -> dict[str, Any]:
    """Return the editable values of a tax as stored, by field name."""
    return {name: getattr(tax, name) for name in TaxFields.__annotations__}


def _locked(tax_id: int) -> Tax:
    """Lock a tax, so that no new billing details can refer to it until the commit."""
    try:
        return Tax.objects.select_for_update().get(pk=tax_id)
    except Tax.DoesNotExist as error:
        raise TaxGone from error


def _save(tax: Tax) -> None:
    try:
        with transaction.atomic():
            if tax.is_default:
                others = Tax.objects.filter(is_default=True).exclude(pk=tax.pk)
                others.update(is_default=False)
            tax.save()
    except IntegrityError as error:
        if "organizations_tax_name_unique" in str(error):
            raise TaxNameTaken from error
        if "organizations_tax_one_default" in str(error):
            raise DefaultTaken from error
        raise


def _rate_change(tax: Tax, percent: Decimal, valid_from: date, now: datetime) -> RateChange:
    previous = tax.percents.filter(valid_from__lte=valid_from).order_by("-valid_from").first()
    following = tax.percents.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    return RateChange(
        percent=percent,
        valid_from=valid_from,
        until=following.valid_from if following else None,
        previous=previous.percent if previous else None,
        replaces=previous is not None and previous.valid_from == valid_from,
        is_past=valid_from < provider_date(now),
    )
