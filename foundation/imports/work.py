"""What a job does with an uploaded file: check it, or import it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, Protocol

from cattrs import Converter
from django.db import transaction
from django.utils import timezone, translation
from procrastinate import JobContext

from foundation.imports.columns import Columns, headings_in
from foundation.imports.following import Cancelled, followed
from foundation.imports.leaving_out import can_leave_out, companions, returned
from foundation.imports.mapping import recognize
from foundation.imports.models import LeftOutPart, UploadedFile, UploadedPart
from foundation.imports.report import Progress, Report
from foundation.imports.uploads import (
    ENCODING,
    HEADINGS,
    State,
    begin_stage,
    encoding_of,
    read_as,
)
from foundation.jobs.setup import QUICKLY, is_tried_again
from foundation.statement_limits import Work, statements_of

# How often lines are left out until the others have no errors.
_MOST_ROUNDS = 10

READ_OPTIONS: dict[str, Any] = {
    "queue": "imports",
    # Someone waits for it, so it does not wait for thousands of other jobs.
    "priority": 50,
    "retry": QUICKLY,
    "pass_context": True,
}
"""The options of the tasks that call `read_in_job`."""


class ReadFile(Protocol):
    """Reads a file of a kind."""

    def __call__(
        self,
        file: IO[bytes],
        *,
        upload: UploadedFile,
        user_id: int,
        dry_run: bool,
        progress: Progress,
    ) -> Report:
        """Import all of an opened file or nothing; in a dry run, only report what it would do."""


@dataclass(frozen=True)
class Kind:
    """What to do with the files of a kind, and how their reports are stored.

    Lines with the same text in the column `together` are imported together or not at all. A kind
    without columns has files without content: what is to be done is in their options.
    """

    name: str
    columns: Columns
    read: ReadFile
    report: type[Any]
    converter: Converter
    together: str = ""

    def report_of(self, upload: UploadedFile) -> Any:
        """Return the report of a file that was checked."""
        return self.converter.structure(upload.report, self.report)


def read_in_job(context: JobContext, kind: Kind, *, upload_id: str, user_id: int) -> None:
    """Check or import a file, whichever it waits for; do nothing if it was discarded."""
    upload = UploadedFile.objects.filter(pk=upload_id, kind=kind.name).first()
    if upload is None or not upload.is_in_progress:
        return
    try:
        with translation.override(upload.language), statements_of(Work.IMPORTS):
            if upload.state == State.IMPORTING and not _import(kind, upload, user_id):
                # What was shown is no longer what would happen, so it is checked and shown again.
                upload.state = State.CHECKING
            if upload.state == State.CHECKING:
                check(kind, upload, user_id)
    except Cancelled:
        UploadedFile.objects.filter(pk=upload_id).delete()
    except Exception as error:
        if not is_tried_again(context, error):
            UploadedFile.objects.filter(pk=upload_id, state=upload.state).update(state=State.FAILED)
        raise


def check(kind: Kind, upload: UploadedFile, user_id: int) -> None:
    """Store the report of a dry run, and whether the file can be imported; or ask for its columns.

    If its other lines could be imported without those that have errors, its content is kept. So
    it is if its columns were chosen, because that can be wrong.
    """
    if kind.columns.labels and HEADINGS not in upload.options and not _recognize(kind, upload):
        return
    report = _report(kind, upload, user_id, dry_run=True)
    if upload.left_out is not None:
        report = _leave_out(kind, upload, user_id, report)
    state = State.REFUSED if report.is_refused else State.CHECKED
    with transaction.atomic():
        _store(kind, upload, state, report)
        is_useless = not can_leave_out(report) and HEADINGS not in upload.options
        if state == State.REFUSED and is_useless:
            UploadedPart.objects.filter(upload=upload).delete()


def _recognize(kind: Kind, upload: UploadedFile) -> bool:
    # The header of a CSV file is in its first part.
    with _opened(upload, parts=1 if upload.options.get(ENCODING) else None) as file:
        found = headings_in(file, encoding_of(upload))
    return recognize(upload, found, kind.columns, timezone.now())


def _leave_out(kind: Kind, upload: UploadedFile, user_id: int, report: Report) -> Report:
    """Leave out lines with errors until the others have none; store those lines as a file.

    Without some lines, others may be wrong. Return the report of the rest; a refused one if there
    is no end to it.
    """
    left_out = dict(upload.left_out or ())
    for _round in range(_MOST_ROUNDS):
        if not report.is_refused:
            break
        found = {each.line: each.reason for each in report.errors}
        if not can_leave_out(report) or found.keys() <= left_out.keys():
            return report
        left_out |= found
        with _opened(upload) as file:
            if kind.together:
                left_out |= companions(file, kind.together, read_as(upload), left_out)
        upload.left_out = sorted(left_out.items())
        report = _report(kind, upload, user_id, dry_run=True)
    if left_out and not report.is_refused:
        _store_left_out(upload, left_out)
    return report


def _store_left_out(upload: UploadedFile, left_out: Mapping[int, str]) -> None:
    with transaction.atomic(), _opened(upload) as file:
        LeftOutPart.objects.filter(upload=upload).delete()
        for number, content in enumerate(returned(file, encoding_of(upload), left_out)):
            LeftOutPart.objects.create(upload=upload, number=number, content=content)
        UploadedFile.objects.filter(pk=upload.pk).update(left_out=upload.left_out)


def _import(kind: Kind, upload: UploadedFile, user_id: int) -> bool:
    """Import a file, once; return whether it is done or must be checked again.

    The lock keeps out another job that imports the file: one whose worker was taken for lost.
    """
    waiting = UploadedFile.objects.filter(pk=upload.pk, state=State.IMPORTING)
    with transaction.atomic():
        if not waiting.select_for_update().exists():
            return True
        report = _report(kind, upload, user_id, dry_run=False)
        if not report.is_refused:
            _store(kind, upload, State.IMPORTED, report)
            UploadedPart.objects.filter(upload=upload).delete()
        else:
            waiting.update(state=State.CHECKING, has_changed=True)
            begin_stage(upload.pk)
    return not report.is_refused


def _store(kind: Kind, upload: UploadedFile, state: State, report: Report) -> None:
    """Store the report, if the file still exists and waits for it."""
    UploadedFile.objects.filter(pk=upload.pk, state=upload.state).update(
        state=state, report=kind.converter.unstructure(report)
    )


def _report(kind: Kind, upload: UploadedFile, user_id: int, *, dry_run: bool) -> Report:
    with _opened(upload) as file, followed(upload.pk, upload.size) as follower:
        return kind.read(
            file, upload=upload, user_id=user_id, dry_run=dry_run, progress=follower.advance
        )


@contextmanager
def _opened(upload: UploadedFile, *, parts: int | None = None) -> Iterator[IO[bytes]]:
    """Open the content in a temporary file: the connection is busy while lines are read.

    If `parts` is a number, open only the first ones.
    """
    with TemporaryFile() as file:
        contents = UploadedPart.objects.filter(upload=upload).order_by("number")[:parts]
        for content in contents.values_list("content", flat=True).iterator(chunk_size=1):
            file.write(content)
        file.seek(0)
        yield file
