"""The page that changes the organizations selected in the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.lists.selection import ids_in
from foundation.web.return_addresses import redirect_back, way_back
from organizations.billing.operations import DetailsRefusal
from organizations.bulk.forms import BulkForm
from organizations.bulk.operations import (
    MOST_AT_ONCE,
    Changed,
    DifferencesChanged,
    change_many,
    plan_changes,
    version_of_differences,
)
from organizations.filters import filter_for
from organizations.models import BillingDetails, Organization
from organizations.operations import OrganizationRefusal
from tariffs.affected_invoices import AffectedInvoices


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Ask for changes, show the differences, and make them once they are confirmed."""
    ids = _selected(request)
    if not 0 < len(ids) <= MOST_AT_ONCE:
        text = _("Select between 1 and %(number)s organizations.") % {"number": MOST_AT_ONCE}
        messages.error(request, text)
        return redirect_back(request, reverse("organizations:list"))
    form = BulkForm(request.POST or None, ids=ids)
    context: dict[str, Any] = {
        "form": form,
        "ids": ",".join(map(str, ids)),
        "number": len(ids),
        "way_back": way_back(request, reverse("organizations:list")),
    }
    done = None
    if request.method == "POST" and form.is_valid():
        done = _changed(request, form, ids, context)
    if done is not None:
        text = ngettext(
            "%(number)s organization was changed.", "%(number)s organizations were changed.", done
        )
        messages.success(request, text % {"number": done})
        return redirect_back(request, reverse("organizations:list"))
    return render(request, "organizations/bulk_change.html", context)


def _selected(request: HttpRequest) -> list[int]:
    """Return the ids selected in the list or form; if all are, at most one too many."""
    if request.method == "POST":
        ids = request.POST.get("ids", "").split(",")
    elif "all" in request.GET:
        shown = Organization.objects.visible_to(signed_in(request))
        found = filter_for(request, shown, timezone.now()).qs.order_by("pk")
        return list(found.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    else:
        ids = request.GET.getlist("organization")
    return ids_in(ids)


def _changed(
    request: HttpRequest, form: BulkForm, ids: Sequence[int], context: dict[str, Any]
) -> int | None:
    """Return how many were changed; None if the differences must be shown first."""
    now = timezone.now()
    planned = plan_changes(ids, form.changes, now)
    version = version_of_differences(planned)
    affected = AffectedInvoices.by_change(
        terms={each.organization.pk: each.recomputed_by_trial for each in planned},
        zones={each.organization.pk: each.recomputed_by_zone for each in planned},
    )
    shown = request.POST.get("shown")
    change = partial(change_many, ids=ids, changes=form.changes, shown=version, now=now)
    try:
        if planned and shown == version and affected.is_agreed_to(request):
            return len(change())
        affected = affected.with_changes(change)
    except DifferencesChanged:
        planned = plan_changes(ids, form.changes, now)
    except OrganizationRefusal as refusal:
        form.add_error(None, str(refusal))
    except DetailsRefusal as refusal:
        form.add_error("tax", str(refusal))
    context |= {
        "planned": [(each, _differences(each)) for each in planned],
        "refused": [each for each in planned if each.refusal],
        "is_planned": True,
        "has_changed": shown not in (None, "", version),
        "shown": version_of_differences(planned),
        "affected": affected,
    }
    return None


def _differences(changed: Changed) -> list[tuple[str, str, str]]:
    """Return the label and both values of each field that differs, as people read them."""
    return [
        (_label(name), _text(name, changed.before[name]), _text(name, changed.after[name]))
        for name in changed.fields
    ]


def _label(name: str) -> str:
    model = BillingDetails if name == "tax" else Organization
    return capfirst(str(cast(Any, model._meta.get_field(name)).verbose_name))


def _text(name: str, value: Any) -> str:
    if name == "tariffs":
        return ", ".join(each.name for each in value) or "–"
    if name == "tags":
        return ", ".join(value) or "–"
    if name == "invoice_language":
        return str(dict(settings.LANGUAGES)[value])
    if isinstance(value, date):
        return date_format(value)
    return "–" if value is None else str(value)
