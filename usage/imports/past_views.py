"""List past imports, and undo one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import django_tables2 as tables
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from accounts.access import operators_only, signed_in, staff_only
from foundation.lists.pages import ROWS_A_PAGE, CellColumn, ListTable
from foundation.statement_limits import Work, statements_of
from usage.cameras.operations import UsageRefusal
from usage.imports.undoing import plan_undo, undo_import
from usage.imports.views import difference_context
from usage.models import UsageImport


class ImportTable(ListTable):
    """List imports, the latest first; people who `can_undo` them get a link."""

    imported_at = CellColumn(
        template_name="usage/_import_cell.html", verbose_name=gettext_lazy("Import")
    )
    lines = tables.Column(
        verbose_name=gettext_lazy("Lines read"),
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    changes = CellColumn(
        template_name="usage/_import_changes_cell.html", verbose_name=gettext_lazy("Changes")
    )
    state = CellColumn(template_name="usage/_import_state_cell.html", verbose_name="")

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = gettext_lazy("Nothing has been imported yet")

    def __init__(self, imports: Any, *, can_undo: bool) -> None:
        self.can_undo = can_undo
        super().__init__(imports)


@require_safe
@staff_only
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports that changed something, the latest first."""
    rows = UsageImport.objects.select_related("imported_by", "undone_by")
    table = ImportTable(rows, can_undo=signed_in(request).is_operator)
    RequestConfig(request, paginate={"per_page": ROWS_A_PAGE, "silent": True}).configure(table)
    context = {"table": table, "zone": timezone.get_current_timezone_name()}
    return render(request, "usage/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what undoing an import changes; on POST, undo it if that has been shown."""
    done = get_object_or_404(UsageImport.objects.select_related("imported_by"), pk=pk)
    # A large import takes long to undo.
    with statements_of(Work.EXPORTS):
        return _undo(request, done, timezone.now())


def _undo(request: HttpRequest, done: UsageImport, now: datetime) -> HttpResponse:
    context: dict[str, Any] = {"done": done, "zone": timezone.get_current_timezone_name()}
    if done.undone_at is not None:
        messages.info(request, _("This import has already been undone."))
        return redirect("usage:imports")
    if request.method == "POST":
        try:
            shown = request.POST.get("shown", "")
            undo_import(import_id=done.pk, shown=shown, by=signed_in(request), now=now)
        except UsageRefusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, _("The import has been undone."))
            return redirect("usage:imports")
    planned = plan_undo(import_id=done.pk, now=now)
    context |= {"planned": planned, "affected": planned.difference.affected}
    if planned.refusal:
        context["more_cameras"] = planned.refusal.count - len(planned.refusal.named)
    else:
        context |= difference_context(planned.difference)
    return render(request, "usage/undo_import.html", context)
