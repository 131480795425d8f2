"""Payments: list, get, record, reverse."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from api.core.answers import (
    AmountText,
    Given,
    ListQuery,
    Money,
    Page,
    answer,
    filtered,
    money,
    page_of,
)
from api.core.callers import Caller, caller_of
from api.core.problems import wrong_form
from api.core.registering import posts, reads
from api.core.repetition import request_id
from invoices.access import invoice_for
from invoices.models import Invoice
from payments import operations
from payments.filters import PaymentFilter
from payments.forms import OnAccountForm, PaymentForm, ReversalForm, Use
from payments.models import Payment, PaymentKind
from payments.views import currencies_of
from tariffs.provider_calendar import provider_date

router = Router()
KIND = "payments"

Method = Literal["transfer", "card", "direct_debit", "cash", "other"]


class PaymentOut(Schema):
    """An amount in favour of an organization, or against it if it is negative."""

    id: int
    kind: str
    organization_id: int
    invoice_id: Annotated[int | None, Field(description="The invoice that the payer named.")]
    paid_on: date
    amount: Money
    method: Method
    reference: str
    remaining: Annotated[Money, Field(description="What is left on account.")]
    reverses_id: int | None
    reversed_by_id: int | None
    recorded_at: AwareDatetime


class PaymentList(ListQuery):
    """The filters of the list of payments."""

    q: Annotated[str | None, Field(description="Reference, amount or invoice number.")] = None
    kind: Annotated[str | None, Field(description="Such as `payment`.")] = None
    method: Method | None = None
    from_: Annotated[date | None, Field(alias="from", description="The first date.")] = None
    to: Annotated[date | None, Field(description="The last date.")] = None


class _Received(Given):
    paid_on: date
    amount: AmountText
    method: Method = "transfer"
    reference: str = ""
    bank_fee: Annotated[AmountText | None, Field(description="What the bank kept.")] = None
    again: Annotated[
        bool, Field(description="Whether it is another payment than an equal one.")
    ] = False


class InvoicePayment(_Received):
    """A payment that names an invoice, in its currency."""


class PaymentOnAccount(_Received):
    """A payment that names no invoice."""

    currency: str
    use: Annotated[
        Literal["oldest", "nothing", "deposit"],
        Field(description="Pay what is due first, leave it on account, or keep it as a deposit."),
    ] = "oldest"


class Reversal(Given):
    """Why a payment is reversed."""

    reason: str = ""


@reads(router, "/payments", KIND, response=Page[PaymentOut])
def list_payments(request: HttpRequest, query: Query[PaymentList]) -> HttpResponse:
    """List payments, refunds and write-offs."""
    caller = caller_of(request)
    invoices = Invoice.objects.visible_to(caller.user)
    filterset = PaymentFilter(request, _shown(caller), invoices)
    rows, following = page_of(filtered(request, filterset, query), query)
    return answer(Page[PaymentOut](items=[_out(each) for each in rows], next=following))


@reads(router, "/payments/{int:pk}", KIND, response=PaymentOut)
def get_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a payment."""
    return answer(_out(get_object_or_404(_shown(caller_of(request)), pk=pk)))


@posts(router, "/invoices/{int:pk}/payments", KIND, response=PaymentOut)
def record_payment(request: HttpRequest, pk: int, body: InvoicePayment) -> HttpResponse:
    """Record a payment of an invoice. What exceeds the outstanding amount is left on account."""
    caller, now = caller_of(request), timezone.now()
    visible = caller.limited(Invoice.objects.visible_to(caller.user), "organization")
    get_object_or_404(visible, pk=pk)
    today = provider_date(now)
    invoice: Any = invoice_for(caller.user, pk, today)
    form = PaymentForm(
        _data(request, body),
        currency=invoice.currency,
        outstanding=invoice.outstanding,
        today=today,
    )
    if not form.is_valid():
        raise wrong_form(form)
    payment = operations.record_payment(invoice_id=pk, now=now, by=caller.user, **form.cleaned_data)
    return _recorded(caller, payment)


@posts(router, "/organizations/{int:pk}/payments", KIND, response=PaymentOut)
def record_payment_on_account(
    request: HttpRequest, pk: int, body: PaymentOnAccount
) -> HttpResponse:
    """Record a payment of an organization that names no invoice by itself."""
    caller, now = caller_of(request), timezone.now()
    organization = get_object_or_404(caller.organizations(), pk=pk)
    form = OnAccountForm(
        _data(request, body), currencies=currencies_of(organization), today=provider_date(now)
    )
    if not form.is_valid():
        raise wrong_form(form)
    values = dict(form.cleaned_data)
    use = values.pop("use")
    payment = operations.record_on_account(
        organization_id=pk,
        automatically=use == Use.OLDEST,
        kind=PaymentKind.DEPOSIT if use == Use.DEPOSIT else PaymentKind.PAYMENT,
        now=now,
        by=caller.user,
        **values,
    )
    return _recorded(caller, payment)


@posts(router, "/payments/{int:pk}/reverse", KIND, response=PaymentOut)
def reverse_payment(request: HttpRequest, pk: int, body: Reversal) -> HttpResponse:
    """Reverse a payment; the reversal, with the negated amount, is the answer."""
    caller = caller_of(request)
    get_object_or_404(_shown(caller), pk=pk)
    form = ReversalForm({"reason": body.reason})
    if not form.is_valid():
        raise wrong_form(form)
    reversal = operations.reverse_payment(
        payment_id=pk, now=timezone.now(), by=caller.user, **form.cleaned_data
    )
    return _recorded(caller, reversal)


def _shown(caller: Caller) -> Any:
    payments = Payment.objects.visible_to(caller.user).select_related("on_account", "reversal")
    return caller.limited(payments, "organization")


def _recorded(caller: Caller, payment: Payment) -> HttpResponse:
    content = _out(_shown(caller).get(pk=payment.pk))
    return answer(content, status=201, location=f"/api/v1/payments/{payment.pk}")


def _data(request: HttpRequest, body: _Received) -> dict[str, Any]:
    """Return what a form sends, with an id of the request: it tells apart equal payments."""
    values = body.model_dump(mode="json", exclude={"again"})
    given = {name: value for name, value in values.items() if value is not None}
    return {**given, "request": str(request_id(request)), "again": body.again}


def _out(payment: Any) -> PaymentOut:
    on_account = getattr(payment, "on_account", None)
    reversal = getattr(payment, "reversal", None)
    left = on_account.remaining if on_account else Decimal(0)
    return PaymentOut(
        id=payment.pk,
        kind=payment.kind,
        organization_id=payment.organization_id,
        invoice_id=payment.invoice_id,
        paid_on=payment.paid_on,
        amount=money(payment.amount, payment.currency),
        method=payment.method,
        reference=payment.reference,
        remaining=money(left, payment.currency),
        reverses_id=payment.reverses_id,
        reversed_by_id=reversal.pk if reversal else None,
        recorded_at=payment.recorded_at,
    )
