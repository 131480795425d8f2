"""Operations on billing details. Issued invoices never change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Unpack

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.web.dated_versions import is_later
from foundation.web.versions import refuse_overwriting
from organizations.billing.details import BillingFields, DeliveryFields
from organizations.models import BillingDetails, Organization, Tax


class DetailsRefusal(Exception):
    """A change was refused; the text of the exception tells the user why."""

    reason: ClassVar[Promise]

    def __str__(self) -> str:
        return str(self.reason)


class DetailsGone(DetailsRefusal):
    """The version has been withdrawn."""

    reason = _("These billing details have been withdrawn since you opened the page.")


class DateTaken(DetailsRefusal):
    """Other details already apply from this date."""

    reason = _(
        "Other billing details already apply from this date. Choose another date, or open those "
        "details and correct them."
    )


class DetailsInForce(DetailsRefusal):
    """The version is already in force, so it cannot be withdrawn."""

    reason = _("These billing details already apply, so they can no longer be withdrawn.")


class TaxNotThere(DetailsRefusal):
    """The chosen tax has been deleted."""

    reason = _("This tax has been deleted since you opened the page. Choose another tax.")


@transaction.atomic
def change_billing_details(
    *,
    pk: int,
    version_id: int | None,
    valid_from: date | None,
    shown: str,
    delivery: DeliveryFields,
    **fields: Unpack[BillingFields],
) -> BillingDetails:
    """Correct a version of an organization's billing details, or add one from another date.

    `version_id` is the version that was shown; None if the organization had none. With its own
    date it is corrected; with another date it stays, and a version is added. `valid_from` is None
    for the beginning. `shown` is the version (see `foundation.web.versions`) of the
    `stored_billing_details` that were shown.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
        DetailsGone: the version has been withdrawn.
        DateTaken: the date is that of another version, which is different.
        TaxNotThere: the tax has been deleted.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    version = _version(organization, version_id)
    stored = stored_billing_details(organization, version)
    refuse_overwriting(shown=shown, stored=stored, given={**stored, **fields, **delivery})
    tax = fields["tax"]
    if tax and not Tax.objects.select_for_update(no_key=True).filter(pk=tax.pk).exists():
        raise TaxNotThere
    for name, value in delivery.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(delivery))
    return _stored(organization, version, valid_from, fields)


@transaction.atomic
def withdraw_billing_details(*, pk: int, version_id: int, now: datetime) -> None:
    """Delete billing details that do not apply yet.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        DetailsGone: they have been withdrawn already.
        DetailsInForce: their date has begun in the organization's time zone.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    version = _version(organization, version_id)
    if not is_later(version, organization.date_at(now)):
        raise DetailsInForce
    version.delete()


def stored_billing_details(
    organization: Organization, version: BillingDetails | None
) -> dict[str, Any]:
    """Return the stored values by field name: of a version, and how documents are sent."""
    version = version or BillingDetails()
    return {
        **_values(version),
        **{name: getattr(organization, name) for name in DeliveryFields.__annotations__},
    }


def _values(version: BillingDetails) -> dict[str, Any]:
    return {name: getattr(version, name) for name in BillingFields.__annotations__}


def _version(organization: Organization, version_id: int | None) -> BillingDetails:
    """Return the version with this id; one that is not stored yet if the id is None."""
    if version_id is None:
        # Someone may have stored the first version in the meantime.
        first = organization.billing_details.select_related("tax").filter(valid_from=None).first()
        return first or BillingDetails(organization=organization)
    try:
        return organization.billing_details.select_related("tax").get(pk=version_id)
    except BillingDetails.DoesNotExist as error:
        raise DetailsGone from error


def _stored(
    organization: Organization,
    version: BillingDetails,
    valid_from: date | None,
    fields: BillingFields,
) -> BillingDetails:
    """Save the fields as the version from a date, and return it.

    What they leave out is as in the version that was shown.
    """
    values = {**_values(version), **fields}
    if version.valid_from != valid_from or not version.pk:
        taken = organization.billing_details.filter(valid_from=valid_from).first()
        if taken and _values(taken) != values:
            raise DateTaken
        version = taken or BillingDetails(organization=organization, valid_from=valid_from)
    for name, value in values.items():
        setattr(version, name, value)
    version.save()
    return version
