"""The time whose charges a change of a partnership affects."""

from __future__ import annotations

from organizations.agreement.effects import recomputed_by
from organizations.models import Partnership
from tariffs.affected_invoices import Spans, joined


def recomputed_with(before: Partnership | None, after: Partnership) -> Spans:
    """Return the time whose charges change with a partnership, of the customer and its partner.

    `before` is the same partnership as it is stored, if it is. The dates are those of the customer,
    but a month ends at another instant for a partner in another time zone.
    """
    pair = after.organization, after.partner
    spans = [span for each in pair if (span := recomputed_by(each, before, after))]
    return {each.pk: joined(spans) for each in pair} if spans else {}
