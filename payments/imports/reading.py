"""Read a file of payments and check each line by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.imports.records import RecordReader
from foundation.imports.report import WrongLines
from foundation.imports.values import date_from, decimal_from
from payments.models import MAX_REFERENCE, Method

LABELS = {
    "invoice": gettext_lazy("invoice"),
    "date": gettext_lazy("date"),
    "amount": gettext_lazy("amount"),
    "currency": gettext_lazy("currency"),
    "method": gettext_lazy("payment method"),
    "reference": gettext_lazy("reference"),
    "contract": gettext_lazy("contract number"),
}
"""The columns, and what people call them."""
COLUMNS = tuple(LABELS)
OPTIONAL = ("method", "reference", "contract")
REQUIRED = tuple(column for column in COLUMNS if column not in OPTIONAL)
# Characters quoted from a wrong line.
_MOST_SHOWN = 100
# As in the database.
_MAX_AMOUNT = Decimal(10) ** 12
_MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment whose fields are valid. `number` is its line in the file; the header is line 1.

    It names an `invoice` or a `contract`, or both.
    """

    number: int
    invoice: str
    paid_on: date
    amount: Decimal
    currency: str
    method: str
    reference: str
    contract: str = ""


def read_lines(records: RecordReader, wrong: WrongLines) -> Iterator[PaymentLine]:
    """Yield the lines without errors; add the others to `wrong`.

    Raises:
        UnreadableFileError: the file is empty, its header is wrong, or a line is too long.
    """
    for number, (invoice, paid_on, amount, currency, method, reference, contract) in records:
        day, value = date_from(paid_on), _amount(amount)
        reasons = [
            *([] if invoice or contract else [_missing_invoice()]),
            *([] if day else [_bad_date(paid_on)]),
            *([] if value is not None else [_bad_amount(amount)]),
            *([] if method.lower() in ("", *Method.values) else [_bad_method(method)]),
            *_wrong_reference(reference),
        ]
        if reasons or day is None or value is None:
            wrong.add(number, " ".join(reasons))
        else:
            yield PaymentLine(
                number=number,
                invoice=invoice.upper(),
                paid_on=day,
                amount=value,
                currency=currency.upper(),
                method=method.lower() or Method.TRANSFER.value,
                reference=reference,
                contract=contract,
            )


def _amount(text: str) -> Decimal | None:
    value = decimal_from(text)
    if value is None or value >= _MAX_AMOUNT or -value.as_tuple().exponent > _MOST_DECIMALS:  # type: ignore[operator]
        return None
    return value


def _missing_invoice() -> str:
    return _("The invoice number is missing. Add it, or name a contract in the column “contract”.")


def _bad_date(text: str) -> str:
    return _("“%(text)s” is not a valid date. Use the format 2026-11-02 or 02.11.2026.") % {
        "text": text[:_MOST_SHOWN]
    }


def _bad_amount(text: str) -> str:
    return _(
        "“%(text)s” is not a valid amount. Use digits and a decimal point or comma, for "
        "example 1234.50. Three digits after a comma could be thousands. To undo a payment, "
        "reverse it on its invoice."
    ) % {"text": text[:_MOST_SHOWN]}


def _bad_method(text: str) -> str:
    return _(
        "“%(text)s” is not a payment method. Use one of these: %(methods)s. "
        "For a bank transfer, you can leave it empty."
    ) % {
        "text": text[:_MOST_SHOWN],
        "methods": ", ".join(Method.values),
    }


def _wrong_reference(text: str) -> list[str]:
    reasons = []
    if not text.isprintable():
        reasons.append(_("The reference contains invisible characters. Remove them."))
    if len(text) > MAX_REFERENCE:
        reasons.append(
            _("The reference is longer than %(length)s characters. Shorten it.")
            % {"length": MAX_REFERENCE}
        )
    return reasons
