"""The statement of account as PDF, in the language in which the organization gets its invoices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, override, pgettext

from invoices.documents.contents import date_range, footer_texts, party_texts
from invoices.documents.document import Party
from invoices.documents.printing import Letter, printed
from invoices.provider.parties import buyer_of, provider_details, seller_of, style_of
from invoices.terms.agreed import agreed_terms
from organizations.billing.details import details_of
from payments.account.lines import Line, lines_of
from payments.account.statement import Account, CurrencyAccount
from rating.periods import Period
from tariffs.money import format_money

MOST_PRINTED = 1_000
"""The maximum number of lines of a PDF: they take some seconds and 260 MB of memory."""
_TEMPLATE = Path(__file__).with_name("account.typ").read_bytes()


def pdf(stated: Account, closing_on: date, today: date) -> bytes:
    """Return a statement of account as PDF/A-3b and PDF/UA-1.

    The provider's and the organization's details are those of `today`. `closing_on` is the date of
    the closing balance.
    """
    provider, organization = provider_details(), stated.organization
    buyer = buyer_of(organization, details_of(organization.pk).on(today))
    logo = bytes(provider.logo.content) if provider.logo else b""
    with override(organization.invoice_language):
        footer = agreed_terms([]).footer(organization.invoice_language)
        texts = _texts(stated, seller_of(provider), buyer, closing_on, today) | footer_texts(footer)
    letter = Letter(_TEMPLATE, logo, today, buyer.country, style_of(provider))
    return printed(letter, texts).file


def _texts(
    stated: Account, seller: Party, buyer: Party, closing_on: date, today: date
) -> dict[str, Any]:
    """Return the texts, and lists of texts, that letter.typ and account.typ lay out."""
    language = stated.organization.invoice_language
    return {
        "language": language,
        "title": gettext("Statement of account"),
        "number": "",
        "seller": party_texts(seller, language),
        "buyer": party_texts(buyer, language),
        "buyer_label": pgettext("of an invoice", "To"),
        "facts": list(_facts(stated, buyer, closing_on, today)),
        "columns": [
            gettext("Date"),
            gettext("Entry"),
            pgettext("column of an account", "Debit"),
            pgettext("column of an account", "Credit"),
            gettext("Balance"),
        ],
        "sections": [_section(each, stated.period, closing_on) for each in stated.currencies],
        "empty": gettext("No documents or payments in this period"),
        "note": gettext("A balance above 0 is owed to %(name)s, one below 0 to you.")
        % {"name": seller.name},
        "page": gettext("Page %(page)s of %(pages)s"),
    }


def _facts(stated: Account, buyer: Party, closing_on: date, today: date) -> Iterator[list[str]]:
    organization = stated.organization
    yield [gettext("Date"), date_format(today)]
    yield [gettext("Period"), date_range(Period.inclusive(stated.period.start, closing_on))]
    if organization.contract_number:
        yield [gettext("Contract"), organization.contract_number]
    if organization.title != buyer.name:
        yield [gettext("Organization"), organization.title]


def _section(account: CurrencyAccount, period: Period, closing_on: date) -> dict[str, Any]:
    def money(amount: Decimal | None) -> str:
        return "" if amount is None else format_money(amount, account.currency)

    def sums(label: str, day: date, *amounts: Decimal | None) -> list[str]:
        return [date_format(day), label, *map(money, amounts)]

    lines = [_line(line, money) for line in lines_of(account)]
    if account.unseen is not None:
        debit, credit = max(account.unseen, Decimal(0)), max(-account.unseen, Decimal(0))
        amounts = [money(debit or None), money(credit or None), money(account.begin)]
        lines.insert(0, ["", gettext("Documents of an earlier owner"), "", *amounts])
    return {
        "opening": sums(gettext("Opening balance"), period.start, None, None, account.opening),
        "lines": lines,
        "closing": sums(
            gettext("Closing balance"), closing_on, account.debit, account.credit, account.closing
        ),
    }


def _line(line: Line, money: Any) -> list[str]:
    amounts = (money(line.debit), money(line.credit), money(line.balance))
    entry = f"{line.kind.label} {line.number}".strip()
    return [date_format(line.entry.day), entry, line.details, *amounts]
