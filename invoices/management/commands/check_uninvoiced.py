"""Compare the stored months without an invoice with a full count."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext
from tqdm import tqdm

from invoices.differences.models import Recheck
from invoices.models import CountedMonths
from invoices.uninvoiced import keeping
from organizations.models import Organization


class Command(BaseCommand):
    """Report the months that are stored otherwise than they are counted now."""

    help = (
        "Counts the months without an invoice of all organizations from their usage and invoices, "
        "and reports those that are stored otherwise. Organizations that are waiting to be "
        "counted again are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the option to count again what differs."""
        parser.add_argument(
            "--repair", action="store_true", help="count the organizations that differ again"
        )

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        """Compare each organization under its lock, as it is counted.

        Raises:
            CommandError: some months differ.
        """
        waiting = Recheck.objects.values("organization_id")
        organizations = Organization.objects.exclude(pk__in=waiting).order_by("title", "pk")
        ids = list(organizations.filter(counted_months__isnull=False).values_list("pk", flat=True))
        different = sum(
            self._compare(pk, repair=repair) for pk in tqdm(ids, disable=not options["verbosity"])
        )
        compared = ngettext(
            "%(number)s organization was compared",
            "%(number)s organizations were compared",
            len(ids),
        ) % {"number": len(ids)}
        found = ngettext(
            "%(number)s stored month differs", "%(number)s stored months differ", different
        ) % {"number": different}
        text = f"{compared}, {found}."
        if different:
            raise CommandError(text)
        self.stdout.write(text)

    @transaction.atomic
    def _compare(self, pk: int, *, repair: bool) -> int:
        locked = Organization.objects.select_for_update(no_key=True).filter(pk=pk)
        organization, now = locked.get(), timezone.now()
        found = keeping.differences(organization, now)
        for each in found:
            self.stderr.write(f"{organization}: {each.month:%Y-%m} {each.currency}")
        if found and repair:
            CountedMonths.objects.filter(pk=pk).delete()
            keeping.keep(organization_id=pk, now=now)
        return len(found)
