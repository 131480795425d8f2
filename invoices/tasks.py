"""Jobs of invoices; billing_admin/jobs.py says what holds for all."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.models import User
from billing_admin.jobs import PATIENTLY, QUICKLY, is_tried_again
from invoices import archive, deliveries, runs
from invoices.models import Invoice


@app.task(name="invoices.send", queue="mail", priority=-10, retry=PATIENTLY, pass_context=True)
def send(context: JobContext, *, delivery_id: int, user_id: int | None) -> None:
    """Send a document by email; tried again for a day where the mail server fails."""
    try:
        deliveries.send(delivery_id=delivery_id, now=timezone.now())
    except Exception as error:
        if not is_tried_again(context, error):
            deliveries.give_up(delivery_id=delivery_id)
        raise


@app.task(name="invoices.keep_documents", queue="documents", priority=-20, retry=PATIENTLY)
def keep_documents(*, invoice_ids: list[int]) -> None:
    """Make the PDFs of invoices that are not sent, and keep them."""
    for invoice in Invoice.objects.filter(pk__in=invoice_ids):
        archive.keep_pdf(invoice)


@app.task(name="invoices.issue_for_run", queue="invoices", pass_context=True, retry=QUICKLY)
def issue_for_run(context: JobContext, *, item_id: int, user_id: int | None) -> None:
    """Issue what one organization is to pay for the month of a run."""
    by = User.objects.filter(pk=user_id).first() if user_id else None
    try:
        runs.do(item_id=item_id, now=timezone.now(), by=by)
    except Exception as error:
        if not is_tried_again(context, error):
            runs.give_up(item_id=item_id, error=type(error).__name__, now=timezone.now())
        raise
