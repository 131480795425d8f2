"""The kinds of terms, in the order in which pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.history import HistoryPart
from organizations.agreement import forms
from organizations.agreement.models import (
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Suspension,
)
from organizations.agreement.operations import FIELDS
from organizations.agreement.provider_default import suspended_are_charged

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LAST_DAY = _("Set last day")


@dataclass(frozen=True)
class Kind:
    """A kind of terms: its model and form, and what the buttons that add and end one say."""

    slug: str
    model: Any
    form: type[forms.TermForm]
    adding: StrOrPromise
    about: StrOrPromise
    """The heading of what such terms are about."""
    amount: StrOrPromise = ""
    """The heading of their amounts, if they have any."""
    ending: StrOrPromise = LAST_DAY
    named_by: str = "first_on"
    """The field by which the history tells such terms apart."""

    @property
    def title(self) -> str:
        """What the terms are called."""
        return str(capfirst(self.model._meta.verbose_name_plural))

    @property
    def name(self) -> str:
        """What one of them is called."""
        return str(capfirst(self.model._meta.verbose_name))

    @property
    def has_end(self) -> bool:
        """Whether terms of this kind have a last date."""
        return "last_on" in FIELDS[self.model]

    @property
    def has_tariff(self) -> bool:
        """Whether terms of this kind can be about one tariff."""
        return "tariff" in FIELDS[self.model]

    @property
    def part(self) -> HistoryPart:
        """The changes of one term of this kind."""
        return HistoryPart(f"organizations.{self.model.__name__}Event")

    @property
    def part_of_organization(self) -> HistoryPart:
        """The changes of all terms of this kind of an organization."""
        return HistoryPart(
            f"organizations.{self.model.__name__}Event", by="organization", named_by=self.named_by
        )

    def new(self, **values: Any) -> Any:
        """Return a term that is not stored, with the values that a form proposes."""
        if self.model is Suspension:
            values = {"is_charged": suspended_are_charged()} | values
        return self.model(**values)


KINDS = (
    Kind(
        "suspensions",
        Suspension,
        forms.SuspensionForm,
        adding=_("Suspend organization"),
        about=_("Reason"),
        amount=_("Charges"),
        ending=pgettext_lazy("suspension", "Restore"),
    ),
    Kind(
        "prices",
        IndividualPrice,
        forms.IndividualPriceForm,
        adding=_("Add individual price"),
        about=_("Tariff plan"),
        amount=_("Monthly price"),
        named_by="tariff",
    ),
    Kind(
        "discounts",
        Discount,
        forms.DiscountForm,
        adding=_("Add discount"),
        about=_("Tariff plan"),
        amount=_("Discount"),
    ),
    Kind(
        "exemptions",
        DiscountExemption,
        forms.DiscountExemptionForm,
        adding=_("Add exemption from discounts"),
        about=_("Tariff plan"),
        named_by="tariff",
    ),
    Kind(
        "fees",
        Fee,
        forms.FeeForm,
        adding=_("Add fee"),
        about=_("Fee"),
        amount=_("Amount per month"),
        named_by="name",
    ),
    Kind(
        "one-off-charges",
        OneOffCharge,
        forms.OneOffChargeForm,
        adding=_("Add one-off charge or credit"),
        about=_("Charge or credit"),
        amount=_("Amount"),
        named_by="text",
    ),
    Kind(
        "minimums",
        Minimum,
        forms.MinimumForm,
        adding=_("Add minimum"),
        about=_("Currency"),
        amount=_("Amount per month"),
    ),
)
_BY_SLUG = {each.slug: each for each in KINDS}


def kind_of(slug: str) -> Kind:
    """Return the kind that an address names.

    Raises:
        Http404: there is none.
    """
    if slug not in _BY_SLUG:
        raise Http404
    return _BY_SLUG[slug]
