"""What an owner of the demonstration asks: about two invoices, and for another billing address."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from accounts.models import User
from demo.sign_ins import SIGN_INS
from invoices.documents.document import Kind
from invoices.models import Invoice
from organizations.addresses.operations import (
    AddressFields,
    address_values,
    propose_address,
    target_of,
)
from organizations.models import Organization
from reminders.questions.operations import answer, ask

_ADDRESS: AddressFields = {
    "name": "Lagerhaus am Hafen GmbH",
    "street": "Speicherstraße 12",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "tax_number": "",
}


def ask_as_owner(today: date) -> None:
    """Have an open question, one that is answered and closed, and an address to be approved."""
    operator, _support, owner = (
        User.objects.get(email=email) for _role, email, _password in SIGN_INS
    )
    now = datetime.combine(today - timedelta(days=1), time(12), UTC)
    own = Invoice.objects.filter(owner=owner, organization__owner=owner, kind=Kind.INVOICE.value)
    questions = (
        ("The gate camera was disconnected on the 10th. Why is the whole month charged?", ""),
        (
            "Why are there two lines for one tariff plan?",
            "The price changed within the month: each line has the days of one price. The total "
            "is the same as on the page of the usages.",
        ),
    )
    for invoice, (question, answered) in zip(own.order_by("-pk")[:2], questions, strict=False):
        line = invoice.lines.order_by("position").first()
        asked = ask(
            invoice_id=invoice.pk,
            line_id=line.pk if line else None,
            amount=line.amount if line and 0 < line.amount < invoice.total else invoice.total,
            text=question,
            now=now - timedelta(hours=3),
            by=owner,
        )
        if answered:
            answer(question_id=asked.pk, text=answered, closes=True, now=now, by=operator)
    if organization := Organization.objects.filter(owner=owner).order_by("pk").first():
        stored = address_values(target_of(organization, now).version)
        fields: AddressFields = {**_ADDRESS, "tax_number": stored["tax_number"]}
        propose_address(organization_id=organization.pk, fields=fields, now=now, by=owner)
