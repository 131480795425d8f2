"""What the API stores: tokens, answers to repeated requests, and how much a token is used."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.tokens.models import Token, TokenKind, TokenOrganization

# Django looks for the models of the app here.
__all__ = ["RequestCount", "StoredAnswer", "Token", "TokenKind", "TokenOrganization"]

LONGEST_KEY = 255


class StoredAnswer(models.Model):
    """The answer to a request with an `Idempotency-Key`, to give it again for a day."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=LONGEST_KEY)
    # SHA-256 of method, address and body: another request may not have the same key.
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stored answer")
        verbose_name_plural = _("stored answers")
        constraints = (
            models.UniqueConstraint(fields=("token", "key"), name="api_answer_once"),
            models.CheckConstraint(condition=~Q(key=""), name="api_answer_has_key"),
        )
        indexes = (models.Index(fields=("stored_at",), name="api_answer_by_age"),)

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"


class RequestCount(models.Model):
    """How many requests a token has made in a minute: one row for each token.

    The table is not logged, because every request writes it: a crash of PostgreSQL empties it.
    """

    token = models.OneToOneField(Token, models.CASCADE, primary_key=True, related_name="+")
    minute = models.BigIntegerField()
    number = models.IntegerField()

    class Meta:
        verbose_name = _("number of requests")
        verbose_name_plural = _("numbers of requests")
        constraints = (
            models.CheckConstraint(condition=Q(number__gte=0), name="api_count_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.token_id} {self.minute}"
