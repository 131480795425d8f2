"""What needs attention today. Each entry links to the list of exactly what it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from foundation.web.attention import Entry, registered
from invoices.issuing.refusals import summary_of
from invoices.listing.models import DocumentTally
from invoices.models import (
    InvoiceDifference,
    InvoiceRun,
    LateUsage,
    RunItem,
    ScheduledStart,
    UninvoicedTally,
)
from invoices.runs.operations import drafts_waiting
from invoices.sending.models import last_failures
from organizations.models import Organization
from tariffs.money import format_money
from tariffs.templatetags.money import signed_money
from usage.models import PlannedChange


def entries(now: datetime, today: date) -> list[Entry]:
    """Return what needs attention, the most urgent first. The number of queries is constant."""
    found: tuple[Iterable[Entry], ...] = (
        _overdue(today),
        _for_release(),
        _not_started(),
        _of_last_run(today),
        _uninvoiced(),
        _late_usage(),
        _differing(),
        _failed_mail(),
        _impossible_changes(),
        _late_changes(now),
        _ending_trials(now),
        _owners_not_activated(now),
        registered(now),
    )
    return [entry for each in found for entry in each]


def _overdue(today: date) -> Iterator[Entry]:
    overdue = DocumentTally.objects.overdue_sums(today)
    number = sum(each.number for each in overdue)
    if number:
        text = ngettext("%(shown)s invoice is overdue", "%(shown)s invoices are overdue", number)
        yield Entry(
            _with(text, number),
            reverse("invoices:list", query={"state": "overdue"}),
            [format_money(each.amount, each.currency) for each in overdue],
            is_problem=True,
        )


def _for_release() -> Iterator[Entry]:
    """Yield an entry for each run with drafts that wait for release or for a decision."""
    for of, number in drafts_waiting():
        text = ngettext(
            "%(shown)s organization has drafts for release in the run for %(month)s",
            "%(shown)s organizations have drafts for release in the run for %(month)s",
            number,
        )
        yield Entry(
            _with(text, number, month=date_format(of, _("F Y"))),
            reverse("invoices:run", args=[of]),
        )


def _not_started() -> Iterator[Entry]:
    """Yield an entry for each scheduled run whose last start was refused or failed."""
    for start in ScheduledStart.objects.not_started():
        month = date_format(start.month, _("F Y"))
        yield Entry(
            _("The scheduled run for %(month)s was not started") % {"month": month},
            reverse("invoices:schedules"),
            is_problem=True,
        )


def _of_last_run(today: date) -> Iterator[Entry]:
    """Yield an entry for each reason for which the last run refused organizations.

    It is the run of the latest month that is over. Until then, a run refuses everything.
    """
    over = InvoiceRun.objects.filter(month__lt=today.replace(day=1))
    run = over.order_by("-month").first()
    if run is None:
        return
    address, month = reverse("invoices:run", args=[run.month]), date_format(run.month, _("F Y"))
    of_reason = run.items.filter(state=RunItem.State.REFUSED).values_list("reason")
    for reason, number in of_reason.annotate(number=Count("pk")).order_by("-number", "reason"):
        text = ngettext(
            "%(shown)s organization was blocked in the run for %(month)s: %(reason)s",
            "%(shown)s organizations were blocked in the run for %(month)s: %(reason)s",
            number,
        )
        yield Entry(
            _with(text, number, month=month, reason=summary_of(reason) or reason),
            f"{address}?state=refused&reason={reason}",
            is_problem=True,
        )
    failed = run.items.filter(state=RunItem.State.FAILED).count()
    if failed:
        text = ngettext(
            "%(shown)s organization failed in the run for %(month)s",
            "%(shown)s organizations failed in the run for %(month)s",
            failed,
        )
        yield Entry(_with(text, failed, month=month), f"{address}?state=failed", is_problem=True)


def _uninvoiced() -> Iterator[Entry]:
    uninvoiced, organizations = UninvoicedTally.objects.totals()
    number = sum(each.months for each in uninvoiced)
    if number:
        text = ngettext(
            "%(shown)s past month of %(organizations)s is not invoiced",
            "%(shown)s past months of %(organizations)s are not invoiced",
            number,
        )
        of = npgettext(
            "months of", "%(shown)s organization", "%(shown)s organizations", organizations
        )
        yield Entry(
            _with(text, number, organizations=_with(of, organizations)),
            reverse("invoices:uninvoiced"),
            [format_money(each.amount, each.currency) for each in uninvoiced],
        )


def _late_usage() -> Iterator[Entry]:
    late = LateUsage.objects.sums()
    number = sum(each.number for each in late)
    if number:
        text = ngettext(
            "%(shown)s invoiced month has usage that is in no invoice",
            "%(shown)s invoiced months have usage that is in no invoice",
            number,
        )
        sums = [format_money(each.amount, each.currency) for each in late]
        yield Entry(_with(text, number), reverse("invoices:late_usage"), sums)


def _differing() -> Iterator[Entry]:
    differing = InvoiceDifference.objects.sums()
    number = sum(each.number for each in differing)
    if number:
        text = ngettext(
            "%(shown)s invoice differs from what would be charged now",
            "%(shown)s invoices differ from what would be charged now",
            number,
        )
        yield Entry(
            _with(text, number),
            reverse("invoices:list", query={"differs": "yes"}),
            [signed_money(each.amount, each.currency) for each in differing],
        )


def _failed_mail() -> Iterator[Entry]:
    number = last_failures().count()
    if number:
        text = ngettext(
            "%(shown)s document could not be sent by email",
            "%(shown)s documents could not be sent by email",
            number,
        )
        address = reverse("invoices:list", query={"mail": "failed"})
        yield Entry(_with(text, number), address, is_problem=True)


def _impossible_changes() -> Iterator[Entry]:
    number = PlannedChange.objects.impossible().count()
    if number:
        text = ngettext(
            "%(shown)s planned change was not possible",
            "%(shown)s planned changes were not possible",
            number,
        )
        address = reverse("usage:planned", query={"state": "impossible"})
        yield Entry(_with(text, number), address, is_problem=True)


def _late_changes(now: datetime) -> Iterator[Entry]:
    number = PlannedChange.objects.late(now).count()
    if number:
        text = ngettext(
            "%(shown)s planned change is late", "%(shown)s planned changes are late", number
        )
        address = reverse("usage:planned", query={"state": "late"})
        yield Entry(_with(text, number), address, is_problem=True)


def _ending_trials(now: datetime) -> Iterator[Entry]:
    number = Organization.objects.open(now).in_trial_state("ending", now).count()
    if number:
        text = ngettext(
            "%(shown)s trial ends within 14 days", "%(shown)s trials end within 14 days", number
        )
        yield Entry(_with(text, number), reverse("organizations:list", query={"trial": "ending"}))


def _owners_not_activated(now: datetime) -> Iterator[Entry]:
    number = Organization.objects.open(now).owner_not_activated().count()
    if number:
        text = ngettext(
            "%(shown)s organization has an owner who is not yet activated",
            "%(shown)s organizations have an owner who is not yet activated",
            number,
        )
        address = reverse("organizations:list", query={"owner_state": "not_activated"})
        yield Entry(_with(text, number), address)


def _with(text: str, number: int, **others: object) -> str:
    return text % {"shown": number_format(number, force_grouping=True), **others}
