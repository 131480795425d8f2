"""Which accounts must be entered before everything can be booked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from accounting import datev
from accounting.journal import Accounts, stored_settings
from accounting.models import AccountingSettings, RevenueAccount, is_number, tax_label
from accounting.operations import DATEV_NUMBERS, MONEY
from foundation.web.field_values import details_of
from organizations.models import Organization, Tax, TaxCategory, TaxPercent
from payments.models import Method, PaymentKind
from rating.periods import Period

_TAXES = """
    SELECT DISTINCT category, percent
    FROM invoices_invoice AS document
    JOIN invoices_invoicetax AS part ON part.invoice_id = document.id
    WHERE issued_on >= %(start)s AND issued_on < %(end)s
    ORDER BY category, percent
"""
_PAYMENTS = """
    SELECT DISTINCT kind, CASE WHEN kind IN ('payment', 'deposit', 'refund') THEN method ELSE '' END
    FROM payments_payment
    WHERE paid_on >= %(start)s AND paid_on < %(end)s
    ORDER BY 1, 2
"""

_NOT_NAMED = """
    SELECT title, debtor_number
    FROM organizations_organization AS organization
    WHERE debtor_number IS NOT NULL AND debtor_number !~ %(form)s
        AND (
            EXISTS (
                SELECT FROM invoices_invoice
                WHERE organization_id = organization.id
                    AND issued_on >= %(start)s AND issued_on < %(end)s
            ) OR EXISTS (
                SELECT FROM payments_payment
                WHERE organization_id = organization.id
                    AND paid_on >= %(start)s AND paid_on < %(end)s
            )
        )
    ORDER BY title LIMIT %(most)s
"""
MOST_NAMED = 10


def taxes_without_account() -> list[RevenueAccount]:
    """Return an account that is not stored, without a number, for each tax that has none."""
    known = set(RevenueAccount.objects.values_list("category", "percent"))
    others = Tax.objects.exclude(category=TaxCategory.STANDARD).order_by("category")
    taxes = [
        *TaxPercent.objects.order_by("-percent").values_list("tax__category", "percent"),
        *((category, Decimal(0)) for category in others.values_list("category", flat=True)),
    ]
    return [
        RevenueAccount(category=category, percent=percent)
        for category, percent in dict.fromkeys(taxes)
        if (category, percent) not in known
    ]


def why_not_datev(period: Period, settings: AccountingSettings) -> str:
    """Return why there can be no file for DATEV of a period, as far as settings tell, or ""."""
    if missing := list(_general(settings)):
        return _text_of(missing)
    if datev.year_of(period, settings) is None:
        return _("A file for DATEV is about one financial year. Choose dates within one.")
    counted = Organization.objects.filter(debtor_number=None).aggregate(last=Max("pk"))
    last = settings.debtor(counted["last"] or 1)
    if not datev.can_number(settings.first_debtor, last, settings.account_digits):
        return _(
            "Debtor numbers from %(first)s to %(last)s do not fit accounts of %(digits)s digits. "
            "Change the digits or the first number under Accounts."
        ) % {"first": settings.first_debtor, "last": last, "digits": settings.account_digits}
    accounts = _accounts_of(settings)
    if others := sorted(each for each in accounts if not is_number(each)):
        return _(
            "DATEV takes only digits in accounts. Correct these under Accounts: %(accounts)s."
        ) % {"accounts": ", ".join(others)}
    if too_long := sorted(each for each in accounts if len(each) > settings.account_digits):
        return _(
            "DATEV would take these accounts for debtors, because they have more than %(digits)s "
            "digits: %(accounts)s. Correct them, or the digits, under Accounts."
        ) % {"digits": settings.account_digits, "accounts": ", ".join(too_long)}
    return ""


def _accounts_of(settings: AccountingSettings) -> set[str]:
    accounts = {getattr(settings, name) for name in MONEY} - {""}
    return accounts | set(RevenueAccount.objects.values_list("account", flat=True))


def why_not_named(period: Period, settings: AccountingSettings) -> str:
    """Return which debtor numbers of a period DATEV does not take, or ""."""
    values = {**period._asdict(), "form": datev.debtor_form(settings.account_digits)}
    with connection.cursor() as cursor:
        cursor.execute(_NOT_NAMED, {**values, "most": MOST_NAMED + 1})
        found = [f"{title} ({number})" for title, number in cursor.fetchall()]
    if not found:
        return ""
    return _(
        "DATEV takes debtor numbers of %(digits)s digits that begin with 1 to 6. Correct those of "
        "these organizations: %(names)s."
    ) % {
        "digits": settings.account_digits + 1,
        "names": ", ".join(found[:MOST_NAMED]) + (" …" if len(found) > MOST_NAMED else ""),
    }


def why_not_booked(period: Period, known: Accounts) -> str:
    """Return which accounts the entries of a period lack, or ""."""
    missing = list(dict.fromkeys(_accounts(period, known)))
    return _text_of(missing) if missing else ""


def _text_of(missing: list[str]) -> str:
    """Return what to do about what is missing."""
    return _("Enter under Accounts what is missing: %(names)s.") % {"names": ", ".join(missing)}


def _general(settings: AccountingSettings) -> Iterator[str]:
    for name in DATEV_NUMBERS:
        if getattr(settings, name) is None:
            (detail,) = details_of(settings, [name])
            yield detail.label


def _accounts(period: Period, known: Accounts) -> Iterator[str]:
    for category, percent in _distinct(_TAXES, period):
        if (category, percent) not in known.revenue:
            yield tax_label(category, percent)
    for kind, method in _distinct(_PAYMENTS, period):
        if not known.of_money(kind, method or Method.OTHER):
            yield str(Method(method).label if method else PaymentKind(kind).label)


def _distinct(sql: str, period: Period) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, period._asdict())
        found: list[Any] = cursor.fetchall()
    return found


def is_complete() -> bool:
    """Return whether each tax, and each kind of payment, has an account."""
    settings = stored_settings()
    return all(getattr(settings, name) for name in MONEY) and not taxes_without_account()
