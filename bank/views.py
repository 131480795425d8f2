"""Pages of bank statements: lines to decide, one line, files, accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from accounts.models import User
from bank import posting
from bank.csv_files import receive_csv
from bank.filters import LineFilter, StatementFilter
from bank.forms import AccountForm, IgnoreForm, PartsForm, UploadForm
from bank.importing import import_file
from bank.models import (
    BankAccount,
    BankFile,
    BankLine,
    BankProposal,
    BankStatement,
    CsvLayout,
    LineState,
)
from bank.proposing import currencies, taken_back
from bank.reading.csv_columns import label_of
from bank.reading.formats import format_of
from bank.reading.values import UnreadableStatementError
from bank.refusals import BankRefusal
from bank.shown import shown_proposals
from bank.tables import LineTable, StatementTable
from bank.tasks import defer_matching
from debits.collecting import CURRENCY
from debits.refusals import DebitRefusal
from debits.sums import pending_amounts
from foundation.imports.encodings import Encoding
from foundation.lists.pages import render_list
from foundation.lists.selection import ids_in
from invoices.models import Invoice
from payments.books import BooksClosed
from payments.discounts import taken_discounts
from payments.models import Allocation
from payments.refusals import PaymentRefusal
from tariffs.money import format_money

FORM_METHODS = ["GET", "HEAD", "POST"]
MOST_SHOWN = 50
"""How many payments the page of a line shows; the batch of a direct debit has all."""


@require_safe
@staff_only
def lines(request: HttpRequest) -> HttpResponse:
    """List lines; by default, those about which nothing is decided."""
    every = BankLine.objects.order_by("-booked_on", "-pk")
    filterset = LineFilter(request.GET, queryset=every, request=request)
    proposed = BankProposal.objects.filter(line=OuterRef("pk"))
    summed = Q(account__currency=CURRENCY, amount__in=pending_amounts())
    rows = filterset.qs.select_related("account").annotate(
        has_proposal=Case(When(summed, then=True), default=Exists(proposed)),
        has_certain=Exists(proposed.filter(is_certain=True)),
    )
    return render_list(
        request,
        "bank/lines.html",
        table=LineTable(rows),
        filterset=filterset,
        has_accounts=BankAccount.objects.exists(),
    )


@require_safe
@staff_only
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a line, what it may pay, and what became of it."""
    return _line_page(request, _line(pk))


def _line(pk: int) -> BankLine:
    rows = BankLine.objects.select_related(
        "account", "statement__file", "decided_by", "takes_back__organization"
    ).defer("statement__file__content")
    return get_object_or_404(rows, pk=pk)


