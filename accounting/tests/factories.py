"""Factories of accounts and closings."""

from datetime import UTC, date, datetime
from decimal import Decimal

from accounting.models import AccountingSettings, RevenueAccount
from organizations.models import TaxCategory
from payments.books import BooksClosing, close_books

SEPTEMBER_30 = date(2026, 9, 30)


def all_accounts() -> AccountingSettings:
    """Enter an account for everything, by the chart SKR03."""
    RevenueAccount.objects.create(
        category=TaxCategory.STANDARD, percent=Decimal(19), account="8400"
    )
    return AccountingSettings.objects.create(
        bank="1200",
        card="1201",
        direct_debit="1202",
        cash="1000",
        other="1203",
        bank_fees="4970",
        write_offs="2400",
        clearing="1360",
        consultant=1001,
        client=7,
    )


def a_revenue_account() -> RevenueAccount:
    """Enter the account of a rate that nothing else has."""
    return RevenueAccount.objects.create(
        category=TaxCategory.STANDARD, percent=Decimal("0.01"), account="8200"
    )


def a_closing(month: date = SEPTEMBER_30) -> BooksClosing:
    """Close the books through a month, by default through September 2026."""
    return close_books(month=month, now=datetime(2026, 11, 2, 9, 30, tzinfo=UTC), by=None)
