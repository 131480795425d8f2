"""How allauth signs people in here."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, override

from accounts.operations import MAIL_ERRORS
from foundation.web.return_addresses import is_path_within

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: operators make users, who activate themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Go on to a path within the site alone, as everything else here does."""
        return is_path_within(url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the first page: a password once changed, there is no more to do."""
        return str(settings.LOGIN_REDIRECT_URL)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in its reader's language; log it when the mail server fails.

        The page answers the same in both cases. An error page, shown only for addresses that get
        mail, would tell a stranger who has an account here.
        """
        user = context.get("user")
        try:
            with override(getattr(user, "language", "") or get_language()):
                super().send_mail(template_prefix, email, context)
        except MAIL_ERRORS as error:
            # Without the address, which what the mail server says may hold too.
            pk, reason = getattr(user, "pk", None), type(error).__name__
            logger.error("The mail %s to user %s was not sent: %s", template_prefix, pk, reason)
