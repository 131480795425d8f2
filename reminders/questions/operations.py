"""Ask questions about invoices, answer them, and close them.

While a question is open, its amount is disputed: reminders leave it out.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from invoices.models import Invoice
from reminders.models import Question, QuestionMessage, QuestionState
from reminders.proposing import look_at
from reminders.refusals import AlreadyClosed, NotDisputable, TooMuchDisputed
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

    Raises:
        NotDisputable: it is a credit note.
        TooMuchDisputed: the amount is more than the invoice.
    """
    invoice = Invoice.objects.get(pk=invoice_id)
    if invoice.is_credit_note:
        raise NotDisputable
    if amount > invoice.total:
        raise TooMuchDisputed(invoice.total, invoice.currency)
    question = Question.objects.create(
        invoice=invoice, line_id=line_id, amount=amount, asked_at=now, asked_by=by
    )
    _write(question, text, now, by)
    _look(invoice.organization_id, now)
    return question


@transaction.atomic
def answer(*, question_id: int, text: str, closes: bool, now: datetime, by: User) -> None:
    """Write about an open question; close it if that settles it.

    Raises:
        AlreadyClosed: it is closed.
    """
    question = Question.objects.select_for_update().get(pk=question_id)
    if question.state == QuestionState.CLOSED:
        raise AlreadyClosed
    _write(question, text, now, by)
    if closes:
        question.state = QuestionState.CLOSED
        question.save(update_fields=["state"])
        _look(question.invoice.organization_id, now)


def _write(question: Question, text: str, now: datetime, by: User) -> None:
    QuestionMessage.objects.create(question=question, text=text, written_at=now, written_by=by)


def _look(organization_id: int, now: datetime) -> None:
    defer_sending(look_at(organization_id=organization_id, now=now), None)
