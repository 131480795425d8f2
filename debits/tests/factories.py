"""Factories of mandates, settings and batches."""

from datetime import UTC, date, datetime
from uuid import uuid4

from debits.collecting import due
from debits.models import DebitBatch, DebitSettings, Mandate
from debits.operations import add_mandate, make_batch
from invoices.models import Invoice
from invoices.tests.factories import issued_invoice
from organizations.models import Organization

# Invoices that the factory issues on 2 November are due by then.
COLLECTED_ON = date(2026, 11, 20)
NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
ON_THE_DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def debit_settings() -> DebitSettings:
    """Enter who collects, and that payers are told two days before."""
    values = {
        "creditor_id": "DE98ZZZ09999999999",
        "iban": "DE02120300000000202051",
        "notice_days": 2,
    }
    return DebitSettings.objects.get_or_create(pk=1, defaults=values)[0]


def a_mandate(organization: Organization, reference: str = "M-1") -> Mandate:
    """Add a mandate."""
    return add_mandate(
        organization_id=organization.pk,
        reference=reference,
        signed_on=date(2026, 1, 5),
        holder=organization.title[:70],
        iban="DE75512108001245126199",
        bic="",
    )


def an_invoice_with_mandate(reference: str = "M-1") -> Invoice:
    """Issue an invoice for EUR 10.71 to an organization with a mandate."""
    invoice = issued_invoice()
    a_mandate(invoice.organization, reference)
    return invoice


def a_batch(*invoices: Invoice) -> DebitBatch:
    """Make the file that collects invoices, or whatever is due, on 20 November 2026."""
    if not DebitSettings.objects.exists():
        debit_settings()
    items = due(COLLECTED_ON, [each.pk for each in invoices] or None)
    return make_batch(
        collected_on=COLLECTED_ON,
        invoice_ids=[each.item.pk for each in items],
        shown={each.item.pk: each.version for each in items},
        request=uuid4(),
        now=NOW,
        by=None,
    )


def a_stored_batch() -> DebitBatch:
    """Store a batch of one invoice. To make its file would take a fifth of a second."""
    debit_settings()
    invoice = an_invoice_with_mandate()
    batch = DebitBatch.objects.create(
        collected_on=COLLECTED_ON,
        message_id="M-1",
        number=1,
        total=invoice.total,
        content=b"<Document/>",
        made_at=NOW,
        request=uuid4(),
    )
    batch.collections.create(
        invoice=invoice,
        mandate=invoice.organization.mandates.get(),
        amount=invoice.total,
        sequence="FRST",
    )
    return batch
