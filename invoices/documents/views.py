"""Pages and downloads of issued documents and of their charges."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from foundation.lists.pages import ROWS_A_PAGE
from foundation.lists.saved import saved_for
from invoices.access import charges_of, view_of_invoice
from invoices.documents import xml
from invoices.documents.archive import pdf_of
from invoices.documents.fa3 import NotInFa3Error, fa3
from invoices.documents.frozen_charges import file_name, found_rows, read, text_of
from invoices.documents.issued import document_of
from invoices.documents.profile_rules import Syntax
from invoices.models import Invoice
from usage.statements.charge_rows import headings


@view_of_invoice
def pdf(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Return the document as PDF/A-3 with embedded XML."""
    return _file(pdf_of(invoice), "application/pdf", "attachment", f"{invoice.number}.pdf")


@view_of_invoice
def cii(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Return the document as XML of its profile in the CII syntax."""
    return _xml(Syntax.CII, invoice, f"{invoice.number}.xml")


@view_of_invoice
def ubl(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Return the document as XML of its profile in the UBL syntax."""
    return _xml(Syntax.UBL, invoice, f"{invoice.number}.ubl.xml")


@view_of_invoice
def ksef(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Return the document of a Polish seller as XML for KSeF, or raise Http404 if it has none."""
    try:
        content = fa3(document_of(invoice), made_at=invoice.issued_at)
    except NotInFa3Error as refusal:
        raise Http404 from refusal
    return _file(content, "application/xml", "attachment", f"{invoice.number}.fa3.xml")


@view_of_invoice
def charges_csv(request: HttpRequest, invoice: Invoice) -> HttpResponseBase:
    """Return the file of frozen charges, byte for byte."""
    frozen = charges_of(invoice, request.GET.get("corrects", ""))
    name = file_name(invoice.number, frozen.corrects.number if frozen.corrects else "")
    response = StreamingHttpResponse(
        text_of(frozen.content), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = _disposition("attachment", name)
    return response


@view_of_invoice
def charges(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Show the frozen charges, or those that correct an invoice, in pages."""
    frozen = charges_of(invoice, request.GET.get("corrects", ""))
    query = request.GET.get("q", "").strip()
    rows = list(found_rows(frozen.content, query))
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = [read(row) for row in page]
    context = {
        "invoice": invoice,
        "corrects": frozen.corrects,
        "q": query,
        "page": page,
        "charges": shown,
        "offsets": sorted(
            {str(at.tzname()) for each in shown for at in (each.started_at, each.ended_at)}
        ),
        "headings": headings(),
        "saved": saved_for(request, ("q",), keep=("corrects",)),
    }
    return render(request, "invoices/charges.html", context)


def _xml(syntax: Syntax, invoice: Invoice, name: str) -> HttpResponse:
    """Return a document as XML, or raise Http404 if its profile cannot state it so."""
    document = document_of(invoice)
    if not xml.can_state(document, syntax):
        raise Http404
    state = xml.cii if syntax is Syntax.CII else xml.ubl
    return _file(state(document), "application/xml", "attachment", name)


def _file(content: bytes, content_type: str, disposition: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = _disposition(disposition, name)
    return response


def _disposition(kind: str, name: str) -> str:
    # Numbers contain only letters, digits, / and -.
    return f'{kind}; filename="{name.replace("/", "-")}"'
