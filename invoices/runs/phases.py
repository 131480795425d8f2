"""What a run is doing, in plain words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from invoices.runs.models import InvoiceRun
from invoices.runs.operations import Progress


class Phase(models.TextChoices):
    """What a run is doing, or waits for."""

    DRAFTING = "drafting", _("Creating drafts")
    FOR_RELEASE = "for_release", _("Waiting for release")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    WITHDRAWN = "withdrawn", pgettext_lazy("invoice run", "Withdrawn")


def phase_of(run: InvoiceRun, progress: Progress) -> Phase:
    """Return what a run with such progress is doing.

    A run whose drafts were withdrawn is finished if it has issued something.
    """
    if progress.waiting or progress.release:
        return Phase.RUNNING
    if progress.draft:
        return Phase.DRAFTING
    if progress.for_release:
        return Phase.FOR_RELEASE
    if run.withdrawn_at and not progress.issued:
        return Phase.WITHDRAWN
    return Phase.FINISHED
