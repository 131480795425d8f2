"""People who sign in: operators, support staff and owners."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail_texts.models import MailText
from accounts.notices.models import Notice
from accounts.people.models import AddressChange
from accounts.querysets import NOT_ACTIVATED, UserManager
from accounts.saved_filters.models import SavedFilter
from accounts.sign_in.models import SignInMail
from foundation.audit.recording import audited
from foundation.search.index import folded_field, search_index

# Django looks for the models of the app here.
__all__ = ["AddressChange", "MailText", "Notice", "Role", "SavedFilter", "SignInMail", "User"]


class Role(models.TextChoices):
    """What a person may do; see "Roles" in docs/operations.md."""

    OPERATOR = "operator", _("Operator")
    SUPPORT = "support", _("Support")
    OWNER = "owner", _("Owner")


@audited(exclude=("password", "last_login", "language", "time_zone", "sessions_ended_at", "folded"))
class User(AbstractBaseUser):
    """A person. The email address is the login; a user with a password is activated."""

    email = models.EmailField(
        _("email address"),
        unique=True,
        error_messages={"unique": _("A user with this email address already exists.")},
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.OWNER)
    is_active = models.BooleanField(_("can sign in"), default=True)
    # Empty until chosen in the menu; until then the browser's preference applies.
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        default="",
        db_default="",
        choices=settings.LANGUAGES,
        editable=False,
    )
    # Empty until chosen; until then times are in the provider's time zone.
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, default="", db_default="", editable=False
    )
    date_joined = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    # Sessions from before this instant are over, also if the user may sign in again.
    sessions_ended_at = models.DateTimeField(null=True, editable=False)
    folded = folded_field("email", "name")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("email",)
        constraints = (
            # Together with the unique index, makes addresses unique regardless of case.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_user_email_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="accounts_user_role_known"
            ),
        )
        indexes = (
            search_index("folded", name="accounts_user_search"),
            models.Index(fields=("role", "email"), name="accounts_user_by_role"),
            models.Index(
                fields=("email",), condition=NOT_ACTIVATED, name="accounts_user_not_activated"
            ),
            models.Index(
                fields=("email",), condition=models.Q(is_active=False), name="accounts_user_blocked"
            ),
        )

    def __str__(self) -> str:
        return self.email

    @property
    def is_activated(self) -> bool:
        """Whether a password has been set."""
        return self.has_usable_password()

    @property
    def is_operator(self) -> bool:
        return self.role == Role.OPERATOR

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_staff(self) -> bool:
        """Whether the user may enter Django admin: support staff only."""
        return self.is_active and self.role == Role.SUPPORT

    def has_perm(self, permission: str, obj: models.Model | None = None) -> bool:
        """Let support staff view everything in Django admin; refuse everything else."""
        return self.is_staff and permission.partition(".")[2].startswith("view_")

    def has_module_perms(self, app_label: str) -> bool:
        """Let support staff see every app in Django admin."""
        return self.is_staff

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return the digest that sessions keep: it changes when the user's sessions are ended."""
        digest: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if self.sessions_ended_at is None:
            return digest
        ended = self.sessions_ended_at.isoformat()
        return salted_hmac(
            "accounts.sessions", digest + ended, secret, algorithm="sha256"
        ).hexdigest()

    def get_short_name(self) -> str:
        """Return the name shown in the menu of every page."""
        return self.name or self.email

    def clean(self) -> None:
        """Convert the address to lower case."""
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)
