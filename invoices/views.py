"""Pages of all invoices, of an organization's invoices, of one invoice and of its history."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.access import signed_in, staff_only
from accounts.models import User
from foundation.audit.history import render_history
from foundation.lists.exports import export_response
from foundation.lists.pages import all_rows, render_list
from invoices.access import invoice_for, visible_invoices
from invoices.documents import fa3
from invoices.documents.contents import terms_of
from invoices.documents.issued import document_of
from invoices.documents.payment_code import to_pay
from invoices.documents.pdf import pages_as_images
from invoices.documents.profile_rules import rules_of
from invoices.documents.xml import can_state
from invoices.exports import DIFFERENCE_COLUMNS, EXPORT_COLUMNS, export_rows
from invoices.filters import InvoiceFilter, filter_for
from invoices.history import PARTS
from invoices.issuing.one_off import open_charges
from invoices.listing.totals import totals_of
from invoices.many.views import recent_of
from invoices.models import Correction, FrozenCharges, Invoice, LateUsage
from invoices.tables import InvoiceTable
from organizations.access import sees_all_of, sees_organization, whole_organization_for
from rating.periods import month_of
from tariffs.provider_calendar import provider_date
from usage.statements.forms import as_query

# Sorting so many documents takes some tenths of a second.
MOST_SORTED = 200_000


@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """List the invoices that the user can see, with their totals."""
    filterset, table = _listed(request)
    user = signed_in(request)
    totals = totals_of(filterset, are_all=not user.is_owner)
    if totals.documents > MOST_SORTED:
        table.sort_by_indexes()
    return render_list(
        request,
        "invoices/list.html",
        table=table,
        filterset=filterset,
        total=totals.documents,
        export="invoices:export",
        totals=totals.sums,
        more_than=totals.documents if totals.is_cut else None,
        late_usage=[] if user.is_owner else LateUsage.objects.sums(),
        any_at_all=Invoice.objects.visible_to(user).exists(),
        **recent_of(request, timezone.now()),
    )


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the filtered and sorted list as a file."""
    _filterset, table = _listed(request)
    is_staff = not signed_in(request).is_owner
    rows = export_rows(all_rows(request, table), with_differences=is_staff)
    columns = (*EXPORT_COLUMNS, *DIFFERENCE_COLUMNS) if is_staff else EXPORT_COLUMNS
    return export_response(kind, "invoices", columns, rows)


def _listed(request: HttpRequest) -> tuple[InvoiceFilter, InvoiceTable]:
    today = provider_date(timezone.now())
    filterset = filter_for(request, visible_invoices(signed_in(request), today), today)
    return filterset, InvoiceTable(filterset.qs, exclude=_hidden_columns(request))


def _hidden_columns(request: HttpRequest) -> list[str]:
    """Return the columns that are not for the user."""
    return ["differs"] if signed_in(request).is_owner else []


@require_safe
def of_organization(request: HttpRequest, pk: int) -> HttpResponse:
    """List the invoices of one organization, with its balance."""
    user = signed_in(request)
    organization = whole_organization_for(user, pk)
    now = timezone.now()
    today = provider_date(now)
    own = visible_invoices(user, today).filter(organization=pk)
    filterset = filter_for(request, own, today, of_one=True)
    last_month = month_of(organization.date_at(now), months_before=1)
    uninvoiced = organization.uninvoiced_months.all()
    if user.is_owner:
        uninvoiced = uninvoiced.none()
    return render_list(
        request,
        "invoices/of_organization.html",
        table=InvoiceTable(
            filterset.qs, of=pk, exclude=("organization", *_hidden_columns(request))
        ),
        filterset=filterset,
        organization=organization,
        last_month=as_query(last_month),
        has_open_charges=user.is_operator and open_charges(organization, now).exists(),
        uninvoiced=uninvoiced,
        uninvoiced_sums=uninvoiced.sums() if uninvoiced else [],
        any_at_all=Invoice.objects.visible_to(user).filter(organization=pk).exists(),
    )


@require_safe
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an invoice with its document, lines and payments.

    A former owner of the organization sees nothing of what happened to it later.
    """
    user = signed_in(request)
    now = timezone.now()
    invoice = invoice_for(user, pk, provider_date(now))
    document = document_of(invoice)
    with override(document.language):
        terms = list(terms_of(document))
    context: dict[str, Any] = {
        "invoice": invoice,
        "document": document,
        "terms": terms,
        "sees_organization": sees_organization(user, invoice.organization_id)
        and sees_all_of(user, invoice.organization),
        "other": invoice.cancels or getattr(invoice, "credit_note", None),
        "pages": pages_as_images(document),
        # Nothing is outstanding of what is cancelled.
        "to_pay": to_pay(document, invoice.outstanding),  # type: ignore[attr-defined]
        "syntaxes": [
            each for each in rules_of(document.profile).syntaxes if can_state(document, each)
        ],
        "is_polish": document.seller.country == fa3.COUNTRY,
        "why_not_ksef": fa3.why_not(document),
        "deliveries": invoice.deliveries.all(),
        "zone": invoice.organization.zone_at(now),
        "corrections": invoice.corrections.named(),
        "corrected_by": _corrected_by(invoice, user),
        "is_compared": hasattr(invoice, "invoiced_period"),
        "frozen": FrozenCharges.objects.filter(invoice=invoice).defer("content").first(),
    }
    return render(request, "invoices/invoice.html", context)


def _corrected_by(invoice: Invoice, user: User) -> QuerySet[Correction]:
    received = invoice.received_corrections.in_force().defer("content")
    if user.is_owner:
        received = received.filter(document__owner=invoice.owner_id)
    return received.select_related("document").order_by("document")


@require_safe
@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who issued and cancelled an invoice and who recorded its payments."""
    invoice = Invoice.objects.select_related("organization").filter(pk=pk).first()
    return render_history(
        request,
        of=Invoice,
        pk=pk,
        parts=PARTS,
        up=(reverse("invoices:list"), _("Invoices")),
        zone=invoice.organization.zone_at(timezone.now()) if invoice else None,
        links=[(reverse("invoices:invoice", args=[pk]), _("Invoice"))],
    )
