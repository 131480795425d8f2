"""Find the organizations that owe something in a period even if they use no camera."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from organizations.models import Fee, Minimum, OneOffCharge, Organization, Partnership
from rating.periods import Period


def charged_in(period: Period) -> QuerySet[Organization]:
    """Return the organizations with a fee, a minimum, a one-off charge or a customer in a period.

    They may owe nothing after all, for example in a trial. Those closed before are left out.
    """
    lasting = Q(first_on__lt=period.end) & (Q(last_on=None) | Q(last_on__gte=period.start))
    on_dates = Q(day__gte=period.start, day__lt=period.end, quantity__gt=0, is_invoiced_apart=False)
    found = (
        Fee.objects.filter(lasting)
        .values("organization")
        .union(
            Minimum.objects.filter(lasting).values("organization"),
            OneOffCharge.objects.filter(on_dates).values("organization"),
            Partnership.objects.filter(lasting).values("partner"),
        )
    )
    is_open = Q(closed_on=None) | Q(closed_on__gte=period.start)
    return Organization.objects.filter(is_open, pk__in=found)
