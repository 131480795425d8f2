"""Preview what an invoice run would issue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Sum

from invoices.differences.models import DeferredCorrection
from invoices.issuing.blockers import blockers_of, known_before_pricing
from invoices.issuing.refusals import IssueRefusal
from invoices.models import Invoice
from invoices.provider.parties import provider_details
from organizations.billing.details import details_of_all
from organizations.models import Organization
from rating.money import Amount
from rating.periods import Period
from usage.statements.statement import all_tariffs, statement_for


@dataclass(frozen=True)
class RunPreview:
    """The amounts that would be invoiced to one organization, by currency, before tax.

    `blockers` include those of a single currency. If there are neither blockers nor amounts,
    there is nothing to bill. `corrections` are the differences of earlier invoices that go onto the
    next one, as they were when these were last compared. They are not included in `amounts`.
    """

    organization: Organization
    amounts: Sequence[Amount]
    blockers: Sequence[IssueRefusal]
    corrections: Sequence[Correction]


class Correction(NamedTuple):
    """The sum of corrections in a currency, and whether they will be left out of the invoice.

    They are left out if nothing would remain to be paid, or nothing is charged in the currency.
    """

    amount: Amount
    is_left_out: bool


def previews_of(
    organizations: Sequence[Organization], *, period: Period, now: datetime
) -> list[RunPreview]:
    """Return previews from the organizations' statements for a period, as for issuing.

    One query per organization reads its usage. The number of other queries does not depend on the
    number of organizations.
    """
    provider, tariffs = provider_details(), all_tariffs()
    details = details_of_all(organizations)
    in_force = Invoice.objects.in_force().filter(organization__in=organizations)
    overlapping: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in in_force.overlapping(period.start, period.end):
        overlapping[invoice.organization_id].append(invoice)
    deferred = _deferred(organizations)
    previews = []
    for organization in organizations:
        statement = statement_for(
            organization=organization,
            period=period,
            as_of=now,
            tariffs=tariffs,
            details=details[organization.pk],
        )
        sums = statement.totals().all
        found = blockers_of(
            known_before_pricing(provider, organization, details[organization.pk], period, now),
            nets={each.currency: each.number for each in sums.amounts},
            unpriced=sums.unpriced,
            overlapping=overlapping[organization.pk],
        )
        amounts = [amount for amount in sums.amounts if amount]
        blockers = [*found.of_all, *found.already_invoiced]
        corrections = [
            Correction(each, each.currency not in own or own[each.currency] + each.number <= 0)
            for own in [{amount.currency: amount.number for amount in amounts}]
            for each in deferred[organization.pk]
        ]
        previews.append(RunPreview(organization, amounts, blockers, corrections))
    return previews


def _deferred(organizations: Sequence[Organization]) -> dict[int, list[Amount]]:
    """Return the known differences that go onto the next invoice, by organization and currency."""
    rows = (
        DeferredCorrection.objects.filter(organization__in=organizations)
        .order_by("organization", "invoice__currency")
        .values_list("organization", "invoice__currency")
        .annotate(Sum("invoice__difference__amount"))
    )
    found: dict[int, list[Amount]] = defaultdict(list)
    for organization, currency, amount in rows:
        if amount:
            found[organization].append(Amount(amount, currency))
    return found
