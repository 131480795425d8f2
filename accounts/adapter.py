"""Adapt allauth to this product."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, override

from accounts.mail import MAIL_ERRORS
from foundation.web.brand import brand
from foundation.web.return_addresses import is_path_within

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Close sign-up: operators create users, who activate their own accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Go on to a path within the site alone, as everything else here does."""
        return is_path_within(url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the home page: nothing is left to do once a password is changed."""
        return str(settings.LOGIN_REDIRECT_URL)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in its recipient's language; log an error if the mail server fails.

        The page looks the same in both cases. An error page would appear only for addresses with
        an account, and so would reveal them to a stranger.
        """
        user = context.get("user")
        try:
            with override(getattr(user, "language", "") or get_language()):
                super().send_mail(template_prefix, email, {**context, "brand": brand()})
        except MAIL_ERRORS as error:
            # Log neither the address nor the mail server's answer, which may contain it.
            pk, reason = getattr(user, "pk", None), type(error).__name__
            logger.error("The mail %s to user %s was not sent: %s", template_prefix, pk, reason)
