"""The accounts of the demonstration's provider, by the chart SKR03."""

from __future__ import annotations

from decimal import Decimal

from accounting.models import AccountingSettings, RevenueAccount
from organizations.models import TaxCategory

_REVENUE = (
    (TaxCategory.STANDARD, Decimal(19), "8400"),
    (TaxCategory.REVERSE_CHARGE, Decimal(0), "8336"),
    (TaxCategory.EXEMPT, Decimal(0), "8100"),
)


def add_accounts() -> None:
    """Enter an account for each way of paying, and for the most common taxes."""
    AccountingSettings.objects.create(
        bank="1200",
        card="1361",
        direct_debit="1200",
        cash="1000",
        other="1362",
        bank_fees="4970",
        write_offs="2400",
        clearing="1360",
        consultant=1001,
        client=1,
    )
    RevenueAccount.objects.bulk_create(
        RevenueAccount(category=category, percent=percent, account=account)
        for category, percent, account in _REVENUE
    )
