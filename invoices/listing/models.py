"""Stored names of invoices, by which they are searched."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.search.index import search_index


class BilledName(models.Model):
    """The names on some invoices of an organization: its title, and the legal name that is billed.

    A search looks names up here, where an organization has one or a few rows, and not among all its
    invoices. A trigger adds what new invoices have; migrations/sql/0027_billed_names.sql.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(max_length=200)
    buyer = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("billed name")
        verbose_name_plural = _("billed names")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "title", "buyer"), name="invoices_billed_name_once"
            ),
        )
        indexes = (search_index("title", "buyer", name="invoices_billed_name_search"),)

    def __str__(self) -> str:
        return f"{self.title} {self.buyer}"
