"""The stored connection, its sessions on the platform, and what was found out about it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited

CLIENT_BASE = "/watcher/client-api/v3"
ADMIN_BASE = "/watcher/admin-api/v3"
V2_BASE = "/vsaas/api/v2"
LONGEST_PAUSE_MS = 10_000
DIRECTIONS = (
    "reads",
    "writes_presets",
    "writes_organizations",
    "writes_users",
    "writes_cameras",
    "suspends",
    "signs_on",
    "sends_messages",
)
"""The fields of `Connection` that enable what it may do."""


class ApiVersion(models.TextChoices):
    """The version of Watcher's API."""

    V3_26 = "v3-26", _("API v3 of Watcher 26 and later")
    V3_25 = "v3-25", _("API v3 of Watcher 25")
    V2 = "v2", _("API v2")


class SignInKind(models.TextChoices):
    """How the connection signs in; API v3 knows only passwords."""

    PASSWORD = "password", _("Login and password")
    SYSTEM_KEY = "system_key", _("System key (API v2)")
    USER_KEY = "user_key", _("Login and key of a user (API v2)")


class ApiScope(models.TextChoices):
    """A part of the API with sessions of its own."""

    CLIENT = "client", _("client API")
    ADMIN = "admin", _("administrator API")
    V2 = "v2", _("API v2")


def _base(name: object, default: str, **options: bool) -> models.CharField[str, str]:
    return models.CharField(name, max_length=100, default=default, **options)  # type: ignore


# Events hold neither the secret nor what it was before. `secret_changed_at` says that it changed.
@audited(exclude=("secret",))
class Connection(models.Model):
    """The connection to Watcher; there is at most one row, with the primary key 1."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    address = models.URLField(_("address"))
    api_version = models.CharField(
        _("version of the API"), max_length=5, choices=ApiVersion, default=ApiVersion.V3_26
    )
    client_base = _base(_("path of the client API"), CLIENT_BASE)
    admin_base = _base(_("path of the administrator API"), ADMIN_BASE, blank=True)
    """Empty if the service user is not to use it; then only its own organizations are seen."""
    v2_base = _base(_("path of API v2"), V2_BASE)
    sign_in = models.CharField(
        _("sign in with"), max_length=10, choices=SignInKind, default=SignInKind.PASSWORD
    )
    login = models.CharField(_("login"), max_length=255, blank=True)
    secret = models.TextField(_("password or key"))
    """Encrypted; foundation/encryption.py."""
    secret_changed_at = models.DateTimeField(_("password or key changed at"))
    pause_ms = models.PositiveSmallIntegerField(
        _("pause after each call, milliseconds"),
        default=0,
        validators=[MaxValueValidator(LONGEST_PAUSE_MS)],
    )
    reads = models.BooleanField(_("read organizations, presets and cameras"), default=False)
    writes_presets = models.BooleanField(_("write presets"), default=False)
    writes_organizations = models.BooleanField(_("write organizations and limits"), default=False)
    writes_users = models.BooleanField(_("write users of owners"), default=False)
    writes_cameras = models.BooleanField(_("write cameras"), default=False)
    suspends = models.BooleanField(_("carry out suspensions"), default=False)
    signs_on = models.BooleanField(_("let owners open Watcher"), default=False, db_default=False)
    sends_messages = models.BooleanField(
        _("send messages to owners"), default=False, db_default=False
    )

    class Meta:
        verbose_name = _("connection to Watcher")
        verbose_name_plural = _("connections to Watcher")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="watcher_connection_one"),
            models.CheckConstraint(
                condition=Q(api_version__in=ApiVersion.values),
                name="watcher_connection_version_known",
            ),
            models.CheckConstraint(
                condition=Q(sign_in=SignInKind.PASSWORD) | Q(api_version=ApiVersion.V2),
                name="watcher_connection_keys_of_v2",
            ),
            models.CheckConstraint(
                condition=Q(pause_ms__lte=LONGEST_PAUSE_MS), name="watcher_connection_pause"
            ),
            # A Fernet token begins so: what was never encrypted is refused.
            models.CheckConstraint(
                condition=Q(secret__startswith="gAAAA"), name="watcher_connection_encrypted"
            ),
        )

    def __str__(self) -> str:
        return self.address


class ApiSession(models.Model):
    """A session on the platform that all processes share: each new one may end another there.

    The tokens are encrypted. A row that is locked is being renewed.
    """

    scope = models.CharField(_("part of the API"), max_length=6, choices=ApiScope, primary_key=True)
    access_token = models.TextField(blank=True)
    refresh_token = models.TextField(blank=True)
    renewed_at = models.DateTimeField(_("renewed at"), null=True)

    class Meta:
        verbose_name = _("session in Watcher")
        verbose_name_plural = _("sessions in Watcher")
        constraints = (
            models.CheckConstraint(
                condition=Q(access_token="") | Q(access_token__startswith="gAAAA"),
                name="watcher_session_access_encrypted",
            ),
            models.CheckConstraint(
                condition=Q(refresh_token="") | Q(refresh_token__startswith="gAAAA"),
                name="watcher_session_refresh_encrypted",
            ),
        )

    def __str__(self) -> str:
        return self.get_scope_display()


class ConnectionState(models.Model):
    """What was found out about the connection; one row, with the primary key 1."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    sign_in_refused_at = models.DateTimeField(_("sign-in refused at"), null=True)
    """Since then nobody signs in with the password, because wrong ones block the user."""
    tested_at = models.DateTimeField(_("tested at"), null=True)
    tested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("tested by"),
    )
    report = models.JSONField(_("report"), default=dict)
    """A stored `watcher.platform.TestReport`, or empty if the test failed."""
    failure = models.JSONField(_("failure"), default=dict)
    """A stored `watcher.errors.PlatformError`, or empty if the test found its way."""

    class Meta:
        verbose_name = _("state of the connection")
        verbose_name_plural = _("states of the connection")
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="watcher_state_one"),)

    def __str__(self) -> str:
        return str(self.tested_at or "")
