"""Pages that send many documents again, and that pack many into a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.jobs.setup import has_worker
from foundation.lists.choices import rows_a_page
from foundation.statement_limits import allow_export
from foundation.web.return_addresses import redirect_back, way_back
from invoices.access import visible_invoices
from invoices.many import files, mailings
from invoices.many.models import DocumentFile, Mailing
from invoices.many.selection import selected_ids, wrong_number
from invoices.models import Delivery, Invoice
from invoices.tables import MOST_DOCUMENTS
from tariffs.provider_calendar import provider_date

_MOST_RECENT = 5


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def send_many(request: HttpRequest) -> HttpResponse:
    """Show what would be sent again to whom; on POST, request it."""
    now = timezone.now()
    ids = _selected(request, now)
    if problem := wrong_number(ids, most=MOST_DOCUMENTS):
        messages.error(request, problem)
        return redirect_back(request, reverse("invoices:list"))
    if request.method == "POST":
        try:
            mailing = mailings.send_again(
                mailing_id=_id_of(request),
                invoice_ids=ids,
                shown=request.POST.get("shown", ""),
                now=now,
                by=signed_in(request),
            )
        except mailings.PlanOutdated as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("invoices:mailing", mailing.pk)
    plan = mailings.plan_of(ids)
    page = Paginator(plan.documents, rows_a_page(request)).get_page(request.GET.get("page"))
    return render(
        request, "invoices/many/send.html", _asking(request) | {"plan": plan, "page": page}
    )


@require_safe
@staff_only
def mailing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a mailing is, and what could not be sent."""
    mailing = get_object_or_404(Mailing.objects.select_related("asked_by"), pk=pk)
    progress = mailings.progress_of(mailing)
    failed = mailing.deliveries.filter(state=Delivery.State.FAILED).order_by("pk")
    failed = failed.select_related("invoice")
    page = Paginator(failed, rows_a_page(request)).get_page(request.GET.get("page"))
    context = {
        "mailing": mailing,
        "progress": progress,
        "page": page,
        "is_stuck": progress.waiting and not has_worker(timezone.now()),
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "invoices/many/mailing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest) -> HttpResponse:
    """Show how many documents would be packed into a file; on POST, have a job make it."""
    now = timezone.now()
    user = signed_in(request)
    ids = _selected(request, now)
    if len(ids) <= MOST_DOCUMENTS:
        visible = Invoice.objects.visible_to(user).filter(pk__in=ids)
        ids = list(visible.order_by("pk").values_list("pk", flat=True))
    if problem := wrong_number(ids, most=MOST_DOCUMENTS):
        messages.error(request, problem)
        return redirect_back(request, reverse("invoices:list"))
    if request.method == "POST":
        file = files.ask(file_id=_id_of(request), invoice_ids=ids, now=now, by=user)
        return redirect("invoices:file", file.pk)
    return render(request, "invoices/many/pack.html", _asking(request) | {"number": len(ids)})


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a file is, and offer it."""
    file = _own_file(request, pk)
    is_in_progress = file.state == DocumentFile.State.WAITING
    context = {
        "file": file,
        "is_in_progress": is_in_progress,
        "is_stuck": is_in_progress and not has_worker(timezone.now()),
        "kept_until": file.asked_at + files.FILES_KEPT,
    }
    return render(request, "invoices/many/file.html", context)


@require_safe
def download(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """Send a file, unless its requester may no longer see one of its documents."""
    file = _own_file(request, pk)
    visible = Invoice.objects.visible_to(signed_in(request)).filter(pk__in=file.documents)
    if file.state != DocumentFile.State.READY or visible.count() != file.total:
        raise Http404
    allow_export()
    # The length lets a browser notice that a download broke off.
    headers = {
        "Content-Length": str(file.size),
        "Content-Disposition": f'attachment; filename="invoices-{file.asked_at:%Y-%m-%d}.zip"',
    }
    return StreamingHttpResponse(
        files.parts_of(file), content_type="application/zip", headers=headers
    )


def recent_of(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return the last files and mailings that the user requested within a day, to find them."""
    user, since = signed_in(request), now - files.FILES_KEPT
    own = DocumentFile.objects.filter(asked_by=user, asked_at__gt=since)
    sent = Mailing.objects.filter(asked_by=user, asked_at__gt=since) if user.is_operator else ()
    return {
        "recent_files": own.defer("documents")[:_MOST_RECENT],
        "recent_mailings": sent[:_MOST_RECENT],
    }


def _own_file(request: HttpRequest, pk: UUID) -> DocumentFile:
    return get_object_or_404(DocumentFile, pk=pk, asked_by=signed_in(request))


def _selected(request: HttpRequest, now: datetime) -> list[int]:
    today: date = provider_date(now)
    visible = visible_invoices(signed_in(request), today)
    return selected_ids(request, visible, today, most=MOST_DOCUMENTS)


def _asking(request: HttpRequest) -> dict[str, Any]:
    """Return what pages that ask for a confirmation have in common."""
    return {"id": uuid4(), "way_back": way_back(request, reverse("invoices:list"))}


def _id_of(request: HttpRequest) -> UUID:
    """Return the id that the page which asked for a confirmation chose."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid4()
