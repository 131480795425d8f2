"""Invoices and credit notes: list, get, files, preview, issue, cancel."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from api.core.answers import (
    Given,
    ListQuery,
    Money,
    Page,
    answer,
    filtered,
    money,
    page_of,
    refuse_unknown,
)
from api.core.callers import Caller, caller_of
from api.core.problems import code_of, wrong_form
from api.core.registering import posts, reads
from invoices.access import invoice_for, visible_invoices
from invoices.documents import xml
from invoices.documents.archive import pdf_of
from invoices.documents.issued import document_of
from invoices.filters import filter_for
from invoices.issuing import operations
from invoices.issuing.drafts import drafts_of
from invoices.models import Invoice
from invoices.provider.parties import provider_details
from organizations.models import Organization
from rating.periods import ONE_DAY, Period
from tariffs.provider_calendar import provider_date
from usage.statements.forms import PeriodForm

router = Router()
KIND = "invoices"


class InvoiceOut(Schema):
    """An invoice or credit note, and what is outstanding of it."""

    id: int
    number: str
    kind: str
    organization_id: int
    organization_title: str
    buyer_name: str
    period_from: date
    period_to: date
    issued_on: date
    issued_at: AwareDatetime
    due_on: date | None
    net: Money
    tax: Money
    total: Money
    paid: Money
    outstanding: Money
    state: Annotated[str, Field(description="Empty for credit notes.")]
    cancels_id: Annotated[int | None, Field(description="What a credit note cancels.")]


class LineOut(Schema):
    """A line of a document."""

    position: int
    section: str
    item: str
    period_from: date
    period_to: date
    cameras: int
    price: Money | None
    quantity: Annotated[str, Field(examples=["1.500000"])]
    amount: Money
    tax_percent: str


class DetailedInvoiceOut(InvoiceOut):
    """An invoice or credit note with its lines."""

    lines: list[LineOut]


class InvoiceList(ListQuery):
    """The filters of the list of invoices."""

    q: Annotated[str | None, Field(description="Number, organization, legal name or total.")] = None
    organization: Annotated[
        str | None, Field(description="A title; to owners, the id of an organization.")
    ] = None
    state: Annotated[str | None, Field(description="Such as `overdue`.")] = None
    month: Annotated[str | None, Field(description="A billed month, such as `2026-10`.")] = None
    differs: Annotated[
        Literal["yes", "checking"] | None,
        Field(description="From what would be charged now; staff only."),
    ] = None
    mail: Annotated[Literal["failed"] | None, Field(description="Staff only.")] = None


class PreviewQuery(Schema):
    """The dates to invoice, both included."""

    from_: Annotated[date, Field(alias="from")]
    to: date


class DraftOut(Schema):
    """What would be issued in one currency."""

    version: Annotated[str, Field(description="Send it in `shown` to issue this and no other.")]
    net: Money
    tax: Money
    total: Money
    blocked_by: Annotated[list["RefusalOut"], Field(description="Why it cannot be issued.")]


class RefusalOut(Schema):
    """Why something cannot be issued."""

    code: str
    detail: str


class PreviewOut(Schema):
    """What would be issued for a period, and what prevents it."""

    drafts: list[DraftOut]
    blocked_by: list[RefusalOut]


class Issuing(Given):
    """The dates to invoice, both included."""

    from_: Annotated[date, Field(alias="from")]
    to: date
    shown: Annotated[
        dict[str, str] | None,
        Field(description="The versions of the drafts of a preview, by currency."),
    ] = None


class IssuedOut(Schema):
    """What was issued, one document for each currency."""

    items: list[DetailedInvoiceOut]


@reads(router, "/invoices", KIND, response=Page[InvoiceOut])
def list_invoices(request: HttpRequest, query: Query[InvoiceList]) -> HttpResponse:
    """List invoices and credit notes."""
    caller, today = caller_of(request), provider_date(timezone.now())
    filterset = filter_for(request, _visible(caller, today), today)
    rows, following = page_of(filtered(request, filterset, query), query)
    return answer(Page[InvoiceOut](items=[_out(each) for each in rows], next=following))


@reads(router, "/invoices/{int:pk}", KIND, response=DetailedInvoiceOut)
def get_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an invoice or credit note with its lines."""
    return answer(_detailed(_invoice(request, pk)))


