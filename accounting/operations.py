"""Change the accounting settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounting.models import AccountingSettings
from foundation.web.versions import EditedByOthers, refuse_overwriting

MONEY = ("bank", "card", "direct_debit", "cash", "other", "bank_fees", "write_offs", "clearing")
"""The settings that are accounts."""
DATEV = ("consultant", "client", "account_digits", "year_begins")
SETTINGS = (*MONEY, "first_debtor", *DATEV)


@transaction.atomic
def change_settings(*, shown: str, settings: Mapping[str, Any]) -> None:
    """Store the settings. `shown` is the version of the `stored_values` that the person saw.

    Raises:
        EditedByOthers: a setting differs both from the shown value and from the new value.
    """
    stored = AccountingSettings.objects.select_for_update().first()
    refuse_overwriting(shown=shown, stored=stored_values(stored), given=settings)
    try:
        with transaction.atomic():
            AccountingSettings.objects.update_or_create(pk=1, defaults=dict(settings))
    except IntegrityError:  # Somebody else has just stored the first ones.
        raise EditedByOthers(list(settings), stored_values(stored)) from None


def stored_values(stored: AccountingSettings | None) -> dict[str, Any]:
    """Return the settings by field name; the defaults if nothing was entered."""
    found = stored or AccountingSettings()
    return {name: getattr(found, name) for name in SETTINGS}
