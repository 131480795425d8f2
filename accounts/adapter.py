"""How allauth signs people in here."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts.operations import MAIL_ERRORS

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: operators make users, who activate themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the first page: a password once changed, there is no more to do."""
        return str(settings.LOGIN_REDIRECT_URL)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; log it when the mail server fails.

        The page answers the same in both cases. An error page, shown only for addresses that get
        mail, would tell a stranger who has an account here.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except MAIL_ERRORS as error:
            logger.error("The mail %s to %s was not sent: %s", template_prefix, email, error)
