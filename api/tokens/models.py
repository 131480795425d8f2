"""Stored tokens. Of the secret there is only a digest, so a lost one cannot be shown again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from api.tokens.querysets import TokenQuerySet
from foundation.audit.recording import audited
from organizations.models import Organization

DIGEST_BYTES = 32


class TokenKind(models.TextChoices):
    """Who uses a token."""

    PERSON = "person", pgettext_lazy("uses a token", "A person")
    MACHINE = "machine", pgettext_lazy("uses a token", "A machine")


@audited(exclude=("digest", "last_used_at", "last_used_from"), found_by=("user",))
class Token(models.Model):
    """The right to call the API, within what its person may do.

    A person's token ends when they are blocked. A machine's goes on: it is the provider's, and its
    person only answers for it.
    """

    name = models.CharField(pgettext_lazy("of a token", "name"), max_length=100)
    kind = models.CharField(_("used by"), max_length=7, choices=TokenKind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tokens",
        verbose_name=_("person"),
    )
    # SHA-256 of the secret. The secret is random, so nobody can guess it from its digest.
    digest = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    # The beginning of the secret, by which people tell tokens apart.
    hint = models.CharField(_("begins with"), max_length=12)
    scopes = ArrayField(models.CharField(max_length=30), verbose_name=_("scopes"))
    for_all = models.BooleanField(_("for all organizations"))
    organizations = models.ManyToManyField(
        Organization,
        through="TokenOrganization",
        related_name="tokens",
        verbose_name=_("organizations"),
    )
    # Networks in CIDR notation; empty: any address.
    addresses = ArrayField(
        models.CharField(max_length=43), default=list, verbose_name=_("allowed addresses")
    )
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    # Written at most once a minute.
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="api_token_named"),
            models.CheckConstraint(
                condition=Q(kind__in=TokenKind.values), name="api_token_kind_known"
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_token_has_scopes"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="api_token_expires_later",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="api_token_revoked_later",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def state(self, now: datetime) -> str:
        """Return `active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


@audited(found_by=("token",))
class TokenOrganization(models.Model):
    """One of the organizations that a token is limited to."""

    token = models.ForeignKey(Token, models.CASCADE, verbose_name=_("token"), db_index=False)
    organization = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("organization"))

    class Meta:
        verbose_name = _("organization of a token")
        verbose_name_plural = _("organizations of tokens")
        constraints = (
            models.UniqueConstraint(
                fields=("token", "organization"), name="api_token_organization_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.token_id} {self.organization_id}"
