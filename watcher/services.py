"""What a camera gets, in the units of the platform and in words."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

DAY = 86_400
GIGABYTE = 10**9
TOLERANCE = 0.08
"""By how much sizes may differ: nobody says whether a gigabyte of Watcher is 10^9 or 2^30 bytes."""


def is_same_size(size: int, gigabytes: int) -> bool:
    """Return whether a size in bytes may be so many gigabytes."""
    wanted = gigabytes * GIGABYTE
    return abs(size - wanted) <= wanted * TOLERANCE


def services_in_words(
    dvr_seconds: int | None, dvr_bytes: int | None, *, has_anpr: bool | None
) -> list[str]:
    """Return services in words, without those that are not known."""
    found = []
    if dvr_seconds is not None:
        days = _rounded(dvr_seconds, DAY)
        found.append(_("DVR depth, days: %(days)s") % {"days": days})
    if dvr_bytes is not None:
        found.append(_("DVR space, GB: %(size)s") % {"size": _rounded(dvr_bytes, GIGABYTE)})
    if has_anpr:
        found.append(_("ANPR"))
    return found


def _rounded(number: int, unit: int) -> str:
    whole, rest = divmod(number, unit)
    return number_format(number / unit, 2) if rest else number_format(whole, force_grouping=True)