def _file(kind: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"}
    return {"responses": {200: {"description": "OK", "content": {kind: {"schema": schema}}}}}


@reads(router, "/invoices/{int:pk}/pdf", KIND, openapi_extra=_file("application/pdf"))
def get_invoice_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a document as PDF/A-3 with EN 16931 XML inside."""
    return HttpResponse(pdf_of(_invoice(request, pk)), content_type="application/pdf")


@reads(router, "/invoices/{int:pk}/cii", KIND, openapi_extra=_file("application/xml"))
def get_invoice_cii(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a document as EN 16931 XML in the CII syntax."""
    return _xml(xml.cii, _invoice(request, pk))


@reads(router, "/invoices/{int:pk}/ubl", KIND, openapi_extra=_file("application/xml"))
def get_invoice_ubl(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a document as EN 16931 XML in the UBL syntax."""
    return _xml(xml.ubl, _invoice(request, pk))


@reads(router, "/organizations/{int:pk}/invoices/preview", KIND, response=PreviewOut)
def preview_invoices(request: HttpRequest, pk: int, query: Query[PreviewQuery]) -> HttpResponse:
    """Return what issuing invoices for a period would issue, and what prevents it. For staff."""
    refuse_unknown(request, query)
    caller = caller_of(request)
    if caller.user.is_owner:
        raise Http404
    organization: Organization = get_object_or_404(caller.organizations(), pk=pk)
    period = _period(query.from_, query.to)
    drafts = drafts_of(
        organization=organization, period=period, now=timezone.now(), provider=provider_details()
    )
    return answer(
        PreviewOut(
            drafts=[_draft(each) for each in drafts.drafts],
            blocked_by=[_refusal(each) for each in drafts.blockers],
        )
    )


@posts(router, "/organizations/{int:pk}/invoices", KIND, response=IssuedOut)
def issue_invoices(request: HttpRequest, pk: int, body: Issuing) -> HttpResponse:
    """Issue an organization's invoices for a period, one for each currency, and send them."""
    caller = caller_of(request)
    get_object_or_404(caller.organizations(), pk=pk)
    issued = operations.issue(
        organization_id=pk,
        period=_period(body.from_, body.to),
        now=timezone.now(),
        by=caller.user,
        shown=body.shown,
    )
    items = [_detailed(_invoice(request, each.pk)) for each in issued]
    return answer(IssuedOut(items=items), status=201)


@posts(router, "/invoices/{int:pk}/cancel", KIND, response=DetailedInvoiceOut)
def cancel_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an invoice with a credit note, which is the answer."""
    _invoice(request, pk)
    by, now = caller_of(request).user, timezone.now()
    credit_note = operations.cancel(invoice_id=pk, now=now, by=by)
    content = _detailed(_invoice(request, credit_note.pk))
    return answer(content, status=201, location=f"/api/v1/invoices/{credit_note.pk}")


def _visible(caller: Caller, today: date) -> Any:
    return caller.limited(visible_invoices(caller.user, today), "organization")


def _invoice(request: HttpRequest, pk: int) -> Any:
    caller = caller_of(request)
    visible = caller.limited(Invoice.objects.visible_to(caller.user), "organization")
    get_object_or_404(visible, pk=pk)
    return invoice_for(caller.user, pk, provider_date(timezone.now()))


def _period(first: date, last: date) -> Period:
    form = PeriodForm({"from": first.isoformat(), "to": last.isoformat()})
    if not form.is_valid():
        raise wrong_form(form)
    return Period(first, last + ONE_DAY)


def _xml(state: Any, invoice: Any) -> HttpResponse:
    """Return a document as XML, or raise Http404 if EN 16931 cannot state its amounts."""
    document = document_of(invoice)
    if not xml.can_state(document):
        raise Http404
    return HttpResponse(state(document), content_type="application/xml")


def _draft(draft: Any) -> DraftOut:
    document = draft.document
    return DraftOut(
        version=draft.version,
        net=money(document.net, document.currency),
        tax=money(document.tax_amount, document.currency),
        total=money(document.total, document.currency),
        blocked_by=[] if draft.blocker is None else [_refusal(draft.blocker)],
    )


def _refusal(refusal: Exception) -> RefusalOut:
    return RefusalOut(code=code_of(type(refusal).__name__), detail=str(refusal))


def _values(invoice: Any) -> dict[str, Any]:
    same = (
        "number",
        "kind",
        "organization_id",
        "organization_title",
        "buyer_name",
        "period_from",
        "issued_on",
        "issued_at",
        "due_on",
        "state",
        "cancels_id",
    )
    amounts = {
        "net": invoice.net,
        "tax": invoice.tax_amount,
        "total": invoice.total,
        "paid": invoice.paid,
        "outstanding": invoice.outstanding,
    }
    return {
        "id": invoice.pk,
        **{name: getattr(invoice, name) for name in same},
        "period_to": invoice.period_until - ONE_DAY,
        **{name: money(amount, invoice.currency) for name, amount in amounts.items()},
    }


def _out(invoice: Any) -> InvoiceOut:
    return InvoiceOut(**_values(invoice))


def _detailed(invoice: Any) -> DetailedInvoiceOut:
    lines = sorted(invoice.lines.all(), key=lambda each: each.position)
    return DetailedInvoiceOut(
        **_values(invoice), lines=[_line(each, invoice.currency) for each in lines]
    )


def _line(line: Any, currency: str) -> LineOut:
    return LineOut(
        position=line.position,
        section=line.section,
        item=line.item,
        period_from=line.period_from,
        period_to=line.period_until - ONE_DAY,
        cameras=line.cameras,
        price=None if line.price is None else money(line.price, currency),
        quantity=f"{line.quantity:f}",
        amount=money(line.amount, currency),
        tax_percent=f"{line.tax_percent:f}",
    )
