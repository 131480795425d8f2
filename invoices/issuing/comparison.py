"""The frozen charges of an invoice, and a comparison with the charges as they would be now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from foundation.lists.search import words_of
from invoices.documents.document import Document
from invoices.issuing.drafts import drafts_of
from invoices.models import FrozenCharges, Invoice
from invoices.provider.parties import provider_details
from usage.statements.charge_rows import EXPORT_COLUMNS
from usage.statements.frozen_charges import lines_of, opened

_CHUNK_BYTES = 65_536

Row = dict[str, str]
"""A charge, with the columns of usages.csv as keys."""


def text_of(frozen: FrozenCharges) -> Iterator[bytes]:
    """Yield the file of frozen charges in chunks."""
    with opened(bytes(frozen.content)) as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def rows_of(content: bytes) -> Iterator[Row]:
    """Yield the charges of a compressed usages.csv."""
    for line in lines_of(content):
        yield dict(zip(EXPORT_COLUMNS, line, strict=True))


def found_rows(frozen: FrozenCharges, text: str) -> Iterator[Row]:
    """Yield the charges of cameras that match a search.

    Each word of `text` must be the beginning of a word in the camera's name or title.
    """
    words = words_of(text)
    for row in rows_of(bytes(frozen.content)):
        own = words_of(f"{row['camera']} {row['title']}")
        if all(any(each.startswith(word) for each in own) for word in words):
            yield row


@dataclass(frozen=True, slots=True)
class FrozenCharge:
    """A frozen charge as typed values.

    Instants are in the time zone in which the charge was made. `used`, `trial` and `billable` are
    in days if `by_day`, else in seconds.
    """

    camera: str
    title: str
    tariff: str
    currency: str
    price: Decimal
    started_at: datetime
    ended_at: datetime
    used: int
    trial: int
    billable: int
    by_day: bool
    amount: Decimal


def read(row: Row) -> FrozenCharge:
    """Return a charge as typed values. A charge of an invoice always has a price."""
    return FrozenCharge(
        row["camera"],
        row["title"],
        row["tariff"],
        row["currency"],
        Decimal(row["price"]),
        datetime.fromisoformat(row["from"]),
        datetime.fromisoformat(row["to"]),
        int(row["used"]),
        int(row["trial"]),
        int(row["billable"]),
        row["unit"] == "day",
        Decimal(row["amount"]),
    )


@dataclass(frozen=True, slots=True)
class CameraDifference:
    """One camera's sum as invoiced and as it would be now. None if it has no charge."""

    camera: str
    invoiced: Decimal | None
    now: Decimal | None

    @property
    def change(self) -> Decimal:
        """The change since the invoice, positive if the sum is higher now."""
        return (self.now or Decimal(0)) - (self.invoiced or Decimal(0))


@dataclass(frozen=True)
class Comparison:
    """An invoice and what it would be now. `document` is None if there is nothing left to bill.

    `differences` are the cameras whose sums differ, by name. `unpriced` is the number of current
    charges without a price.
    """

    invoice: Invoice
    document: Document | None
    differences: Sequence[CameraDifference]
    unpriced: int

    @property
    def total(self) -> Decimal:
        """The amount to pay if the invoice were issued now."""
        return self.document.total if self.document else Decimal(0)

    @property
    def difference(self) -> Decimal:
        """The change of the total since the invoice, which a new tax rate can also cause."""
        invoiced: Decimal = self.invoice.total
        return self.total - invoiced

    @property
    def is_same(self) -> bool:
        """Whether the invoice would be the same now."""
        return not (self.difference or self.differences or self.unpriced)


def compare(invoice: Invoice, now: datetime) -> Comparison:
    """Compare an invoice with its period under the current usage, prices and details."""
    drafts = drafts_of(
        organization=invoice.organization,
        period=invoice.period,
        now=now,
        provider=provider_details(),
    )
    draft = next((one for one in drafts.drafts if one.document.currency == invoice.currency), None)
    if draft is not None and draft.charges.sha256 == invoice.charges_sha256:
        return Comparison(invoice, draft.document, (), 0)
    before = _sums_by_camera(bytes(invoice.frozen_charges.content))
    after = _sums_by_camera(draft.charges.content) if draft else {}
    differences = [
        CameraDifference(camera, before.get(camera), after.get(camera))
        for camera in sorted(before.keys() | after.keys())
        if before.get(camera) != after.get(camera)
    ]
    if draft is None:
        return Comparison(invoice, None, differences, 0)
    unpriced = sum(each.unpriced for each in draft.charges.sums)
    return Comparison(invoice, draft.document, differences, unpriced)


def _sums_by_camera(content: bytes) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(content):
        sums[row["camera"]] += Decimal(row["amount"] or 0)
    return sums
