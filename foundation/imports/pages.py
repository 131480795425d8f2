"""What all import pages share: upload a file, review the dry run, import all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.imports.forms import UploadForm
from foundation.imports.models import UploadedFile
from foundation.imports.report import Report
from foundation.imports.uploads import R, discard_upload, import_upload, keep_upload, try_upload

LINES_SHOWN = 1_000


def keep_file(form: UploadForm, *, kind: str, user_id: int) -> UploadedFile:
    """Store the file of a valid form until someone imports or discards it."""
    file = form.cleaned_data["file"]
    return keep_upload(
        kind=kind, user_id=user_id, name=file.name, content=file.read(), now=timezone.now()
    )


def dry_run_or_import(
    request: HttpRequest, upload_id: UUID, *, kind: str, do_import: Callable[..., R]
) -> tuple[UploadedFile, R]:
    """Return a stored file and the report of its dry run; on POST, of its import.

    `do_import` is called with the open file and with `dry_run`.

    Raises:
        UploadGone: there is no such file.
    """
    is_dry_run = request.method != "POST"
    read = try_upload if is_dry_run else import_upload
    return read(kind=kind, upload_id=upload_id, do_import=partial(do_import, dry_run=is_dry_run))


def report_missing_file(request: HttpRequest, then: str) -> HttpResponse:
    """Warn that a stored file is no longer available, and redirect to `then`."""
    messages.warning(
        request,
        _(
            "This file is no longer available: it was imported, discarded, or "
            "deleted after one day. Upload it again if you still need it."
        ),
    )
    return redirect(then)


def discard_file(request: HttpRequest, upload_id: UUID, *, kind: str, then: str) -> HttpResponse:
    """Delete a stored file and redirect to `then`."""
    discard_upload(kind=kind, upload_id=upload_id)
    messages.info(request, _("The file was discarded. Nothing has changed."))
    return redirect(then)


def wrong_lines_of(report: Report) -> dict[str, Any]:
    """Return the context that components/_wrong_lines.html needs for a report."""
    shown = report.errors[:LINES_SHOWN]
    return {"wrong_lines": shown, "not_shown": report.error_count - len(shown)}
