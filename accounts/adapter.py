"""Adapt allauth to this product."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from foundation.web.return_addresses import is_path_within


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
