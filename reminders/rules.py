"""The levels of reminders and what holds for all of them, read once for many organizations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reminders.models import Level, ReminderSettings, SmallAmount


@dataclass(frozen=True, slots=True)
class Rules:
    """The active `levels` by days overdue, and the least sum worth a reminder by currency."""

    levels: Sequence[Level]
    least: Mapping[str, Decimal]
    is_automatic: bool

    def after(self, reached: Level | None) -> Level | None:
        """Return the level that follows one that an invoice has reached; None after the last."""
        later = (each for each in self.levels if reached is None or each.days > reached.days)
        return next(later, None)

    def is_last(self, level: Level) -> bool:
        """Return whether no level follows."""
        return self.after(level) is None

    def fee(self, level: Level, currency: str) -> Decimal:
        """Return what a reminder of a level costs in a currency."""
        fees = (each.amount for each in level.fees.all() if each.currency == currency)
        return next(fees, Decimal(0))


def stored_settings() -> ReminderSettings:
    """Return the settings, or the default ones if nobody has chosen any."""
    return ReminderSettings.objects.first() or ReminderSettings(pk=1)


def current_rules() -> Rules:
    """Read the rules with four queries."""
    levels = Level.objects.filter(is_active=True).prefetch_related("fees").order_by("days")
    least = dict(SmallAmount.objects.values_list("currency", "amount"))
    return Rules(list(levels), least, stored_settings().is_automatic)
