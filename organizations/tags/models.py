"""The stored tags, and which organizations have them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited


@audited()
class Tag(models.Model):
    """A word by which the staff groups organizations.

    `set_tags` deletes it once it is taken from the last one.
    """

    name = models.CharField(_("tag"), max_length=40)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Upper("name"), name="organizations_tag_name_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="organizations_tag_not_empty"),
        )

    def __str__(self) -> str:
        return self.name


@audited(found_by=("organization",))
class Tagging(models.Model):
    """An organization has a tag."""

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="taggings",
        verbose_name=_("organization"),
        # The constraint below has an index that begins with it.
        db_index=False,
    )
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="taggings", verbose_name=_("tag"))

    class Meta:
        verbose_name = _("tag of an organization")
        verbose_name_plural = _("tags of organizations")
        constraints = (
            models.UniqueConstraint(fields=("organization", "tag"), name="organizations_tag_once"),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.tag_id}"
