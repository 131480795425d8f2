"""Closing of the books: after it, nothing can be dated into the months that are closed.

Triggers refuse documents, payments and allocations that are dated on or before the last closed day.
Closing waits for transactions that are just writing some, and later ones wait for it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.audit.recording import no_truncate
from payments.refusals import PaymentRefusal
from tariffs.provider_calendar import end_of_day, provider_date


class BooksClosing(models.Model):
    """All days up to `last_on`, the last day of a month, were closed, and perhaps reopened.

    `ends_at` is when that day ended in the provider's time zone.

    The books are closed up to the latest one that is not reopened. Triggers let only that one be
    reopened, and only a later one follow. So the rows are their own audit.
    """

    last_on = models.DateField(gettext_lazy("closed through"))
    ends_at = models.DateTimeField(gettext_lazy("closed until"))
    closed_at = models.DateTimeField(gettext_lazy("closed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("closed by"),
        db_index=False,
    )
    reopened_at = models.DateTimeField(gettext_lazy("reopened at"), null=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=gettext_lazy("reopened by"),
        db_index=False,
    )
    reason = models.CharField(gettext_lazy("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = gettext_lazy("closing of the books")
        verbose_name_plural = gettext_lazy("closings of the books")
        ordering = ("-last_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("last_on",),
                condition=Q(reopened_at=None),
                name="payments_books_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reason="")
                | Q(Q(reopened_at__isnull=False), ~Q(reason="")),
                name="payments_books_reopened_for_a_reason",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            no_truncate(),
            pgtrigger.Trigger(
                name="in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'UPDATE' AND (
                        OLD.reopened_at IS NOT NULL OR NEW.reopened_at IS NULL
                        OR NEW.last_on <> OLD.last_on
                    ) THEN
                        RAISE EXCEPTION 'closing % can only be reopened, once', OLD.id;
                    END IF;
                    IF EXISTS (
                        SELECT FROM payments_booksclosing
                        WHERE reopened_at IS NULL AND last_on >= NEW.last_on
                            AND (TG_OP = 'INSERT' OR id <> OLD.id)
                    ) THEN
                        RAISE EXCEPTION 'the books are closed later than %', NEW.last_on;
                    END IF;
                    IF extract(day FROM NEW.last_on + 1) <> 1 THEN
                        RAISE EXCEPTION '% is not the last day of a month', NEW.last_on;
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return date_format(self.last_on)


class BooksClosed(PaymentRefusal):
    """The date is in a month that is closed."""

    field: ClassVar = "paid_on"

    def __init__(self, *, closed_through: date) -> None:
        super().__init__(closed_through=closed_through.isoformat())
        self.closed_through = closed_through

    def __str__(self) -> str:
        return _("The books are closed through %(date)s. Enter a later date.") % {
            "date": date_format(self.closed_through)
        }


class NotOver(PaymentRefusal):
    """The month that is to be closed is not over in the provider's time zone."""

    def __str__(self) -> str:
        return _("This month is not over yet. Close it when it is.")


class ClosedAlready(PaymentRefusal):
    """The month, or a later one, is closed."""

    def __str__(self) -> str:
        return _("This month is already closed. Nothing was changed.")


class NotTheLatest(PaymentRefusal):
    """Another closing is the latest, or this one is reopened."""

    def __str__(self) -> str:
        return _("Somebody has closed or reopened months meanwhile. Nothing was changed.")


class ReopenedWhy(PaymentRefusal):
    """No reason is given."""

    field: ClassVar = "reason"

    def __str__(self) -> str:
        return _("Enter a reason so that others can understand this later.")


def latest_closing() -> BooksClosing | None:
    """Return the closing up to which the books are closed, or None."""
    return BooksClosing.objects.filter(reopened_at=None).order_by("-last_on").first()


def closed_through() -> date | None:
    """Return the last day that is closed, or None."""
    closed = BooksClosing.objects.filter(reopened_at=None).order_by("-last_on")
    return closed.values_list("last_on", flat=True).first()


def refuse_closed(day: date, through: date | None) -> None:
    """Check that a day is after the last closed one, `closed_through`.

    Raises:
        BooksClosed: it is not.
    """
    if through is not None and day <= through:
        raise BooksClosed(closed_through=through)


@transaction.atomic
def close_books(*, month: date, now: datetime, by: User | None) -> BooksClosing:
    """Close all days up to the end of a month, which is given by one of its dates.

    Raises:
        NotOver: the month is not over in the provider's time zone.
        ClosedAlready: it is closed.
    """
    last_on = (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if last_on >= provider_date(now):
        raise NotOver
    _wait_for_writers()
    through = closed_through()
    if through is not None and last_on <= through:
        raise ClosedAlready
    return BooksClosing.objects.create(
        last_on=last_on, ends_at=end_of_day(last_on), closed_at=now, closed_by=by
    )


@transaction.atomic
def reopen_books(*, closing_id: int, reason: str, now: datetime, by: User | None) -> BooksClosing:
    """Reopen the days that the latest closing closed, for a reason; return that closing.

    Raises:
        ReopenedWhy: no reason is given.
        NotTheLatest: it is not the latest one that is in force.
    """
    if not reason.strip():
        raise ReopenedWhy
    _wait_for_writers()
    closing = latest_closing()
    if closing is None or closing.pk != closing_id:
        raise NotTheLatest
    closing.reopened_at, closing.reopened_by, closing.reason = now, by, reason.strip()
    closing.save(update_fields=["reopened_at", "reopened_by", "reason"])
    return closing


def _wait_for_writers() -> None:
    """Wait until nobody is writing documents or payments; others wait for this transaction.

    A transaction that waits writes afterwards, so its triggers see what this one did.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "LOCK TABLE payments_booksclosing, invoices_invoice, payments_payment,"
            " payments_allocation IN SHARE ROW EXCLUSIVE MODE"
        )
