"""Ask questions about invoices, answer them, and close them.

While a question is open, its amount is disputed: reminders leave it out.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from accounts.mail_texts.kinds import MailKind
from accounts.models import User
from accounts.notices.sending import Notified, notify, provider_address
from invoices.models import Invoice
from organizations.models import Organization
from reminders.models import Question, QuestionMessage, QuestionState
from reminders.proposing import look_at
from reminders.questions.amounts import with_tax
from reminders.questions.texts import ANSWERED, ASKED, CLOSED
from reminders.refusals import AlreadyClosed, NotDisputable, NothingInLine, TooMuchDisputed
from reminders.sending import defer_sending


@transaction.atomic
def ask(
    *,
    invoice_id: int,
    line_id: int | None,
    amount: Decimal,
    text: str,
    now: datetime,
    by: User,
) -> Question:
    """Ask about an invoice, or about one of its lines; `amount` is disputed from now on.

    The same question, sent twice, is one: while the first is open, return that.

    Raises:
        NotDisputable: it is a credit note.
        NothingInLine, TooMuchDisputed: the amount is more than the line with its tax, or than the
            invoice.
    """
    invoice = Invoice.objects.get(pk=invoice_id)
    if invoice.is_credit_note:
        raise NotDisputable
    limit = invoice.total
    if line_id is not None:
        limit = min(limit, with_tax(invoice.lines.get(pk=line_id), invoice.currency))
        if limit <= 0:
            raise NothingInLine
    if amount > limit:
        raise TooMuchDisputed(limit, invoice.currency, is_line=line_id is not None)
    # Of two requests at the same time, the second waits and sees what the first did.
    Organization.objects.select_for_update(no_key=True).get(pk=invoice.organization_id)
    asked = Question.objects.open().filter(invoice=invoice, line=line_id, amount=amount)
    if known := asked.filter(asked_by=by, messages__text=text).first():
        return known
    question = Question.objects.create(
        invoice=invoice, line_id=line_id, amount=amount, asked_at=now, asked_by=by
    )
    message = _write(question, text, now, by)
    _tell(message, ASKED, now, by)
    _look(invoice.organization_id, now)
    return question


@transaction.atomic
def answer(*, question_id: int, text: str, closes: bool, now: datetime, by: User) -> None:
    """Write about an open question; close it if that settles it.

    The same text, sent twice in succession by the same person, is one message.

    Raises:
        AlreadyClosed: it is closed.
    """
    waiting = Question.objects.select_for_update(of=("self",))
    question = waiting.select_related("invoice__organization").get(pk=question_id)
    if question.state == QuestionState.CLOSED:
        raise AlreadyClosed
    last = question.messages.order_by("-pk").first()
    if last and not closes and (last.text, last.written_by_id) == (text, by.pk):
        return
    message = _write(question, text, now, by)
    _tell(message, CLOSED if closes else ANSWERED, now, by)
    if closes:
        question.state = QuestionState.CLOSED
        question.save(update_fields=["state"])
        _look(question.invoice.organization_id, now)


def _write(question: Question, text: str, now: datetime, by: User) -> QuestionMessage:
    return QuestionMessage.objects.create(
        question=question, text=text, written_at=now, written_by=by
    )


def _tell(message: QuestionMessage, kind: MailKind, now: datetime, by: User) -> None:
    """Tell the provider what an owner wrote, and an owner what an operator answered."""
    question = message.question
    invoice = question.invoice
    if by.is_owner:
        kind, to = ASKED, provider_address()
    elif kind is ASKED or (owner := _owner_of(question)) is None:
        return
    else:
        to = Notified(owner.email, invoice.organization.invoice_language)
    notify(
        kind,
        about=about(message),
        to=to,
        values={"number": invoice.number, "organization": invoice.organization_title},
        quoted=message.text,
        path=reverse("reminders:question", args=[question.pk]),
        now=now,
        by=by,
    )


def about(message: QuestionMessage) -> str:
    """Return the name by which a notice is about a message."""
    return f"question message {message.pk}"


def _owner_of(question: Question) -> User | None:
    """Return who asked, or the owner of the invoice, if they can sign in and read it."""
    for each in (question.asked_by, question.invoice.owner):
        visible = Question.objects.visible_to(each).filter(pk=question.pk)
        if each.is_owner and each.is_active and visible.exists():
            return each
    return None


def _look(organization_id: int, now: datetime) -> None:
    defer_sending(look_at(organization_id=organization_id, now=now), None)
