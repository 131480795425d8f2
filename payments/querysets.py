"""Query payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import User
from foundation.search.index import some_of, words_of
from invoices.listing.search import typed_amounts, with_number
from invoices.models import Invoice

if TYPE_CHECKING:
    from invoices.querysets import InvoiceQuerySet
    from payments.models import Payment  # noqa: F401 (named in the base below)


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Queries for payments and their reversals."""

    def visible_to(self, user: User) -> PaymentQuerySet:
        """Keep the payments of the invoices that `user` can see."""
        if not user.is_owner:
            return self
        return self.filter(invoice__in=Invoice.objects.visible_to(user).order_by().values("pk"))

    def first_found(self, invoices: InvoiceQuerySet, text: str, most: int) -> list[int]:
        """Return the ids of these payments that `text` finds, all or at least any `most`.

        It finds them by reference, by amount, and by the number of one of `invoices`.
        """
        if not words_of(text):
            return []
        referenced = some_of(self, text, "reference", most=most)
        found = dict.fromkeys(each["pk"] for each in referenced)
        for each in (Q(invoice__in=with_number(invoices, text, most)), _of_amount(text)):
            if each:
                found |= dict.fromkeys(self.filter(each).values_list("pk", flat=True)[:most])
        return [*found]


def _of_amount(text: str) -> Q:
    amounts = typed_amounts(text)
    return Q(amount__in=amounts | {-each for each in amounts}) if amounts else Q()