def _line_page(
    request: HttpRequest,
    shown: BankLine,
    parts: PartsForm | None = None,
    ignoring: IgnoreForm | None = None,
) -> HttpResponse:
    left = posting.left_of(shown)
    is_open = shown.state == LineState.OPEN
    postings = shown.postings.select_related("payment__organization").order_by("pk")
    context = {
        "line": shown,
        "left": left,
        "postings": postings[:MOST_SHOWN],
        "more_postings": max(postings.count() - MOST_SHOWN, 0),
        "proposals": shown_proposals(shown, left) if is_open else (),
        "sums": posting.sums_of(shown) if is_open else (),
        "taken_back": taken_back(shown) if is_open else (),
        "parts": parts or PartsForm(None, left=left, currency=shown.account.currency),
        "ignoring": ignoring or IgnoreForm(),
    }
    return render(request, "bank/line.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the payments of a line: as proposed, or as entered."""
    shown = _line(pk)
    if request.method != "POST":
        # Reloading the page with errors, or choosing another language there, leads here.
        return redirect("bank:line", pk)
    left = posting.left_of(shown)
    proposals = ids_in(request.POST.getlist("proposal"))
    form = PartsForm(request.POST, left=left, currency=shown.account.currency)
    if proposals:
        proposal = shown.proposals.filter(pk__in=proposals).first()
        if proposal is None:
            messages.error(request, _("This proposal is outdated. Look at the line again."))
            return redirect("bank:line", pk)
        parts = [posting.Part(proposal.organization_id, left, proposal.invoices)]
    elif form.is_valid():
        parts = form.parts
    else:
        return _line_page(request, shown, parts=form)
    return _decided(
        request,
        shown,
        lambda: posting.post(line_id=pk, parts=parts, now=timezone.now(), by=signed_in(request)),
        _("The payment was recorded."),
    )


@require_POST
@operators_only
def record_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the direct debits that a line sums up."""
    shown = _line(pk)
    (batch_id, *_rest) = [*ids_in(request.POST.getlist("batch")), 0]
    block = request.POST.get("block", "")
    wanted = [each for each in posting.sums_of(shown) if each.is_exact]
    if (batch_id, block) not in {(each.batch.pk, each.block) for each in wanted}:
        messages.error(request, _("This proposal is outdated. Look at the line again."))
        return redirect("bank:line", pk)
    return _decided(
        request,
        shown,
        lambda: posting.post_batch(
            line_id=pk, batch_id=batch_id, block=block, now=timezone.now(), by=signed_in(request)
        ),
        _("The payments were recorded."),
    )


@require_POST
@operators_only
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse the payment that a line takes back."""
    (payment_id, *_rest) = [*ids_in(request.POST.getlist("payment")), 0]
    shown = _line(pk)
    if payment_id not in {each.pk for each in taken_back(shown)}:
        messages.error(request, _("This proposal is outdated. Look at the line again."))
        return redirect("bank:line", pk)
    return _decided(
        request,
        shown,
        lambda: posting.take_back(
            line_id=pk, payment_id=payment_id, now=timezone.now(), by=signed_in(request)
        ),
        _("The payment was reversed."),
    )


@require_http_methods(FORM_METHODS)
@operators_only
def ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a line aside with a reason."""
    shown, form = _line(pk), IgnoreForm(request.POST)
    if request.method != "POST":
        return redirect("bank:line", pk)
    if not form.is_valid():
        return _line_page(request, shown, ignoring=form)
    return _decided(
        request,
        shown,
        lambda: posting.ignore(
            line_id=pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            by=signed_in(request),
        ),
        _("The line is ignored."),
    )


@require_POST
@operators_only
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a line again."""
    _line(pk)
    try:
        posting.undo(line_id=pk, now=timezone.now(), by=signed_in(request))
    except (BankRefusal, DebitRefusal, PaymentRefusal) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The line is open again."))
    return redirect("bank:line", pk)


def _decided(
    request: HttpRequest, shown: BankLine, operation: Callable[[], Any], done: str
) -> HttpResponse:
    """Carry out an operation; go on with the next open line of the list."""
    try:
        operation()
    except BooksClosed as refusal:
        # The bank's date cannot be changed, so the refusal's advice does not help here.
        text = _(
            "The bank booked this line on %(date)s, and the books are closed through "
            "%(closed)s. Reopen the month; or ignore the line, and record the payment with a later "
            "date."
        )
        names = {
            "date": date_format(shown.booked_on),
            "closed": date_format(refusal.closed_through),
        }
        messages.error(request, text % names)
        return redirect("bank:line", shown.pk)
    except (BankRefusal, DebitRefusal, PaymentRefusal) as refusal:
        messages.error(request, str(refusal))
        return redirect("bank:line", shown.pk)
    messages.success(request, done)
    _tell_of_discounts(request, shown)
    below = Q(booked_on__lt=shown.booked_on) | Q(booked_on=shown.booked_on, pk__lt=shown.pk)
    following = BankLine.objects.open().filter(below).order_by("-booked_on", "-pk").first()
    return redirect("bank:line", following.pk) if following else redirect("bank:lines")


def _tell_of_discounts(request: HttpRequest, shown: BankLine) -> None:
    """Propose to write off what the payments of a line are short by, if that is a discount."""
    payments = shown.postings.values("payment")
    paid = Allocation.objects.filter(payment__in=payments, invoice__isnull=False)
    ids = paid.order_by("invoice").values_list("invoice", flat=True).distinct()[:MOST_SHOWN]
    for taken in taken_discounts(list(ids)):
        amount = format_money(taken.amount, shown.account.currency)
        text = _("What is outstanding of %(number)s is exactly its cash discount, %(amount)s.")
        text %= {"number": taken.number, "amount": amount}
        address = reverse("payments:write_off", args=[taken.invoice_id])
        link = '{} <a class="alert-link" href="{}">{}</a>'
        messages.info(request, format_html(link, text, address, _("Write off")))


@require_POST
@operators_only
def match(request: HttpRequest) -> HttpResponse:
    """Match all open lines again."""
    for currency in currencies():
        defer_matching(currency)
    messages.success(request, _("The open lines are being matched again."))
    return redirect("bank:lines")


@require_http_methods(FORM_METHODS)
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Store a file of a bank."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            stored = _receive(form.cleaned_data, timezone.now(), signed_in(request))
        except (UnreadableStatementError, BankRefusal) as refusal:
            form.add_error("file", str(refusal))
        else:
            if stored is None:
                return redirect("bank:columns", form.cleaned_data["account"].pk)
            tell_of_new_lines(request, stored)
            return redirect("bank:lines")
    return render(request, "bank/upload.html", {"form": form, "way_back": reverse("bank:lines")})


def _receive(given: Mapping[str, Any], now: datetime, by: User) -> BankFile | None:
    """Store an uploaded file; return None if somebody must say first what its columns mean."""
    file, account = given["file"], given["account"]
    content = file.read()
    if account is None or format_of(content) is not None:
        return import_file(name=file.name, content=content, now=now, by=by)
    return receive_csv(
        account_id=account.pk,
        name=file.name,
        content=content,
        encoding=given["encoding"] or Encoding.UTF_8,
        now=now,
        by=by,
    )


def tell_of_new_lines(request: HttpRequest, file: BankFile) -> None:
    """Tell a person how many lines of a file were new."""
    new = sum(each.new for each in file.statements.all())
    text = ngettext("%(number)s new line was read.", "%(number)s new lines were read.", new)
    messages.success(request, text % {"number": new})


@require_safe
@staff_only
def files(request: HttpRequest) -> HttpResponse:
    """List what the files stated, the newest first."""
    statements = BankStatement.objects.select_related("file__uploaded_by", "account").defer(
        "file__content"
    )
    filterset = StatementFilter(request.GET, queryset=statements)
    table = StatementTable(filterset.qs)
    return render_list(request, "bank/files.html", table=table, filterset=filterset)


@require_safe
@staff_only
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a file as it was uploaded."""
    file = get_object_or_404(BankFile, pk=pk)
    answer = HttpResponse(bytes(file.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return answer


@require_safe
@staff_only
def accounts(request: HttpRequest) -> HttpResponse:
    """List the provider's bank accounts, each with its last balance and its open lines."""
    latest = BankStatement.objects.filter(account=OuterRef("pk")).exclude(closing=None)
    # A statement without lines has no day; its balance is that of the one before.
    latest = latest.order_by(F("last_on").desc(nulls_last=True), "-pk")
    still_open = BankLine.objects.open().filter(account=OuterRef("pk")).order_by()
    counted = still_open.values("account").annotate(number=Count("pk")).values("number")
    every = BankAccount.objects.annotate(
        open_lines=Coalesce(Subquery(counted), 0),
        balance=Subquery(latest.values("closing")[:1]),
        balance_on=Subquery(latest.values("last_on")[:1]),
    )
    return render(request, "bank/accounts.html", {"accounts": every})


@require_http_methods(FORM_METHODS)
@operators_only
def add_account(request: HttpRequest) -> HttpResponse:
    """Add a bank account."""
    billed = Invoice.objects.order_by("-pk").values_list("currency", flat=True).first()
    return _account_page(request, BankAccount(currency=billed or ""))


@require_http_methods(FORM_METHODS)
@operators_only
def edit_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a bank account."""
    return _account_page(request, get_object_or_404(BankAccount, pk=pk))


def _account_page(request: HttpRequest, account: BankAccount) -> HttpResponse:
    form = AccountForm(request.POST if request.method == "POST" else None, instance=account)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The bank account was saved."))
        return redirect("bank:accounts")
    layout = CsvLayout.objects.filter(account=account.pk).first()
    context = {
        "form": form,
        "account": account,
        "layout": layout,
        "columns": [(label_of(name), each) for name, each in layout.headings.items()]
        if layout
        else (),
        "way_back": reverse("bank:accounts"),
    }
    return render(request, "bank/account.html", context)
