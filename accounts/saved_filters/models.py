"""Stored filters of lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST_NAME, LONGEST_QUERY = 100, 2000


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Find saved filters."""

    def of_list(self, name: str) -> SavedFilterQuerySet:
        """Keep those of the list whose address has this name."""
        return self.filter(list=name)

    def for_reader(self, user_id: int, *, with_shared: bool) -> SavedFilterQuerySet:
        """Keep one's own, then what others share who may still sign in, each sorted by name."""
        others = Q(is_shared=True, author__is_active=True) if with_shared else Q(pk__in=())
        found = self.filter(Q(author=user_id) | others).select_related("author")
        own = models.Case(models.When(author=user_id, then=0), default=1)
        return found.order_by(own, Lower("name"), "pk")


class SavedFilter(models.Model):
    """The search, filters and order of a list, under a name that its author has once per list."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_filters",
        db_index=False,
        verbose_name=_("author"),
    )
    list = models.CharField(_("list"), max_length=100)
    name = models.CharField(pgettext_lazy("of a filter", "name"), max_length=LONGEST_NAME)
    query = models.CharField(_("filter"), max_length=LONGEST_QUERY, blank=True)
    is_shared = models.BooleanField(_("shared with colleagues"), default=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = (
            models.UniqueConstraint(
                "author", "list", Lower("name"), name="accounts_saved_filter_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="accounts_saved_filter_named"),
        )
        indexes = (
            models.Index(
                fields=("list",), condition=Q(is_shared=True), name="accounts_saved_filter_shared"
            ),
        )

    def __str__(self) -> str:
        return self.name
