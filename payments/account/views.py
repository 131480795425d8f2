"""The page and the files of an organization's statement of account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from foundation.lists.exports import EXPORT_KINDS, export_response, refused_export
from foundation.lists.pages import ROWS_A_PAGE
from organizations.access import whole_organization_for
from organizations.models import Organization
from payments.account.contents import MOST_PRINTED, pdf
from payments.account.exports import EXPORT_COLUMNS, export_rows
from payments.account.lines import Line, lines_of
from payments.account.statement import Account, CurrencyAccount, account_of, account_today
from rating.periods import Period, month_of
from usage.statements.forms import PeriodForm, as_query

FILE_KINDS = ("pdf", *EXPORT_KINDS)


@dataclass(frozen=True)
class Section:
    """The part of a currency's account that a page shows, with the balance `before` its lines."""

    account: CurrencyAccount
    lines: list[Line]
    is_first: bool
    is_last: bool

    @property
    def before(self) -> Any:
        """The balance before the first line of a page that continues another."""
        return self.lines[0].balance - self.lines[0].entry.amount

    @property
    def after(self) -> Any:
        """The balance after the last line of a page that another continues."""
        return self.lines[-1].balance


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the statement of account of an organization over a period."""
    organization = whole_organization_for(signed_in(request), pk)
    today = account_today(organization, timezone.now())
    form = _form(request, today)
    context: dict[str, Any] = {
        "organization": organization,
        "form": form,
        "shortcuts": _shortcuts(today),
    }
    if form.is_valid():
        stated = account_of(signed_in(request), organization, form.period)
        page = Paginator(range(stated.entries), ROWS_A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "account": stated,
            "page": page,
            "sections": list(_sections(stated, page)),
            "closing_on": min(form.period.last, today),
            "files": _files(organization, form.period),
        }
    return render(request, "payments/account.html", context)


@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Return the statement of account as CSV, XLSX or PDF."""
    user = signed_in(request)
    organization = whole_organization_for(user, pk)
    today = account_today(organization, timezone.now())
    form = _form(request, today)
    if not form.is_valid():
        return refused_export(form.refusal)
    stated = account_of(user, organization, form.period)
    closing_on = min(form.period.last, today)
    name = f"account-{pk}-{form.period.start}-{form.period.last}"
    if kind != "pdf":
        rows = export_rows(stated, closing_on)
        return export_response(kind, name, EXPORT_COLUMNS, rows, sheet="Account")
    if stated.entries > MOST_PRINTED:
        return refused_export(_too_long())
    response = HttpResponse(pdf(stated, closing_on, today), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _form(request: HttpRequest, today: date) -> PeriodForm:
    """Return the form for the period, which is this year so far if the address has none.

    A period that begins after today has no closing balance yet.
    """
    form = PeriodForm.asked(request.GET, today, otherwise=_year_so_far(today))
    if form.is_valid() and form.period.start > today:
        form.add_error("from", _("The period has not begun yet. Choose an earlier start date."))
    return form


def _year_so_far(today: date) -> Period:
    return Period.inclusive(today.replace(month=1, day=1), today)


def _shortcuts(today: date) -> list[tuple[str, dict[str, str]]]:
    """Return the most common periods as pairs of name and query parameters."""
    this_year = _year_so_far(today)
    last_year = Period(this_year.start.replace(year=today.year - 1), this_year.start)
    return [
        (_("This year"), as_query(this_year)),
        (_("Last year"), as_query(last_year)),
        (_("Last 3 months"), as_query(month_of(today, months_before=3, months=3))),
    ]


def _sections(stated: Account, page: Page[int]) -> Iterator[Section]:
    """Yield the parts of the account whose lines are on a page; the first has all without lines."""
    first, end = page.start_index() - 1 if stated.entries else 0, page.end_index()
    offset = 0
    for account in stated.currencies:
        number = len(account.entries)
        begin, stop = max(first - offset, 0), min(end - offset, number)
        if begin < stop or (not number and page.number == 1):
            lines = list(lines_of(account, begin, stop))
            yield Section(account, lines, is_first=begin == 0, is_last=stop == number)
        offset += number


def _files(organization: Organization, period: Period) -> list[tuple[str, str]]:
    """Return the name and the address of each file."""
    return [
        (
            kind.upper(),
            reverse(f"payments:account_{kind}", args=[organization.pk], query=as_query(period)),
        )
        for kind in FILE_KINDS
    ]


def _too_long() -> str:
    return ngettext(
        "A PDF has room for %(most)s line. Choose a shorter period, or download CSV or XLSX.",
        "A PDF has room for %(most)s lines. Choose a shorter period, or download CSV or XLSX.",
        MOST_PRINTED,
    ) % {"most": MOST_PRINTED}
