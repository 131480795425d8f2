"""What the columns of a bank's CSV file can mean, and how it writes numbers and dates.

A bank's CSV states none of this, so a person does, once for each account. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.imports.columns import Columns

LABELS = {
    "date": _("date"),
    "amount": _("amount"),
    "debit": pgettext_lazy("column", "money out"),
    "credit": pgettext_lazy("column", "money in"),
    "balance": _("balance after it"),
    "text": _("text"),
    "text_2": _("text, continued"),
    "name": _("name"),
    "account": _("account of the other party"),
    "tax_id": _("tax ID"),
    "reference": _("structured reference"),
    "end_to_end_id": _("end-to-end ID"),
    "bank_reference": _("bank reference"),
    "value_date": _("value date"),
    "currency": _("currency"),
    "own_account": _("own account number"),
}
# What banks call them, so that most can be proposed. Nobody needs to translate these.
_ALSO: Mapping[str, Sequence[str]] = {
    "date": ("Buchungstag", "Buchungsdatum", "Booking date", "Дата операции", "Datum"),
    "amount": ("Betrag", "Umsatz", "Сумма", "Montant", "Importe"),
    "debit": ("Debit", "Soll", "Belastung", "Дебет", "Débit"),
    "credit": ("Credit", "Haben", "Gutschrift", "Кредит", "Crédit"),
    "balance": ("Balance", "Saldo", "Kontostand", "Остаток", "Solde"),
    "text": ("Verwendungszweck", "Description", "Details", "Назначение платежа", "Libellé"),
    "name": ("Beguenstigter", "Auftraggeber", "Payer", "Counterparty", "Контрагент"),
    "account": ("Kontonummer", "IBAN", "Counterparty account", "Счет контрагента"),
    "tax_id": ("ИНН контрагента", "ИНН"),
    "reference": ("Referenz", "Reference", "Creditor reference"),
    "end_to_end_id": ("End to end reference", "Kundenreferenz"),
    "bank_reference": ("Transaction ID", "Номер документа"),
    "value_date": ("Valuta", "Valutadatum", "Wertstellung", "Дата валютирования"),
    "currency": ("Währung", "Waehrung", "Валюта", "Devise"),
    "own_account": ("Auftragskonto", "Own account"),
}
COLUMNS = Columns(LABELS, required=("date",), also=_ALSO)


def label_of(column: str) -> str:
    """Return what people call a column."""
    return str(capfirst(LABELS[column]))


class DecimalMark(models.TextChoices):
    """What stands before the decimals of an amount."""

    COMMA = ",", "1.234,56 · 1 234,56"
    POINT = ".", "1,234.56 · 1 234.56"


class DateOrder(models.TextChoices):
    """The order of year, month and day, whatever stands between them."""

    DAY_FIRST = "dmy", "31.12.2026 · 31/12/2026"
    MONTH_FIRST = "mdy", "12/31/2026"
    YEAR_FIRST = "ymd", "2026-12-31"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the CSV files of an account are read: its headings by our names, and its spellings."""

    headings: Mapping[str, str]
    decimal_mark: str
    date_order: str
    encoding: str
