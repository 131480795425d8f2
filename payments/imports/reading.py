"""Read a file of payments and check each line by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from foundation.imports.records import RecordReader
from foundation.imports.report import WrongLines
from payments.models import MAX_REFERENCE, Method

COLUMNS = ("invoice", "date", "amount", "currency", "method", "reference")
# Characters quoted from a wrong line.
_MOST_SHOWN = 100
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment whose fields are valid. `number` is its line in the file; the header is line 1."""

    number: int
    invoice: str
    paid_on: date
    amount: Decimal
    currency: str
    method: str
    reference: str


def read_lines(records: RecordReader, wrong: WrongLines) -> Iterator[PaymentLine]:
    """Yield the lines without errors; add the others to `wrong`.

    Raises:
        UnreadableFileError: the file is empty, its header is wrong, or a line is too long.
    """
    for number, (invoice, paid_on, amount, currency, method, reference) in records:
        day = _date(paid_on)
        reasons = [
            *([] if invoice else [_("The invoice number is missing. Add it.")]),
            *([] if day else [_bad_date(paid_on)]),
            *([] if _AMOUNT.fullmatch(amount) else [_bad_amount(amount)]),
            *([] if method.lower() in ("", *Method.values) else [_bad_method(method)]),
            *_wrong_reference(reference),
        ]
        if reasons or day is None:
            wrong.add(number, " ".join(reasons))
        else:
            yield PaymentLine(
                number=number,
                invoice=invoice.upper(),
                paid_on=day,
                amount=Decimal(amount),
                currency=currency.upper(),
                method=method.lower() or Method.TRANSFER.value,
                reference=reference,
            )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _bad_date(text: str) -> str:
    return _("“%(text)s” is not a valid date. Use the format 2026-11-02.") % {
        "text": text[:_MOST_SHOWN]
    }


def _bad_amount(text: str) -> str:
    return _(
        "“%(text)s” is not a valid amount. Use digits and a decimal point, for "
        "example 1234.50. To undo a payment, reverse it on its invoice."
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
