"""Pages that ask what the columns of an account's CSV files mean."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from bank.csv_files import choose_columns, forget_columns
from bank.forms import CsvColumnsForm
from bank.models import BankAccount, CsvLayout, CsvUpload
from bank.reading.csv_statement import headings_in, rows_in
from bank.reading.values import UnreadableStatementError
from bank.views import tell_of_new_lines

_ROWS_SHOWN = 3


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the columns of the file that waits mean, and import it."""
    waiting = get_object_or_404(CsvUpload.objects.select_related("account"), pk=pk)
    rows = rows_in(bytes(waiting.content), waiting.encoding)
    found = headings_in(rows)
    layout = CsvLayout.objects.filter(account=pk).first()
    form = CsvColumnsForm(
        request.POST if request.method == "POST" else None, found=found, layout=layout
    )
    if request.method == "POST" and form.is_valid():
        try:
            file = choose_columns(
                account_id=pk,
                headings=form.headings,
                decimal_mark=form.cleaned_data["decimal_mark"],
                date_order=form.cleaned_data["date_order"],
                now=timezone.now(),
                by=signed_in(request),
            )
        except UnreadableStatementError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell_of_new_lines(request, file)
            return redirect("bank:lines")
    below = [[each.strip() for each in row.fields] for row in rows]
    begin = below.index(found) + 1
    context = {
        "form": form,
        "waiting": waiting,
        "headings": found,
        "sample": below[begin : begin + _ROWS_SHOWN],
        "way_back": reverse("bank:upload"),
    }
    return render(request, "bank/columns.html", context)


@require_POST
@operators_only
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what the columns of an account's CSV files mean."""
    account = get_object_or_404(BankAccount, pk=pk)
    forget_columns(account_id=account.pk)
    messages.success(request, _("You are asked about the columns of the next CSV file again."))
    return redirect("bank:edit_account", pk)
