"""Store months without an invoice for tests, as jobs do."""

from datetime import datetime

from invoices.differences import checking
from invoices.issuing.refusals import IssueRefusal, recall
from invoices.models import UninvoicedMonth
from invoices.uninvoiced import keeping
from organizations.models import Organization
from rating.periods import Period


def keep_all(now: datetime) -> None:
    """Store the months of all organizations that have ended or changed."""
    keeping.mark_ended_months(now)
    for pk in checking.waiting_organizations():
        keeping.keep(organization_id=pk, now=now)


def stored_blockers(
    organization: Organization, period: Period, now: datetime
) -> list[IssueRefusal]:
    """Store the months of an organization, and return what blocks one; nothing if not stored."""
    keep_all(now)
    months = UninvoicedMonth.objects.filter(organization=organization, month=period.start)
    recalled = [recall(name, details) for month in months for name, details in month.blockers]
    return [each for each in recalled if each is not None]
