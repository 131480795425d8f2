"""What pages of other apps show of reminders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import ngettext

from accounts.models import User
from foundation.web.attention import Entry
from organizations.models import Organization
from reminders.due import Situation, Step, situation_of
from reminders.models import (
    Arrangement,
    FollowUp,
    PaymentPromise,
    Question,
    Reminder,
    ReminderMail,
    ReminderState,
)
from reminders.rules import current_rules
from tariffs.provider_calendar import provider_date

MOST_SHOWN = 20
"""The number of reminders that the page of an organization shows; the list has all."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next in a currency: the `step`, and until when a promise holds it back.

    What is being collected by direct debit on `collected_on` comes first.
    """

    currency: str
    step: Step | None
    promise: PaymentPromise | None
    is_due: bool
    collected_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrganizationReminders:
    """What the tab *Payments* shows of reminders. Only staff see arrangements and what is next.

    `reminders` are the newest ones, and `has_more` if there are others.
    """

    reminders: Sequence[Reminder]
    has_more: bool
    next_steps: Sequence[NextStep] = ()
    pause: Arrangement | None = None
    arrangements: Sequence[Arrangement] = ()
    promises: Sequence[PaymentPromise] = ()


def reminders_of(organization: Organization, user: User, now: datetime) -> OrganizationReminders:
    """Return the reminders of an organization that `user` can see, with what comes next."""
    mails = Prefetch("mails", ReminderMail.objects.order_by("pk"))
    visible = Reminder.objects.visible_to(user).filter(organization=organization)
    newest = visible.select_related("level").prefetch_related(mails).order_by("-pk")
    shown = list(newest[: MOST_SHOWN + 1])
    if user.is_owner:
        return OrganizationReminders(shown[:MOST_SHOWN], len(shown) > MOST_SHOWN)
    today = provider_date(now)
    situation = situation_of(organization, current_rules(), today)
    return OrganizationReminders(
        shown[:MOST_SHOWN],
        len(shown) > MOST_SHOWN,
        list(_next_steps(situation, today)),
        situation.pause,
        list(organization.reminder_arrangements.not_over(today).order_by("first_on")),
        list(organization.payment_promises.not_over(today).order_by("first_on", "pk")),
    )


def _next_steps(situation: Situation, today: date) -> Iterator[NextStep]:
    for currency in sorted({*situation.overdue, *situation.collected_on}):
        steps = sorted(situation.next_steps(currency), key=lambda each: each.on)
        step, promise = next(iter(steps), None), situation.promises.get(currency)
        day = situation.collected_on.get(currency)
        if step or promise or day:
            is_due = step is not None and step.on <= today
            yield NextStep(currency, step, promise, is_due, day)


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home says about reminders."""
    if number := Question.objects.open().count():
        text = ngettext(
            "%(shown)s question about an invoice is open",
            "%(shown)s questions about invoices are open",
            number,
        )
        yield Entry(_with(text, number), reverse("reminders:questions"))
    undecided = Reminder.objects.undecided().filter(state=ReminderState.PROPOSED)
    if number := undecided.count():
        text = ngettext(
            "%(shown)s reminder is to be sent", "%(shown)s reminders are to be sent", number
        )
        yield Entry(_with(text, number), reverse("reminders:list"))
    followed = Reminder.objects.followed().order_by().values_list("follow_up")
    counted = dict(followed.annotate(number=Count("pk")))
    if number := counted.get(FollowUp.SUSPEND, 0):
        text = ngettext(
            "%(shown)s organization did not pay after the last reminder",
            "%(shown)s organizations did not pay after the last reminder",
            number,
        )
        address = reverse("reminders:list", query={"show": FollowUp.SUSPEND.value})
        yield Entry(_with(text, number), address, is_problem=True)
    if number := counted.get(FollowUp.RESTORE, 0):
        text = ngettext(
            "%(shown)s suspended organization has paid what was overdue",
            "%(shown)s suspended organizations have paid what was overdue",
            number,
        )
        address = reverse("reminders:list", query={"show": FollowUp.RESTORE.value})
        yield Entry(_with(text, number), address)
    if number := Reminder.objects.mail_failed().count():
        text = ngettext(
            "%(shown)s reminder could not be sent by email",
            "%(shown)s reminders could not be sent by email",
            number,
        )
        address = reverse("reminders:list", query={"show": "mail_failed"})
        yield Entry(_with(text, number), address, is_problem=True)


def _with(text: str, number: int) -> str:
    return text % {"shown": number_format(number, force_grouping=True)}
