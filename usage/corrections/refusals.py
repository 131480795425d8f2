"""Say why a correction is refused."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.web.local_times import shown_instant
from organizations.models import Organization
from usage.cameras.operations import MOST_AT_ONCE, CameraRefusal, UsageRefusal
from usage.corrections.plan import ProblemKind
from usage.models import UsageInterval

_TEXTS: dict[ProblemKind, str | Promise] = {
    ProblemKind.NOT_AFTER_START: gettext_lazy(
        "“%(camera)s” would have ended before or when it started: the usage on "
        "“%(tariff)s” %(span)s. Choose an end after the start."
    ),
    ProblemKind.NOT_LAST: gettext_lazy(
        "“%(camera)s” cannot still be in use: it has later usage, by "
        "“%(organization)s” on “%(tariff)s” %(span)s."
    ),
    ProblemKind.OVERLAP: gettext_lazy(
        "“%(camera)s” would be in use twice at the same time. It also has usage by "
        "“%(organization)s” on “%(tariff)s” %(span)s. Choose other times, or let the adjoining "
        "usage move along."
    ),
    ProblemKind.NEIGHBOUR_EMPTY: gettext_lazy(
        "“%(camera)s”: no time would be left for the adjoining usage by "
        "“%(organization)s” on “%(tariff)s” %(span)s. Remove that usage first, or choose "
        "another time."
    ),
}
_FIELDS = {
    ProblemKind.NOT_AFTER_START: "ended_at",
    ProblemKind.NOT_LAST: "end",
    ProblemKind.OVERLAP: None,
    ProblemKind.NEIGHBOUR_EMPTY: None,
}


class SelectionGone(UsageRefusal):
    """Some of the selected usage no longer exists, or belongs to another organization."""

    def __str__(self) -> str:
        return _("Some of this usage has been removed since. Select the usage again.")


class NothingToCorrect(UsageRefusal):
    """The usage is already as it would be after the correction."""

    def __str__(self) -> str:
        return _("This changes nothing: the usage already is as you entered it.")


class ClosedMustEnd(UsageRefusal):
    """The organization is closed, so its usage cannot be open."""

    field = "end"

    def __init__(self, organization: Organization) -> None:
        super().__init__(organization)
        self.organization = organization

    def __str__(self) -> str:
        return _("“%(title)s” is closed after %(date)s, so its usage must have an end.") % {
            "title": self.organization.title,
            "date": date_format(self.organization.closed_on or ""),
        }


class NotPossible(CameraRefusal):
    """The correction is not possible for one camera; `use` is the usage that prevents it."""

    use: UsageInterval

    def __init__(self, kind: ProblemKind, use: UsageInterval) -> None:
        super().__init__(use.camera, use)
        self.kind = kind
        self.field = _FIELDS[kind]  # type: ignore[misc]  # differs by kind

    def __str__(self) -> str:
        use = self.use
        span = span_text(use.organization, use.started_at, use.ended_at)
        return str(_TEXTS[self.kind]) % {**self._names, "span": span}


class NoUsageThen(UsageRefusal):
    """The cameras were not in use between the dates."""

    field = "first_on"

    def __str__(self) -> str:
        return _("These cameras have no usage by this organization between these dates.")


class TooMuchUsage(UsageRefusal):
    """The cameras have more usage between the dates than can be corrected at once."""

    field = "last_on"

    def __str__(self) -> str:
        return _(
            "There are more than %(number)s intervals between these dates. Choose fewer "
            "cameras or a shorter time."
        ) % {"number": MOST_AT_ONCE}


def span_text(organization: Organization, started_at: datetime, ended_at: datetime | None) -> str:
    """Return from when to when a camera was in use, in the time zone of the organization."""
    zone = organization.zone_at(started_at)
    names = {"start": shown_instant(started_at, zone), "zone": str(zone)}
    if ended_at is None:
        return _("since %(start)s (%(zone)s)") % names
    names["end"] = shown_instant(ended_at, zone)
    return _("from %(start)s to %(end)s (%(zone)s)") % names
