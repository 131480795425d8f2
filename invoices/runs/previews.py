"""What an invoice run would make of organizations, without making it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from invoices.issuing.blockers import blockers_of, known_before_pricing
from invoices.issuing.refusals import IssueRefusal
from invoices.models import Invoice
from invoices.provider.parties import provider_details
from organizations.models import Organization
from rating.money import Amount
from rating.periods import Period
from usage.statements.statement import all_tariffs, statement_for


@dataclass(frozen=True)
class RunPreview:
    """What one organization's invoices of a period would be, by currency, before tax.

    `blockers` are what stands in the way, that of one currency too; where there are none and no
    amounts, there is nothing to bill.
    """

    organization: Organization
    amounts: Sequence[Amount]
    blockers: Sequence[IssueRefusal]


def previews_of(
    organizations: Sequence[Organization], *, period: Period, now: datetime
) -> list[RunPreview]:
    """Look at each organization's statement of a period, as issuing would.

    A query for each organization's use, and as many others for many as for one.
    """
    provider, tariffs = provider_details(), all_tariffs()
    in_force = Invoice.objects.in_force().filter(organization__in=organizations)
    overlapping: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in in_force.overlapping(period.start, period.end):
        overlapping[invoice.organization_id].append(invoice)
    previews = []
    for organization in organizations:
        statement = statement_for(
            organization=organization, period=period, as_of=now, tariffs=tariffs
        )
        sums = statement.totals().all
        found = blockers_of(
            known_before_pricing(provider, organization, period, now),
            nets={each.currency: each.number for each in sums.amounts},
            unpriced=sums.unpriced,
            overlapping=overlapping[organization.pk],
        )
        amounts = [amount for amount in sums.amounts if amount]
        blockers = [*found.of_all, *found.already_invoiced]
        previews.append(RunPreview(organization, amounts, blockers))
    return previews
