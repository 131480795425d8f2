"""Queries for organizations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce, Now

from accounts.models import User
from foundation.search.index import find, matches
from organizations.members.models import MemberRole

if TYPE_CHECKING:
    from organizations.models import Organization  # noqa: F401 named below as a string

_LATELY = timedelta(days=4)
TRIAL_ENDS_SOON = timedelta(days=14)
"""How long before its end a trial needs attention."""
SEEN_BY_READERS = ("title", "contract_number", "owner__name", "owner__email")
"""The columns of what an organization is searched by that its readers see too."""


def _trial_is(state: str, today: date) -> Q:
    conditions = {
        "none": Q(trial_first_on=None),
        "from": Q(trial_first_on__gt=today),
        "until": Q(trial_first_on__lte=today, trial_last_on__gte=today),
        "ended": Q(trial_last_on__lt=today),
        "ending": Q(trial_last_on__gte=today, trial_last_on__lte=today + TRIAL_ENDS_SOON),
    }
    return conditions[state]


def _may_end_soon(now: datetime) -> Q:
    """Return a condition on trials that an index has: no local date differs by more than a day."""
    day = timedelta(days=1)
    today = now.date()
    return Q(trial_last_on__gte=today - day, trial_last_on__lte=today + TRIAL_ENDS_SOON + day)


def _has_partner(**of_partner: Any) -> Q:
    """Return a condition on organizations with a present partner, by the database's date.

    All of it is about the same partnership only if it is passed to `filter` as a whole.
    """
    today = Cast(Now(), models.DateField())
    is_present = Q(partnerships__first_on__lte=today) & (
        Q(partnerships__last_on=None) | Q(partnerships__last_on__gte=today)
    )
    return is_present & Q(
        **{f"partnerships__partner__{name}": of_partner[name] for name in of_partner}
    )


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """A queryset of organizations."""

    def visible_to(self, user: User) -> OrganizationQuerySet:
        """Keep organizations that `user` may see: all, or those of an owner or member.

        People of a partner also see its present customers. A UNION combines the indexes of all; an
        OR over several tables could not use any.
        """
        if not user.is_owner:
            return self
        every = self.model._default_manager.order_by()
        own, joined = every.filter(owner=user), every.filter(memberships__user=user)
        of_own = every.filter(_has_partner(owner=user))
        of_joined = every.filter(_has_partner(memberships__user=user))
        others = (each.values("pk") for each in (joined, of_own, of_joined))
        return self.filter(pk__in=own.values("pk").union(*others))

    def seen_whole_by(self, user: User) -> OrganizationQuerySet:
        """Keep organizations all of which `user` may see; `organizations.access.sees_all_of`."""
        if not user.is_owner:
            return self
        every = self.model._default_manager.order_by()
        own = every.filter(owner=user)
        joined = every.filter(memberships__user=user, memberships__role=MemberRole.OWNER)
        return self.filter(pk__in=own.values("pk").union(joined.values("pk")))

    def search(self, text: str) -> OrganizationQuerySet:
        """Keep organizations with each word of `text` in what `SearchText` has of them.

        This includes legal names and tax IDs. It is for staff; see `search_by`.
        """
        return find(self, text, "folded", of="search_text")

    def search_by(self, user: User, text: str) -> OrganizationQuerySet:
        """Keep organizations found by what `user` may see of them.

        Of an organization that an owner only reads, these are its title, contract and owner. A
        person has few organizations, so they are compared without an index.
        """
        if not user.is_owner:
            return self.search(text)
        every = self.model._default_manager.order_by()
        whole = every.seen_whole_by(user).filter(matches(text, "search_text__folded"))
        read = every.visible_to(user).filter(matches(text, *SEEN_BY_READERS))
        return self.filter(Q(pk__in=whole.values("pk")) | Q(pk__in=read.values("pk")))

    def open(self, now: datetime) -> OrganizationQuerySet:
        """Keep organizations that are not closed, or not yet."""
        return self.filter(Q(closed_at=None) | Q(closed_at__gt=now))

    def closed(self, now: datetime) -> OrganizationQuerySet:
        """Keep organizations whose last day is over."""
        return self.filter(closed_at__lte=now)

    def in_trial_state(self, state: str, now: datetime) -> OrganizationQuerySet:
        """Keep those whose trial is `none`, `from`, `until` or `ended` on their local date.

        `ending` keeps those whose trial ends today or within `TRIAL_ENDS_SOON`.
        """
        found_in = self.filter(_may_end_soon(now)) if state == "ending" else self
        return found_in._on_local_date(now, partial(_trial_is, state))

    def before(self, day: date, now: datetime) -> OrganizationQuerySet:
        """Keep those in whose time zone a date has not begun."""
        return self._on_local_date(now, lambda today: Q(pk__isnull=today >= day))

    def suspended(self, now: datetime) -> OrganizationQuerySet:
        """Keep those that are suspended on their local date."""
        every = self._suspensions()
        around = now.date() - _LATELY, now.date() + _LATELY
        found_in = self.filter(pk__in=every.overlapping(*around).values("organization"))
        return found_in._on_local_date(
            now, lambda today: Q(pk__in=every.on(today).values("organization"))
        )

    def suspension_planned(self, now: datetime) -> OrganizationQuerySet:
        """Keep those of which a suspension begins after their local date."""
        every = self._suspensions()
        later = every.filter(first_on__gt=now.date() - _LATELY)
        return self.filter(pk__in=later.values("organization"))._on_local_date(
            now, lambda today: Q(pk__in=every.filter(first_on__gt=today).values("organization"))
        )

    def _suspensions(self) -> Any:
        """Return all suspensions: the reverse relation of `Suspension.organization`."""
        related: Any = self.model._meta.get_field("suspensions").related_model
        return related.objects.order_by()

    def _on_local_date(self, now: datetime, condition: Callable[[date], Q]) -> OrganizationQuerySet:
        """Keep those that meet the condition of their local date."""
        zones_by_date = defaultdict(list)
        for zone in self.order_by().values_list("time_zone", flat=True).distinct():
            zones_by_date[now.astimezone(ZoneInfo(zone)).date()].append(zone)
        # The last time zone of these few is not or only just in force.
        changing = Q(time_zone_from__gt=now.date() - _LATELY)
        found = Q(pk__in=[])
        for today, zones in zones_by_date.items():
            found |= Q(time_zone__in=zones) & ~changing & condition(today)
        for each in self.order_by().filter(changing).prefetch_related("earlier_time_zones"):
            found |= Q(pk=each.pk) & condition(each.date_at(now))
        return self.filter(found)

    def owner_not_activated(self) -> OrganizationQuerySet:
        """Keep organizations whose owner may sign in, but has not set a password yet."""
        invited = User.objects.owners().filter(is_active=True).not_activated()
        return self.filter(owner__in=invited.order_by().values("pk"))

    def with_tax_on(self, day: date) -> OrganizationQuerySet:
        """Annotate `tax_name`, the name of the tax that is chosen on a date; None without one."""
        details = self.model._meta.get_field("billing_details").related_model
        begun = (
            details.objects.filter(organization=OuterRef("pk"))  # type: ignore[attr-defined]
            .filter(Q(valid_from=None) | Q(valid_from__lte=day))
            .order_by(F("valid_from").desc(nulls_last=True))
        )
        return self.annotate(tax_name=Subquery(begun.values("tax__name")[:1]))

    def with_cameras_in_use(self) -> OrganizationQuerySet:
        """Annotate `cameras_in_use`, the number of cameras in use.

        `usage_intervals` is the reverse relation of `usage.UsageInterval.organization`. Count rows
        instead of a column, so that PostgreSQL reads only the index and not the table.
        """
        intervals = self.model._meta.get_field("usage_intervals").related_model
        in_use = (
            intervals.objects.filter(organization=OuterRef("pk"), ended_at=None)  # type: ignore[attr-defined]
            .order_by()
            .values("organization")
            .annotate(number=Count("*"))
        )
        return self.annotate(cameras_in_use=Coalesce(Subquery(in_use.values("number")), 0))
