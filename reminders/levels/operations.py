"""Change the levels of reminders, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from foundation.web.versions import digest_of
from reminders.models import (
    Level,
    LevelFee,
    LevelText,
    Reminder,
    ReminderItem,
    ReminderSettings,
    SmallAmount,
)
from reminders.refusals import ChangedMeanwhile, LevelInUse
from reminders.rules import stored_settings
from reminders.tasks import look_soon


@dataclass(frozen=True, slots=True)
class LevelValues:
    """All of a level. `fees` are by currency, `texts` (subject and introduction) by language."""

    name: str
    days: int
    rate: Decimal
    days_to_pay: int
    fees: Mapping[str, Decimal]
    texts: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GeneralValues:
    """What holds for all reminders; `least` has amounts by currency."""

    is_automatic: bool
    least: Mapping[str, Decimal]


def stored_level(level: Level) -> LevelValues:
    """Return all of a stored level."""
    return LevelValues(
        level.name,
        level.days,
        level.rate,
        level.days_to_pay,
        dict(level.fees.order_by("currency").values_list("currency", "amount")),
        {each.language: (each.subject, each.introduction) for each in level.texts.all()},
    )


@transaction.atomic
def add_level(values: LevelValues) -> Level:
    """Add a level.

    Raises:
        LevelInUse: another active level has the same days.
    """
    level = Level()
    _write(level, values)
    return level


@transaction.atomic
def change_level(*, level_id: int, shown: str, values: LevelValues) -> None:
    """Change an active level. `shown` is the `digest_of` the `stored_level` that was shown.

    Raises:
        Level.DoesNotExist: there is no such active level.
        ChangedMeanwhile: somebody has changed it since.
        LevelInUse: as `add_level`.
    """
    level = _locked(level_id)
    if shown != digest_of(stored_level(level)):
        raise ChangedMeanwhile
    _write(level, values)


@transaction.atomic
def remove_level(*, level_id: int) -> None:
    """Delete a level; one that was used is kept, but no longer active.

    Raises:
        Level.DoesNotExist: there is no such active level.
    """
    level = _locked(level_id)
    used = Reminder.objects.filter(level=level), ReminderItem.objects.filter(level=level)
    if any(each.exists() for each in used):
        level.is_active = False
        level.save(update_fields=["is_active"])
    else:
        level.delete()
    look_soon()


def _locked(level_id: int) -> Level:
    return Level.objects.select_for_update().get(pk=level_id, is_active=True)


def _write(level: Level, values: LevelValues) -> None:
    if Level.objects.filter(is_active=True, days=values.days).exclude(pk=level.pk).exists():
        raise LevelInUse
    level.name, level.days = values.name, values.days
    level.rate, level.days_to_pay = values.rate, values.days_to_pay
    level.save()
    _write_fees(level, values.fees)
    for language, (subject, introduction) in values.texts.items():
        if subject or introduction:
            texts = {"subject": subject, "introduction": introduction}
            LevelText.objects.update_or_create(level=level, language=language, defaults=texts)
        else:
            level.texts.filter(language=language).delete()
    look_soon()


def _write_fees(level: Level, fees: Mapping[str, Decimal]) -> None:
    charged = {currency: amount for currency, amount in fees.items() if amount}
    level.fees.exclude(currency__in=charged).delete()
    for currency, amount in charged.items():
        LevelFee.objects.update_or_create(
            level=level, currency=currency, defaults={"amount": amount}
        )


def stored_general() -> GeneralValues:
    """Return what holds for all reminders as stored."""
    least = SmallAmount.objects.order_by("currency").values_list("currency", "amount")
    return GeneralValues(stored_settings().is_automatic, dict(least))


@transaction.atomic
def change_general(*, shown: str, values: GeneralValues) -> None:
    """Change what holds for all reminders; an amount of 0 removes it.

    Raises:
        ChangedMeanwhile: somebody has changed it since `shown`, as `change_level`.
    """
    ReminderSettings.objects.get_or_create(pk=1)
    settings = ReminderSettings.objects.select_for_update().get(pk=1)
    if shown != digest_of(stored_general()):
        raise ChangedMeanwhile
    settings.is_automatic = values.is_automatic
    settings.save()
    least = {currency: amount for currency, amount in values.least.items() if amount}
    SmallAmount.objects.exclude(currency__in=least).delete()
    for currency, amount in least.items():
        SmallAmount.objects.update_or_create(currency=currency, defaults={"amount": amount})
    look_soon()
