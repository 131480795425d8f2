"""Pages of the terms and texts of documents, and of the provider's accounts by currency."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from accounts.settings_pages import edit_settings
from foundation.audit.history import HistoryPart
from foundation.web.gone import to_list_if_gone
from foundation.web.one_row import values_of
from invoices.history import PROVIDER_PARTS, TERMS_OF_ORGANIZATION
from invoices.provider.parties import provider_details
from invoices.terms import operations
from invoices.terms.forms import (
    AccountForm,
    DocumentTermsForm,
    NewAccountForm,
    OrganizationTermsForm,
)
from invoices.terms.models import CurrencyAccount, DocumentTerms, OrganizationTerms
from organizations.access import organization_for

FORM_METHODS = ["GET", "HEAD", "POST"]
_ACCOUNT_PARTS = (HistoryPart("invoices.CurrencyAccountEvent"),)
_unless_gone = to_list_if_gone(operations.AccountGone, "invoices:accounts")


@require_http_methods(FORM_METHODS)
@operators_only
def document_terms(request: HttpRequest) -> HttpResponse:
    """Change the payment terms, cash discounts and footers of new documents."""
    stored = DocumentTerms.objects.first()
    return edit_settings(
        request,
        DocumentTermsForm,
        instance=stored or DocumentTerms(),
        stored=operations.stored_document_terms(stored),
        change=operations.change_document_terms,
        parts=PROVIDER_PARTS,
        template="invoices/terms/document_terms.html",
        back_to="invoices:provider",
    )


@require_http_methods(FORM_METHODS)
@operators_only
def organization_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the payment terms of one organization."""
    organization = organization_for(signed_in(request), pk)
    stored = OrganizationTerms.objects.filter(organization=pk).first()
    return edit_settings(
        request,
        partial(OrganizationTermsForm, usual_days=provider_details().days_to_pay),
        instance=stored or OrganizationTerms(),
        stored=operations.stored_organization_terms(stored),
        change=partial(operations.change_organization_terms, organization_id=pk),
        parts=(TERMS_OF_ORGANIZATION,),
        template="invoices/terms/organization_terms.html",
        back_to="organizations:billing",
        of=organization,
    )


@require_safe
@staff_only
def accounts(request: HttpRequest) -> HttpResponse:
    """List the provider's accounts: the default, and those of some currencies."""
    context = {
        "default": provider_details(),
        "accounts": CurrencyAccount.objects.all(),
        "can_edit": signed_in(request).is_operator,
    }
    return render(request, "invoices/terms/accounts.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def add_account(request: HttpRequest) -> HttpResponse:
    """Add an account for invoices in a currency."""
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_account(currency=form.cleaned_data["currency"], **form.settings)
        except operations.AccountRefusal as refusal:
            form.add_error("currency", str(refusal))
        else:
            messages.success(request, _("The account was added."))
            return redirect("invoices:accounts")
    context = {"form": form, "way_back": reverse("invoices:accounts")}
    return render(request, "invoices/terms/account.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
@_unless_gone
def edit_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account; its currency stays."""
    account = get_object_or_404(CurrencyAccount, pk=pk)
    return edit_settings(
        request,
        AccountForm,
        instance=account,
        stored=values_of(account, operations.OF_ACCOUNT),
        change=partial(operations.change_account, account_id=pk),
        parts=_ACCOUNT_PARTS,
        template="invoices/terms/account.html",
        back_to="invoices:accounts",
    )


@require_POST
@operators_only
def delete_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an account, so that invoices in its currency state the default one."""
    operations.delete_account(account_id=pk)
    messages.success(request, _("The account was deleted."))
    return redirect("invoices:accounts")
