"""List past imports, and undo one in a job."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2 as tables
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from accounts.access import operators_only, signed_in, staff_only
from foundation.imports.models import UploadedFile
from foundation.imports.review import ReviewPages
from foundation.lists.pages import ROWS_A_PAGE, CellColumn, ListTable
from usage.imports.undo_jobs import KIND, UNDONE, UndoReport, begun_undo
from usage.imports.views import difference_context
from usage.models import UsageImport
from usage.tasks import undo_import


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


@require_POST
@operators_only
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a job plan an undo, and show the plan; if the import is being undone, show that."""
    done = get_object_or_404(UsageImport, pk=pk)
    if done.undone_at is not None:
        messages.info(request, _("This import has already been undone."))
        return redirect("usage:imports")
    if begun := begun_undo(pk):
        return PAGES.to_review(begun.pk)
    return PAGES.begin(request, name=done.file_name, options={UNDONE: pk})


def _reviewed(kept: UploadedFile, report: UndoReport) -> dict[str, Any]:
    """Return the context that the plan of an undo needs."""
    if kept.state == UploadedFile.State.IMPORTED:
        return {"done": _("The import has been undone.")}
    context: dict[str, Any] = {"more_cameras": report.count - len(report.named)}
    if report.difference is not None:
        context["affected"] = report.difference.affected
    return context | difference_context(report.difference)


class UndoPages(ReviewPages):
    """The pages of an undo: its plan, its progress and its outcome."""

    def context(self, upload: UploadedFile) -> dict[str, Any]:
        """Return the context with the import that is to be undone."""
        imports = UsageImport.objects.select_related("imported_by")
        record = imports.get(pk=upload.options[UNDONE])
        zone = timezone.get_current_timezone_name()
        return {**super().context(upload), "record": record, "zone": zone}

    def discarded(self) -> str:
        """Return what to say when nothing is to be undone after all."""
        return _("Nothing was undone.")

    def missing(self) -> str:
        """Return what to say when the plan is no longer there."""
        return _(
            "What this undo would change is no longer stored: it was discarded, or deleted after "
            "one day. Choose “Undo” again."
        )


PAGES = UndoPages(
    kind=KIND,
    task=undo_import,
    name="usage:undo_import",
    left="usage:imports",
    template="usage/undo_import.html",
    reviewed=_reviewed,
    guard=operators_only,
)
