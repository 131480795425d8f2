"""The form of the provider's details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import LineField
from invoices.documents.document import Kind
from invoices.models import Invoice
from invoices.provider.account_forms import AccountFormMixin
from invoices.provider.logos import MAX_BYTES, checked_logo
from invoices.provider.models import Logo, Provider
from invoices.provider.operations import ProviderDetails
from organizations.billing.tax_id_rules import check_tax_id_in
from tariffs.currencies import currency_of_country, offered_currencies

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class LogoField(forms.FileField):
    """An image file. Cleans to an unsaved `Logo` or `None`."""

    widget = forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"})

    def clean(self, data: Any, initial: Any = None) -> Logo | None:
        """Return the chosen image, if any.

        Raises:
            ValidationError: documents cannot show the image.
        """
        file = super().clean(data, initial)
        # One byte more than the limit is enough to detect that the file is too large.
        return checked_logo(file.read(MAX_BYTES + 1)) if file else None


class PrefixField(LineField):
    """A prefix of document numbers, converted to capital letters."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").upper()


class AccountingCurrencyField(forms.ChoiceField):
    """The currency in which tax is accounted for, proposed from the country; "" if none is."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(
            label=_("Accounting currency"),
            required=False,
            widget=forms.Select(attrs={"data-select": True}),
            help_text=_(
                "Invoices in other currencies also state their tax in this one, as the law of many "
                "countries requires."
            ),
        )
        proposed = currency_of_country(provider.country)
        if provider._state.adding:
            none = gettext("That of the country")
        elif proposed:
            none = gettext("None (your country has %(currency)s)") % {"currency": proposed}
        else:
            none = gettext("None")
        self.choices = [("", none), *offered_currencies(provider.accounting_currency)]


class ProviderForm(AccountFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The provider's details. Without a file, the logo does not change."""

    logo = LogoField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or SVG, up to 512 kB.")
    )
    remove_logo = forms.BooleanField(label=_("Remove logo"), required=False)

    class Meta:
        model = Provider
        fields = tuple(name for name in ProviderDetails.__annotations__ if name != "logo")
        field_classes: ClassVar = {
            **dict.fromkeys(
                (
                    "name",
                    "street",
                    "postal_code",
                    "city",
                    "tax_id",
                    "account_number",
                    "bic",
                    "bank",
                    "correspondent_account",
                    "product_name",
                ),
                LineField,
            ),
            **dict.fromkeys(("invoice_prefix", "credit_note_prefix"), PrefixField),
        }
        widgets: ClassVar = {
            "country": forms.Select(attrs={"data-select": True}),
            "days_to_pay": forms.NumberInput(attrs={"max": 365}),
            "rate_days": forms.NumberInput(attrs={"max": 31}),
        }
        help_texts: ClassVar = {
            "tax_id": _("An EU VAT number starts with the country code."),
            "email": _("Shown on invoices as the contact for questions."),
            "account_number": _(
                "If your country does not use IBANs, enter the account number as "
                "your bank writes it."
            ),
            "bic": _("In Russia, enter the nine-digit BIK; in India, the IFSC."),
            "correspondent_account": _(
                "Of a bank in Russia. Invoices in roubles have a payment code only with it."
            ),
            "invoice_prefix": _(
                "INV gives INV-2026-000001. A new prefix starts a new series from 1."
            ),
            "credit_note_prefix": _("Credit notes have their own number series."),
            "product_name": _("Shown instead of “Camera billing” on pages and in emails."),
            "days_to_pay": _("0 to 365, counted from the invoice date."),
            "charges_suspended": _(
                "Proposed when an organization is suspended. It can be decided otherwise each time."
            ),
            "uses_credit": _(
                "What is left of an organization’s payments pays its next invoice in the same "
                "currency when that is issued. Deposits are kept."
            ),
            "rate_date": _("The last rate on or before this date applies."),
            "rate_days": _(
                "0 to 31. Without a rate that is at most so many days older, an invoice is not "
                "issued. Central banks publish none at weekends and on holidays."
            ),
        }

    def __init__(
        self, data: Mapping[str, Any] | None, files: Any = None, *, instance: Provider
    ) -> None:
        super().__init__(data, files, instance=instance)
        if not instance.logo_id:
            del self.fields["remove_logo"]
        self.fields["accounting_currency"] = AccountingCurrencyField(instance)
        self.helper = _helper(*(name for name in ("logo", "remove_logo") if name in self.fields))

    def clean_invoice_prefix(self) -> str:
        """Refuse a prefix that numbers of credit notes already use."""
        return _checked_prefix(self.cleaned_data["invoice_prefix"], Kind.CREDIT_NOTE)

    def clean_credit_note_prefix(self) -> str:
        """Refuse a prefix that numbers of invoices already use."""
        return _checked_prefix(self.cleaned_data["credit_note_prefix"], Kind.INVOICE)

    def clean(self) -> dict[str, Any]:
        """Check the fields that depend on each other.

        What a tax ID may be depends on the country, and so does the currency that is proposed when
        the details are entered for the first time. Refuse an account number that does not match
        the BIK. Refuse the same prefix for both kinds of document: the database also does, but its
        constraint does not name a field.
        """
        cleaned = super().clean() or {}
        check_tax_id_in(self, "tax_id")
        if self.instance._state.adding and not cleaned.get("accounting_currency"):
            cleaned["accounting_currency"] = currency_of_country(cleaned.get("country") or "")
        self.check_account(cleaned)
        prefix = cleaned.get("credit_note_prefix")
        if prefix and prefix == cleaned.get("invoice_prefix"):
            self.add_error(
                "credit_note_prefix", _("Invoices and credit notes need different prefixes.")
            )
        return cleaned

    @property
    def provider_details(self) -> ProviderDetails:
        """The values of a valid form, including `logo` only if it is replaced or removed."""
        names = list(self._meta.fields or ())
        if self.cleaned_data["logo"] or self.cleaned_data.get("remove_logo"):
            names.append("logo")
        return cast(ProviderDetails, {name: self.cleaned_data[name] for name in names})


def _checked_prefix(prefix: str, other: Kind) -> str:
    if Invoice.objects.filter(kind=other).numbered(prefix).exists():
        raise forms.ValidationError(
            _("The other kind of document already uses this prefix. Choose another.")
        )
    return prefix


def _section(title: StrOrPromise, *fields: Any) -> Fieldset:
    return Fieldset(title, *fields, css_class="form-section")


def _side_by_side(**widths: str) -> Row:
    return Row(*(Column(name, css_class=width) for name, width in widths.items()))


def _helper(*logo_fields: str) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        _section(
            _("Company details"),
            "name",
            "street",
            _side_by_side(postal_code="col-sm-4", city="col-sm-8"),
            "country",
            _side_by_side(tax_id="col-sm", email="col-sm"),
        ),
        _section(
            _("Bank account"),
            "account_number",
            _side_by_side(bic="col-sm", bank="col-sm"),
            "correspondent_account",
        ),
        _section(_("Pages and emails"), "product_name"),
        _section(_("Logo"), HTML("{% include 'invoices/_logo.html' %}"), *logo_fields),
        _section(
            _("Numbering and payment terms"),
            _side_by_side(invoice_prefix="col-sm", credit_note_prefix="col-sm"),
            "days_to_pay",
        ),
        _section(
            _("Tax on invoices in other currencies"),
            "accounting_currency",
            _side_by_side(rate_date="col-sm", rate_days="col-sm"),
        ),
        _section(_("Suspensions"), "charges_suspended"),
        _section(_("Payments"), "uses_credit"),
    )
    return helper
