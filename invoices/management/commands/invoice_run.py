"""Issue the invoices of all organizations for a month."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from math import inf
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from foundation.audit.recording import AuditedCommand
from foundation.jobs.setup import has_worker
from invoices.issuing.refusals import IssueRefusal, RunUnderWay, recall
from invoices.months import month_from
from invoices.runs import operations as runs
from invoices.runs.models import InvoiceRun, RunItem

_POLL_SECONDS = 0.5
# After this time without progress, check whether a worker is running.
_STALLED_SECONDS = 5


class Command(AuditedCommand):
    """Start a run, or the missing part of one, and show the progress of the workers."""

    help = (
        "Issues the invoices of a month by jobs, and waits until all of them are done. "
        "Workers must be running. If run again, it issues only what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the month and the option not to wait."""
        parser.add_argument("month", type=_month, help="the month, for example 2026-10")
        parser.add_argument(
            "--no-wait",
            action="store_true",
            help="start the run and exit; the workers continue it",
        )

    def handle(self, *args: Any, month: date, no_wait: bool, **options: Any) -> None:
        """Start the run and show its progress, then its result and any problems.

        Raises:
            CommandError: the run was refused, or some organizations were blocked or failed.
        """
        try:
            run = runs.start(month=month, now=timezone.now(), by=None)
        except RunUnderWay:
            # It was started before: the command shows how far it is.
            run = InvoiceRun.objects.get(month=month)
        except IssueRefusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if no_wait:
            return
        self._watch(run, hidden=options["verbosity"] == 0)
        progress = runs.progress_of(run)
        text = _(
            "%(issued)s issued, %(nothing)s with nothing to bill, %(refused)s "
            "blocked, %(failed)s failed."
        )
        self.stdout.write(text % progress._asdict())
        if progress.refused or progress.failed:
            self._report_problems(run)
            raise CommandError(_("Fix the problems listed above and run the command again."))

    def _watch(self, run: InvoiceRun, *, hidden: bool) -> None:
        done, total = 0, runs.progress_of(run).total
        warn_at = time.monotonic() + _STALLED_SECONDS
        with tqdm(desc=_("Organizations"), total=total, disable=hidden) as bar:
            while (progress := runs.progress_of(run)).unfinished:
                if progress.done > done:
                    bar.update(progress.done - done)
                    done, warn_at = progress.done, time.monotonic() + _STALLED_SECONDS
                elif time.monotonic() > warn_at and not has_worker(timezone.now()):
                    bar.clear()
                    self.stderr.write(
                        _("No worker is running. The run will continue when one is started.")
                    )
                    warn_at = inf
                time.sleep(_POLL_SECONDS)
            bar.update(progress.done - done)

    def _report_problems(self, run: InvoiceRun) -> None:
        states = (RunItem.State.REFUSED, RunItem.State.FAILED)
        items = run.items.filter(state__in=states).select_related("organization")
        for item in items.order_by("organization__title").iterator():
            refusal = recall(item.reason, item.details)
            self.stderr.write(f"{item.organization}: {refusal or item.reason}")


def _month(text: str) -> date:
    try:
        return month_from(text)
    except ValueError as error:
        raise ArgumentTypeError(
            _("“%(text)s” is not a month: use the format 2026-10") % {"text": text}
        ) from error
