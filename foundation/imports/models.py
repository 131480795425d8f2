"""Uploaded files, as stored until they are imported."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UploadedFile(models.Model):
    """A CSV file that a job checks, and imports once someone confirms what the check found.

    `kind` says what the file contains; only an import of that kind finds it. `options` are what its
    form asked for. `report` is that of the check or, at the end, of the import. Texts in it are in
    `language`.
    """

    class State(models.TextChoices):
        """What happens, or has happened, to the file. Jobs work on CHECKING and IMPORTING.

        UNMAPPED means that someone must say what the file calls our columns.
        """

        CHECKING = "checking"
        UNMAPPED = "unmapped"
        CHECKED = "checked"
        REFUSED = "refused"
        IMPORTING = "importing"
        IMPORTED = "imported"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=255)
    # In bytes.
    size = models.BigIntegerField()
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    report = models.JSONField(null=True)
    # The version of the preview that the person who confirmed it was shown.
    shown = models.TextField(blank=True)
    # The lines that stay out, each with the reason; null unless someone asked to import the others.
    left_out = models.JSONField(null=True)
    # Whether an import was refused because the data had changed since the check before.
    has_changed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("uploaded import file")
        verbose_name_plural = _("uploaded import files")

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_progress(self) -> bool:
        """Whether a job works on it, or will."""
        return self.state in (self.State.CHECKING, self.State.IMPORTING)


class UploadedPart(models.Model):
    """A part of the content of a file. Parts are small, so that no process holds a whole file."""

    upload = models.ForeignKey(UploadedFile, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("upload", "number"), name="imports_part_number"),
        )

    def __str__(self) -> str:
        return f"{self.upload_id} {self.number}"


class LeftOutPart(models.Model):
    """A part of the file that returns the lines that stay out."""

    upload = models.ForeignKey(
        UploadedFile, models.CASCADE, related_name="left_out_parts", db_index=False
    )
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("upload", "number"), name="imports_left_out_part_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.upload_id} {self.number}"


class UploadProgress(models.Model):
    """How far a job is, written while its transaction is open, which locks the row of the file.

    `done` and `total` are in the unit of the stage; no total means that it is not known.
    """

    upload = models.OneToOneField(
        UploadedFile, models.CASCADE, primary_key=True, related_name="progress"
    )
    stage = models.CharField(max_length=10, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    is_cancelled = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.upload_id} {self.stage}"

    @property
    def percent(self) -> int | None:
        """How much of the stage is done, if that is known."""
        return min(100, 100 * self.done // self.total) if self.total else None


class ColumnMapping(models.Model):
    """What files of a kind with certain headings call our columns, as someone has said.

    `headings` are those of the file, in lower case, by column. `fingerprint` is that of all
    headings of the file.
    """

    kind = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    headings = models.JSONField()
    last_used_at = models.DateTimeField()
    last_used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")
        constraints = (
            models.UniqueConstraint(fields=("kind", "fingerprint"), name="imports_headings_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint}"
