"""Pages that settle the differences of invoices, one or many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from foundation.web.return_addresses import redirect_back, way_back
from invoices.access import visible_invoices
from invoices.differences.settlement import Settlement
from invoices.issuing import settling
from invoices.issuing.refusals import IssueRefusal
from invoices.issuing.settling import MOST_AT_ONCE
from invoices.many.selection import selected_ids, shown_versions, wrong_number
from invoices.models import Invoice
from tariffs.provider_calendar import provider_date

MOST_NAMED = 10


class SettlementSum(NamedTuple):
    """What invoices of a currency are charged more and less, with tax."""

    currency: str
    to_pay: Decimal
    to_credit: Decimal
    net: Decimal


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest) -> HttpResponse:
    """Show what settles the selected invoices; on POST, issue it."""
    shown = shown_versions(request.POST)
    ids = list(shown) if request.method == "POST" else _selected(request)
    if problem := wrong_number(ids, most=MOST_AT_ONCE):
        messages.error(request, problem)
        return redirect_back(request, _list_url())
    now = timezone.now()
    if request.method == "POST":
        try:
            issued = settling.settle_now(
                invoice_ids=ids, now=now, by=signed_in(request), shown=shown
            )
        except IssueRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _success_text(issued))
            if len(issued) == 1:
                return redirect("invoices:invoice", issued[0].pk)
            return redirect_back(request, _list_url())
    return _preview(request, ids, now)


def _preview(request: HttpRequest, ids: Sequence[int], now: datetime) -> HttpResponse:
    settlements = settling.settlements_of(settling.invoices_to_settle(ids), now)
    ready = [each for each in settlements if not each.unpriced]
    context = {
        "ready": ready,
        "unpriced": [each for each in settlements if each.unpriced],
        "same": len(ids) - len(settlements),
        "can_be_issued": any(each.total for each in ready),
        "sums": _sums(ready),
        "way_back": way_back(request, _list_url()),
    }
    return render(request, "invoices/settle.html", context)


@require_POST
@operators_only
def settle_with_next(request: HttpRequest) -> HttpResponse:
    """Settle the shown invoices with the next invoice of their organizations."""
    ids = list(shown_versions(request.POST))
    if problem := wrong_number(ids, most=MOST_AT_ONCE):
        messages.error(request, problem)
        return redirect_back(request, _list_url())
    try:
        number = settling.defer(invoice_ids=ids, now=timezone.now(), by=signed_in(request))
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext(
            "The difference of %(number)s invoice goes onto the next invoice.",
            "The differences of %(number)s invoices go onto the next invoices.",
            number,
        )
        messages.success(request, text % {"number": number})
    return redirect_back(request, _list_url())


@require_POST
@operators_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not settle an invoice with the next invoice after all."""
    try:
        settling.withdraw(invoice_id=pk)
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("invoices:list")
    messages.success(request, _("The difference does not go onto the next invoice."))
    return redirect("invoices:differences", pk)


def _success_text(issued: Sequence[Invoice]) -> str:
    text = ngettext(
        "%(number)s document was issued: %(numbers)s.",
        "%(number)s documents were issued: %(numbers)s.",
        len(issued),
    )
    named = [each.number for each in issued[:MOST_NAMED]]
    more = ["…"] if len(issued) > MOST_NAMED else []
    return text % {"number": len(issued), "numbers": ", ".join(named + more)}


def _selected(request: HttpRequest) -> list[int]:
    today = provider_date(timezone.now())
    differing = visible_invoices(signed_in(request), today).filter(difference__isnull=False)
    return selected_ids(request, differing, today, most=MOST_AT_ONCE)


def _sums(settlements: Sequence[Settlement]) -> list[SettlementSum]:
    to_pay, to_credit = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    net = defaultdict[str, Decimal](Decimal)
    for each in settlements:
        currency = each.invoice.currency
        net[currency] += each.net
        if each.total > 0:
            to_pay[currency] += each.total
        else:
            to_credit[currency] -= each.total
    return [SettlementSum(each, to_pay[each], to_credit[each], net[each]) for each in sorted(net)]


def _list_url() -> str:
    return reverse("invoices:list", query={"differs": "yes"})
