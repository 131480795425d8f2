"""Format durations of usage for people."""

from functools import lru_cache

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext

register = template.Library()

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@register.filter
def as_time(seconds: int) -> str:
    """Return seconds as days, hours, minutes and seconds, such as "20 days 12:00:00".

    A correction can take time back: it is negative.
    """
    if seconds < 0:
        return f"-{as_time(-seconds)}"
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"
    return f"{as_days(days)} {clock}" if rest else as_days(days)


@register.filter
def as_days(days: int) -> str:
    """Return a number of days with its unit."""
    return _days(days, get_language())


# Periods have a few hundred different numbers of days, and each row of a statement shows five.
@lru_cache(maxsize=1_000)
def _days(days: int, language: str | None) -> str:
    """Return a number of days in `language`, which is the active one."""
    text = ngettext("%(days)s day", "%(days)s days", days)
    return (text % {"days": number_format(days, force_grouping=True)}).replace(" ", NO_BREAK_SPACE)


@register.simple_tag
def used_time(amount: int, by_day: bool) -> str:
    """Return a time given in a rate's unit, which is days or seconds."""
    return as_days(amount) if by_day else as_time(amount)


@register.simple_tag
def in_unit(amount: int, by_day: bool) -> str:
    """Return a time in a rate's unit for a formula, such as "1,296,000 s" or "10 days"."""
    if by_day:
        return as_days(amount)
    # Translators: seconds, as short as can be
    unit = pgettext("seconds", "s")
    return f"{number_format(amount, force_grouping=True)}{NO_BREAK_SPACE}{unit}"


@register.simple_tag
def summed_time(seconds: int, days: int) -> str:
    """Return the sum of time prorated by second and time prorated by day; omit a zero part."""
    parts = [as_time(seconds)] if seconds or not days else []
    if days:
        parts.append(as_days(days))
    return " + ".join(parts)
