"""Compare an invoice with what it would be now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from invoices.documents.document import Document
from invoices.documents.frozen_charges import rows_of
from invoices.issuing.drafts import drafts_of
from invoices.models import Invoice
from invoices.provider.parties import provider_details


@dataclass(frozen=True, slots=True)
class CameraDifference:
    """One camera's sum as invoiced and as it would be now. A sum without charges is None."""

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

    `differences` are the cameras whose sums differ, in order of name. `unpriced` is the number of
    current charges without a price.
    """

    invoice: Invoice
    document: Document | None
    differences: Sequence[CameraDifference]
    unpriced: int

    @property
    def net(self) -> Decimal:
        """The sum of the charges now, without tax."""
        return self.document.net if self.document else Decimal(0)

    @property
    def difference(self) -> Decimal:
        """The change of the net sum since the invoice. A later tax rate is not a difference."""
        invoiced: Decimal = self.invoice.net
        return self.net - invoiced

    @property
    def is_same(self) -> bool:
        """Whether the charges would be the same now."""
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
