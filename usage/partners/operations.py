"""Make an organization the customer of a partner, end that, and withdraw what has not begun."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.web.versions import refuse_overwriting
from organizations.models import Organization, Partnership


class PartnershipRefusal(Exception):
    """A change was refused; the text tells why, and `field` is the field that it is about."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class PartnershipGone(PartnershipRefusal):
    """The partnership has been withdrawn."""

    def __init__(self) -> None:
        super().__init__(_("This partnership has already been withdrawn."))


def stored_values(partnership: Partnership) -> dict[str, Any]:
    """Return what of a stored partnership can be changed, by field name."""
    return {"last_on": partnership.last_on}


@transaction.atomic
def add_partnership(
    *, organization_id: int, partner_id: int, first_on: date, last_on: date | None
) -> Partnership:
    """Bill a partner for the usage of an organization, from a first to a last date of it.

    Raises:
        PartnershipRefusal: the organization has customers of its own, the partner has a partner,
            or another partnership of the organization has some of these dates.
    """
    pair = Organization.objects.filter(pk__in=(organization_id, partner_id)).order_by("pk")
    locked = {each.pk: each for each in pair.select_for_update(no_key=True)}
    if organization_id == partner_id:
        raise PartnershipRefusal(_("An organization cannot be its own partner."), "to")
    names = {"title": locked[partner_id].title}
    if Partnership.objects.filter(organization=partner_id).exists():
        text = _("“%(title)s” has a partner itself, so it cannot be one.") % names
        raise PartnershipRefusal(text, "to")
    if Partnership.objects.filter(partner=organization_id).exists():
        raise PartnershipRefusal(_("This organization is a partner, so it cannot have one."), "to")
    others = Partnership.objects.overlapping(first_on, last_on).filter(organization=organization_id)
    if other := others.select_related("partner").order_by("first_on").first():
        text = _("These dates overlap the partnership with “%(title)s” from %(first)s to %(last)s.")
        values = {
            "title": other.partner.title,
            "first": date_format(other.first_on),
            "last": date_format(other.last_on) if other.last_on else "…",
        }
        raise PartnershipRefusal(text % values, "first_on")
    partnership: Partnership = Partnership.objects.create(
        organization_id=organization_id, partner_id=partner_id, first_on=first_on, last_on=last_on
    )
    return partnership


@transaction.atomic
def end_partnership(*, partnership_id: int, shown: str, last_on: date | None) -> Partnership:
    """Set the last date of a partnership; None leaves its end open.

    `shown` is the version (see `foundation.web.versions`) of the `stored_values` that were shown.

    Raises:
        PartnershipGone: it was withdrawn.
        EditedByOthers: someone has set another last date since it was shown.
        PartnershipRefusal: it would end before it begins, or during another one.
    """
    locked = Partnership.objects.select_for_update()
    found: Partnership | None = locked.filter(pk=partnership_id).first()
    if found is None:
        raise PartnershipGone
    refuse_overwriting(shown=shown, stored=stored_values(found), given={"last_on": last_on})
    if last_on and last_on < found.first_on:
        raise PartnershipRefusal(_("The last day cannot be before the first."), "last_on")
    found.last_on = last_on
    try:
        with transaction.atomic():
            found.save(update_fields=["last_on"])
    except IntegrityError as error:
        if "organizations_partnerships_apart" in str(error):
            text = _(
                "Another partnership begins before this day. Choose a day before it, or withdraw "
                "or change that partnership first."
            )
            raise PartnershipRefusal(text, "last_on") from error
        raise
    return found


@transaction.atomic
def withdraw_partnership(*, partnership_id: int, now: datetime) -> None:
    """Delete a partnership that has not begun.

    Raises:
        PartnershipRefusal: it has begun, or is already withdrawn.
    """
    of = Partnership.objects.select_for_update(of=("self",)).select_related("organization")
    found = of.filter(pk=partnership_id).first()
    if found is None:
        raise PartnershipGone
    if found.first_on <= found.organization.date_at(now):
        raise PartnershipRefusal(_("This partnership has begun. Enter its last day instead."))
    found.delete()
