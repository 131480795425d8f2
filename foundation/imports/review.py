"""Pages on which a person follows the job on a stored file, and confirms or discards it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from foundation.imports.models import UploadedFile
from foundation.imports.uploads import (
    ReadTask,
    State,
    UploadGone,
    confirm_upload,
    discard_upload,
    find_upload,
    keep_upload,
)
from foundation.imports.work import Kind
from foundation.jobs.setup import has_worker

# A small file is read in less time, and its result is the next page that a person sees.
WAIT_SECONDS = 1.0
_LOOK_EVERY_SECONDS = 0.03

View = Callable[..., HttpResponseBase]
Page = tuple[str, str, list[str], View]
"""The end of a page's address, the end of the address's name, the methods, and the view."""

FORM, ACT, SHOW = ["GET", "HEAD", "POST"], ["POST"], ["GET", "HEAD"]


@dataclass(frozen=True)
class ReviewPages:
    """The pages of a kind of stored file.

    `name` is the name of the address where they begin; those of the pages begin with it. `left` is
    the name of the address to which a person goes if there is no such file any more. `template`
    extends base_import.html. `reviewed` returns what else it needs once there is a report. `guard`
    lets in who may confirm.
    """

    kind: Kind
    task: ReadTask
    name: str
    left: str
    template: str
    reviewed: Callable[[UploadedFile, Any], dict[str, Any]]
    guard: Callable[[View], View]

    def urls(self, route: str) -> list[URLPattern]:
        """Return the addresses of the pages, below `route`."""
        name = self.name.rpartition(":")[2]
        return [
            path(
                f"{route}<uuid:pk>/{below}",
                require_http_methods(methods)(self.guard(view)),
                name=f"{name}_{page}",
            )
            for below, page, methods, view in self.pages()
        ]

    def pages(self) -> tuple[Page, ...]:
        """Return the pages of a file."""
        return (
            ("", "review", FORM, self.review),
            ("discard/", "discard", ACT, self.discard),
        )

    def begin(
        self,
        request: HttpRequest,
        *,
        name: str,
        chunks: Iterable[bytes] = (),
        options: Mapping[str, Any] | None = None,
    ) -> HttpResponse:
        """Store a file, have a job check it, and redirect to what that finds."""
        upload = keep_upload(
            kind=self.kind.name,
            user_id=user_id(request),
            name=name,
            chunks=chunks,
            now=timezone.now(),
            task=self.task,
            options=options,
        )
        give_a_moment(upload.pk, State.CHECKING)
        return self.to_review(upload.pk)

    def review(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show what the check found, or how far a job is; on POST, have it done.

        If the outcome is no longer what was shown, nothing is done, and the new one is shown.
        """
        try:
            upload = find_upload(kind=self.kind.name, upload_id=pk)
        except UploadGone:
            return self.report_missing(request)
        if request.method == "POST":
            is_confirmed = confirm_upload(
                kind=self.kind.name,
                upload_id=pk,
                user_id=user_id(request),
                shown=request.POST.get("shown", ""),
                task=self.task,
            )
            if is_confirmed:
                give_a_moment(pk, State.CHECKING, State.IMPORTING)
            return redirect(request.path)
        return render(request, self.template, self.context(upload) | self.report_context(upload))

    def discard(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Delete a file, or cancel what a job does with it.

        If the job has ended, or is still being cancelled, show that.
        """
        discard_upload(kind=self.kind.name, upload_id=pk)
        _wait_while(UploadedFile.objects.filter(pk=pk, state=State.IMPORTING))
        try:
            find_upload(kind=self.kind.name, upload_id=pk)
        except UploadGone:
            messages.info(request, self.discarded())
            return redirect(self.left)
        return self.to_review(pk)

    def to_review(self, pk: UUID) -> HttpResponse:
        """Redirect to what is known about a file."""
        return redirect(f"{self.name}_review", pk)

    def report_missing(self, request: HttpRequest) -> HttpResponse:
        """Warn that a stored file is no longer there, and redirect to where one begins."""
        messages.warning(request, self.missing())
        if request.htmx:  # type: ignore[attr-defined]
            # The page that followed the job is replaced as a whole.
            return HttpResponseClientRedirect(reverse(self.left))
        return redirect(self.left)

    def discarded(self) -> str:
        """Return what to say when a file was discarded."""
        return _("The file was discarded. Nothing has changed.")

    def missing(self) -> str:
        """Return what to say when a file is no longer there."""
        return _(
            "This file is no longer available: it was discarded, or deleted after one day. "
            "Upload it again if you still need it."
        )

    def context(self, upload: UploadedFile) -> dict[str, Any]:
        """Return the context that base_import.html needs."""
        addresses = {
            f"{page}_address": reverse(f"{self.name}_{page}", args=[upload.pk])
            for _below, page, _methods, _view in self.pages()
        }
        return {
            "kept": upload,
            "is_stuck": upload.is_in_progress and not has_worker(timezone.now()),
            "upload_address": reverse(self.left),
            **addresses,
        }

    def report_context(self, upload: UploadedFile) -> dict[str, Any]:
        """Return the context for the report of a file, once there is one."""
        if upload.report is None:
            return {}
        report = self.kind.report_of(upload)
        return {"report": report, **self.reviewed(upload, report)}


def user_id(request: HttpRequest) -> int:
    """Return the id of the person, who is signed in: a guard lets in nobody else."""
    return cast(int, request.user.pk)


def give_a_moment(upload_id: UUID, *states: State) -> None:
    """Wait a moment for a job to bring a file out of these states, if there is a worker."""
    if has_worker(timezone.now()):
        _wait_while(UploadedFile.objects.filter(pk=upload_id, state__in=states))


def _wait_while(waiting: QuerySet[UploadedFile]) -> None:
    """Wait until there is no such file, but not for long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while waiting.exists() and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)
