"""Change the accounting settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounting.models import AccountingSettings
from foundation.web.one_row import change_row, values_of

MONEY = ("bank", "card", "direct_debit", "cash", "other", "bank_fees", "write_offs", "clearing")
"""The settings that are accounts."""
DATEV_NUMBERS = ("consultant", "client")
"""The settings without which there is no file for DATEV."""
DATEV = (*DATEV_NUMBERS, "account_digits", "year_begins")
SETTINGS = (*MONEY, "first_debtor", *DATEV)


def change_settings(*, shown: str, settings: Mapping[str, Any]) -> None:
    """Store the settings. `shown` is the version of the `stored_values` that the person saw.

    Raises:
        EditedByOthers: a setting differs both from the shown value and from the new value.
    """
    change_row(AccountingSettings, shown=shown, settings=settings)


def stored_values(stored: AccountingSettings | None) -> dict[str, Any]:
    """Return the settings by field name; the defaults if nothing was entered."""
    return values_of(stored or AccountingSettings(), SETTINGS)
