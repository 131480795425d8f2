"""Pages of direct debits: batches, what the next one collects, mandates, and who collects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from accounts.settings_pages import edit_settings
from debits import collecting, operations, recording
from debits.forms import CollectionForm, DebitSettingsForm, MandateForm, NotCollectedForm
from debits.models import Collection, DebitBatch, DebitSettings, Mandate
from debits.refusals import DebitRefusal
from debits.shown import newest_collections, notices_of, owed_less
from foundation.audit.history import HistoryPart
from foundation.lists.pages import ROWS_A_PAGE
from foundation.lists.selection import ids_in
from foundation.mail.requests import MailState
from organizations.access import organization_for
from payments.refusals import PaymentRefusal
from tariffs.provider_calendar import provider_date

FORM_METHODS = ["GET", "HEAD", "POST"]
PARTS = (HistoryPart("debits.DebitSettingsEvent"),)


@require_safe
@staff_only
def batches(request: HttpRequest) -> HttpResponse:
    """List batches, the newest first."""
    rows = DebitBatch.objects.defer("content").select_related("made_by")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "settings": DebitSettings.objects.first()}
    return render(request, "debits/batches.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def make(request: HttpRequest) -> HttpResponse:
    """Show what can be collected on a date, and make the file of what is selected."""
    now = timezone.now()
    stored = DebitSettings.objects.first()
    if stored is None:
        messages.info(request, _("Enter who collects before you make a file."))
        return redirect("debits:settings")
    form = CollectionForm(
        request.GET
        if "on" in request.GET
        else {"on": collecting.earliest_collection(stored, now).isoformat()}
    )
    context: dict[str, Any] = {"form": form, "most": collecting.MOST_COLLECTED}
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            collecting.check_date(on, stored, now)
        except DebitRefusal as refusal:
            form.add_error("on", str(refusal))
        else:
            if request.method == "POST":
                return _make(request, form)
            found = collecting.collectable(on)
            context |= {
                "found": found.due,
                "left_out": found.left_out,
                "total": sum(each.amount for each in found.due),
                "request_id": uuid4(),
            }
    return render(request, "debits/make.html", context)


def _make(request: HttpRequest, form: CollectionForm) -> HttpResponse:
    on = form.cleaned_data["on"]
    selected = ids_in(request.POST.getlist("invoice"))
    here = reverse("debits:make", query={"on": on.isoformat()})
    try:
        request_id = UUID(request.POST.get("request", ""))
    except ValueError:
        return redirect(here)
    shown = {
        pk: f"{amount} {mandate}"
        for pk, amount, mandate in (
            each.split(" ", 2) for each in request.POST.getlist("shown") if each.count(" ") == 2
        )
    }
    try:
        made = operations.make_batch(
            collected_on=on,
            invoice_ids=selected,
            shown={pk: shown.get(str(pk), "") for pk in selected},
            request=request_id,
            now=timezone.now(),
            by=signed_in(request),
        )
    except DebitRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect(here)
    messages.success(request, _("The file was made. Send it to your bank."))
    return redirect("debits:batch", made.pk)


@require_safe
@staff_only
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a batch and what it collects."""
    shown = get_object_or_404(
        DebitBatch.objects.defer("content").select_related("made_by", "decided_by"), pk=pk
    )
    rows = shown.collections.select_related("invoice__open_item", "mandate").order_by("pk")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    can_record = provider_date(timezone.now()) >= shown.collected_on
    context = {
        "batch": shown,
        "page": page,
        "can_record": can_record,
        "owed_less": owed_less(shown),
        "rows": notices_of(shown, list(page.object_list)),
        "is_announced": shown.notices.filter(state=MailState.SENT).exists(),
    }
    return render(request, "debits/batch.html", context)


@require_safe
@staff_only
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the file for the bank, the same each time."""
    made = get_object_or_404(DebitBatch, pk=pk)
    response = HttpResponse(bytes(made.content), content_type="application/xml")
    name = f"{made.message_id}.xml"
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    return response


@require_POST
@operators_only
def collected(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that all of a batch was collected."""
    done = _("The payments were recorded.")
    return _decide(request, pk, recording.record_collected, done)


@require_POST
@operators_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a batch that was not sent to the bank."""
    done = _("The batch was withdrawn. Its invoices can be collected again.")
    return _decide(request, pk, operations.withdraw, done)


def _decide(
    request: HttpRequest, pk: int, decide: Callable[..., DebitBatch], done: str
) -> HttpResponse:
    get_object_or_404(DebitBatch.objects.only("pk"), pk=pk)
    try:
        decide(batch_id=pk, now=timezone.now(), by=signed_in(request))
    except (DebitRefusal, PaymentRefusal) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("debits:batch", pk)


@require_http_methods(FORM_METHODS)
@operators_only
def not_collected(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark that the bank did not collect something."""
    collections = Collection.objects.select_related("invoice", "batch").defer("batch__content")
    collection = get_object_or_404(collections, pk=pk)
    form = NotCollectedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            recording.not_collected(
                collection_id=pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                by=signed_in(request),
            )
        except DebitRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The invoice can be collected again with another mandate."))
        return redirect("debits:batch", collection.batch_id)
    context = {
        "collection": collection,
        "form": form,
        "way_back": reverse("debits:batch", args=[collection.batch_id]),
    }
    return render(request, "debits/not_collected.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def settings(request: HttpRequest) -> HttpResponse:
    """Change who collects, and to which account."""
    stored = DebitSettings.objects.first()
    return edit_settings(
        request,
        DebitSettingsForm,
        instance=stored or DebitSettings(),
        stored=operations.stored_values(stored),
        change=operations.change_settings,
        parts=PARTS,
        template="debits/settings.html",
        back_to="debits:batches",
    )


# --- Mandates -------------------------------------------------------------------------------------


@require_safe
@staff_only
def mandates(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the mandates of an organization, the newest first."""
    organization = organization_for(signed_in(request), pk)
    every = list(organization.mandates.all()[:ROWS_A_PAGE])
    can_add = all(each.ended_at for each in every)
    context = {
        "organization": organization,
        "mandates": every,
        "can_add": can_add,
        "collections": newest_collections(organization, signed_in(request)),
    }
    return render(request, "debits/mandates.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def add_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the mandate of an organization."""
    organization = organization_for(signed_in(request), pk)
    form = MandateForm(
        request.POST if request.method == "POST" else None,
        today=provider_date(timezone.now()),
        holder=organization.title[:70],
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_mandate(organization_id=pk, **form.cleaned_data)
        except DebitRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The mandate was added."))
        return redirect("debits:mandates", pk)
    context = {
        "organization": organization,
        "form": form,
        "way_back": reverse("debits:mandates", args=[pk]),
    }
    return render(request, "debits/mandate.html", context)


@require_POST
@operators_only
def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate."""
    mandate = get_object_or_404(Mandate, pk=pk)
    try:
        operations.end_mandate(mandate_id=pk, now=timezone.now())
    except DebitRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The mandate was ended."))
    return redirect("debits:mandates", mandate.organization_id)


@require_POST
@operators_only
def use_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a mandate again that failed."""
    mandate = get_object_or_404(Mandate, pk=pk)
    try:
        operations.use_again(mandate_id=pk)
    except DebitRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The mandate is used again."))
    return redirect("debits:mandates", mandate.organization_id)
