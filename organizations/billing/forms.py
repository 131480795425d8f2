"""The form for an organization's billing details."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField, LineField
from organizations.billing.details import BillingFields, DeliveryFields
from organizations.billing.einvoice_rules import check_identifiers_in, chosen_profile
from organizations.billing.profiles import Profile, proposed_profile
from organizations.billing.tax_id_rules import check_tax_id_in, wrong_tax_id
from organizations.models import BillingDetails, Organization, Tax

# Earlier than any contract.
_FIRST_YEAR = 1970
_LINES = (
    *("name", "street", "postal_code", "city", "tax_number", "endpoint", "legal_id"),
    *("buyer_reference", "order_reference", "contract_reference", "project_reference"),
)
_DELIVERY = tuple(DeliveryFields.__annotations__)


class DeliveryForm(forms.ModelForm):  # type: ignore[type-arg]
    """How an organization's documents are sent now."""

    class Meta:
        model = Organization
        fields = _DELIVERY
        help_texts: ClassVar = {
            "billing_email": _(
                "Contacts that receive invoices get them too. Without either, invoices are "
                "not sent."
            ),
            "attach_charges": _(
                "Emails with invoices and credit notes then have a CSV file beside the PDF."
            ),
        }


class BillingForm(forms.ModelForm):  # type: ignore[type-arg]
    """One version of billing details. All may stay empty until an invoice needs them."""

    valid_from = DateField(label=_("Applies from"), from_year=_FIRST_YEAR, required=False)
    tax = forms.ModelChoiceField(
        Tax.objects.all(),
        label=_("Tax"),
        required=False,
        empty_label=_("Not chosen yet"),
        help_text=_("Invoices cannot be issued until a tax is chosen."),
        error_messages={
            "invalid_choice": _("This tax has been deleted since you opened the page.")
        },
    )
    profile = forms.ChoiceField(
        label=_("Form of electronic invoices"),
        choices=[("", _("As proposed for the country and the kind of buyer")), *Profile.choices],
        required=False,
        help_text=_(
            "It decides which XML is sent. Public bodies in Germany take XRechnung, other public "
            "bodies and many companies in Europe take Peppol."
        ),
    )
    details = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = BillingDetails
        fields = (*BillingFields.__annotations__, "valid_from")
        field_classes: ClassVar = dict.fromkeys(_LINES, LineField)
        widgets: ClassVar = dict.fromkeys(
            ("country", "delivery_country", "endpoint_scheme", "legal_scheme"),
            forms.Select(attrs={"data-select": True}),
        )
        help_texts: ClassVar = {
            "name": _("The name that invoices are addressed to."),
            "tax_number": _("An EU VAT number starts with the country code."),
            "delivery_country": _(
                "Stated for intra-EU supplies and exports. If left empty, it is the country of "
                "the address."
            ),
            "endpoint": _("Where the buyer receives electronic invoices, by the chosen scheme."),
            "legal_id": _("A registration number, for example a SIREN or KVK number."),
            "buyer_reference": _("German public bodies give you a Leitweg-ID."),
            "contract_reference": _(
                "The buyer’s number of the contract. If left empty, your contract number is stated."
            ),
        }

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        organization: Organization,
        version: BillingDetails | None,
    ) -> None:
        # A form writes what was typed into its instance; the rest of the page shows what is stored.
        super().__init__(data, instance=copy(version))
        delivery = DeliveryForm(instance=organization)
        self.fields |= delivery.fields
        self.initial = {**self.initial, **delivery.initial, "details": self.instance.pk}
        self.fields["valid_from"].help_text = self._date_help()
        if self.instance.pk is None:
            self.initial["profile"] = ""
        else:
            proposed = proposed_profile(self.instance.country, self.instance.buyer_kind)
            named = _("As proposed: %(profile)s") % {"profile": proposed.label}
            cast(forms.ChoiceField, self.fields["profile"]).choices = [
                ("", named),
                *Profile.choices,
            ]
        self.helper = _helper()

    def _date_help(self) -> Any:
        if self.instance.pk is None:
            return _("Leave the date empty if these details apply from the beginning.")
        return _(
            "Leave the date as it is to correct these details; no date means from the beginning. "
            "Enter another date to add details that apply from then on; the earlier ones are kept. "
            "An invoice states the details that apply on the last day of its period. Issued "
            "invoices do not change."
        )

    def clean(self) -> dict[str, Any]:
        """Check the tax ID by the rules of the country, and require what the chosen tax needs.

        Check identifiers by their schemes, and choose the proposed profile if none was chosen.
        """
        cleaned = super().clean() or {}
        cleaned["profile"] = chosen_profile(cleaned)
        check_identifiers_in(self)
        tax, number = cleaned.get("tax"), cleaned.get("tax_number")
        country = cleaned.get("country", "")
        if number is None or not check_tax_id_in(self, "tax_number"):
            return cleaned
        number = cleaned["tax_number"]
        if tax is not None and (reason := wrong_tax_id(tax, number, country)):
            self.add_error("tax_number", str(reason))
        return cleaned

    @property
    def billing_fields(self) -> BillingFields:
        """The billing details of a valid form, without their date."""
        names = BillingFields.__annotations__
        return cast(BillingFields, {name: self.cleaned_data[name] for name in names})

    @property
    def delivery(self) -> DeliveryFields:
        """How documents are sent, of a valid form."""
        return cast(DeliveryFields, {name: self.cleaned_data[name] for name in _DELIVERY})


def _section(title: Any, *fields: Any) -> Fieldset:
    return Fieldset(title, *fields, css_class="form-section")


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        "details",
        _section(
            _("Billed to"),
            "valid_from",
            "name",
            "street",
            Row(Column("postal_code", css_class="col-sm-4"), Column("city", css_class="col-sm-8")),
            "country",
        ),
        _section(_("Tax"), "tax_number", "tax", "delivery_country"),
        _section(
            _("Electronic invoices"),
            Row(Column("buyer_kind", css_class="col-sm"), Column("profile", css_class="col-sm")),
            Row(
                Column("endpoint_scheme", css_class="col-sm"),
                Column("endpoint", css_class="col-sm"),
            ),
            Row(Column("legal_scheme", css_class="col-sm"), Column("legal_id", css_class="col-sm")),
        ),
        _section(
            _("References on invoices"),
            Row(
                Column("buyer_reference", css_class="col-sm"),
                Column("order_reference", css_class="col-sm"),
            ),
            Row(
                Column("contract_reference", css_class="col-sm"),
                Column("project_reference", css_class="col-sm"),
            ),
        ),
        _section(
            _("Delivery"),
            Row(
                Column("billing_email", css_class="col-sm"),
                Column("invoice_language", css_class="col-sm"),
            ),
            "attach_charges",
        ),
    )
    return helper
