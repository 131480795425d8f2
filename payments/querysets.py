"""Query payments, what they pay, and what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from foundation.among import among
from foundation.search.in_memory import finder_of
from foundation.search.index import some_of, words_of
from invoices.listing.models import ages
from invoices.listing.search import typed_amounts
from invoices.querysets import NOTHING, visible

if TYPE_CHECKING:
    # Named in the bases below.
    from payments.models import Allocation, OnAccount, Payment, Receivable  # noqa: F401

AGES = ("not_due", "late_30", "late_60", "late_90", "later", "credit", "total")


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Queries for payments and their reversals."""

    def visible_to(self, user: User) -> PaymentQuerySet:
        """Keep the payments that `user` can see.

        Owners see those of their own time; members who are owners too see those that the present
        owner sees, as `InvoiceQuerySet.visible_to` says of documents.
        """
        return visible(self, user)

    def first_found(
        self, numbered: Sequence[int], text: str, most: int, *, of_latest: int | None = None
    ) -> list[int]:
        """Return the ids of these payments that `text` finds, all or at least any `most`.

        It finds them by reference and by amount. Those of invoices `with_number`, whose ids are
        `numbered`, are found too. `of_latest` limits those found by reference to the last so many
        that were recorded.
        """
        if not words_of(text):
            return []
        if of_latest is None:
            referenced = [each["pk"] for each in some_of(self, text, "reference", most=most)]
        else:
            is_in = finder_of(text)
            latest = self.order_by("-pk").values_list("pk", "reference")[:of_latest]
            referenced = [pk for pk, reference in latest if is_in(reference)][:most]
        found = dict.fromkeys(referenced)
        for each in (among("invoice", numbered) if numbered else Q(), _of_amount(text)):
            if each:
                found |= dict.fromkeys(self.filter(each).values_list("pk", flat=True)[:most])
        return [*found]


def _of_amount(text: str) -> Q:
    amounts = typed_amounts(text)
    return Q(amount__in=amounts | {-each for each in amounts}) if amounts else Q()


class AllocationQuerySet(models.QuerySet["Allocation"]):
    """Queries for what payments pay."""

    def in_force(self) -> models.QuerySet[Any, Any]:
        """Return a row for each `payment`, `invoice` and `payout` (ids) with the `allocated` sum.

        What was taken back is left out.
        """
        rows = self.order_by().values("payment", "invoice", "payout")
        return rows.annotate(allocated=Sum("amount")).exclude(allocated=0)


class OnAccountQuerySet(models.QuerySet["OnAccount"]):
    """Queries for what is left of payments."""

    def credit(self) -> OnAccountQuerySet:
        """Keep what is left."""
        return self.filter(remaining__gt=0)

    def of(self, organization_id: int, currency: str) -> OnAccountQuerySet:
        """Keep the payments of an organization in a currency, oldest first."""
        own = self.filter(organization=organization_id, currency=currency)
        return own.order_by("payment__paid_on", "pk")


class ReceivableQuerySet(models.QuerySet["Receivable"]):
    """Queries for what is owed and what is left of payments, with sums by days overdue.

    The sums are named by `AGES`: the outstanding amounts by days overdue; `credit`, which is
    negative, for what is left of payments; and the `total` of these.
    """

    def by_organization(self, today: date) -> models.QuerySet[Any, Any]:
        """Return a row with sums for each `organization` (id), its `title`, and `currency`."""
        named = self.order_by().annotate(title=F("organization__title"))
        return named.values("organization", "title", "currency").annotate(**_by_age(today))

    def by_currency(self, today: date) -> models.QuerySet[Any, Any]:
        """Return a row for each `currency`, with the number of `organizations` and the sums."""
        organizations = Count("organization", distinct=True)
        grouped = self.order_by("currency").values("currency")
        return grouped.annotate(organizations=organizations, **_by_age(today))


def _by_age(today: date) -> dict[str, Any]:
    is_owed = Q(outstanding__gt=0)
    return {
        **{
            name: Coalesce(Sum("outstanding", filter=is_owed & of_age), NOTHING)
            for name, of_age in ages(today).items()
        },
        "credit": Coalesce(Sum("outstanding", filter=Q(outstanding__lt=0)), NOTHING),
        "total": Sum("outstanding"),
    }
