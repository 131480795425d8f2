"""Stored memberships."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited


class MemberRole(models.TextChoices):
    """What a member is; `organizations.access.sees_all_of` says what readers do not see."""

    OWNER = "owner", _("Owner")
    READER = "reader", pgettext_lazy("of an organization", "Reader")


@audited(found_by=("organization",))
class Membership(models.Model):
    """A person who sees an organization beside the owner of its contract."""

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("organization"),
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("member"),
    )
    role = models.CharField(_("role"), max_length=6, choices=MemberRole)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "user"), name="organizations_member_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=MemberRole.values),
                name="organizations_member_role_known",
            ),
        )
        triggers = (
            # The lock makes this wait for a change of the owner, and the other way round.
            pgtrigger.Trigger(
                name="is_another_owner",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    PERFORM FROM organizations_organization WHERE id = NEW.organization_id
                    FOR SHARE;
                    IF EXISTS (
                        SELECT FROM organizations_organization
                        WHERE id = NEW.organization_id AND owner_id = NEW.user_id
                    ) THEN
                        RAISE EXCEPTION 'user % owns the contract', NEW.user_id;
                    END IF;
                    IF NOT EXISTS (
                        SELECT FROM accounts_user WHERE id = NEW.user_id AND role = 'owner'
                    ) THEN
                        RAISE EXCEPTION 'user % is staff', NEW.user_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.user_id}"
