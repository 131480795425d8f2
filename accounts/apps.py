"""The app of the people who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, and the languages they read."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Watch people sign in."""
        from django.contrib.auth.signals import user_logged_in

        from accounts.languages import take_over_choice

        user_logged_in.connect(take_over_choice)
