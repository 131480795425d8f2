"""Form and page of what electronic invoices state of the provider."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in, staff_only
from foundation.web.edit_conflicts import conflict_of
from foundation.web.field_values import details_of
from foundation.web.fields import LineField
from foundation.web.return_addresses import redirect_back, way_back
from foundation.web.versions import EditedByOthers, version_of
from invoices.history import PROVIDER_PARTS
from invoices.provider.models import Provider
from invoices.provider.operations import EInvoicing, change_e_invoicing, stored_e_invoicing
from invoices.provider.parties import provider_details
from organizations.billing.einvoice_rules import check_identifiers_in

FIELDS = tuple(EInvoicing.__annotations__)
_LINES = ("contact_name", "contact_phone", "endpoint", "legal_id")
_MIN_DIGITS = 3


class EInvoicingForm(forms.ModelForm):  # type: ignore[type-arg]
    """The contact, the electronic address and the legal ID of the provider."""

    class Meta:
        model = Provider
        fields = FIELDS
        field_classes: ClassVar = dict.fromkeys(_LINES, LineField)
        widgets: ClassVar = dict.fromkeys(
            ("endpoint_scheme", "legal_scheme"), forms.Select(attrs={"data-select": True})
        )
        help_texts: ClassVar = {
            "contact_name": _("Whom buyers can ask about an invoice. XRechnung requires it."),
            "contact_phone": _("XRechnung requires it."),
            "endpoint": _("Peppol requires it. Without one, your email address is stated."),
            "legal_id": _("A registration number, for example a SIREN, KVK or CVR number."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("Contact"),
                Row(
                    Column("contact_name", css_class="col-sm"),
                    Column("contact_phone", css_class="col-sm"),
                ),
                css_class="form-section",
            ),
            Fieldset(
                _("Identifiers"),
                Row(
                    Column("endpoint_scheme", css_class="col-sm"),
                    Column("endpoint", css_class="col-sm"),
                ),
                Row(
                    Column("legal_scheme", css_class="col-sm"),
                    Column("legal_id", css_class="col-sm"),
                ),
                css_class="form-section",
            ),
        )

    def clean_contact_phone(self) -> str:
        """Refuse a number without digits (BR-DE-27 asks for three)."""
        phone: str = self.cleaned_data["contact_phone"]
        if phone and sum(map(str.isdigit, phone)) < _MIN_DIGITS:
            raise forms.ValidationError(_("Enter a telephone number with at least three digits."))
        return phone

    def clean(self) -> dict[str, Any]:
        """Check identifiers by their schemes."""
        cleaned = super().clean() or {}
        check_identifiers_in(self)
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def e_invoicing(request: HttpRequest) -> HttpResponse:
    """Show what electronic invoices state of the provider. Operators can edit it."""
    user = signed_in(request)
    if request.method == "POST" and not user.is_operator:
        raise PermissionDenied
    provider = provider_details()
    context: dict[str, Any] = {"way_back": way_back(request, reverse("invoices:provider"))}
    if not user.is_operator:
        context["details"] = details_of(provider, FIELDS)
        return render(request, "invoices/e_invoicing.html", context)
    stored = version_of(stored_e_invoicing(provider))
    context |= {
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
    }
    form = EInvoicingForm(request.POST or None, instance=provider)
    if request.method == "POST" and form.is_valid():
        fields = cast(EInvoicing, {name: form.cleaned_data[name] for name in FIELDS})
        try:
            change_e_invoicing(shown=context["version"], **fields)
        except EditedByOthers as error:
            conflict = conflict_of(error, form=form, pk=1, parts=PROVIDER_PARTS, user_id=user.pk)
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            messages.success(request, gettext("The details for electronic invoices were saved."))
            return redirect_back(request, reverse("invoices:provider"))
    return render(request, "invoices/e_invoicing.html", {**context, "form": form})
